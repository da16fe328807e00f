import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyRollback, planRollback, type RollbackPlan, type RollbackTarget } from '../../src/history/rollback.ts';
import type { Action } from '../../src/history/step-log.ts';
import { openTaskHistory, type TaskHistory } from '../../src/history/task-history.ts';
import { findRepository, type Repository } from '../../src/platform/git.ts';
import { manualClock } from './manual-clock.ts';

/** The repository of a test project. */
export async function repositoryAt(root: string): Promise<Repository> {
  const repository = await findRepository(root);
  if (!repository) throw new Error(`no repository at ${root}`);
  return repository;
}

/** Opens a task's history on a project. */
export async function taskAt(
  root: string,
  options: { session?: string; task?: string; action?: Action } = {},
): Promise<TaskHistory & { does: (change: () => void, touched?: string[]) => Promise<void> }> {
  const { session = 'session-1', task = 'Change a few things' } = options;
  const history = openTaskHistory({
    repository: await repositoryAt(root),
    sessionId: session,
    task,
    clock: manualClock(),
    ...(options.action === undefined ? {} : { action: options.action }),
  });
  return Object.assign(Object.create(history) as TaskHistory, {
    /** One step of the task: a checkpoint, the change, and its end. */
    async does(change: () => void, touched: string[] = []) {
      await history.checkpoint({ tool: 'run_command', detail: 'a change' }, touched);
      change();
      await history.settle();
    },
  });
}

/** Plans an undoing and carries it out, as after a yes. */
export async function rollback(root: string, target: RollbackTarget = { kind: 'last' }): Promise<RollbackPlan> {
  const repository = await repositoryAt(root);
  const plan = await planRollback(repository, target, manualClock());
  await applyRollback(repository, plan, manualClock());
  return plan;
}

/** Makes the lock in a work tree look as if its process had been killed. */
export function killOwner(gitDir: string): void {
  const path = join(gitDir, 'nex', 'lock');
  const owner = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...owner, pid: 2 ** 22 + 1, birth: '1' }));
}
