import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, relative, sep } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { randomHex } from '../platform/crypto.ts';
import type { Repository } from '../platform/git.ts';
import { birthOf, isRunning } from '../platform/process-birth.ts';

/** Who writes in a work tree, as the lock file tells it to the next one. */
export interface LockOwner {
  pid: number;
  host: string;
  /** When the process started, by the system's own count: tells a reused pid from the same process. */
  birth: string | undefined;
  session: string;
  task: string;
  /** When it took the lock, ISO 8601. */
  since: string;
}

export interface HeldLock {
  release(): Promise<void>;
}

/** nex's folder for what belongs to one work tree. */
export function workTreeFolder(repository: Pick<Repository, 'gitDir'>): string {
  return join(repository.gitDir, 'nex');
}

/** A work tree's name: its git folder inside the common one; empty for the main work tree. */
export function workTreeName(repository: Pick<Repository, 'gitDir' | 'commonDir'>): string {
  return relative(repository.commonDir, repository.gitDir).split(sep).join('/');
}

/**
 * Takes the right to change this work tree, one process at a time. The lock of a dead process is taken over; a
 * living one is named in the NexError (`repository`).
 */
export async function takeLock(
  repository: Repository,
  claim: { session: string; task: string; clock: Clock },
): Promise<HeldLock> {
  const folder = workTreeFolder(repository);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = lockPath(repository);
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    birth: birthOf(process.pid),
    session: claim.session,
    task: claim.task.split('\n')[0]?.slice(0, 200) ?? '',
    since: claim.clock.now().toISOString(),
  };
  const mine = join(folder, `lock-${randomHex(6)}`);
  const content = JSON.stringify(owner);
  await writeFile(mine, content, { flag: 'wx', mode: 0o600 });
  try {
    // Linked, not written, under its name: nobody ever reads half an owner.
    while (!(await linked(mine, path))) {
      const text = await readFile(path, 'utf8').catch(nothingThere);
      if (text === undefined) continue;
      const other = parseOwner(text);
      if (other && isAlive(other)) throw busy(other, path);
      await removeDead(path, text);
    }
  } finally {
    await rm(mine, { force: true });
  }
  return {
    release: async () => {
      if ((await readFile(path, 'utf8').catch(nothingThere)) === content) await rm(path, { force: true });
    },
  };
}

/** The task that holds the lock of this work tree, and whether its process still lives; undefined when it is free. */
export async function lockOwner(repository: Repository): Promise<{ owner: LockOwner; alive: boolean } | undefined> {
  const text = await readFile(lockPath(repository), 'utf8').catch(nothingThere);
  const owner = text === undefined ? undefined : parseOwner(text);
  return owner && { owner, alive: isAlive(owner) };
}

function lockPath(repository: Repository): string {
  return join(workTreeFolder(repository), 'lock');
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    // Some file systems have no hard links; an exclusive copy is the next best.
    if (codeOf(error) !== 'EPERM' && codeOf(error) !== 'ENOTSUP') throw error;
    return writeFile(to, await readFile(from), { flag: 'wx', mode: 0o600 }).then(
      () => true,
      (failure) => {
        if (codeOf(failure) === 'EEXIST') return false;
        throw failure;
      },
    );
  }
}

/** Removes a dead owner's lock. Moved aside first: two that find it dead must not remove each other's new one. */
async function removeDead(path: string, expected: string): Promise<void> {
  const aside = `${path}-${randomHex(6)}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  // Somebody was faster and holds it now: it goes back under its name.
  if ((await readFile(aside, 'utf8')) !== expected) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

function parseOwner(text: string): LockOwner | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('pid' in value) || typeof value.pid !== 'number')
    return undefined;
  const field = (name: string) => {
    const found = Object.entries(value).find(([key]) => key === name)?.[1];
    return typeof found === 'string' ? found : undefined;
  };
  return {
    pid: value.pid,
    host: field('host') ?? '',
    birth: field('birth'),
    session: field('session') ?? '',
    task: field('task') ?? '',
    since: field('since') ?? '',
  };
}

function isAlive({ pid, host, birth }: LockOwner): boolean {
  // Of a process on another machine nothing can be known from here.
  if (host !== hostname()) return true;
  return isRunning(pid, birth);
}

function busy(owner: LockOwner, path: string): NexError {
  const since = owner.since.slice(0, 16).replace('T', ' ');
  return new NexError(
    'repository',
    `Another nex is at work here since ${since} UTC: "${owner.task}" (process ${owner.pid} on ${owner.host}).`,
    { hint: `Wait for it to end. If it is certainly gone, remove ${path}` },
  );
}

function nothingThere(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
