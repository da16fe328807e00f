import type { Change } from './change.ts';
import type { ObjectStore } from './object-store.ts';
import { isUnknown, type Snapshot } from './snapshot.ts';
import type { StepRecord } from './step-log.ts';

/** nex's own notes in the project: written outside of any step, but always its doing. */
export const RECORDS: readonly string[] = ['.nex/memory.md', '.nex/decisions.md'];

/** A stretch in which only nex changed things. Between two stretches, whatever happened was the user's doing. */
export interface Run {
  before: Snapshot;
  after: Snapshot;
  /** True for a stretch of the user's, of which only nex's own notes count. */
  recordsOnly: boolean;
}

/** What a run changed. */
export interface RunChanges {
  /** On disk, in the form that git stores. */
  files: Change[];
  /** In the index. */
  staged: Change[];
}

type SavedStep = Pick<StepRecord, 'kind' | 'step'> & { state: Snapshot };

/**
 * The runs of a session from its saved steps. A step whose end was never saved lasts until the next state that was;
 * the last one has to be closed by the caller.
 */
export function runsOf(steps: readonly SavedStep[]): Run[] {
  const runs: Run[] = [];
  steps.forEach((step, at) => {
    const next = steps[at + 1];
    if (!next) return;
    const own = step.kind === 'before';
    if (step.state.worktree === next.state.worktree && step.state.staged === next.state.staged) return;
    const last = runs.at(-1);
    if (own && last && !last.recordsOnly && last.after === step.state) last.after = next.state;
    else if (own && last && !last.recordsOnly && sameTrees(last.after, step.state)) last.after = next.state;
    else runs.push({ before: step.state, after: next.state, recordsOnly: !own });
  });
  return runs;
}

/** What a run changed; without what no checkpoint looked into, and without submodules. */
export async function changesOfRun(store: ObjectStore, { before, after, recordsOnly }: Run): Promise<RunChanges> {
  const files = await store.diff(before.worktree, after.worktree, recordsOnly ? RECORDS : undefined);
  const staged = recordsOnly ? [] : await store.diff(before.staged, after.staged);
  return {
    files: files.filter(
      ({ path, before: was, after: is }) =>
        was?.mode !== '160000' &&
        is?.mode !== '160000' &&
        (was || !isUnknown(before, path)) &&
        (is || !isUnknown(after, path)),
    ),
    staged,
  };
}

function sameTrees(a: Snapshot, b: Snapshot): boolean {
  return a.worktree === b.worktree && a.staged === b.staged;
}
