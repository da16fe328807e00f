import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Repository } from '../platform/git.ts';
import { lockOwner } from './lock.ts';
import { emptyTree, hasObjectStore, type ObjectStore, openObjectStore, sessionRef } from './object-store.ts';
import { sessionsOf } from './sessions.ts';
import type { Snapshot } from './snapshot.ts';
import { type LoggedStep, readAllSteps, withStates } from './step-log.ts';

/** How long a session can be undone, at least. */
const KEPT_DAYS = 30;
/** So many packs of one session each become one. */
const MANY_PACKS = 40;
/** Loose objects younger than this may belong to a step that is being saved. */
const SETTLED_MS = 3_600_000;

/** What a clean-up removed. */
export interface Pruned {
  sessions: number;
  bytes: number;
}

/** A pack, and the sessions that need it. Its `.keep` file names them, and keeps git's own hands off it. */
interface Pack {
  name: string;
  sessions: string[];
}

/**
 * Packs what these states of a session need, and copies what only the user's repository has of it: clean files that
 * nex changed or removed, and what was staged. After that no `gc`, deleted branch or rewritten history can break it.
 */
async function preserve(store: ObjectStore, session: string, states: readonly Snapshot[]): Promise<void> {
  if (states.length === 0) return;
  await packFor(store, [session], await neededObjects(store, states));
  await store.git(['prune-packed', '-q']);
}

/** Packs these objects for a session; lines of `oid name` or `oid`. With `revs`, revisions as `git rev-list` takes them. */
export async function packFor(
  store: ObjectStore,
  sessions: readonly string[],
  lines: readonly string[],
  options: { revs?: boolean } = {},
): Promise<void> {
  const args = ['pack-objects', '-q', ...(options.revs ? ['--revs'] : []), 'objects/pack/pack'];
  const name = (await store.git(args, { input: `${lines.join('\n')}\n` })).toString('latin1').trim();
  if (name === '') return;
  const keep = join(packFolder(store), `pack-${name}.keep`);
  const others = await readFile(keep, 'utf8').catch(() => '');
  await writeFile(keep, `${[...new Set([...others.split('\n').filter(Boolean), ...sessions])].join('\n')}\n`);
}

/** Packs what a task saved, and cleans up. Should that fail, all of it lies about unpacked, which costs space only. */
export async function tidyUp(
  store: ObjectStore,
  session: string,
  states: readonly Snapshot[],
  clock: Clock,
): Promise<void> {
  try {
    await preserve(store, session, states);
    await keepHouse(store, clock);
  } catch (error) {
    if (!(error instanceof NexError)) throw error;
  }
}

/** Removes sessions that ended more than 30 days ago. Does nothing while a task runs. */
export async function pruneHistory(repository: Repository, clock: Clock): Promise<Pruned> {
  if (!hasObjectStore(repository) || (await othersAtWork(repository))) return { sessions: 0, bytes: 0 };
  const store = await openObjectStore(repository);
  const before = await sizeOf(join(store.dir, 'objects'));
  const sessions = await cleanUp(store, clock, 2);
  return { sessions, bytes: Math.max(0, before - (await sizeOf(join(store.dir, 'objects')))) };
}

/** Keeps the store small after a task: old sessions go, and many packs become one. Seldom has anything to do. */
async function keepHouse(store: ObjectStore, clock: Clock): Promise<void> {
  const single = (await readPacks(store)).filter(({ sessions }) => sessions.length === 1);
  if (single.length < MANY_PACKS || (await othersAtWork(store.repository))) return;
  await cleanUp(store, clock, MANY_PACKS / 2);
}

async function cleanUp(store: ObjectStore, clock: Clock, least: number): Promise<number> {
  const dropped = await dropOldSessions(store, clock);
  // A session that was killed has its objects lying about: they have to be in a pack before anything goes.
  const kept = new Set((await readPacks(store)).flatMap(({ sessions }) => sessions));
  for (const { id, steps } of sessionsOf(await readAllSteps(store))) {
    if (!kept.has(id))
      await preserve(
        store,
        id,
        (await withStates(store, steps)).map(({ state }) => state),
      );
  }
  await mergePacks(store, least);
  await removeLeftovers(store, clock);
  return dropped;
}

async function dropOldSessions(store: ObjectStore, clock: Clock): Promise<number> {
  const oldest = clock.now().getTime() - KEPT_DAYS * 86_400_000;
  const steps = await readAllSteps(store);
  const newest = new Map<string, LoggedStep>();
  for (const step of steps) newest.set(step.session, step);
  // The last one of each work tree stays: the next checkpoint builds on it.
  const last = new Set(new Map(steps.map((step) => [step.workTree, step.session])).values());
  const old = new Set(
    [...newest.values()]
      .filter(({ session, time }) => Date.parse(time) < oldest && !last.has(session))
      .map(({ session }) => session),
  );
  if (old.size === 0) return 0;
  const refs = [...old].flatMap((session) => [sessionRef(session), sessionRef(session, 'kept')]);
  await store.git(['update-ref', '--stdin'], { input: refs.map((ref) => `delete ${ref}\n`).join('') });
  for (const pack of await readPacks(store)) {
    if (pack.sessions.every((session) => old.has(session))) await removePack(store, pack.name);
  }
  return old.size;
}

/** Makes one pack of those that serve a single session each, if there are at least `least`. */
async function mergePacks(store: ObjectStore, least: number): Promise<void> {
  const single = (await readPacks(store)).filter(({ sessions }) => sessions.length === 1);
  if (single.length < least) return;
  const oids = new Set<string>();
  for (const { name } of single) {
    const index = await readFile(join(packFolder(store), `${name}.idx`));
    const listed = await store.git(['show-index', `--object-format=${store.repository.objectFormat}`], {
      input: index,
    });
    for (const line of listed.toString('latin1').split('\n')) {
      const oid = line.split(' ')[1];
      if (oid) oids.add(oid);
    }
  }
  await packFor(store, [...new Set(single.flatMap(({ sessions }) => sessions))], [...oids]);
  const merged = new Set(
    (await readPacks(store)).filter(({ sessions }) => sessions.length > 1).map(({ name }) => name),
  );
  for (const { name } of single) if (!merged.has(name)) await removePack(store, name);
}

/** Every object that these states need beside the user's clean files, with a name that lets git find likenesses. */
async function neededObjects(store: ObjectStore, states: readonly Snapshot[]): Promise<string[]> {
  const empty = emptyTree(store.repository);
  const pairs = new Set<string>();
  states.forEach(({ headTree, worktree, staged }, at) => {
    const next = states[at + 1];
    for (const [before, after] of [
      [headTree, worktree],
      [headTree, staged],
      [worktree, next?.worktree],
      [staged, next?.staged],
    ]) {
      if (after !== undefined && before !== after) pairs.add(`${before} ${after}`);
    }
  });
  const commits = states.map(({ commit }) => commit);
  const roots = (await store.git(['rev-parse', ...commits.map((commit) => `${commit}^{tree}`)])).toString('latin1');
  const own = roots.split('\n').filter(Boolean);
  const needed = new Map<string, string>();
  for (const oid of [...commits, ...own, ...states.flatMap(({ worktree, staged }) => [worktree, staged])])
    needed.set(oid, '');
  // -t: the folders on the way are needed as much as the files.
  const args = ['diff-tree', '--stdin', '-r', '-t', '-z', '--no-renames', '--full-index'];
  const input = (lines: Iterable<string>) => [...lines].map((line) => `${line}\n`).join('');
  const changed = await store.git(args, { input: input(pairs) });
  const beside = await store.git([...args, '--', 'facts', 'ignored', 'index', 'raw'], {
    input: input(own.map((root) => `${empty} ${root}`)),
  });
  collect(changed.toString('utf8'), needed);
  collect(beside.toString('utf8'), needed);
  needed.delete(empty);
  return [...needed].map(([oid, name]) => (name === '' ? oid : `${oid} ${name}`));
}

function collect(output: string, into: Map<string, string>): void {
  const records = output.split('\0');
  records.forEach((record, at) => {
    const [, beforeMode, afterMode, before, after] = /:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]$/.exec(record) ?? [];
    const name = (records[at + 1] ?? '').replace(/\n/g, ' ');
    if (before && beforeMode !== '160000' && !/^0+$/.test(before)) into.set(before, name);
    if (after && afterMode !== '160000' && !/^0+$/.test(after)) into.set(after, name);
  });
}

async function readPacks(store: ObjectStore): Promise<Pack[]> {
  const folder = packFolder(store);
  const keeps = (await readdir(folder)).filter((name) => name.endsWith('.keep'));
  return Promise.all(
    keeps.map(async (file) => ({
      name: file.slice(0, -'.keep'.length),
      sessions: (await readFile(join(folder, file), 'utf8')).split('\n').filter(Boolean),
    })),
  );
}

async function removePack(store: ObjectStore, name: string): Promise<void> {
  // The index goes first: without it git no longer looks for the pack.
  for (const ending of ['idx', 'pack', 'rev', 'keep'])
    await rm(join(packFolder(store), `${name}.${ending}`), { force: true });
}

function packFolder(store: ObjectStore): string {
  return join(store.dir, 'objects', 'pack');
}

/** Objects that no session came to need, such as looks at the world that led to nothing. */
async function removeLeftovers(store: ObjectStore, clock: Clock): Promise<void> {
  const oldest = clock.now().getTime() - SETTLED_MS;
  const kept = new Set((await readPacks(store)).map(({ name }) => name));
  const objects = join(store.dir, 'objects');
  const removeOld = async (path: string) => {
    const info = await stat(path).catch(() => undefined);
    if (info && info.mtimeMs < oldest) await rm(path, { recursive: true, force: true });
  };
  for (const folder of (await readdir(objects)).filter((name) => /^([0-9a-f]{2}|pack)$/.test(name))) {
    for (const name of await readdir(join(objects, folder))) {
      if (!kept.has(name.slice(0, name.indexOf('.')))) await removeOld(join(objects, folder, name));
    }
  }
  // What a killed process was working with.
  for (const name of (await readdir(store.dir)).filter((name) => /^(scratch|tree)-/.test(name))) {
    await removeOld(join(store.dir, name));
  }
}

/** True when a task runs in another work tree of the repository: it may be writing to the store right now. */
async function othersAtWork(repository: Repository): Promise<boolean> {
  const linked = join(repository.commonDir, 'worktrees');
  const names = existsSync(linked) ? await readdir(linked) : [];
  for (const gitDir of [repository.commonDir, ...names.map((name) => join(linked, name))]) {
    const lock = await lockOwner({ ...repository, gitDir });
    if (lock?.alive && lock.owner.pid !== process.pid) return true;
  }
  return false;
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}
