import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pruneHistory } from '../../../src/history/retention.ts';
import { listSteps } from '../../../src/history/step-list.ts';
import { openTaskHistory } from '../../../src/history/task-history.ts';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { killOwner, repositoryAt, rollback, taskAt } from '../../support/task-script.ts';

async function taskOn(project: GitProject, session: string, day: string, change: () => void): Promise<void> {
  const task = openTaskHistory({
    repository: await repositoryAt(project.root),
    sessionId: session,
    task: session,
    clock: manualClock(`${day}T12:00:00.000Z`),
  });
  await task.checkpoint({ tool: 'run_command', detail: 'x' });
  change();
  await task.finish();
}

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

describe('pruning', () => {
  it('removes sessions of more than 30 days ago, and keeps what the others need', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const noise = randomBytes(200_000);
    await taskOn(project, 'old', '2026-01-01', () => project.write('large.bin', noise));
    rmSync(project.path('large.bin'));
    await taskOn(project, 'kept', '2026-02-20', () => rmSync(project.path('b.txt')));
    await taskOn(project, 'last', '2026-03-01', () => project.write('a.txt', 'nex\n'));
    const repository = await repositoryAt(project.root);
    const pruned = await pruneHistory(repository, manualClock('2026-03-02T00:00:00.000Z'));
    expect(pruned.sessions).toBe(1);
    expect(pruned.bytes).toBeGreaterThan(50_000);
    expect((await listSteps(repository)).map(({ session }) => session)).toEqual(['last', 'kept']);
    await rollback(project.root);
    await rollback(project.root);
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it('never removes the last session, nor what a killed one has not packed yet', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'nex\n'));
    killOwner(project.path('.git'));
    const repository = await repositoryAt(project.root);
    // Years later, long after every loose object grew old.
    expect((await pruneHistory(repository, manualClock('2036-01-01T00:00:00.000Z'))).sessions).toBe(0);
    await rollback(project.root);
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it('does nothing while a task of another process runs, or where nex never worked', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const repository = await repositoryAt(project.root);
    expect(await pruneHistory(repository, manualClock())).toEqual({ sessions: 0, bytes: 0 });
    await taskOn(project, 'old', '2020-01-01', () => project.write('a.txt', 'x\n'));
    await taskOn(project, 'new', '2026-01-01', () => project.write('a.txt', 'y\n'));
    mkdirSync(project.path('.git/worktrees/other/nex'), { recursive: true });
    const alive = { pid: process.ppid, host: (await import('node:os')).hostname(), session: 's', task: 't', since: '' };
    writeFileSync(project.path('.git/worktrees/other/nex/lock'), JSON.stringify(alive));
    expect((await pruneHistory(repository, manualClock('2026-03-01T00:00:00.000Z'))).sessions).toBe(0);
    rmSync(project.path('.git/worktrees'), { recursive: true });
    expect((await pruneHistory(repository, manualClock('2026-03-01T00:00:00.000Z'))).sessions).toBe(1);
  });
});

it('many tasks leave few packs, no loose objects, no temporary files, and each can still be undone', async () => {
  using project = gitProject({ 'a.txt': 'start\n', 'untouched.txt': 'x'.repeat(50_000) });
  project.write('mine.bin', randomBytes(100_000));
  const store = project.path('.git/nex/store');
  let early = 0;
  for (let number = 1; number <= 45; number++) {
    await taskOn(project, `task-${number}`, '2026-01-01', () => project.write('a.txt', `version ${number}\n`));
    if (number === 5) early = bytesBelow(store);
  }
  const packs = readdirSync(join(store, 'objects/pack')).filter((name) => name.endsWith('.pack'));
  expect(packs.length).toBeLessThan(20);
  const loose = readdirSync(join(store, 'objects')).filter((name) => /^[0-9a-f]{2}$/.test(name));
  expect(loose.flatMap((name) => readdirSync(join(store, 'objects', name)))).toEqual([]);
  expect(readdirSync(store).toSorted()).toEqual(['HEAD', 'config', 'objects', 'refs']);
  // The untracked file is stored once, not once a task.
  expect(bytesBelow(store) - early).toBeLessThan(45 * 4_000);
  await rollback(project.root, { kind: 'step', step: 3 });
  expect(project.git('show', ':a.txt')).toBe('start');
  expect((await import('node:fs')).readFileSync(project.path('a.txt'), 'utf8')).toBe('version 2\n');
}, 120_000);
