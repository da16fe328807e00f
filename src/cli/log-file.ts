import { closeSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, NexError } from '../errors.ts';
import type { Listener } from '../session/events.ts';
import { jsonLines } from '../ui/json.ts';

/** Appends every event to a file, each on the disk when it happens. Throws NexError 'usage' when it cannot be written. */
export function openLog(file: string, cwd: string): { listen: Listener; close(): void } {
  try {
    const log = openSync(resolve(cwd, file), 'a', 0o600);
    return { listen: jsonLines({ write: (text) => writeSync(log, text) }), close: () => closeSync(log) };
  } catch (error) {
    throw new NexError('usage', `The log file cannot be written: ${messageOf(error)}`, {
      hint: 'Give --log-file a place that you may write to.',
      cause: error,
    });
  }
}
