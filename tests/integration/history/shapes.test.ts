import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listSteps } from '../../../src/history/step-list.ts';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { repositoryAt, rollback, taskAt } from '../../support/task-script.ts';
import { tempProject } from '../../support/temp-project.ts';
import { thereAndBack } from '../../support/there-and-back.ts';
import { worldHash } from '../../support/world-hash.ts';

const no = async () => false;

describe('every shape of repository', () => {
  it('names with spaces, quotes, newlines, dashes and other scripts', async () => {
    const names = [
      'a b',
      '-dash',
      '--all',
      'q"uo\'te',
      'new\nline',
      'tab\there',
      'ünï',
      '日本',
      '*',
      '[x]',
      ':(top)',
      '\\back',
      '"',
    ];
    using project = gitProject(Object.fromEntries(names.map((name) => [`d ir/${name}`, `${name}\n`])));
    for (const name of names.slice(0, 5)) project.write(`d ir/${name}`, 'mine\n');
    for (const name of names) project.write(`untracked/${name}`, 'mine\n');
    await thereAndBack(project.root, () => {
      for (const name of names.slice(5)) project.write(`d ir/${name}`, 'nex\n');
      for (const name of names) project.write(`new/${name}`, 'nex\n');
    });
  });

  it('a file that is assumed unchanged, and one that is only intended to be added', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'assumed.txt': 'a\n' });
    project.git('update-index', '--assume-unchanged', 'assumed.txt');
    project.write('assumed.txt', 'mine\n');
    project.write('intended.txt', 'mine\n');
    project.git('add', '-N', 'intended.txt');
    await thereAndBack(project.root, () => project.write('a.txt', 'nex\n'));
    const before = worldHash(project.root);
    const task = await taskAt(project.root, { session: 'session-2' });
    await task.does(() => {
      project.write('assumed.txt', 'nex\n');
      rmSync(project.path('intended.txt'));
    });
    await task.finish();
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
  });

  it('a sparse checkout', async () => {
    using project = gitProject({ 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' });
    project.git('sparse-checkout', 'set', 'in');
    expect(existsSync(project.path('out'))).toBe(false);
    await thereAndBack(project.root, () => project.write('in/a.txt', 'nex\n'));
    const before = worldHash(project.root);
    const task = await taskAt(project.root, { session: 'session-2' });
    await task.does(() => project.write('out/b.txt', 'nex\n'));
    await task.finish();
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
  });

  it('a submodule, whose content is its own', async () => {
    using module = gitProject({ 'm.txt': 'm\n' });
    using project = gitProject({ 'a.txt': 'a\n' });
    project.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', module.root, 'sub');
    project.git('commit', '-qm', 'with a submodule');
    writeFileSync(project.path('sub/m.txt'), 'mine\n');
    await thereAndBack(project.root, () => project.write('a.txt', 'nex\n'));
    const task = await taskAt(project.root, { session: 'session-2' });
    await task.does(() => writeFileSync(project.path('sub/m.txt'), 'nex\n'));
    expect((await task.changes()).files).toEqual([]);
    await task.finish();
    expect(readFileSync(project.path('sub/m.txt'), 'utf8')).toBe('nex\n');
  });

  it('a linked work tree, and a folder reached by a link', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    using other = tempProject();
    const side = other.path('side tree');
    project.git('worktree', 'add', '-q', '-b', 'side', side);
    await thereAndBack(side, () => writeFileSync(join(side, 'a.txt'), 'nex\n'));
    symlinkSync(project.root, other.path('link'));
    await thereAndBack(other.path('link'), () => project.write('a.txt', 'nex\n'));
  });

  it('a shallow clone and a split index', async () => {
    using origin = gitProject({ 'a.txt': 'a\n' });
    origin.write('a.txt', 'b\n');
    origin.git('commit', '-qam', 'second');
    using folder = tempProject();
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${origin.root}`, folder.path('clone')]);
    const clone = folder.path('clone');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: clone, stdio: 'ignore' });
    git('config', 'user.name', 'T');
    git('config', 'user.email', 't@example.invalid');
    git('config', 'core.splitIndex', 'true');
    git('update-index', '--split-index');
    await thereAndBack(clone, () => writeFileSync(join(clone, 'a.txt'), 'nex\n'));
  });

  it('line endings that git converts, mixed ones included', async () => {
    using project = gitProject({ 'unix.txt': 'a\nb\n', 'other.txt': 'x\n', '.gitattributes': '* text=auto\n' });
    project.git('config', 'core.autocrlf', 'true');
    for (const name of ['unix.txt', 'other.txt']) rmSync(project.path(name));
    project.git('checkout', '--', '.');
    writeFileSync(project.path('mine.txt'), 'one\r\ntwo\n');
    writeFileSync(project.path('other.txt'), 'x\r\nmine\n');
    await thereAndBack(project.root, () => writeFileSync(project.path('unix.txt'), 'a\r\nnex\r\n'));
    const before = worldHash(project.root);
    const task = await taskAt(project.root, { session: 'session-2' });
    await task.does(() => {
      writeFileSync(project.path('mine.txt'), 'nex\r\n');
      rmSync(project.path('other.txt'));
    });
    await task.finish();
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root).files).toEqual(before.files);
  });

  it('bytes that git would not check out again, of a file that nex writes', async () => {
    using project = gitProject({ 'a.txt': 'a\nb\n' });
    project.git('config', 'core.autocrlf', 'input');
    writeFileSync(project.path('a.txt'), 'a\r\nb\n');
    project.git('add', 'a.txt');
    expect(project.git('status', '--porcelain')).toBe('');
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => writeFileSync(project.path('a.txt'), 'nex\n'), ['a.txt']);
    await task.finish();
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root).files).toEqual(before.files);
  });

  it('a SHA-256 repository', async () => {
    using folder = tempProject({ 'a.txt': 'a\n' });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.root, stdio: 'ignore' });
    git('init', '-q', '-b', 'main', '--object-format=sha256');
    git('config', 'user.name', 'T');
    git('config', 'user.email', 't@example.invalid');
    git('add', '-A');
    git('commit', '-qm', 'first');
    folder.write('mine.txt', 'mine\n');
    await thereAndBack(folder.root, () => folder.write('a.txt', 'nex\n'));
  });

  it('a branch called nex, and a task on top of a task', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.git('branch', 'nex');
    const first = await taskAt(project.root, { session: 's1', task: 'First' });
    await first.does(() => project.write('a.txt', 'one\n'));
    await first.commit({ subject: 'one', onOverlap: no });
    await first.finish();
    expect(first.branch).toBe('nex-first');
    const second = await taskAt(project.root, { session: 's2', task: 'Second' });
    await second.does(() => project.write('a.txt', 'two\n'));
    await second.commit({ subject: 'two', onOverlap: no });
    await second.finish();
    expect([second.branch, second.base]).toEqual(['nex-second', 'nex-first']);
    expect(project.git('log', '--format=%s', 'nex-first')).toBe('one\nfirst');
    await rollback(project.root, { kind: 'discard' });
    expect(project.git('symbolic-ref', '--short', 'HEAD')).toBe('nex-first');
    await rollback(project.root, { kind: 'discard' });
    expect(project.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('a\n');
  });
});

describe('a session', () => {
  it('that is resumed goes on on its branch and commits all it did', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('mine.txt', 'mine\n');
    const first = await taskAt(project.root);
    await first.does(() => project.write('a.txt', 'one\n'));
    await first.finish();
    project.write('later.txt', 'mine too\n');
    const resumed = await taskAt(project.root);
    await resumed.does(() => project.write('b.txt', 'two\n'));
    expect(resumed.branch).toBe('nex/change-a-few-things');
    expect((await resumed.changes()).files.map(({ path }) => path)).toEqual(['a.txt', 'b.txt']);
    await resumed.commit({ subject: 'both', onOverlap: no });
    await resumed.finish();
    expect(project.git('show', '--format=', '--name-only')).toBe('a.txt\nb.txt');
    expect(project.git('status', '--porcelain')).toBe('?? later.txt\n?? mine.txt');
  });

  it('that goes on after it was undone commits only what it did since', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const turn = await taskAt(project.root);
    await turn.does(() => project.write('a.txt', 'nex\n'));
    await turn.finish();
    await rollback(project.root);
    const next = await taskAt(project.root);
    await next.does(() => project.write('b.txt', 'nex\n'));
    expect((await next.changes()).files.map(({ path }) => path)).toEqual(['b.txt']);
    await next.commit({ subject: 'b', onOverlap: no });
    await next.finish();
    expect(project.git('show', '--format=', '--name-only')).toBe('b.txt');
    await rollback(project.root);
    expect(readFileSync(project.path('b.txt'), 'utf8')).toBe('b\n');
    expect(project.git('status', '--porcelain')).toBe('');
    const steps = await listSteps(await repositoryAt(project.root));
    expect(steps.map(({ tool, files }) => [tool, files[0]?.path])).toEqual([
      ['rollback', 'b.txt'],
      ['commit', undefined],
      ['run_command', 'b.txt'],
      ['rollback', 'a.txt'],
      ['run_command', 'a.txt'],
    ]);
  });

  it('notices a file that was rewritten with the same size and time', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('mine.txt', 'AAAA\n');
    utimesSync(project.path('mine.txt'), 1_700_000_000, 1_700_000_000);
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => {
      project.write('mine.txt', 'BBBB\n');
      utimesSync(project.path('mine.txt'), 1_700_000_000, 1_700_000_000);
    });
    await task.finish();
    await rollback(project.root);
    expect(worldHash(project.root).files).toEqual(before.files);
  });

  it('restores permission bits that git does not know', async () => {
    using project = gitProject({ 'secret.txt': 's\n', 'run.sh': '#!/bin/sh\n', 'b.txt': 'b\n', 'c.txt': 'c\n' });
    chmodSync(project.path('secret.txt'), 0o600);
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => {
      rmSync(project.path('secret.txt'));
      chmodSync(project.path('b.txt'), 0o640);
    });
    await task.finish();
    await rollback(project.root);
    expect(worldHash(project.root).files).toEqual(before.files);
  });
});

describe("the user's own gc", () => {
  const gc = (project: GitProject) => {
    project.git('reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all');
    project.git('gc', '-q', '--prune=now');
  };

  it('takes nothing that an undoing needs, even with every branch gone', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    project.write('a.txt', 'staged\n');
    project.git('add', 'a.txt');
    project.write('a.txt', 'unstaged\n');
    const task = await taskAt(project.root);
    await task.does(() => {
      rmSync(project.path('b.txt'));
      project.write('a.txt', 'nex\n');
    });
    await task.finish();
    project.git('checkout', '-q', '--orphan', 'fresh');
    project.git('rm', '-q', '-r', '-f', '--cached', '.');
    project.write('a.txt', 'nex\n');
    project.git('branch', '-q', '-D', 'main', 'nex/change-a-few-things');
    gc(project);
    await rollback(project.root);
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('unstaged\n');
    expect(readFileSync(project.path('b.txt'), 'utf8')).toBe('b\n');
  });

  it('takes nothing in a copy of the folder either', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const task = await taskAt(project.root);
    await task.does(() => rmSync(project.path('b.txt')));
    await task.finish();
    using copy = tempProject();
    execFileSync('cp', ['-a', project.root, copy.path('copy')]);
    execFileSync('git', ['gc', '-q', '--prune=now'], { cwd: copy.path('copy') });
    await rollback(copy.path('copy'));
    expect(readFileSync(copy.path('copy/b.txt'), 'utf8')).toBe('b\n');
    expect(existsSync(project.path('b.txt'))).toBe(false);
  });
});
