import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockOwner } from '../../../src/history/lock.ts';
import { planRollback } from '../../../src/history/rollback.ts';
import { openTaskHistory } from '../../../src/history/task-history.ts';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { type ManualClock, manualClock } from '../../support/manual-clock.ts';
import { killOwner, repositoryAt, taskAt } from '../../support/task-script.ts';
import { worldHash } from '../../support/world-hash.ts';

const attempt = (project: GitProject, ...args: string[]) => {
  try {
    project.git(...args);
  } catch {
    // These stop in the middle, with a status that says so.
  }
};

function diverged(): GitProject {
  const project = gitProject({ 'a.txt': 'base\n' });
  project.git('switch', '-q', '-c', 'side');
  project.write('a.txt', 'side\n');
  project.git('commit', '-qam', 'side');
  project.git('switch', '-q', 'main');
  project.write('a.txt', 'main\n');
  project.git('commit', '-qam', 'main');
  return project;
}

describe('a state in which nothing may be changed', () => {
  it.each([
    ['A merge', (project: GitProject) => attempt(project, 'merge', 'side')],
    ['A rebase', (project: GitProject) => attempt(project, 'rebase', 'side')],
    ['A cherry-pick', (project: GitProject) => attempt(project, 'cherry-pick', 'side')],
    ['A revert', (project: GitProject) => attempt(project, 'revert', '--no-edit', 'side')],
    ['A bisect', (project: GitProject) => attempt(project, 'bisect', 'start')],
  ])('%s in progress is refused, and nothing is changed', async (what, begin) => {
    using project = diverged();
    begin(project);
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await expect(task.checkpoint({ tool: 'write_file', detail: 'x' })).rejects.toMatchObject({
      kind: 'repository',
      message: `${what} is in progress, so nex changes nothing here.`,
    });
    await expect(planRollback(await repositoryAt(project.root), { kind: 'last' }, manualClock())).rejects.toMatchObject(
      { kind: 'repository' },
    );
    expect(task.started).toBe(false);
    await task.finish();
    expect(worldHash(project.root)).toEqual(before);
    expect(await lockOwner(await repositoryAt(project.root))).toBeUndefined();
  });

  it('is an index with conflicts, also without a merge', async () => {
    using project = diverged();
    attempt(project, 'merge', 'side');
    rmSync(project.path('.git/MERGE_HEAD'));
    const task = await taskAt(project.root);
    await expect(task.checkpoint({ tool: 'write_file', detail: 'x' })).rejects.toMatchObject({
      message: 'The index has conflicts that are not resolved: a.txt.',
    });
    expect(await lockOwner(await repositoryAt(project.root))).toBeUndefined();
  });

  it('is an index that another git holds; nex waits five seconds for it', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    writeFileSync(project.path('.git/index.lock'), '');
    const clock = manualClock();
    const repository = await repositoryAt(project.root);
    const task = openTaskHistory({ repository, sessionId: 's', task: 'x', clock });
    await expect(task.checkpoint({ tool: 'write_file', detail: 'x' })).rejects.toMatchObject({
      kind: 'repository',
      hint: expect.stringContaining('index.lock'),
    });
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(5_000);

    const patient: ManualClock = manualClock();
    const released = {
      ...patient,
      sleep: async (ms: number) => {
        await patient.sleep(ms);
        rmSync(project.path('.git/index.lock'), { force: true });
      },
    };
    const second = openTaskHistory({ repository, sessionId: 's', task: 'x', clock: released });
    await second.checkpoint({ tool: 'write_file', detail: 'x' });
    await second.finish();
    expect(patient.slept).toEqual([100]);
  });

  it('is the home folder', async () => {
    const home = process.env['HOME'] ?? '';
    using project = gitProject({ 'a.txt': 'a\n' });
    process.env['HOME'] = project.root;
    try {
      const task = await taskAt(project.root);
      await expect(task.checkpoint({ tool: 'write_file', detail: 'x' })).rejects.toMatchObject({
        message: 'The repository here is your home folder, so nex changes nothing in it.',
      });
    } finally {
      process.env['HOME'] = home;
    }
  });

  it('is a task whose branch the user left', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    project.git('switch', '-q', 'main');
    expect(await task.movedRefs()).toEqual({
      sentence: 'HEAD left nex/change-a-few-things for main (back: `git switch nex/change-a-few-things`).',
      stop: true,
    });
    await expect(task.checkpoint({ tool: 'write_file', detail: 'x' })).rejects.toMatchObject({
      kind: 'repository',
      message: 'HEAD left nex/change-a-few-things for main during the task.',
    });
    await task.finish();
  });
});

describe('refs that move under a task', () => {
  it('are named after the command that moved them', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    expect(await task.movedRefs()).toBeUndefined();
    await task.does(() => project.git('stash', '-q'));
    expect(await task.movedRefs()).toMatchObject({
      sentence: expect.stringContaining('The stash was created'),
      stop: false,
    });
    await task.does(() => project.git('branch', '-f', 'main', 'HEAD~0'));
    expect(await task.movedRefs()).toBeUndefined();
    await task.does(() => {
      project.git('commit', '-q', '--allow-empty', '-m', 'x');
      project.git('branch', '-f', 'main', 'HEAD');
    });
    expect(await task.movedRefs()).toMatchObject({ sentence: expect.stringMatching(/^main moved from/), stop: true });
    await task.finish();
  });
});

describe('one writer', () => {
  it('at a time: the second one is told who is at work', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const first = await taskAt(project.root, { task: 'The first task' });
    await first.does(() => project.write('a.txt', 'b\n'));
    const second = await taskAt(project.root, { session: 'session-2' });
    await expect(second.checkpoint({ tool: 'write_file', detail: 'x' })).rejects.toMatchObject({
      kind: 'repository',
      message: expect.stringMatching(
        /^Another nex is at work here since 2026-01-02 03:04 UTC: "The first task" \(process/,
      ),
    });
    await first.finish();
    await second.does(() => project.write('a.txt', 'c\n'));
    await second.finish();
    expect(await lockOwner(await repositoryAt(project.root))).toBeUndefined();
  });

  it('takes over from a dead process, whose last step is closed where it ended', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const dead = await taskAt(project.root, { task: 'Killed' });
    await dead.checkpoint({ tool: 'run_command', detail: 'x' });
    project.write('a.txt', 'half\n');
    killOwner(project.path('.git'));
    expect(await lockOwner(await repositoryAt(project.root))).toMatchObject({
      alive: false,
      owner: { task: 'Killed' },
    });
    const next = await taskAt(project.root, { session: 'session-2', task: 'Next' });
    await next.does(() => project.write('b.txt', 'b\n'));
    expect((await next.changes()).files.map(({ path }) => path)).toEqual(['b.txt']);
    await next.finish();
  });

  it('is not stopped by a torn lock or by a pid that another process got', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    mkdirSync(project.path('.git/nex'));
    writeFileSync(project.path('.git/nex/lock'), '{"pid":');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    const path = project.path('.git/nex/lock');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), birth: '12345' }));
    const next = await taskAt(project.root, { session: 'session-2' });
    await next.does(() => project.write('b.txt', 'b\n'));
    await next.finish();
  });

  it('works in another work tree of the same repository at the same time', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    using other = gitProject();
    const side = join(other.root, 'side');
    project.git('worktree', 'add', '-q', '-b', 'side', side);
    const here = await taskAt(project.root, { session: 'here', task: 'Here' });
    const there = await taskAt(side, { session: 'there', task: 'There' });
    await Promise.all([
      here.does(() => project.write('a.txt', 'here\n')),
      there.does(() => writeFileSync(join(side, 'a.txt'), 'there\n')),
    ]);
    await there.commit({ subject: 'there', onOverlap: async () => false });
    await Promise.all([here.finish(), there.finish()]);
    expect(project.git('log', '-1', '--format=%s', 'nex/there')).toBe('there');
    expect(project.git('status', '--porcelain')).toBe(' M a.txt');
    expect(here.branch).toBe('nex/here');
  });
});
