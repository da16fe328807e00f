import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runGit } from '../platform/git-plumbing.ts';
import { type Change, type Conflict, type Entry, mergeEntry, sameEntry } from './change.ts';
import type { ObjectStore } from './object-store.ts';
import { filesAt, filesBelow } from './trees.ts';

/**
 * A state that changes are made to: HEAD, the index or the work tree, as a tree and the edits on top of it.
 * Several changes can be applied one after the other.
 */
export interface Layer {
  readonly tree: string;
  readonly edits: Map<string, Entry | undefined>;
}

export function layerOf(tree: string): Layer {
  return { tree, edits: new Map() };
}

/**
 * Makes changes in a layer that may have moved on since, by three-way merge of each file. What cannot be merged is
 * answered as a conflict and left as it is in the layer, and so is everything else that happened to that path.
 */
export async function applyChanges(
  store: ObjectStore,
  changes: readonly Change[],
  layer: Layer,
  blocked: ReadonlySet<string> = new Set(),
): Promise<Conflict[]> {
  const wanted = changes.filter(({ path }) => !blocked.has(path));
  const ours = await entriesOf(store, layer, wanted);
  const taken = new Map<string, Entry | undefined>();
  const conflicts: Conflict[] = [];
  for (const { path, before, after } of wanted) {
    const merged = mergeEntry(before, ours.at(path), after);
    if (merged.kind === 'conflict') conflicts.push({ path, reason: merged.reason });
    if (merged.kind === 'take') taken.set(path, merged.entry);
    if (merged.kind === 'text') {
      const oid = await mergeText(store, merged);
      if (oid === undefined) conflicts.push({ path, reason: 'the same lines were changed since' });
      else taken.set(path, { mode: merged.mode, oid });
    }
  }
  for (const [path, entry] of taken) {
    const reason = entry && ours.inTheWay(path, taken);
    if (reason) conflicts.push({ path, reason });
    else layer.edits.set(path, entry);
  }
  return conflicts;
}

/** The edits that really differ from the layer's tree. */
export async function editsOf(store: ObjectStore, layer: Layer): Promise<Map<string, Entry | undefined>> {
  const there = await filesBelow(store, layer.tree, [...layer.edits.keys()]);
  return new Map([...layer.edits].filter(([path, entry]) => !sameEntry(entry, there.get(path))));
}

interface Ours {
  at(path: string): Entry | undefined;
  /** Why a file cannot be put at this path, once `taken` is done. */
  inTheWay(path: string, taken: ReadonlyMap<string, Entry | undefined>): string | undefined;
}

async function entriesOf(store: ObjectStore, layer: Layer, changes: readonly Change[]): Promise<Ours> {
  const paths = changes.map(({ path }) => path);
  // A file where a folder has to be, or the other way round, is only found by looking for it.
  const folders = new Set(changes.filter(({ after }) => after).flatMap(({ path }) => foldersAbove(path)));
  const there = new Map([
    ...(await filesBelow(store, layer.tree, paths)),
    ...(await filesAt(store, layer.tree, [...folders])),
  ]);
  for (const [path, entry] of layer.edits) {
    if (entry) there.set(path, entry);
    else there.delete(path);
  }
  return {
    at: (path) => there.get(path),
    inTheWay(path, taken) {
      const stays = (other: string) => (taken.has(other) ? taken.get(other) !== undefined : there.has(other));
      if (foldersAbove(path).some(stays)) return 'a file is where its folder has to be';
      const below = [...there.keys()].some((other) => other.startsWith(`${path}/`) && stays(other));
      return below ? 'a folder of this name is there' : undefined;
    },
  };
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** Merges two versions of a text line by line; undefined when they disagree or are no text. */
async function mergeText(
  store: ObjectStore,
  { base, ours, theirs }: { base: string; ours: string; theirs: string },
): Promise<string | undefined> {
  await using folder = await store.scratch();
  const write = async (name: string, oid: string) => writeFile(join(folder.path, name), await store.readBlob(oid));
  await Promise.all([write('ours', ours), write('base', base), write('theirs', theirs)]);
  const merged = await runGit(['merge-file', '-p', '-q', 'ours', 'base', 'theirs'], { cwd: folder.path });
  return merged.status === 0 ? store.writeObject('blob', merged.stdout) : undefined;
}
