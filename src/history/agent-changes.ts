import { type Change, type Entry, invert } from './change.ts';
import type { ObjectStore } from './object-store.ts';
import { changesOfRun, type Run } from './runs.ts';
import { applyChanges, layerOf } from './three-way.ts';
import { editTree } from './trees.ts';

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
  return describeTrees(store, await editTree(store, without.tree, without.edits), last.after.worktree);
}

/** The difference of two trees, new files included; `known` is what differs, where that was looked up before. */
export async function describeTrees(
  store: ObjectStore,
  before: string,
  after: string,
  known?: readonly Change[],
): Promise<AgentChanges> {
  if (before === after) return { patch: '', files: [] };
  const changes = known ?? (await store.diff(before, after));
  const show = async (...how: string[]) => {
    const options = ['-z', '--no-ext-diff', '--no-textconv', '--no-color', '--src-prefix=a/', '--dst-prefix=b/'];
    return (await store.git(['diff-tree', '-r', ...how, ...options, before, after, '--'])).toString('utf8');
  };
  // Only what is gone here and new there can have moved; else one run tells both.
  const moves = changes.some((change) => !change.before) && changes.some((change) => !change.after);
  const [both, moved] = await Promise.all([
    show('--numstat', '-p', '--no-renames'),
    moves ? show('-p', '-M') : undefined,
  ]);
  // An empty record stands between the counts and the patch.
  const end = both.indexOf('\0\0');
  const counts = both
    .slice(0, end === -1 ? undefined : end)
    .split('\0')
    .filter(Boolean);
  const numbers = new Map(counts.map(parseCount));
  return {
    patch: moved ?? (end === -1 ? '' : both.slice(end + 2)),
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
