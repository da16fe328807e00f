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
interface RunChanges {
  /** On disk, in the form that git stores. */
  files: Change[];
  /** In the index. */
  staged: Change[];
  /** True when these are all differences of the two states on disk. */
  whole: boolean;
}

type SavedStep = Pick<StepRecord, 'kind'> & { state: Snapshot };

/**
 * The runs of a session from its saved steps. A step whose end was never saved lasts until the next state that was;
 * the last one has to be closed by the caller.
 */
export function runsOf(steps: readonly SavedStep[]): Run[] {
  const runs: Run[] = [];
  steps.forEach(({ kind, state }, at) => {
    const next = steps[at + 1]?.state;
    if (!next || isSame(state, next)) return;
    const last = runs.at(-1);
    // Nothing happened between two steps: then they are one stretch.
    if (kind === 'before' && last && !last.recordsOnly && isSame(last.after, state)) last.after = next;
    else runs.push({ before: state, after: next, recordsOnly: kind === 'after' });
  });
  return runs;
}

/** The runs since the last commit of a session. */
export function uncommittedRuns(steps: ReadonlyArray<SavedStep & Pick<StepRecord, 'commit'>>): Run[] {
  const last = steps.findLastIndex(({ commit }) => commit !== undefined);
  return runsOf(steps.slice(Math.max(0, last)));
}

/** What a run changed; without what no checkpoint looked into, and without submodules. */
export async function changesOfRun(store: ObjectStore, { before, after, recordsOnly }: Run): Promise<RunChanges> {
  const all = await store.diff(before.worktree, after.worktree, recordsOnly ? RECORDS : undefined);
  const staged = recordsOnly ? [] : await store.diff(before.staged, after.staged);
  const files = all.filter(
    ({ path, before: was, after: is }) =>
      was?.mode !== '160000' &&
      is?.mode !== '160000' &&
      (was || !isUnknown(before, path)) &&
      (is || !isUnknown(after, path)),
  );
  return { files, staged, whole: !recordsOnly && files.length === all.length };
}

/** Where runs changed the intent to add a file: what it was before them, as far as it is not so now. */
export function intentsBefore(runs: readonly Run[], now: Snapshot): Map<string, boolean> {
  const intents = new Map<string, boolean>();
  for (const { before, after, recordsOnly } of runs.toReversed()) {
    const [was, is] = [before.facts.intended, after.facts.intended];
    const changed = [...was, ...is].filter((path) => was.includes(path) !== is.includes(path));
    for (const path of recordsOnly ? [] : changed) intents.set(path, was.includes(path));
  }
  return new Map([...intents].filter(([path, intended]) => now.facts.intended.includes(path) !== intended));
}

function isSame(a: Snapshot, b: Snapshot): boolean {
  if (a.worktree !== b.worktree || a.staged !== b.staged) return false;
  if (a.facts.intended.join('\0') !== b.facts.intended.join('\0')) return false;
  const [was, is] = [a.facts.modes.others, b.facts.modes.others];
  return Object.keys({ ...was, ...is }).every((path) => was[path] === is[path]);
}
