import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { recoverCutOff } from '../../src/history/recovery.ts';
import { openWorkspace } from '../../src/platform/disk-workspace.ts';
import { overlayOn } from '../../src/platform/overlay.ts';
import { manualClock } from './manual-clock.ts';
import { killOwner, repositoryAt, rollback, taskAt } from './task-script.ts';
import { type WorldHash, worldHash } from './world-hash.ts';

/**
 * A dry run, and its plan carried out and left; a task that is killed in the middle and left; then one that ends, its commit, its undoing, its return, and leaving
 * it: the world must be the same each time. `committed` hears of the commit while HEAD is on it.
 */
export async function thereAndBack(root: string, change: () => void, committed: () => void = () => {}): Promise<void> {
  const repository = await repositoryAt(root);
  const before = worldHash(root);
  await dryRun(root, before);
  const session = `cut-${randomUUID()}`;
  const cut = await taskAt(root, { session, task: 'Cut off' });
  await cut.checkpoint({ tool: 'run_command', detail: 'a change' });
  change();
  killOwner(repository.gitDir);
  const told = await recoverCutOff(repository, manualClock());
  expect(told).toMatchObject({ task: 'Cut off', session, during: { tool: 'run_command' } });
  expect(told?.files.length).toBeGreaterThan(0);
  expect(await recoverCutOff(repository, manualClock())).toBeUndefined();
  await rollback(root, { kind: 'discard' });
  expect(worldHash(root)).toEqual(before);

  const task = await taskAt(root);
  await task.prepare();
  await task.does(change);
  const done = await task.commit({ subject: 'feat: x', onOverlap: async () => false });
  expect(done).toMatchObject({ status: 'committed' });
  await task.finish();
  committed();
  const after = worldHash(root);
  await rollback(root);
  expect(worldHash(root).files).toEqual(before.files);
  await rollback(root, { kind: 'redo' });
  expect(worldHash(root).files).toEqual(after.files);
  await rollback(root, { kind: 'discard' });
  expect(worldHash(root)).toEqual(before);
}

async function dryRun(root: string, before: WorldHash): Promise<void> {
  const overlay = overlayOn(await openWorkspace({ root }));
  await overlay.write('planned/by-nex.txt', Buffer.from('planned\n'));
  expect(worldHash(root)).toEqual(before);
  const writes = [...overlay.pending()].map(([path, planned]) => ({ path, ...planned }));
  const task = await taskAt(root, {
    session: `apply-${randomUUID()}`,
    task: 'Apply the plan',
    action: { kind: 'apply' },
  });
  await task.checkpoint(
    { tool: 'apply', detail: 'a plan' },
    writes.map(({ path }) => path),
  );
  expect(await task.write(writes)).toEqual([]);
  await task.finish();
  expect(worldHash(root).files).toMatchObject({ 'planned/by-nex.txt': expect.any(String) });
  await rollback(root, { kind: 'discard' });
  expect(worldHash(root)).toEqual(before);
}
