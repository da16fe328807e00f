import { NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Head, Repository } from '../platform/git.ts';
import { type AgentChanges, describeRuns } from './agent-changes.ts';
import type { Conflict } from './change.ts';
import { commitMessage } from './commit-message.ts';
import { projectPath } from './disk-file.ts';
import { exportTree } from './export-tree.ts';
import { type HeldLock, takeLock } from './lock.ts';
import { lookAhead } from './looks.ts';
import { compareRefs, type MovedRefs, type RefState, readRefs } from './moved-refs.ts';
import { type ObjectStore, openObjectStore } from './object-store.ts';
import { type Past, readPast } from './past.ts';
import { applyWrites, type PlannedWrite } from './planned-writes.ts';
import { closeLastStep } from './recovery.ts';
import { requireCalm } from './repository-state.ts';
import { tidyUp } from './retention.ts';
import { runsOf, uncommittedRuns } from './runs.ts';
import { inPlainWords } from './saving-errors.ts';
import type { Snapshot } from './snapshot.ts';
import { type Action, endOfLast, type NewStep, openSessionLog, readLastStep, type SessionLog } from './step-log.ts';
import { leaveBranch, startTaskBranch } from './task-branch.ts';
import { type CommitOptions, type CommitResult, commitRuns, type TaskCommit } from './task-commit.ts';
import { createTurns } from './turns.ts';
import type { Uncovered } from './uncovered.ts';
import { openScanner, type Scanner } from './world-scan.ts';

/** What a task needs of the history. */
export interface TaskHistoryOptions {
  repository: Repository;
  sessionId: string;
  /** The user's words; the branch is named after them. */
  task: string;
  clock: Clock;
  /** `apply` when a dry run's plan is carried out. */
  action?: Action;
}

/** Saves the world around every change of one task, and turns the changes into a commit. */
export interface TaskHistory {
  /** True once something was about to change. */
  readonly started: boolean;
  /** The task's branch. */
  readonly branch: string | undefined;
  /** The branch or commit that HEAD was on before. */
  readonly base: string | undefined;
  /** What the last checkpoint does not hold: calls that would touch these ask. */
  readonly notCovered: readonly Uncovered[];
  /** Does ahead, while there is time, what the first checkpoint needs. Changes nothing, and never fails. */
  prepare(): Promise<void>;
  /**
   * Saves the state before a change. The first time it also takes the lock and starts the task's branch. `touched`
   * are paths about to be written, whose bytes are kept even where git ignores them. Throws a NexError
   * (`repository`) when nothing may be changed now; then nothing was.
   */
  checkpoint(cause: { tool: string; detail: string }, touched?: readonly string[]): Promise<void>;
  /**
   * Saves the state after a change, so that what the user does from then on is not taken for the task's doing. Need
   * not be awaited: whatever comes next waits for it.
   */
  settle(): Promise<void>;
  /** After a command: refs, stashes and settings that moved under the task since the last look. */
  movedRefs(): Promise<MovedRefs | undefined>;
  /** Puts the files as they were before the task into an empty folder; false where they are too many for that. */
  exportFirst(folder: string): Promise<boolean>;
  /** Carries out the writes of a dry run, all or none; the answer says what stood in the way. After a checkpoint. */
  write(writes: readonly PlannedWrite[]): Promise<Conflict[]>;
  /** The task's changes since its last commit, new files included, the user's own edits not. */
  changes(): Promise<AgentChanges>;
  commit(options: CommitOptions): Promise<TaskCommit>;
  /** Saves the last state and gives the lock back. A branch on which nothing happened goes again. */
  finish(): Promise<void>;
}

/** What exists from the first checkpoint until `finish`. */
interface Work {
  scanner: Scanner;
  store: ObjectStore;
  lock: HeldLock;
  log: SessionLog;
  refs: RefState;
  /** Where HEAD was before the task's branch was made in this run; undefined when it went on on an earlier one. */
  startedAt: Head | undefined;
  /** Steps saved before this run. */
  earlier: number;
}

const HEADS = 'refs/heads/';
/** How long the end of a change may wait for the next one; milliseconds. What the user does in them counts as the task's. */
const PAUSE_MS = 25;
/** Objects that no step came to need are cleaned away when they are older than an hour. */
const FRESH_MS = 30 * 60_000;

/** The history of one task. Does nothing, and takes no lock, before the first checkpoint. */
export function openTaskHistory(options: TaskHistoryOptions): TaskHistory {
  const { repository, sessionId, task, clock, action = { kind: 'task' } } = options;
  let scanner: Promise<Scanner> | undefined;
  let past: Past | undefined;
  let ahead: { past: Past; state: Snapshot; taken: number } | undefined;
  let work: Work | undefined;
  let preparing: Promise<void> | undefined;
  let started = false;
  let branch: string | undefined;
  let base: Head | undefined;
  let described: { steps: number; changes: Promise<AgentChanges> } | undefined;
  const turns = createTurns();

  const openedScanner = () => {
    scanner ??= openObjectStore(repository).then(openScanner);
    return scanner;
  };

  /** What was saved here before; read once, unless somebody saved more meanwhile. */
  async function earlierState(store: ObjectStore): Promise<Past> {
    const last = await readLastStep(store);
    if (!past || past.snapshot !== last?.snapshot) past = await readPast(store, sessionId, last?.snapshot);
    return past;
  }

  async function lookedAhead(): Promise<void> {
    try {
      const opened = await openedScanner();
      const before = await earlierState(opened.store);
      const taken = clock.now().getTime();
      const { previous, steps } = before;
      ahead = { past: before, state: await lookAhead(opened, clock, { previous, goesOn: steps.length > 0 }), taken };
    } catch {
      // The first checkpoint tries again, and can say what is wrong.
      scanner = undefined;
    }
  }

  async function begin(cause: { tool: string; detail: string }, touched: readonly string[]): Promise<void> {
    await requireCalm(repository, clock);
    await preparing;
    const lock = await takeLock(repository, { session: sessionId, task, clock });
    try {
      const opened = await openedScanner();
      await closeLastStep(opened, clock);
      const before = await earlierState(opened.store);
      const { previous, steps, tip, ...mine } = before;
      const usable = ahead?.past === before && clock.now().getTime() - ahead.taken < FRESH_MS ? ahead : undefined;
      const log = openSessionLog(
        opened,
        { session: sessionId, task, clock, steps, tip, goesOn: steps.length > 0, lookedAhead: usable !== undefined },
        usable?.state ?? previous,
      );
      const [state, refs] = await Promise.all([
        log.save({ kind: 'before', action, ...cause, touched, whole: true, branch: undefined, base: undefined }),
        readRefs(repository),
      ]);
      // A resumed session goes on on its branch, a new one gets its own, also on top of another task's.
      const goesOn = mine.branch !== undefined && state.head.branch === mine.branch;
      base = (goesOn ? mine.base : undefined) ?? state.head;
      const names = [...refs.refs.keys()].filter((ref) => ref.startsWith(HEADS)).map((ref) => ref.slice(HEADS.length));
      branch = goesOn ? mine.branch : await startTaskBranch(repository, state.head, task, names, log.announce);
      work = {
        scanner: opened,
        store: opened.store,
        lock,
        log,
        refs,
        startedAt: goesOn ? undefined : state.head,
        earlier: steps.length,
      };
      started = true;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async function goOn(
    { log }: Work,
    cause: { tool: string; detail: string },
    touched: readonly string[],
  ): Promise<void> {
    await requireCalm(repository, clock);
    const state = await saveNext(log, { kind: 'before', action, ...cause, touched, branch, base });
    if (state.head.branch === branch) return;
    throw new NexError(
      'repository',
      `HEAD left ${branch} for ${state.head.branch ?? 'a detached commit'} during the task.`,
      {
        hint: `Go back with \`git switch ${branch}\`, then \`nex --continue\`.`,
      },
    );
  }

  /** A step, and with the same look the end of the one before if that is still to be saved. */
  function saveNext(log: SessionLog, step: NewStep): Promise<Snapshot> {
    const end = endOfLast(log, { action, branch, base });
    return end ? log.save(end, step) : log.save(step);
  }

  async function settled({ log }: Work): Promise<void> {
    const end = endOfLast(log, { action, branch, base });
    if (end) await log.save(end);
  }

  return {
    get started() {
      return started;
    },
    get branch() {
      return branch;
    },
    get base() {
      return base?.branch ?? base?.commit;
    },
    get notCovered() {
      return work?.log.last?.facts.notCovered ?? [];
    },
    prepare: () => {
      preparing ??= lookedAhead();
      return preparing;
    },
    checkpoint: (cause, paths = []) =>
      turns.take(() => {
        const touched = paths.flatMap((path) => projectPath(repository.root, path) ?? []);
        return inPlainWords(work ? goOn(work, cause, touched) : begin(cause, touched));
      }),
    settle: () =>
      turns
        .take(async () => {
          // Who comes before the pause is over looks for both: one call often follows another at once.
          if (work && !(await turns.interrupted(PAUSE_MS))) await settled(work);
          // A failure waits for the next checkpoint, which looks again and can say so; nobody listens here.
        })
        .catch(() => {}),
    // Not in turn: the end of a step may take its time while the model thinks, but this is waited for.
    async movedRefs() {
      const current = work;
      if (!current) return undefined;
      const now = await readRefs(repository, current.refs);
      const moved = compareRefs(current.refs, now, { branch, base });
      current.refs = now;
      return moved;
    },
    exportFirst: (folder) =>
      turns.take(async () => {
        const first = work && uncommittedRuns(work.log.steps)[0]?.before;
        return work !== undefined && first !== undefined && exportTree(work.scanner, first.worktree, folder);
      }),
    write: (writes) =>
      turns.take(async () => {
        const now = work?.log.last;
        if (!work || !now) throw new Error('write needs a checkpoint before it');
        return applyWrites(work.scanner, now, writes);
      }),
    changes: () =>
      turns.take(async () => {
        if (!work) return { patch: '', files: [] };
        await settled(work);
        const { steps } = work.log;
        // Asked for several times at a task's end, and told anew only after another step.
        if (described?.steps !== steps.length)
          described = { steps: steps.length, changes: describeRuns(work.store, uncommittedRuns(steps)) };
        return described.changes;
      }),
    commit: ({ onOverlap, signal, ...words }) =>
      turns.take(async () => {
        if (!work || branch === undefined) return { status: 'uncommitted', reason: 'there is nothing to commit' };
        const step = { action, tool: 'commit', detail: words.subject, branch, base };
        const now = await saveNext(work.log, { kind: 'before', ...step });
        const runs = uncommittedRuns(work.log.steps);
        const message = commitMessage({ ...words, session: sessionId, task });
        const made: CommitResult =
          now.head.branch === branch
            ? await commitRuns(work.scanner, { runs, now, message, onOverlap, signal }, clock)
            : { status: 'uncommitted', reason: `HEAD is no longer on ${branch}` };
        await work.log.save({
          kind: 'after',
          ...step,
          ...(made.status === 'committed' ? { commit: made.commit } : {}),
        });
        return made.status === 'committed' ? { ...made, branch } : made;
      }),
    finish: () =>
      turns.take(async () => {
        if (!work) return;
        const { store, lock, log, startedAt, earlier } = work;
        try {
          await settled(work);
          const idle = runsOf(log.steps).length === 0 && log.steps.every(({ commit }) => commit === undefined);
          // Such as after a command that changed no file.
          if (idle && startedAt && branch !== undefined && (await leaveBranch(repository, branch, startedAt))) {
            branch = undefined;
          }
          const states = log.steps.slice(earlier).map(({ state }) => state);
          await tidyUp(store, sessionId, states, clock);
        } finally {
          work = undefined;
          store.close();
          await lock.release();
        }
      }),
  };
}
