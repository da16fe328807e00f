import { existsSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Repository } from '../platform/git.ts';
import { lockOwner } from './lock.ts';
import { keepBorrowed, neededObjects } from './needed-objects.ts';
import { hasObjectStore, type ObjectStore, openObjectStore, sessionRef } from './object-store.ts';
import { isSingle, objectsIn, packFor, readPacks, removePack } from './packs.ts';
import type { Snapshot } from './snapshot.ts';
import { type LoggedStep, readAllSteps, withStates } from './step-log.ts';

/** How long a session can be undone, at least. */
const KEPT_DAYS = 30;
/** So many sessions that are not packed, or packs of one session each, become one pack. */
const MANY = 40;
/** Bytes of indexes that may lie about unpacked. */
const MUCH = 16 * 1024 * 1024;
/** Loose objects younger than this may belong to a step that is being saved. */
const SETTLED_MS = 3_600_000;

/** What a clean-up removed. */
export interface Pruned {
  sessions: number;
  bytes: number;
}

/** After a task: what it borrowed is copied, and seldom, when much has gathered, all is packed. Should that fail, it lies about unpacked, which costs space only. */
export async function tidyUp(
  store: ObjectStore,
  session: string,
  states: readonly Snapshot[],
  clock: Clock,
): Promise<void> {
  try {
    await keepBorrowed(store, session, states);
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

/** Keeps the store small after a task: old sessions go, and what lies about becomes one pack. Seldom has anything to do. */
async function keepHouse(store: ObjectStore, clock: Clock): Promise<void> {
  const packs = await readPacks(store);
  const packed = new Set(packs.flatMap(({ lines }) => lines.filter((line) => line.includes(' ')).map(refOfLine)));
  const refs = await readdir(join(store.dir, 'refs', 'sessions')).catch(() => []);
  const open = refs.filter((ref) => !packed.has(ref)).length;
  // Each may hold an index of its own, which a large project has a large one of.
  const index = await stat(join(store.repository.gitDir, 'index')).catch(() => ({ size: 0 }));
  const many = open >= MANY || open * index.size > MUCH || packs.filter(isSingle).length >= MANY;
  if (!many || (await othersAtWork(store.repository))) return;
  await cleanUp(store, clock, MANY / 2);
}

/** The name under which the ref of a line's session lies in its folder. */
function refOfLine(line: string): string {
  return basename(sessionRef(line.split(' ')[0] ?? ''));
}

/** Packs what lies about, lets old sessions go, and makes one of the packs of single sessions if there are `least`. */
async function cleanUp(store: ObjectStore, clock: Clock, least: number): Promise<number> {
  const steps = await readAllSteps(store);
  const old = oldSessions(steps, clock);
  // First of all: what a session has in common with an older one may lie in that one's pack only.
  await packOpenSessions(store, steps, old);
  await dropSessions(store, old);
  await mergePacks(store, least);
  await removeLeftovers(store, clock);
  return old.size;
}

/** Makes one pack of everything that no pack holds as a whole: the sessions since the last clean-up, killed ones too. */
async function packOpenSessions(
  store: ObjectStore,
  steps: readonly LoggedStep[],
  old: ReadonlySet<string>,
): Promise<void> {
  const packs = await readPacks(store);
  const tips = new Set(packs.flatMap((pack) => pack.tips));
  // Its last snapshot, and with it the session, is where its newest step is.
  const last = new Map(steps.map(({ session, snapshot }) => [session, snapshot]));
  const open = new Map([...last].filter(([session, tip]) => !old.has(session) && !tips.has(tip)));
  if (open.size === 0) return;
  const saved = await withStates(
    store,
    steps.filter(({ session }) => open.has(session)),
  );
  const states = [...open.keys()].map((id) => saved.filter(({ session }) => session === id).map(({ state }) => state));
  const parts = packs.filter(({ sessions }) => sessions.every((session) => open.has(session)));
  const needed = await neededObjects(store, states);
  const named = new Set(needed.map((line) => line.split(' ')[0] ?? ''));
  const rest = (await objectsIn(store, parts)).filter((oid) => !named.has(oid));
  const lines = [...open].map(([session, tip]) => `${session} ${tip}`);
  const whole = await packFor(store, lines, [...needed, ...rest]);
  if (whole !== undefined) for (const { name } of parts) if (name !== whole) await removePack(store, name);
  await store.git(['prune-packed', '-q']);
}

/** Makes one pack of those that serve a single session each, if there are at least `least`. */
async function mergePacks(store: ObjectStore, least: number): Promise<void> {
  const single = (await readPacks(store)).filter(isSingle);
  if (single.length < least) return;
  const whole = await packFor(
    store,
    single.flatMap(({ lines }) => lines),
    [...new Set(await objectsIn(store, single))],
  );
  if (whole !== undefined) for (const { name } of single) if (name !== whole) await removePack(store, name);
}

/** The sessions that ended more than 30 days ago, but for the last one of each work tree: the next checkpoint builds on it. */
function oldSessions(steps: readonly LoggedStep[], clock: Clock): Set<string> {
  const oldest = clock.now().getTime() - KEPT_DAYS * 86_400_000;
  const newest = new Map<string, LoggedStep>();
  for (const step of steps) newest.set(step.session, step);
  const last = new Set(new Map(steps.map((step) => [step.workTree, step.session])).values());
  return new Set(
    [...newest.values()]
      .filter(({ session, time }) => Date.parse(time) < oldest && !last.has(session))
      .map(({ session }) => session),
  );
}

async function dropSessions(store: ObjectStore, old: ReadonlySet<string>): Promise<void> {
  if (old.size === 0) return;
  const refs = [...old].flatMap((session) => [sessionRef(session), sessionRef(session, 'kept')]);
  await store.git(['update-ref', '--stdin'], { input: refs.map((ref) => `delete ${ref}\n`).join('') });
  for (const pack of await readPacks(store)) {
    if (pack.sessions.every((session) => old.has(session))) await removePack(store, pack.name);
  }
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
