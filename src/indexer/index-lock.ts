import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { codeOf } from '../errors.ts';

/** Longer than any refresh: a lock this old was left behind on a machine that stopped. */
const STALE_MS = 15 * 60_000;

/**
 * Runs `work` while no other process refreshes the same index; waits for one that does. The lock file names its
 * process, so that one left by a crash is taken over at once. A folder that cannot be written fails in `work`.
 */
export async function withIndexLock<T>(
  folder: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const file = join(folder, 'index.lock');
  while (!take(file)) {
    if (isStale(file)) rmSync(file, { force: true });
    else await setTimeout(40, undefined, signal ? { signal } : {});
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    return codeOf(error) !== 'EEXIST';
  }
}

function isStale(file: string): boolean {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
    // Empty for the moment between its creation and its first byte.
    return owner > 0 && !isAlive(owner);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
