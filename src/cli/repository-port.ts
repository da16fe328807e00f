import type { World } from '../agent/world.ts';
import type { Action } from '../history/step-log.ts';
import type { TaskHistory } from '../history/task-history.ts';
import type { Clock } from '../platform/clock.ts';
import { openGitView } from '../platform/git.ts';
import { remoteFor } from '../platform/git-remote.ts';
import { type GitStanding, readStanding, standingLine } from '../platform/git-standing.ts';
import type { Project } from './project.ts';

/** What a task asks of the repository; outside one, and for a dry run's changes, there is nothing to say. */
export interface RepositoryPort extends Pick<World, 'leftChanges' | 'remoteFor' | 'gitSummary'> {
  /** Where the next turn's changes are kept; undefined where none may be made. */
  historyOf(task: string): TaskHistory | undefined;
  /** Asked once a turn: the index and the prompt speak of the same moment. */
  standing(): Promise<GitStanding | undefined>;
  /** The next question is answered by git again. */
  lookAgain(): void;
  /** What is uncommitted, for people. */
  diff(): Promise<string>;
}

export function createRepositoryPort(
  { repository, root }: Project,
  options: {
    sessionId: string;
    clock: Clock;
    dryRun: boolean;
    redact: (text: string) => string;
    action: Action | undefined;
    /** Of the first turn, when git was asked already. */
    standing: Promise<GitStanding | undefined> | undefined;
  },
): RepositoryPort {
  const { sessionId, clock, redact, action } = options;
  const changing = options.dryRun ? undefined : repository;
  let stood = options.standing;
  const standing = () => {
    stood ??= repository === undefined ? Promise.resolve(undefined) : readStanding(root);
    return stood;
  };
  return {
    standing,
    lookAgain: () => {
      stood = undefined;
    },
    historyOf: (task) =>
      changing === undefined
        ? undefined
        : whenAsked(async () => {
            const { openTaskHistory } = await import('../history/task-history.ts');
            return openTaskHistory({
              repository: changing,
              sessionId,
              task: redact(task),
              clock,
              ...(action === undefined ? {} : { action }),
            });
          }),
    leftChanges: async () => {
      if (changing === undefined) return false;
      const { listSteps } = await import('../history/step-list.ts');
      return (await listSteps(changing)).some(({ session, undone }) => session === sessionId && !undone);
    },
    remoteFor: async (branch) => (repository === undefined ? undefined : remoteFor(repository, branch)),
    gitSummary: async () => {
      const now = repository === undefined ? undefined : await standing();
      return now === undefined ? '' : standingLine(now);
    },
    diff: async () => (repository === undefined ? '' : (await openGitView(repository)).diff()),
  };
}

/** A history that is loaded when something is first asked of it: no request needs to wait for that. */
function whenAsked(open: () => Promise<TaskHistory>): TaskHistory {
  let opening: Promise<TaskHistory> | undefined;
  let opened: TaskHistory | undefined;
  const history = () => {
    opening ??= open().then((there) => {
      opened = there;
      return there;
    });
    return opening;
  };
  return {
    get started() {
      return opened?.started ?? false;
    },
    get branch() {
      return opened?.branch;
    },
    get base() {
      return opened?.base;
    },
    get notCovered() {
      return opened?.notCovered ?? [];
    },
    prepare: async () => (await history()).prepare(),
    checkpoint: async (...cause) => (await history()).checkpoint(...cause),
    settle: async () => (await history()).settle(),
    movedRefs: async () => (await history()).movedRefs(),
    exportFirst: async (folder) => (await history()).exportFirst(folder),
    write: async (writes) => (await history()).write(writes),
    changes: async () => (await history()).changes(),
    commit: async (options) => (await history()).commit(options),
    // Where nothing was asked there is nothing to give back.
    finish: async () => (await opening)?.finish(),
  };
}
