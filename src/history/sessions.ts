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
  /** False when it was killed: an undoing that was cut short counts for nothing, and can simply be done again. */
  complete: boolean;
}

/**
 * Sessions in the order in which they began. Of a session that went on after it was undone, as a chat can, only what
 * came after that counts.
 */
export function sessionsOf<Step extends LoggedStep>(steps: readonly Step[]): Array<SessionView<Step>> {
  const complete = new Set(steps.filter(isEnd).map(({ session }) => session));
  const sessions = new Map<string, SessionView<Step>>();
  for (const step of steps) {
    const { session, task, action, branch, base, head, commit } = step;
    if (!sessions.has(session) && complete.has(session) && isUndoing(action)) {
      restart(sessions, steps, step.step, action.targets);
    }
    const known = sessions.get(session);
    const view = known ?? {
      id: session,
      task,
      action,
      steps: [],
      branch,
      base: base ?? head,
      commits: [],
      complete: complete.has(session),
    };
    view.steps.push(step);
    view.branch = branch ?? view.branch;
    if (commit !== undefined) view.commits.push(commit);
    sessions.set(session, view);
  }
  return [...sessions.values()];
}

/** Which sessions are undone now: rolled back or discarded, and not brought back since. */
export function undoneSessions(all: readonly SessionView[]): Set<string> {
  const sessions = all.filter(({ complete, action }) => complete || isTask(action));
  const undone = new Set<string>();
  const ordered = sessions.toSorted((a, b) => firstStep(a) - firstStep(b));
  const actions = new Map(ordered.map(({ id, action }) => [id, action]));
  for (const [at, { action }] of ordered.entries()) {
    if (isUndoing(action)) {
      for (const target of action.targets) undone.add(target);
    } else if (action.kind === 'redo') {
      for (const target of action.targets) {
        // What brings back an undoing undoes that one.
        undone.add(target);
        const before = actions.get(target);
        if (!before || !isUndoing(before)) continue;
        for (const task of before.targets) {
          // What was rolled back, and then left, is still rolled back when the leaving is taken back.
          const began = sessions.find(({ id }) => id === task)?.steps[0]?.step ?? 0;
          const still = ordered.slice(0, at).some((view) => !undone.has(view.id) && undoes(view, task, began));
          if (!still) undone.delete(task);
        }
      }
    }
  }
  // A session that began anew after its undoing stands.
  const undoings = sessions.filter(({ action }) => isUndoing(action));
  for (const { id, steps } of sessions) {
    const last = undoings.findLast(({ action }) => isUndoing(action) && action.targets.includes(id));
    if (last && (steps[0]?.step ?? 0) > firstStep(last)) undone.delete(id);
  }
  return undone;
}

/** The tasks that still stand, in the order in which they began. */
export function standingTasks<View extends SessionView>(sessions: readonly View[]): View[] {
  const undone = undoneSessions(sessions);
  return sessions.filter(({ id, action }) => isTask(action) && !undone.has(id));
}

/**
 * The task that can be left behind: the last one that stands, or a later one that was rolled back while HEAD, which is
 * on this branch, still is on the task's.
 */
export function taskToLeave<View extends SessionView>(
  sessions: readonly View[],
  branch: string | undefined,
): View | undefined {
  const standing = new Set(standingTasks(sessions));
  const isHere = (view: View) => view.branch !== undefined && view.branch === branch;
  return sessions.findLast((view) => standing.has(view) || (isTask(view.action) && isHere(view)));
}

/** The last undoing that was not brought back. */
export function lastUndo<View extends SessionView>(sessions: readonly View[]): View | undefined {
  const undone = undoneSessions(sessions);
  return sessions.findLast(
    ({ id, action, complete }) => complete && (isUndoing(action) || action.kind === 'to') && !undone.has(id),
  );
}

/** Forgets what these sessions did before they were undone, where they did more after it. */
function restart<Step extends LoggedStep>(
  sessions: Map<string, SessionView<Step>>,
  steps: readonly Step[],
  undoing: number,
  targets: readonly string[],
): void {
  for (const target of targets) {
    if (steps.some(({ session, step }) => session === target && step > undoing)) sessions.delete(target);
  }
}

function isTask({ kind }: Action): boolean {
  return kind === 'task' || kind === 'apply';
}

/** True for an undoing of this task after the step in which it began; before that, the task began anew. */
function undoes(view: SessionView, task: string, began: number): boolean {
  return isUndoing(view.action) && view.action.targets.includes(task) && firstStep(view) > began;
}

function isUndoing(action: Action): action is Extract<Action, { kind: 'rollback' | 'discard' }> {
  return action.kind === 'rollback' || action.kind === 'discard';
}

function isEnd({ kind, interrupted }: LoggedStep): boolean {
  return kind === 'after' && !interrupted;
}

function firstStep({ steps }: SessionView): number {
  return steps[0]?.step ?? 0;
}
