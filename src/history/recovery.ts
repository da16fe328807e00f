import type { Clock } from '../platform/clock.ts';
import type { Repository } from '../platform/git.ts';
import { describeRuns } from './agent-changes.ts';
import { freeIndex } from './index-file.ts';
import { lockOwner, takeLock } from './lock.ts';
import { nexCommits } from './nex-commits.ts';
import { openObjectStore } from './object-store.ts';
import { requireCalm } from './repository-state.ts';
import { tidyUp } from './retention.ts';
import { uncommittedRuns } from './runs.ts';
import { type Action, openSessionLog, readLastStep, readSteps, type SavedStep, withStates } from './step-log.ts';
import { followCommit } from './task-commit.ts';
import { openScanner, type Scanner } from './world-scan.ts';

/** A task, or an undoing, whose process was killed in the middle. */
export interface CutOff {
  session: string;
  task: string;
  /** When it began, ISO 8601. */
  since: string;
  /** The tool and its detail that it was last busy with; undefined when it was about to begin. */
  during: { tool: string; detail: string } | undefined;
  action: Action['kind'];
  /** What it changed and had not committed. */
  files: string[];
  /** The task's branch, and where HEAD was before. */
  branch: string | undefined;
  base: string | undefined;
}

/**
 * Looks for a task whose process is gone without having given the lock back, saves where its last step ended, and
 * frees the lock: what the user does from then on is the user's. Undefined when there is none. Told only once.
 */
export async function recoverCutOff(repository: Repository, clock: Clock): Promise<CutOff | undefined> {
  const found = await lockOwner(repository);
  if (!found || found.alive) return undefined;
  const { session, task, since } = found.owner;
  await freeIndex(repository);
  await requireCalm(repository, clock);
  const lock = await takeLock(repository, { session, task, clock });
  try {
    const scanner = openScanner(await openObjectStore(repository));
    await closeLastStep(scanner, clock);
    const steps = await withStates(scanner.store, await readSteps(scanner.store, session));
    const last = steps.at(-1);
    const changes = await describeRuns(scanner.store, uncommittedRuns(steps));
    const base = steps.findLast((step) => step.base !== undefined)?.base ?? steps[0]?.head;
    return {
      session,
      task,
      since,
      during: last && { tool: last.tool, detail: last.detail },
      action: last?.action.kind ?? 'task',
      files: changes.files.map(({ path }) => path),
      branch: last?.branch,
      base: base?.branch ?? base?.commit?.slice(0, 10),
    };
  } finally {
    await lock.release();
  }
}

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
