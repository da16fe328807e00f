import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyRollback, planRollback } from '../../../src/history/rollback.ts';
import { listSteps } from '../../../src/history/step-list.ts';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { killOwner, repositoryAt, rollback, taskAt } from '../../support/task-script.ts';
import { worldHash } from '../../support/world-hash.ts';

const text = (changes: Record<number, string> = {}) =>
  Array.from({ length: 20 }, (_, at) => `${changes[at + 1] ?? `line ${at + 1}`}\n`).join('');
const no = async () => false;
const read = (project: GitProject, name: string) => readFileSync(project.path(name), 'utf8');

/** A task of one step that is committed. */
async function committed(project: GitProject, session: string, change: () => void): Promise<void> {
  const task = await taskAt(project.root, { session, task: `Task ${session}` });
  await task.does(change);
  expect(await task.commit({ subject: `feat: ${session}`, onOverlap: no })).toMatchObject({ status: 'committed' });
  await task.finish();
}

describe('rollback of changes that were not committed', () => {
  it('brings back files, links, modes and the index, shell effects included', async () => {
    using project = gitProject({ 'a.txt': text(), 'dir/b.txt': 'b\n', 'run.sh': '#!/bin/sh\n' });
    symlinkSync('a.txt', project.path('link'));
    chmodSync(project.path('dir/b.txt'), 0o600);
    project.write('a.txt', text({ 2: 'MINE' }));
    project.git('add', 'a.txt');
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => {
      project.write('a.txt', text({ 2: 'MINE', 9: 'NEX' }));
      rmSync(project.path('dir'), { recursive: true });
      rmSync(project.path('link'));
      project.write('deep/new/file.txt', 'new\n');
      chmodSync(project.path('run.sh'), 0o755);
      project.git('add', '-A');
    });
    await task.finish();
    const plan = await rollback(project.root);
    expect(plan.conflicts).toEqual([]);
    expect(plan.commit).toBeUndefined();
    expect(worldHash(project.root)).toEqual({
      ...before,
      head: 'refs/heads/nex/change-a-few-things',
      refs: { ...before.refs, 'refs/heads/nex/change-a-few-things': before.refs['refs/heads/main'] },
    });
    expect(existsSync(project.path('deep'))).toBe(false);
  });

  it('keeps what the user changed since, and lists what it cannot merge', async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': text(), 'c.txt': 'c\n' });
    const task = await taskAt(project.root);
    await task.does(() => {
      project.write('a.txt', text({ 3: 'NEX' }));
      project.write('b.txt', text({ 3: 'NEX' }));
      project.write('new.txt', 'nex\n');
      rmSync(project.path('c.txt'));
    });
    await task.finish();
    project.write('a.txt', text({ 3: 'NEX', 15: 'MINE' }));
    project.write('b.txt', text({ 3: 'NEX and MINE' }));
    project.write('new.txt', 'nex and mine\n');
    const plan = await rollback(project.root);
    expect(plan.conflicts).toEqual([
      { path: 'b.txt', reason: 'the same lines were changed since' },
      { path: 'new.txt', reason: 'it would be removed, but was changed since' },
    ]);
    expect(read(project, 'a.txt')).toBe(text({ 15: 'MINE' }));
    expect(read(project, 'b.txt')).toBe(text({ 3: 'NEX and MINE' }));
    expect(read(project, 'new.txt')).toBe('nex and mine\n');
    expect(read(project, 'c.txt')).toBe('c\n');
  });

  it('works after the process was killed in the middle of a step', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'half\n'));
    await task.checkpoint({ tool: 'run_command', detail: 'rm b.txt' });
    rmSync(project.path('b.txt'));
    killOwner(project.path('.git'));
    await rollback(project.root);
    expect(worldHash(project.root).files).toEqual(before.files);
  });

  it('works although another session has a broken end', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'nex\n'));
    await task.finish();
    project.write('.git/nex/store/refs/sessions/torn', '');
    project.write('.git/nex/store/refs/sessions/lost', `${'1'.repeat(40)}\n`);
    expect((await rollback(project.root)).task).toBe('Change a few things');
    expect(read(project, 'a.txt')).toBe('a\n');
  });

  it('works on another branch that the changes were carried to', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'nex\n'));
    await task.finish();
    project.git('switch', '-q', 'main');
    await rollback(project.root);
    expect(project.git('status', '--porcelain')).toBe('');
  });
});

describe('rollback of a committed task', () => {
  it("makes a commit that reverts it, around the user's dirty files, and never reverts that one", async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': text() });
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE' })));
    await committed(project, 'two', () => project.write('a.txt', text({ 1: 'ONE', 20: 'TWO' })));
    project.write('a.txt', text({ 1: 'ONE', 10: 'MINE', 20: 'TWO' }));
    project.write('b.txt', text({ 5: 'STAGED' }));
    project.git('add', 'b.txt');

    const plan = await rollback(project.root);
    expect(plan.commit).toEqual({ branch: 'nex/task-two', subject: 'revert: feat: two' });
    expect(project.git('show', 'HEAD:a.txt')).toBe(text({ 1: 'ONE' }).trimEnd());
    expect(read(project, 'a.txt')).toBe(text({ 1: 'ONE', 10: 'MINE' }));
    expect(project.git('status', '--porcelain')).toBe(' M a.txt\nM  b.txt');

    await rollback(project.root);
    expect(read(project, 'a.txt')).toBe(text({ 10: 'MINE' }));
    expect(project.git('log', '--format=%s').split('\n')).toEqual([
      'revert: feat: one',
      'revert: feat: two',
      'feat: two',
      'feat: one',
      'first',
    ]);
    await expect(planRollback(await repositoryAt(project.root), { kind: 'last' }, manualClock())).rejects.toMatchObject(
      { message: "There is nothing of nex's left to undo here." },
    );
  });

  it('can be taken back by redo, again and again', async () => {
    using project = gitProject({ 'a.txt': text() });
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE' })));
    await rollback(project.root);
    await rollback(project.root, { kind: 'redo' });
    expect(read(project, 'a.txt')).toBe(text({ 1: 'ONE' }));
    expect(project.git('status', '--porcelain')).toBe('');
    await rollback(project.root);
    expect(read(project, 'a.txt')).toBe(text());
    await rollback(project.root, { kind: 'redo' });
    expect(project.git('log', '--format=%s').split('\n')).toEqual([
      'redo: Task one',
      'revert: redo: Task one',
      'redo: Task one',
      'revert: feat: one',
      'feat: one',
      'first',
    ]);
    await expect(planRollback(await repositoryAt(project.root), { kind: 'redo' }, manualClock())).rejects.toMatchObject(
      { message: 'Nothing was undone that could be brought back.' },
    );
  });

  it("reverts on the task's branch while HEAD is elsewhere, and leaves the files alone", async () => {
    using project = gitProject({ 'a.txt': text() });
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE' })));
    project.git('switch', '-q', 'main');
    project.write('a.txt', text({ 1: 'MINE' }));
    const before = worldHash(project.root);
    const plan = await rollback(project.root);
    expect(plan.files).toEqual([]);
    expect(project.git('show', 'nex/task-one:a.txt')).toBe(text().trimEnd());
    const after = worldHash(project.root);
    expect({ ...after, refs: {} }).toEqual({ ...before, refs: {} });
    expect(after.refs['refs/heads/main']).toBe(before.refs['refs/heads/main']);
  });

  it('works after the branch was merged and deleted, and after the user committed on top', async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': 'b\n' });
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE' })));
    project.git('switch', '-q', 'main');
    project.write('b.txt', 'on main\n');
    project.git('commit', '-qam', 'meanwhile');
    project.git('merge', '-q', '--no-edit', 'nex/task-one');
    project.git('branch', '-q', '-D', 'nex/task-one');
    project.write('a.txt', text({ 1: 'ONE', 12: 'LATER' }));
    project.git('commit', '-qam', 'on top');
    const plan = await rollback(project.root);
    expect(plan.commit).toEqual({ branch: 'main', subject: 'revert: feat: one' });
    expect(read(project, 'a.txt')).toBe(text({ 12: 'LATER' }));
    expect(read(project, 'b.txt')).toBe('on main\n');
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it('finds the commits by their trailers where no record is left', async () => {
    using project = gitProject({ 'a.txt': text() });
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE' })));
    rmSync(project.path('.git/nex'), { recursive: true });
    project.write('a.txt', text({ 1: 'ONE', 20: 'MINE' }));
    await rollback(project.root);
    expect(read(project, 'a.txt')).toBe(text({ 20: 'MINE' }));
    expect(project.git('status', '--porcelain')).toBe(' M a.txt');
    await expect(planRollback(await repositoryAt(project.root), { kind: 'last' }, manualClock())).rejects.toMatchObject(
      { kind: 'failed' },
    );
  });

  it('never takes a decision out of the log of decisions', async () => {
    using project = gitProject({
      'a.txt': 'a\n',
      '.nex/.gitignore': 'sessions/\n',
      '.nex/decisions.md': '# Decisions\n',
    });
    await committed(project, 'one', () => {
      project.write('a.txt', 'b\n');
      project.write('.nex/decisions.md', '# Decisions\n- b it is\n');
    });
    await rollback(project.root);
    expect(read(project, 'a.txt')).toBe('a\n');
    expect(read(project, '.nex/decisions.md')).toBe('# Decisions\n- b it is\n');
  });

  it('is made although a hook would refuse every commit', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    await committed(project, 'one', () => project.write('a.txt', 'b\n'));
    mkdirSync(project.path('.git/hooks'), { recursive: true });
    writeFileSync(project.path('.git/hooks/pre-commit'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    await rollback(project.root);
    expect(project.git('log', '-1', '--format=%s')).toBe('revert: feat: one');
  });
});

describe('discard', () => {
  it('leaves a committed task behind, the branch included, and redo brings both back', async () => {
    using project = gitProject({ 'a.txt': text() });
    project.write('a.txt', text({ 5: 'STAGED' }));
    project.git('add', 'a.txt');
    project.write('a.txt', text({ 5: 'STAGED', 15: 'UNSTAGED' }));
    const before = worldHash(project.root);
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE', 5: 'STAGED', 15: 'UNSTAGED' })));
    const done = worldHash(project.root);
    const plan = await rollback(project.root, { kind: 'discard' });
    expect(plan.head).toEqual({
      to: { branch: 'main', commit: before.refs['refs/heads/main'] },
      removes: 'nex/task-one',
      restores: undefined,
    });
    expect(worldHash(project.root)).toEqual(before);
    project.git('reflog', 'expire', '--expire=now', '--all');
    project.git('gc', '-q', '--prune=now');
    await rollback(project.root, { kind: 'redo' });
    expect(worldHash(project.root)).toEqual(done);
    project.git('fsck', '--strict');
  });

  it('leaves a task behind that was rolled back before, and redo goes back the same two steps', async () => {
    using project = gitProject({ 'a.txt': text() });
    project.write('a.txt', text({ 5: 'STAGED' }));
    project.git('add', 'a.txt');
    project.write('a.txt', text({ 5: 'STAGED', 15: 'UNSTAGED' }));
    const before = worldHash(project.root);
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE', 5: 'STAGED', 15: 'UNSTAGED' })));
    const done = worldHash(project.root);
    await rollback(project.root);
    const rolledBack = worldHash(project.root);
    expect(rolledBack.head).toBe('refs/heads/nex/task-one');
    const plan = await rollback(project.root, { kind: 'discard' });
    expect(plan.head).toMatchObject({ to: { branch: 'main' }, removes: 'nex/task-one' });
    expect(worldHash(project.root)).toEqual(before);
    await expect(
      planRollback(await repositoryAt(project.root), { kind: 'discard' }, manualClock()),
    ).rejects.toMatchObject({ message: "There is nothing of nex's left to undo here." });

    await rollback(project.root, { kind: 'redo' });
    expect(worldHash(project.root)).toEqual(rolledBack);
    await rollback(project.root, { kind: 'redo' });
    expect(worldHash(project.root).files).toEqual(done.files);
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
  });

  it('leaves the task that HEAD is on, not an older one that stands', async () => {
    using project = gitProject({ 'a.txt': text() });
    await committed(project, 'one', () => project.write('a.txt', text({ 1: 'ONE' })));
    const between = worldHash(project.root);
    await committed(project, 'two', () => project.write('a.txt', text({ 1: 'ONE', 9: 'TWO' })));
    await rollback(project.root);
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(between);
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toMatchObject({ head: 'refs/heads/main', status: [''] });
  });

  it('keeps a change in sight that was made in the moment in which the index was written', async () => {
    using project = gitProject({ 'a.txt': 'one\n', 'b.txt': 'b\n' }, { commit: false });
    // As on a disk that is slower than its clock: the same size and the same times before and after.
    const moment = new Date('2026-01-02T03:04:05Z');
    project.git('config', 'core.trustctime', 'false');
    utimesSync(project.path('a.txt'), moment, moment);
    project.git('add', '-A');
    project.git('commit', '-qm', 'first');
    writeFileSync(project.path('a.txt'), 'two\n');
    utimesSync(project.path('a.txt'), moment, moment);
    utimesSync(project.path('.git/index'), moment, moment);
    const before = worldHash(project.root);
    expect(before.status[0]).toMatch(/^1 \.M /);
    await committed(project, 'one', () => project.write('b.txt', 'nex\n'));
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
  });

  it("says which of the user's own changes go back too, and redo has them", async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    await committed(project, 'one', () => project.write('a.txt', 'nex\n'));
    project.write('b.txt', 'mine\n');
    const plan = await rollback(project.root, { kind: 'discard' });
    expect(plan.notes).toEqual(['Your own changes since the task began go back too, in b.txt.']);
    expect(read(project, 'b.txt')).toBe('b\n');
    await rollback(project.root, { kind: 'redo' });
    expect([read(project, 'a.txt'), read(project, 'b.txt')]).toEqual(['nex\n', 'mine\n']);
  });

  it('goes back to no branch and to no commit', async () => {
    using detached = gitProject({ 'a.txt': 'a\n' });
    detached.git('checkout', '-q', '--detach');
    const before = worldHash(detached.root);
    await committed(detached, 'one', () => detached.write('a.txt', 'b\n'));
    await rollback(detached.root, { kind: 'discard' });
    expect(worldHash(detached.root)).toEqual(before);

    using unborn = gitProject({ 'a.txt': 'a\n' }, { commit: false });
    const empty = worldHash(unborn.root);
    await committed(unborn, 'one', () => unborn.write('b.txt', 'b\n'));
    expect(unborn.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('b.txt');
    await rollback(unborn.root, { kind: 'discard' });
    expect(worldHash(unborn.root)).toEqual(empty);
  });

  it('says so when the branch it would return to moved on', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    await committed(project, 'one', () => project.write('a.txt', 'b\n'));
    const first = project.git('rev-parse', 'main');
    project.git('update-ref', 'refs/heads/main', 'nex/task-one');
    const plan = await rollback(project.root, { kind: 'discard' });
    expect(plan.notes).toEqual([
      `main is no longer where it was (${first.slice(0, 10)}), so HEAD will be on no branch.`,
    ]);
    expect(project.git('rev-parse', 'HEAD')).toBe(first);
    expect(project.git('status', '--porcelain')).toBe('');
  });
});

describe('steps', () => {
  it('are listed newest first, with tool, files and size, and what is undone', async () => {
    using project = gitProject({ 'a.txt': text() });
    const task = await taskAt(project.root, { session: 's1', task: 'Two steps' });
    await task.checkpoint({ tool: 'write_file', detail: 'a.txt' });
    project.write('a.txt', text({ 1: 'ONE' }));
    await task.settle();
    await task.checkpoint({ tool: 'run_command', detail: 'ls' });
    await task.settle();
    await task.checkpoint({ tool: 'run_command', detail: 'make' });
    project.write('new.txt', 'a\nb\n');
    await task.finish();
    const repository = await repositoryAt(project.root);
    const common = { time: '2026-01-02T03:04:05.000Z', session: 's1', task: 'Two steps', commit: undefined };
    const rows = [
      { ...common, step: 3, tool: 'run_command', detail: 'make', files: [{ path: 'new.txt', added: 2, removed: 0 }] },
      { ...common, step: 1, tool: 'write_file', detail: 'a.txt', files: [{ path: 'a.txt', added: 1, removed: 1 }] },
    ];
    expect(await listSteps(repository)).toEqual(rows.map((row) => ({ ...row, undone: false })));
    expect((await listSteps(repository, 1)).map(({ step }) => step)).toEqual([3]);
    await rollback(project.root);
    expect((await listSteps(repository)).map(({ step, undone }) => [step, undone])).toEqual([
      [4, false],
      [3, true],
      [1, true],
    ]);
  });

  it("can each be gone back to, keeping the user's edits in between, and forward again", async () => {
    using project = gitProject({ 'a.txt': text(), 'mine.txt': 'm\n' });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', text({ 1: 'ONE' })));
    project.write('mine.txt', 'mine\n');
    await task.does(() => project.write('a.txt', text({ 1: 'ONE', 10: 'TWO' })));
    await task.does(() => project.write('a.txt', text({ 1: 'ONE', 10: 'TWO', 20: 'THREE' })));
    await task.finish();
    const done = worldHash(project.root);
    await rollback(project.root, { kind: 'step', step: 2 });
    expect(read(project, 'a.txt')).toBe(text({ 1: 'ONE' }));
    expect(read(project, 'mine.txt')).toBe('mine\n');
    await rollback(project.root, { kind: 'redo' });
    expect(worldHash(project.root)).toEqual(done);
    await rollback(project.root, { kind: 'step', step: 1 });
    expect(read(project, 'a.txt')).toBe(text());
    await expect(
      planRollback(await repositoryAt(project.root), { kind: 'step', step: 99 }, manualClock()),
    ).rejects.toMatchObject({ kind: 'usage', message: 'There is no step 99.' });
  });
});

describe('a preview', () => {
  it('changes nothing, shows the patch, and is not carried out once the project changed', async () => {
    using project = gitProject({ 'a.txt': text() });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', text({ 4: 'NEX' })));
    await task.finish();
    const before = worldHash(project.root);
    const repository = await repositoryAt(project.root);
    const plan = await planRollback(repository, { kind: 'last' }, manualClock());
    expect(worldHash(project.root)).toEqual(before);
    expect(plan.files).toEqual([{ path: 'a.txt', added: 1, removed: 1, status: 'modified' }]);
    expect(plan.patch).toContain('-NEX\n+line 4');
    expect(JSON.parse(JSON.stringify(plan))).toMatchObject({ task: 'Change a few things', nothing: false });
    project.write('a.txt', text({ 4: 'NEX', 18: 'MINE' }));
    const changed = worldHash(project.root);
    await expect(applyRollback(repository, plan, manualClock())).rejects.toMatchObject({
      message: 'The project changed since the preview, so nothing was done.',
    });
    expect(worldHash(project.root)).toEqual(changed);
  });
});
