import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors.ts';
import type { Message } from '../model/message.ts';
import type { Clock } from '../platform/clock.ts';
import type { StampedEvent } from './events.ts';
import { type JournalLine, type Prefix, readLine, writeLine } from './journal-lines.ts';

export interface JournalOptions {
  /** The sessions' folder, `.nex/sessions`; made when the first line is written. */
  dir: string;
  id: string;
  /** Takes secrets out of a text. Applied to every string; must leave its own result as it is. */
  redact: (text: string) => string;
  /** Hears, once, that the session cannot be written down; the task goes on. */
  onFailure: (text: string) => void;
}

/** The record of one session. No method throws: what cannot be written is told once, and the task goes on. */
export interface Journal {
  readonly id: string;
  /** Notes an event; live pieces are left out, for the whole follows. */
  record(event: StampedEvent): void;
  /** Begins a conversation: messages noted before no longer count when the session is resumed. */
  prefix(prefix: Prefix): void;
  /** Notes a message that joins the conversation. */
  message(message: Message): void;
  /** Returns when all that was noted is on the disk. */
  sync(): void;
  close(): void;
}

/** Live output of one command beyond this many characters is not journaled; its result holds what the model read. */
const OUTPUT_LIMIT = 64_000;

/** A journal that is created at its first line, so that a task that never begins leaves nothing. */
export function createJournal(options: JournalOptions): Journal {
  const shown = new Map<string, number>();
  let file: number | 'closed' | undefined;

  const attempt = (action: () => void) => {
    try {
      action();
    } catch (error) {
      close();
      options.onFailure(
        `This session cannot be written down (${messageOf(error)}). It goes on, but cannot be resumed.`,
      );
    }
  };

  const write = (line: JournalLine) => {
    const current = file;
    if (current === 'closed') return;
    attempt(() => {
      const opened = current ?? openForAppending(pathOf(options.dir, options.id));
      file = opened;
      writeFileSync(opened, `${writeLine(line, options.redact)}\n`);
    });
  };

  const close = () => {
    const opened = file;
    file = 'closed';
    if (typeof opened !== 'number') return;
    try {
      fsyncSync(opened);
      closeSync(opened);
    } catch {
      // A disk that fails now was told of when it failed to write, and the bytes are with the system.
    }
  };

  return {
    id: options.id,
    record(event) {
      if ('delta' in event) return;
      if (event.type === 'tool.output') {
        const length = (shown.get(event.id) ?? 0) + event.text.length;
        shown.set(event.id, length);
        if (length > OUTPUT_LIMIT) return;
      }
      write({ type: 'event', event });
    },
    prefix: (prefix) => write({ type: 'prefix', prefix }),
    message: (message) => write({ type: 'message', message, altered: false }),
    sync() {
      const opened = file;
      if (typeof opened === 'number') attempt(() => fsyncSync(opened));
    },
    close,
  };
}

/** A name for a session that sorts by time, such as `20260102-030405-k3f9` (UTC). `random` gives 0 to below 1. */
export function newSessionId(clock: Pick<Clock, 'now'>, random: () => number): string {
  const [date = '', time = ''] = clock.now().toISOString().replace(/[-:]/g, '').split(/[T.]/);
  const tail = Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `${date}-${time}-${tail}`;
}

/** Where a session's journal lies. */
export function pathOf(dir: string, id: string): string {
  return join(dir, `${id}.jsonl`);
}

/** What is kept beside a session's journal: outputs too long for it. */
export function filesOf(dir: string, id: string): string {
  return join(dir, `${id}.files`);
}

/** Opens a journal for appending, for the owner alone and never through a link. A line torn by a crash is mended. */
export function openForAppending(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW = 0 } = constants;
  const file = openSync(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
  mend(file);
  return file;
}

/** A whole last line gets the line end it lacks; a torn one is cut off. */
function mend(file: number): void {
  const { size } = fstatSync(file);
  let from = size;
  let tail = Buffer.alloc(0);
  while (from > 0 && !tail.includes(0x0a)) {
    const part = Buffer.alloc(Math.min(from, 65_536));
    from -= part.length;
    readSync(file, part, 0, part.length, from);
    tail = Buffer.concat([part, tail]);
  }
  const last = tail.subarray(tail.lastIndexOf(0x0a) + 1);
  if (last.length === 0) return;
  if (readLine(last.toString('utf8'))) writeFileSync(file, '\n');
  else ftruncateSync(file, size - last.length);
}
