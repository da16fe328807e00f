import type { Change, Conflict } from './change.ts';
import { branchTip, type NexCommit, nexCommits } from './nex-commits.ts';
import type { ObjectStore } from './object-store.ts';
import { runsOf } from './runs.ts';
import type { SessionView } from './sessions.ts';
import type { Snapshot } from './snapshot.ts';
import type { SavedStep } from './step-log.ts';
import { editsOf, layerOf } from './three-way.ts';
import { takeBack, type UndoCommit, type Undoing, undoRuns } from './undoing.ts';

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
  const commit = target.commits.length === 0 ? undefined : await revertCommits(store, session, target, conflicts);
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
    commit: undefined,
    head: undefined,
    conflicts,
    notes: [],
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
    await takeBack(store, changes, files, conflicts);
    await takeBack(store, changes, staged, conflicts);
  }
  return {
    files: await editsOf(store, files),
    index: { kind: 'edits', entries: await editsOf(store, staged), intents: new Map(), assumed: [] },
  };
}

async function commitsOf(store: ObjectStore, ref: string, session: string): Promise<NexCommit[]> {
  return (await nexCommits(store.repository, ref)).filter((commit) => commit.session === session);
}

async function revertCommits(
  store: ObjectStore,
  session: SessionView<SavedStep>,
  target: { branch: string | undefined; tip: string; commits: readonly NexCommit[] },
  conflicts: Conflict[],
): Promise<UndoCommit | undefined> {
  const layer = layerOf(await store.treeOf(target.tip));
  // Newest first: each one is taken back from the state it had made.
  for (const commit of target.commits) await takeBack(store, await changesOfCommit(store, commit), layer, conflicts);
  const edits = await editsOf(store, layer);
  if (edits.size === 0) return undefined;
  const [newest] = target.commits;
  const names = target.commits.map(({ commit }) => `This reverts commit ${commit}.`);
  const message = `revert: ${newest?.subject ?? session.task}\n\n${names.join('\n')}\n\nNex-Undoes: ${session.id}\n`;
  return { branch: target.branch, parent: target.tip, tree: layer.tree, edits, message };
}

async function changesOfCommit(store: ObjectStore, { commit, parent }: NexCommit): Promise<Change[]> {
  const from = parent === undefined ? store.emptyTree : await store.treeOf(parent);
  return store.diff(from, await store.treeOf(commit));
}
