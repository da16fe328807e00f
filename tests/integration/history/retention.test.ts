import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
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
  age(project, new Date(`${day}T12:00:00.000Z`));
}

/** Makes what was written just now as old as the task is. */
function age(project: GitProject, date: Date): void {
  for (const file of looseObjects(project))
    if (statSync(file).mtimeMs > Date.now() - 60_000) utimesSync(file, date, date);
}

function looseObjects(project: GitProject): string[] {
  const objects = project.path('.git/nex/store/objects');
  const folders = readdirSync(objects).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return folders.flatMap((name) => readdirSync(join(objects, name)).map((file) => join(objects, name, file)));
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

it('many tasks leave few packs, few loose objects, no temporary files, and each can still be undone', async () => {
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
  // Those of the last tasks only: the fortieth packed all before it.
  expect(looseObjects(project).length).toBeLessThan(100);
  expect(readdirSync(store).toSorted()).toEqual(['HEAD', 'config', 'objects', 'refs']);
  // The untracked file is stored once, not once a task.
  expect(bytesBelow(store) - early).toBeLessThan(45 * 4_000);
  await rollback(project.root, { kind: 'step', step: 3 });
  expect(project.git('show', ':a.txt')).toBe('start');
  expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('version 2\n');
}, 120_000);

it('what the user removed from the history, a task that changed it can still bring back, packed or not', async () => {
  for (const pack of [false, true]) {
    using project = gitProject({ 'a.txt': 'the first words\n', 'src/deep/b.txt': 'b\n' });
    if (pack) project.git('gc', '-q');
    await taskOn(project, 'one', '2026-01-01', () => {
      project.write('a.txt', 'other words\n');
      rmSync(project.path('src/deep/b.txt'));
    });
    // History anew, and everything that only the old one had gone for good.
    const branch = project.git('branch', '--show-current').trim();
    project.git('checkout', '-q', '--orphan', 'anew');
    project.git('rm', '-q', '-r', '-f', '--cached', '.');
    project.git('commit', '-q', '--allow-empty', '-m', 'anew');
    for (const gone of [branch, 'main']) project.git('branch', '-q', '-D', gone);
    project.git('reflog', 'expire', '--expire=now', '--all');
    project.git('gc', '-q', '--prune=now');
    await rollback(project.root, { kind: 'step', step: 1 });
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('the first words\n');
    expect(readFileSync(project.path('src/deep/b.txt'), 'utf8')).toBe('b\n');
  }
}, 60_000);
