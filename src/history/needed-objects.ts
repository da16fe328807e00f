import { existsSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from '../platform/crypto.ts';
import { blobId } from './disk-file.ts';
import type { ObjectStore } from './object-store.ts';
import { packFor } from './packs.ts';
import type { Snapshot } from './snapshot.ts';
import { diffTrees } from './trees.ts';

/** More objects than this are packed rather than copied one by one. */
const FEW = 100;

/**
 * Copies what these states of a session need and only the user's repository has: clean files that nex changed or
 * removed, and what was staged. After that no `gc`, deleted branch or rewritten history can break them.
 */
export async function keepBorrowed(store: ObjectStore, session: string, states: readonly Snapshot[]): Promise<void> {
  if (states.length === 0) return;
  const { objectFormat, commonDir } = store.repository;
  const empty = store.emptyTree;
  const needed = new Map<string, string>();
  const pairs = pairsOf(states);
  for (const { worktree, staged, raw, ignored, facts } of states) {
    const files = Object.values(facts.files).flatMap((file) => [file.raw, file.stored]);
    const list = blobId(Buffer.from([...ignored].join('\0')), objectFormat);
    for (const oid of [worktree, staged, raw, list, ...files]) needed.set(oid, '');
    pairs.push([empty, raw]);
  }
  await collect(store, pairs, needed);
  needed.delete(empty);
  const pathIn = (objects: string, oid: string) => join(objects, oid.slice(0, 2), oid.slice(2));
  const own = join(store.dir, 'objects');
  const borrowed = [...needed.keys()].filter((oid) => !existsSync(pathIn(own, oid)));
  const packed: string[] = [];
  for (const oid of borrowed) {
    const from = pathIn(join(commonDir, 'objects'), oid);
    if (borrowed.length > FEW || !existsSync(from)) packed.push(oid);
    else await copyWhole(from, pathIn(own, oid));
  }
  // A clean-up packs what no session has as a whole before it removes any pack, so an earlier pack will do.
  if (packed.length > 0) await packFor(store, [session], packed, { onlyNew: true });
}

/** Copies a file so that it is there as a whole or not at all; another task may be copying the same one. */
async function copyWhole(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const temporary = join(dirname(to), `tmp_obj_${randomUUID()}`);
  await copyFile(from, temporary);
  await rename(temporary, to);
}

/** Every object that these states, session by session, need beside the user's clean files, with a name that lets git find likenesses. */
export async function neededObjects(
  store: ObjectStore,
  sessions: ReadonlyArray<readonly Snapshot[]>,
): Promise<string[]> {
  const states = sessions.flat();
  if (states.length === 0) return [];
  const empty = store.emptyTree;
  const commits = states.map(({ commit }) => commit);
  const own = await Promise.all(commits.map((commit) => store.treeOf(commit)));
  const needed = new Map<string, string>();
  for (const oid of [...commits, ...own, ...states.flatMap(({ worktree, staged }) => [worktree, staged])])
    needed.set(oid, '');
  await collect(store, sessions.flatMap(pairsOf), needed);
  for (const root of own) {
    for (const name of BESIDE) {
      const item = (await store.readTree(root)).get(name);
      if (!item) continue;
      needed.set(item.oid, name);
      if (item.mode === '40000') await collect(store, [[store.emptyTree, item.oid]], needed);
    }
  }
  needed.delete(empty);
  return [...needed].map(([oid, name]) => (name === '' ? oid : `${oid} ${name}`));
}

/** What a state holds beside its trees of files. */
const BESIDE = ['facts', 'ignored', 'index', 'raw'];

type Pair = readonly [before: string, after: string];

/** The trees of a session that have to be told apart: each state's from HEAD's, and from the state's before. */
function pairsOf(states: readonly Snapshot[]): Pair[] {
  return states.flatMap(({ headTree, worktree, staged }, at) => {
    const next = states[at + 1];
    const pairs: Pair[] = [
      [headTree, worktree],
      [headTree, staged],
    ];
    return next ? [...pairs, [worktree, next.worktree], [staged, next.staged]] : pairs;
  });
}

/** Adds every object that differs between these pairs of trees: the folders on the way are needed as much as the files. */
async function collect(store: ObjectStore, pairs: readonly Pair[], into: Map<string, string>): Promise<void> {
  const different = new Map(pairs.filter(([before, after]) => before !== after).map((pair) => [pair.join(' '), pair]));
  for (const [before, after] of different.values()) {
    for (const change of await diffTrees(store, before, after, { folders: true })) {
      const name = change.path.replace(/\n/g, ' ');
      for (const entry of [change.before, change.after])
        if (entry && entry.mode !== '160000') into.set(entry.oid, name);
    }
  }
}
