import type { Head } from '../platform/git.ts';
import { type Change, type Conflict, type Entry, invert } from './change.ts';
import type { IndexEdits } from './index-file.ts';
import type { ObjectStore } from './object-store.ts';
import { changesOfRun, intentsBefore, type Run } from './runs.ts';
import type { Snapshot } from './snapshot.ts';
import type { Action } from './step-log.ts';
import { applyChanges, editsOf, type Layer, layerOf } from './three-way.ts';

export type Edits = ReadonlyMap<string, Entry | undefined>;

/** Everything an undoing will do, worked out before anything is touched. */
export interface Undoing {
  action: Action;
  /** The task that is undone or brought back. */
  task: string;
  /** Files on disk. */
  files: Edits;
  /** Permission bits alone. */
  permissions: ReadonlyMap<string, number>;
  /** States in which the exact bytes of these files were saved, best first. */
  sources: readonly Snapshot[];
  index: ({ kind: 'edits' } & IndexEdits) | { kind: 'exact'; state: Snapshot };
  commit: UndoCommit | undefined;
  head: HeadMove | undefined;
  conflicts: Conflict[];
  notes: string[];
}

/** A commit that takes something back, made on top of a branch without checking it out. */
export interface UndoCommit {
  /** Undefined: HEAD is on no branch, and moves itself. */
  branch: string | undefined;
  parent: string;
  tree: string;
  edits: Edits;
  message: string;
}

export interface HeadMove {
  to: Head;
  /** The task's branch, which goes; its commits are kept in the store. */
  remove: { branch: string; tip: string } | undefined;
  /** The task's branch, which comes back. */
  restore: { branch: string; tip: string } | undefined;
}

/** True when an undoing would change nothing at all. */
export function isNothing({ files, permissions, index, commit, head }: Undoing, now: Snapshot): boolean {
  const sameIndex =
    index.kind === 'edits'
      ? index.entries.size + index.intents.size === 0
      : index.state.facts.index === now.facts.index;
  return files.size === 0 && permissions.size === 0 && sameIndex && !commit && !head;
}

/** Decisions are never taken back: the log of them only grows. */
const KEPT = '.nex/decisions.md';

/** Takes back what runs did to files and index, newest first, around everything that happened since. */
export async function undoRuns(
  store: ObjectStore,
  now: Snapshot,
  runs: readonly Run[],
  { index, conflicts }: { index: boolean; conflicts: Conflict[] },
): Promise<Pick<Undoing, 'files' | 'permissions' | 'index' | 'sources'>> {
  const files = layerOf(now.worktree);
  const staged = layerOf(now.staged);
  const bits = new Map<string, number>();
  for (const run of runs.toReversed()) {
    const changes = await changesOfRun(store, run);
    for (const [path, mode] of run.recordsOnly ? [] : changedPermissions(run.after, run.before)) {
      // Bits that somebody set since stay.
      if (bits.has(path) || now.facts.modes.others[path] === run.after.facts.modes.others[path]) bits.set(path, mode);
    }
    await takeBack(store, changes.files, files, conflicts);
    if (index) await takeBack(store, changes.staged, staged, conflicts);
  }
  const edits = await editsOf(store, files);
  return {
    files: edits,
    // A file that is written anyway gets its bits then.
    permissions: new Map([...bits].filter(([path]) => !edits.has(path))),
    index: {
      kind: 'edits',
      entries: await editsOf(store, staged),
      intents: index ? intentsBefore(runs, now) : new Map(),
      assumed: runs[0]?.before.facts.assumed ?? [],
    },
    sources: runs.map(({ before }) => before),
  };
}

/** Permission bits to set, so that files have those of an earlier state again. */
export function changedPermissions(now: Snapshot, before: Snapshot): Map<string, number> {
  const { file, executable, others: was } = before.facts.modes;
  const { others: is } = now.facts.modes;
  const paths = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((path) => was[path] !== is[path]);
  const usual = (path: string) => (((is[path] ?? 0) & 0o100) === 0 ? file : executable);
  return new Map(paths.map((path) => [path, was[path] ?? usual(path)]));
}

/** Takes changes back in one layer. A path with a conflict stays out of everything that follows. */
export async function takeBack(
  store: ObjectStore,
  changes: readonly Change[],
  layer: Layer,
  conflicts: Conflict[],
): Promise<void> {
  const blocked = new Set([KEPT, ...conflicts.map(({ path }) => path)]);
  conflicts.push(...(await applyChanges(store, invert(changes), layer, blocked)));
}
