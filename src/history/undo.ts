import type { Head } from '../platform/git.ts';
import { type Change, type Conflict, type Entry, invert } from './change.ts';
import { parseTreeDiff } from './git-reports.ts';
import { keptCommit } from './kept-commits.ts';
import { branchTip, type NexCommit, nexCommits } from './nex-commits.ts';
import { emptyTree, type ObjectStore } from './object-store.ts';
import { changesOfRun, type Run, runsOf } from './runs.ts';
import type { SessionView } from './sessions.ts';
import { isUnknown, type Snapshot } from './snapshot.ts';
import type { Action, SavedStep } from './step-log.ts';
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
  index: { kind: 'edits'; edits: Edits } | { kind: 'exact'; state: Snapshot };
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

/** Decisions are never taken back: the log of them only grows. */
const KEPT = '.nex/decisions.md';

/** Undoes a task: its commits by a commit, its other changes in the files, keeping what the user did since. */
export async function undoTask(store: ObjectStore, now: Snapshot, session: SessionView<SavedStep>): Promise<Undoing> {
  const here = await commitsOf(store, 'HEAD', session.id);
  const tip = session.branch === undefined ? undefined : await branchTip(store.repository, session.branch);
  const there =
    here.length > 0 || tip === undefined ? [] : await commitsOf(store, `refs/heads/${session.branch}`, session.id);
  // On a branch without the task's commits, its committed changes are not in the files either.
  const committedElsewhere = here.length === 0 && session.commits.length > 0;
  const lastCommit = session.steps.findLastIndex(({ commit }) => commit !== undefined);
  const runs = runsOf(committedElsewhere ? session.steps.slice(lastCommit) : session.steps);
  const conflicts: Conflict[] = [];
  const target =
    here.length > 0
      ? { branch: now.head.branch, tip: now.head.commit ?? '', commits: here }
      : { branch: session.branch, tip: tip ?? '', commits: there };
  const commit = target.commits.length === 0 ? undefined : await takeBack(store, session, target, conflicts);
  const undone = await undoRuns(store, now, runs, { index: true, conflicts });
  // Without a record of the steps, as in a clone, the commits tell what there is to take back.
  const unrecorded = session.steps.length === 0 ? await undoCommits(store, now, here, conflicts) : undefined;
  const notes =
    there.length > 0
      ? [`HEAD is not on ${session.branch}, so the files here keep what they are; the branch is changed.`]
      : [];
  return {
    action: { kind: 'rollback', targets: [session.id] },
    task: session.task,
    ...undone,
    ...unrecorded,
    permissions: new Map(),
    commit,
    head: undefined,
    conflicts,
    notes,
  };
}

/** Brings files, and the index where HEAD is still the same, to the state before a step. */
export async function undoSteps(
  store: ObjectStore,
  now: Snapshot,
  steps: readonly SavedStep[],
  step: number,
): Promise<Undoing> {
  const conflicts: Conflict[] = [];
  const first = steps[0];
  return {
    action: { kind: 'to', step },
    task: first?.task ?? '',
    ...(await undoRuns(store, now, runsOf(steps), {
      index: first?.state.head.commit === now.head.commit,
      conflicts,
    })),
    permissions: new Map(),
    commit: undefined,
    head: undefined,
    conflicts,
    notes: [],
  };
}

/** Leaves a task behind: back to where HEAD was, with files and index exactly as they were before it. */
export async function discardTask(
  store: ObjectStore,
  now: Snapshot,
  session: SessionView<SavedStep>,
): Promise<Undoing> {
  const before = session.steps[0]?.state ?? now;
  const notes: string[] = [];
  const { branch, commit } = before.head;
  const tip = branch === undefined ? undefined : await branchTip(store.repository, branch);
  let to: Head = before.head;
  if (branch !== undefined && tip !== commit) {
    to = { branch: undefined, commit };
    notes.push(
      `${branch} is no longer where it was (${commit?.slice(0, 10) ?? 'no commit'}), so HEAD will be on no branch.`,
    );
  }
  const removed = session.branch === undefined ? undefined : await branchTip(store.repository, session.branch);
  const changes = (await store.diff(now.worktree, before.worktree)).filter(
    ({ path, before: is, after: was }) =>
      is?.mode !== '160000' && was?.mode !== '160000' && (was || !isUnknown(before, path)),
  );
  const files = new Map(changes.map(({ path, after }) => [path, after]));
  for (const path of rewritten(now, before)) {
    if (!files.has(path)) files.set(path, (await store.entriesAt(before.worktree, [path])).get(path));
  }
  return {
    action: { kind: 'discard', targets: [session.id] },
    task: session.task,
    files,
    permissions: differentPermissions(now, before),
    sources: [before],
    index: { kind: 'exact', state: before },
    commit: undefined,
    head: {
      to,
      remove:
        removed === undefined || session.branch === undefined || session.branch === to.branch
          ? undefined
          : { branch: session.branch, tip: removed },
      restore: undefined,
    },
    conflicts: [],
    notes,
  };
}

/** Takes the last undoing back. */
export async function redoUndo(
  store: ObjectStore,
  now: Snapshot,
  undo: SessionView<SavedStep>,
  task: SessionView | undefined,
): Promise<Undoing> {
  const conflicts: Conflict[] = [];
  const notes: string[] = [];
  const first = undo.steps[0]?.state;
  const last = undo.steps.at(-1)?.state;
  let head: HeadMove | undefined;
  let commit: UndoCommit | undefined;
  if (undo.action.kind === 'discard' && first && task?.branch !== undefined) {
    const tip =
      (await branchTip(store.repository, task.branch)) ?? (await keptCommit(store, undo.id)) ?? first.head.commit;
    head = {
      to: first.head,
      remove: undefined,
      restore: tip === undefined ? undefined : { branch: task.branch, tip },
    };
  }
  const undone = undo.commits.at(-1);
  if (undone !== undefined) {
    const onHead = (await history(store, 'HEAD')).has(undone);
    const branch = onHead ? now.head.branch : task?.branch;
    const tip = onHead ? now.head.commit : branch === undefined ? undefined : await branchTip(store.repository, branch);
    if (tip === undefined) notes.push('The branch of the undone commit is gone, so only the files come back.');
    else commit = await bringBack(store, { undone, branch, tip, task }, conflicts);
  }
  const untouched = last !== undefined && now.facts.index === last.facts.index;
  const files = await undoRuns(store, now, runsOf(undo.steps), { index: true, conflicts });
  return {
    action: { kind: 'redo', targets: [undo.id] },
    task: task?.task ?? undo.task,
    ...files,
    // Nobody staged anything since: then the index can come back byte for byte.
    index: head && untouched && first ? { kind: 'exact', state: first } : files.index,
    permissions: head && first && last ? differentPermissions(last, first) : new Map(),
    commit,
    head,
    conflicts,
    notes,
  };
}

/** True when an undoing would change nothing at all. */
export function isNothing({ files, permissions, index, commit, head }: Undoing, now: Snapshot): boolean {
  const sameIndex = index.kind === 'edits' ? index.edits.size === 0 : index.state.facts.index === now.facts.index;
  return files.size === 0 && permissions.size === 0 && sameIndex && !commit && !head;
}

async function undoRuns(
  store: ObjectStore,
  now: Snapshot,
  runs: readonly Run[],
  { index, conflicts }: { index: boolean; conflicts: Conflict[] },
): Promise<Pick<Undoing, 'files' | 'index' | 'sources'>> {
  const files = layerOf(now.worktree);
  const staged = layerOf(now.staged);
  for (const run of runs.toReversed()) {
    const changes = await changesOfRun(store, run);
    await apply(store, changes.files, files, conflicts);
    if (index) await apply(store, changes.staged, staged, conflicts);
  }
  return {
    files: await editsOf(store, files),
    index: { kind: 'edits', edits: await editsOf(store, staged) },
    sources: runs.map(({ before }) => before),
  };
}

async function undoCommits(
  store: ObjectStore,
  now: Snapshot,
  commits: readonly NexCommit[],
  conflicts: Conflict[],
): Promise<Pick<Undoing, 'files' | 'index'>> {
  const files = layerOf(now.worktree);
  const staged = layerOf(now.staged);
  for (const commit of commits) {
    const changes = await changesOfCommit(store, commit);
    await apply(store, changes, files, conflicts);
    await apply(store, changes, staged, conflicts);
  }
  return { files: await editsOf(store, files), index: { kind: 'edits', edits: await editsOf(store, staged) } };
}

async function apply(
  store: ObjectStore,
  changes: readonly Change[],
  layer: Layer,
  conflicts: Conflict[],
): Promise<void> {
  const blocked = new Set([KEPT, ...conflicts.map(({ path }) => path)]);
  conflicts.push(...(await applyChanges(store, invert(changes), layer, blocked)));
}

async function commitsOf(store: ObjectStore, ref: string, session: string): Promise<NexCommit[]> {
  return (await nexCommits(store.repository, ref)).filter((commit) => commit.session === session);
}

async function takeBack(
  store: ObjectStore,
  session: SessionView<SavedStep>,
  target: { branch: string | undefined; tip: string; commits: readonly NexCommit[] },
  conflicts: Conflict[],
): Promise<UndoCommit | undefined> {
  const layer = layerOf(await treeOf(store, target.tip));
  // Newest first: each one is taken back from the state it had made.
  for (const commit of target.commits) await apply(store, await changesOfCommit(store, commit), layer, conflicts);
  const edits = await editsOf(store, layer);
  if (edits.size === 0) return undefined;
  const [newest] = target.commits;
  const names = target.commits.map(({ commit }) => `This reverts commit ${commit}.`);
  const message = `revert: ${newest?.subject ?? session.task}\n\n${names.join('\n')}\n\nNex-Undoes: ${session.id}\n`;
  return { branch: target.branch, parent: target.tip, tree: layer.tree, edits, message };
}

async function bringBack(
  store: ObjectStore,
  {
    undone,
    branch,
    tip,
    task,
  }: { undone: string; branch: string | undefined; tip: string; task: SessionView | undefined },
  conflicts: Conflict[],
): Promise<UndoCommit | undefined> {
  const layer = layerOf(await treeOf(store, tip));
  await apply(store, await diffOf(store, `${undone}~1^{tree}`, `${undone}^{tree}`), layer, conflicts);
  const edits = await editsOf(store, layer);
  if (edits.size === 0) return undefined;
  const subject = task?.task.split('\n')[0]?.slice(0, 72) ?? 'an undone task';
  const trailer = task === undefined ? '' : `\nNex-Session: ${task.id}\n`;
  return {
    branch,
    parent: tip,
    tree: layer.tree,
    edits,
    message: `redo: ${subject}\n\nThis reverts commit ${undone}.\n${trailer}`,
  };
}

function changesOfCommit(store: ObjectStore, { commit, parent }: NexCommit): Promise<Change[]> {
  const from = parent === undefined ? emptyTree(store.repository) : `${parent}^{tree}`;
  return diffOf(store, from, `${commit}^{tree}`);
}

async function diffOf(store: ObjectStore, before: string, after: string): Promise<Change[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--full-index', before, after];
  return parseTreeDiff(await store.git(args));
}

async function treeOf(store: ObjectStore, commit: string): Promise<string> {
  return (await store.git(['rev-parse', '--verify', `${commit}^{tree}`])).toString('latin1').trim();
}

async function history(store: ObjectStore, ref: string): Promise<Set<string>> {
  const output = await store.inProject(['rev-list', '--max-count=2000', ref]).catch(() => Buffer.alloc(0));
  return new Set(output.toString('latin1').split('\n'));
}

/** Files that git takes for the same, but whose bytes on disk differ. */
function rewritten(now: Snapshot, before: Snapshot): string[] {
  const paths = new Set([...Object.keys(before.facts.files), ...Object.keys(now.facts.files)]);
  return [...paths].filter((path) => {
    const was = before.facts.files[path];
    const is = now.facts.files[path];
    if (was && is) return was.stored === is.stored && was.raw !== is.raw;
    // Saved in one state only: then git's own form of it was on disk in the other.
    return (was && was.raw !== was.stored) || (is && is.raw !== is.stored);
  });
}

function differentPermissions(now: Snapshot, before: Snapshot): Map<string, number> {
  const was = before.facts.modes.others;
  const is = now.facts.modes.others;
  const usual = (path: string) => {
    const { file, executable } = before.facts.modes;
    return ((is[path] ?? 0) & 0o100) === 0 ? file : executable;
  };
  const paths = new Set([...Object.keys(was), ...Object.keys(is)]);
  return new Map([...paths].filter((path) => was[path] !== is[path]).map((path) => [path, was[path] ?? usual(path)]));
}
