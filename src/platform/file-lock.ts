import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { codeOf } from '../errors.ts';
import { randomHex } from './crypto.ts';

/** A lock is held for milliseconds; who has held it unchanged for this long is gone, whatever its pid says. */
const ABANDONED_MS = 10_000;

/**
 * Runs `change` while no other nex process changes the same file, and answers what it answers. The lock is
 * `<path>.lock` beside the file. A holder that died is noticed at once; one that hangs, after ten seconds.
 */
export async function withFileLock<T>(path: string, change: () => T | Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  const release = await takeLock(lock);
  try {
    return await change();
  } finally {
    await release();
  }
}

async function takeLock(lock: string): Promise<() => Promise<void>> {
  await mkdir(dirname(lock), { recursive: true });
  const mine = `${process.pid} ${hostname()} ${randomHex(8)}\n`;
  let seen: { holder: string; since: number } | undefined;
  for (;;) {
    try {
      await writeFile(lock, mine, { flag: 'wx' });
      return () => removeIfStill(lock, mine);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    const holder = await readFile(lock, 'utf8').catch(() => undefined);
    if (holder !== undefined) {
      // Measured by this process's own steady clock: file times and the wall clock can both be wrong.
      const now = performance.now();
      if (seen?.holder !== holder) seen = { holder, since: now };
      if (isDead(holder) || now - seen.since > ABANDONED_MS) await breakLock(lock, holder);
    }
    await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 15));
  }
}

/** True only when the holder ran on this machine and its process is provably gone. */
function isDead(holder: string): boolean {
  const [pid, host] = holder.trim().split(' ');
  if (host !== hostname() || !Number(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Removes a dead holder's lock. Two that break it at once could remove a new, living one; so only one may break. */
async function breakLock(lock: string, holder: string): Promise<void> {
  const right = `${lock}.break`;
  try {
    await writeFile(right, '', { flag: 'wx' });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const age = await stat(right).then(
      (info) => Date.now() - info.mtimeMs,
      () => 0,
    );
    // Its owner died in the middle of breaking: a matter of one lost millisecond, cleared by whoever comes next.
    if (Math.abs(age) > ABANDONED_MS) await rm(right, { force: true });
    return;
  }
  try {
    await removeIfStill(lock, holder);
  } finally {
    await rm(right, { force: true });
  }
}

async function removeIfStill(lock: string, holder: string): Promise<void> {
  const now = await readFile(lock, 'utf8').catch(() => undefined);
  if (now === holder) await rm(lock, { force: true });
}
