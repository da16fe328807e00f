import { expect, it } from 'vitest';
import { lastUndo, sessionsOf, standingTasks, undoneSessions } from '../../../src/history/sessions.ts';
import type { Action, LoggedStep } from '../../../src/history/step-log.ts';

let number = 0;
const step = (session: string, action: Action, more: Partial<LoggedStep> = {}): LoggedStep => ({
  version: 1,
  kind: 'after',
  step: ++number,
  session,
  workTree: '',
  task: `task of ${session}`,
  action,
  tool: 'run_command',
  detail: '',
  time: '2026-01-01T00:00:00.000Z',
  head: { branch: 'main', commit: 'c0' },
  branch: undefined,
  base: undefined,
  commit: undefined,
  interrupted: false,
  snapshot: 'f'.repeat(40),
  ...more,
});
const task: Action = { kind: 'task' };

it('gathers the steps of each session, with its branch, base and commits', () => {
  const [view] = sessionsOf([
    step('a', task),
    step('a', task, { branch: 'nex/a', base: { branch: 'main', commit: 'c0' } }),
    step('a', task, { branch: 'nex/a', commit: 'c1' }),
  ]);
  expect({ ...view, steps: view?.steps.length }).toEqual({
    id: 'a',
    task: 'task of a',
    action: task,
    steps: 3,
    branch: 'nex/a',
    base: { branch: 'main', commit: 'c0' },
    commits: ['c1'],
    complete: true,
  });
});

it('knows which tasks stand: undone ones do not, brought back ones do', () => {
  const steps = [step('a', task), step('b', task), step('u1', { kind: 'rollback', targets: ['b'] })];
  expect(standingTasks(sessionsOf(steps)).map(({ id }) => id)).toEqual(['a']);
  expect(lastUndo(sessionsOf(steps))?.id).toBe('u1');

  steps.push(step('r1', { kind: 'redo', targets: ['u1'] }));
  expect(standingTasks(sessionsOf(steps)).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(lastUndo(sessionsOf(steps))).toBeUndefined();

  steps.push(step('u2', { kind: 'discard', targets: ['b'] }), step('u3', { kind: 'rollback', targets: ['a'] }));
  expect(standingTasks(sessionsOf(steps))).toEqual([]);
  expect(lastUndo(sessionsOf(steps))?.id).toBe('u3');
  expect(undoneSessions(sessionsOf(steps))).toEqual(new Set(['u1', 'b', 'a']));
});

it('takes a return to a step for an undoing that can be taken back itself', () => {
  const steps = [step('a', task), step('t', { kind: 'to', step: 1 })];
  expect(lastUndo(sessionsOf(steps))?.id).toBe('t');
  steps.push(step('r', { kind: 'redo', targets: ['t'] }));
  expect(lastUndo(sessionsOf(steps))).toBeUndefined();
});

it('counts of a session that went on after its undoing only what came after', () => {
  const steps = [
    step('chat', task, { branch: 'nex/chat', commit: 'c1' }),
    step('u1', { kind: 'rollback', targets: ['chat'] }),
    step('chat', task, { branch: 'nex/chat' }),
  ];
  const sessions = sessionsOf(steps);
  const [chat] = standingTasks(sessions);
  expect(chat?.steps.map((each) => each.step)).toEqual([steps[2]?.step]);
  expect(chat?.commits).toEqual([]);
  expect(lastUndo(sessions)?.id).toBe('u1');
  expect(standingTasks(sessionsOf([...steps, step('u2', { kind: 'discard', targets: ['chat'] })]))).toEqual([]);
});

it('takes an undoing that was killed for none', () => {
  const undoing: Action = { kind: 'discard', targets: ['a'] };
  const steps = [step('a', task), step('u', undoing, { kind: 'before' }), step('u', undoing, { interrupted: true })];
  expect(standingTasks(sessionsOf(steps)).map(({ id }) => id)).toEqual(['a']);
  expect(lastUndo(sessionsOf(steps))).toBeUndefined();
});
