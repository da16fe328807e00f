import type { Conflict } from './change.ts';
import { keptCommit } from './kept-commits.ts';
import { branchTip } from './nex-commits.ts';
import type { ObjectStore } from './object-store.ts';
import { runsOf } from './runs.ts';
import type { SessionView } from './sessions.ts';
import type { Snapshot } from './snapshot.ts';
import type { SavedStep } from './step-log.ts';
import { editsOf, layerOf } from './three-way.ts';
import { type HeadMove, takeBack, type UndoCommit, type Undoing, undoRuns } from './undoing.ts';

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
    index: head && untouched && first?.facts.indexSaved ? { kind: 'exact', state: first } : files.index,
    commit,
    head,
    conflicts,
    notes,
  };
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
  const layer = layerOf(await store.treeOf(tip));
  await takeBack(
    store,
    await store.diff(await store.treeOf(`${undone}~1`), await store.treeOf(undone)),
    layer,
    conflicts,
  );
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

async function history(store: ObjectStore, ref: string): Promise<Set<string>> {
  const output = await store.inProject(['rev-list', '--max-count=2000', ref]).catch(() => Buffer.alloc(0));
  return new Set(output.toString('latin1').split('\n'));
}
