import { type Change, type Entry, invert } from './change.ts';
import type { ObjectStore } from './object-store.ts';
import { changesOfRun, type Run } from './runs.ts';
import { applyChanges, layerOf } from './three-way.ts';

/** What nex changed, for people and for the reviewer. */
export interface AgentChanges {
  patch: string;
  files: Array<{ path: string; added: number; removed: number; status: 'added' | 'deleted' | 'modified' }>;
}

/**
 * What these runs changed: the difference between the files at the end of the last one, and what they would be
 * without the runs. The user's own edits are in both, so they do not show.
 */
export async function describeRuns(store: ObjectStore, runs: readonly Run[]): Promise<AgentChanges> {
  const last = runs.at(-1);
  if (!last) return { patch: '', files: [] };
  const perRun = await Promise.all(runs.map((run) => changesOfRun(store, run)));
  const [first, only] = [runs[0], perRun[0]];
  // Nothing but nex was at work: then there is nothing to tell apart.
  if (runs.length === 1 && first && only?.whole)
    return describeTrees(store, first.before.worktree, first.after.worktree, only.files);
  const without = layerOf(last.after.worktree);
  for (const { files } of perRun.toReversed()) {
    for (const { path } of await applyChanges(store, invert(files), without)) {
      // The user went on in the same lines: then all of the file shows, rather than nothing.
      without.edits.set(path, files.find((change) => change.path === path)?.before);
    }
  }
  return describeTrees(store, await store.writeTree(without.tree, without.edits), last.after.worktree);
}

/** The difference of two trees, new files included; `known` is what differs, where that was looked up before. */
export async function describeTrees(
  store: ObjectStore,
  before: string,
  after: string,
  known?: readonly Change[],
): Promise<AgentChanges> {
  if (before === after) return { patch: '', files: [] };
  const options = ['--no-ext-diff', '--no-textconv', '--no-color', before, after, '--'];
  const [patch, counts, changes] = await Promise.all([
    store.git(['diff-tree', '-r', '-p', '-M', '--src-prefix=a/', '--dst-prefix=b/', ...options]),
    store.git(['diff-tree', '-r', '--numstat', '-z', '--no-renames', ...options]),
    known ?? store.diff(before, after),
  ]);
  const numbers = new Map(counts.toString('utf8').split('\0').filter(Boolean).map(parseCount));
  return {
    patch: patch.toString('utf8'),
    files: changes.map((change) => ({
      path: change.path,
      ...(numbers.get(change.path) ?? { added: 0, removed: 0 }),
      status: statusOf(change),
    })),
  };
}

function parseCount(line: string): [string, { added: number; removed: number }] {
  const [added, removed, ...path] = line.split('\t');
  // Binary files have dashes there.
  return [path.join('\t'), { added: Number(added) || 0, removed: Number(removed) || 0 }];
}

function statusOf({
  before,
  after,
}: {
  before: Entry | undefined;
  after: Entry | undefined;
}): 'added' | 'deleted' | 'modified' {
  if (!before) return 'added';
  return after ? 'modified' : 'deleted';
}
