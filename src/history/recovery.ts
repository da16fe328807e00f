import type { Clock } from '../platform/clock.ts';
import { nexCommits } from './nex-commits.ts';
import { tidyUp } from './retention.ts';
import { uncommittedRuns } from './runs.ts';
import { openSessionLog, readLastStep, readSteps, type SavedStep, withStates } from './step-log.ts';
import { followCommit } from './task-commit.ts';
import type { Scanner } from './world-scan.ts';

/** Closes the step in which a session died: its last change ends where the world is now. */
export async function closeLastStep(scanner: Scanner, clock: Clock): Promise<void> {
  const { store } = scanner;
  const last = await readLastStep(store);
  if (last?.kind !== 'before') return;
  const steps = await withStates(store, await readSteps(store, last.session));
  const open = steps.at(-1);
  if (open?.kind !== 'before') return;
  const commit = await finishCommit(scanner, steps, open, clock);
  const { session, task, action, tool, detail, base } = open;
  const branch = open.branch ?? last.branch;
  const log = openSessionLog(scanner, { session, task, clock, steps, tip: open.snapshot, goesOn: true }, open.state);
  await log.save({
    kind: 'after',
    action,
    tool,
    detail,
    branch,
    base,
    interrupted: true,
    ...(commit === undefined ? {} : { commit }),
  });
  const states = log.steps.map(({ state }) => state);
  await tidyUp(store, session, states, clock);
}

/** A commit may have been made whose index was not brought after it; then HEAD is its child, and nobody else's. */
async function finishCommit(
  { store }: Scanner,
  steps: readonly SavedStep[],
  open: SavedStep,
  clock: Clock,
): Promise<string | undefined> {
  if (open.tool !== 'commit') return undefined;
  const [newest] = await nexCommits(store.repository, 'HEAD');
  if (newest?.session !== open.session || newest.parent !== open.state.head.commit) return undefined;
  await followCommit(store, { runs: uncommittedRuns(steps), now: open.state, commit: newest.commit }, clock);
  return newest.commit;
}
