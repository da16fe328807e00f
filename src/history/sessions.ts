import type { Action, LoggedStep } from './step-log.ts';

/** One session of the log: a task, or something that undid or brought back one. */
export interface SessionView<Step extends LoggedStep = LoggedStep> {
  id: string;
  task: string;
  action: Action;
  steps: Step[];
  branch: string | undefined;
  /** Where HEAD was before the session. */
  base: LoggedStep['head'];
  commits: string[];
}

/** Sessions in the order in which they began. */
export function sessionsOf<Step extends LoggedStep>(steps: readonly Step[]): Array<SessionView<Step>> {
  const sessions = new Map<string, SessionView<Step>>();
  for (const step of steps) {
    const known = sessions.get(step.session);
    const { session, task, action, branch, base, head, commit } = step;
    const view = known ?? { id: session, task, action, steps: [], branch, base: base ?? head, commits: [] };
    view.steps.push(step);
    view.branch = branch ?? view.branch;
    if (commit !== undefined) view.commits.push(commit);
    sessions.set(session, view);
  }
  return [...sessions.values()];
}

/** Which sessions are undone now: rolled back or discarded, and not brought back since. */
export function undoneSessions(sessions: readonly SessionView[]): Set<string> {
  const undone = new Set<string>();
  const actions = new Map(sessions.map(({ id, action }) => [id, action]));
  for (const { id, action } of sessions) {
    switch (action.kind) {
      case 'task':
      case 'apply':
      case 'to':
        break;
      case 'rollback':
      case 'discard':
        for (const target of action.targets) undone.add(target);
        break;
      case 'redo':
        for (const target of action.targets) {
          // What brings back an undoing undoes that one.
          undone.add(target);
          const before = actions.get(target);
          if (before?.kind === 'rollback' || before?.kind === 'discard') {
            for (const task of before.targets) undone.delete(task);
          }
        }
        break;
    }
    undone.delete(id);
  }
  return undone;
}

/** The tasks that still stand, in the order in which they began. */
export function standingTasks<View extends SessionView>(sessions: readonly View[]): View[] {
  const undone = undoneSessions(sessions);
  return sessions.filter(({ id, action }) => (action.kind === 'task' || action.kind === 'apply') && !undone.has(id));
}

/** The last undoing that was not brought back. */
export function lastUndo<View extends SessionView>(sessions: readonly View[]): View | undefined {
  const undone = undoneSessions(sessions);
  return sessions.findLast(
    ({ id, action }) =>
      (action.kind === 'rollback' || action.kind === 'discard' || action.kind === 'to') && !undone.has(id),
  );
}
