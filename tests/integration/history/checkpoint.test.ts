import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { gitProject } from '../../support/git-project.ts';
import { rollback, taskAt } from '../../support/task-script.ts';
import { worldHash } from '../../support/world-hash.ts';

describe('a checkpoint', () => {
  it('touches no file, no index entry and no ref but HEAD and the new branch', async () => {
    using project = gitProject({ 'a.txt': '1\n2\n3\n', 'b.txt': 'b\n', 'c.txt': 'c\n', '.gitignore': '*.log\n' });
    project.git('stash', 'list');
    project.write('a.txt', '1\nstaged\n3\n');
    project.git('add', 'a.txt');
    project.write('a.txt', '1\nstaged\nchanged\n');
    project.write('untracked.txt', 'mine\n');
    project.write('debug.log', 'log\n');
    project.git('rm', '-q', '--cached', 'b.txt');
    chmodSync(project.path('c.txt'), 0o755);
    const before = worldHash(project.root);
    const index = readFileSync(project.path('.git/index'));

    const task = await taskAt(project.root);
    await task.checkpoint({ tool: 'write_file', detail: 'a.txt' }, ['a.txt']);

    const after = worldHash(project.root);
    expect(task.branch).toBe('nex/change-a-few-things');
    expect(task.base).toBe('main');
    expect(after).toEqual({
      ...before,
      head: 'refs/heads/nex/change-a-few-things',
      refs: { ...before.refs, 'refs/heads/nex/change-a-few-things': before.refs['refs/heads/main'] },
    });
    expect(readFileSync(project.path('.git/index')).equals(index)).toBe(true);
    await task.finish();
  });

  it("stays out of sight of the user's own git", async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('secret.txt', 'only in the store\n');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    await task.finish();
    expect(project.git('log', '--all', '--format=%s')).toBe('first');
    expect(project.git('for-each-ref', '--format=%(refname)').split('\n')).toEqual([
      'refs/heads/main',
      'refs/heads/nex/change-a-few-things',
    ]);
    const blob = project.git('hash-object', 'secret.txt');
    expect(() => project.git('cat-file', '-e', blob)).toThrow();
    execFileSync('git', ['fsck', '--strict'], { cwd: project.root, stdio: 'ignore' });
  });

  it('is made though a nex was ended while it made the store', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const question = await taskAt(project.root);
    await question.prepare();
    await question.finish();
    truncateSync(project.path('.git/nex/store/HEAD'));
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    await task.finish();
    await rollback(project.root);
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('a\n');
  });

  it('is not made for a question, and a command that changes nothing leaves no branch', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const before = worldHash(project.root);
    const question = await taskAt(project.root);
    await question.prepare();
    await question.finish();
    expect(question.started).toBe(false);
    const task = await taskAt(project.root);
    await task.does(() => {});
    expect(await task.movedRefs()).toBeUndefined();
    expect(await task.changes()).toEqual({ patch: '', files: [] });
    await task.finish();
    expect(task.branch).toBeUndefined();
    expect(worldHash(project.root)).toEqual(before);
  });

  it('sees every ref that moves, loose or packed, and each move once', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.git('tag', 'old');
    project.git('commit', '-q', '--allow-empty', '-m', 'second');
    const task = await taskAt(project.root);
    const saidAfter = async (...args: string[]) => {
      await task.does(() => args.length > 0 && project.git(...args));
      return [(await task.movedRefs())?.sentence, (await task.movedRefs())?.sentence];
    };
    expect(await saidAfter()).toEqual([undefined, undefined]);
    expect(await saidAfter('branch', 'side')).toEqual([expect.stringMatching(/^side was created/), undefined]);
    expect(await saidAfter('pack-refs', '--all')).toEqual([undefined, undefined]);
    expect(await saidAfter('branch', '-f', 'side', 'old')).toEqual([expect.stringMatching(/^side moved/), undefined]);
    expect(await saidAfter('tag', '-d', 'old')).toEqual([expect.stringMatching(/^old was deleted/), undefined]);
    expect(await saidAfter('config', 'user.name', 'Else')).toEqual([expect.stringMatching(/config/), undefined]);
    await task.finish();
  });

  it('keeps the bytes of an ignored file that nex is about to write', async () => {
    using project = gitProject({ '.gitignore': '.env\n' });
    project.write('.env', 'KEY=mine\n');
    const task = await taskAt(project.root);
    await task.does(() => project.write('.env', 'KEY=overwritten\n'), ['.env']);
    const done = await task.commit({ subject: 'chore: x', onOverlap: async () => true });
    expect(done).toEqual({ status: 'uncommitted', reason: 'there is nothing to commit' });
    await task.finish();
    await rollback(project.root);
    expect(readFileSync(project.path('.env'), 'utf8')).toBe('KEY=mine\n');
  });

  it('looks at no path outside the project, whatever path it is told', async () => {
    using outside = gitProject({ 'secret.txt': 'outside\n' });
    using project = gitProject({ 'a.txt': 'a\n', 'dir/b.txt': 'b\n', '.gitignore': 'c.log\n' });
    project.write('c.log', 'mine\n');
    const task = await taskAt(project.root);
    const hostile = ['../x', `${outside.root}/secret.txt`, '.git/config', 'dir/../../x', '', '.', '/', 'dir/'];
    await task.does(() => project.write('c.log', 'nex\n'), [...hostile, './dir/../c.log', project.path('a.txt')]);
    await task.finish();
    expect(() =>
      execFileSync(
        'git',
        ['--git-dir', project.path('.git/nex/store'), 'cat-file', '-e', outside.git('hash-object', 'secret.txt')],
        { stdio: 'ignore' },
      ),
    ).toThrow();
    await rollback(project.root);
    expect(readFileSync(project.path('c.log'), 'utf8')).toBe('mine\n');
  });

  it('names what it does not hold: large untracked files and nested repositories', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    writeFileSync(project.path('large.bin'), '');
    truncateSync(project.path('large.bin'), 51 * 1024 * 1024);
    mkdirSync(project.path('nested'));
    execFileSync('git', ['init', '-q'], { cwd: project.path('nested') });
    writeFileSync(project.path('nested/file.txt'), 'x');
    const task = await taskAt(project.root);
    await task.checkpoint({ tool: 'run_command', detail: 'x' });
    expect(task.notCovered).toEqual([
      { path: 'nested/', reason: 'a repository of its own' },
      { path: 'large.bin', reason: 'larger than 50 MB' },
    ]);
    await task.finish();
    expect(existsSync(project.path('large.bin'))).toBe(true);
  });

  it("does not take files for the task's work that only a changed .gitignore brought to light", async () => {
    using project = gitProject({ '.gitignore': 'data/\n', 'a.txt': 'a\n' });
    project.write('data/mine.txt', 'precious\n');
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => project.write('.gitignore', '# nothing\n'));
    expect((await task.changes()).files.map(({ path }) => path)).toEqual(['.gitignore']);
    await task.commit({ subject: 'chore: ignore nothing', onOverlap: async () => false });
    await task.finish();
    expect(project.git('show', '--format=', '--name-only')).toBe('.gitignore');
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
  });

  it('watches untracked files on that a new .gitignore hides', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('notes.txt', 'mine\n');
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => {
      project.write('.gitignore', 'notes.txt\n');
      project.write('notes.txt', 'broken\n');
    });
    await task.finish();
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
  });

  it('lets go of a file that the user chose to ignore, once the next task begins', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('data.bin', 'one\n');
    const first = await taskAt(project.root);
    await first.does(() => project.write('a.txt', 'b\n'));
    await first.finish();
    project.write('.gitignore', 'data.bin\n');
    const second = await taskAt(project.root, { session: 'session-2' });
    await second.does(() => project.write('data.bin', 'two\n'));
    expect((await second.changes()).files).toEqual([]);
    await second.finish();
    await rollback(project.root);
    expect(readFileSync(project.path('data.bin'), 'utf8')).toBe('two\n');
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('a\n');
  });

  it('runs no program that the repository names, filters of its own included', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.dat': 'b\n' });
    const canary = project.path('.git/canary');
    const script = project.path('.git/evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${canary}'\ncat\n`, { mode: 0o755 });
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.editor',
      'core.askPass',
      'core.sshCommand',
      'diff.external',
      'credential.helper',
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
    ]) {
      project.git('config', key, script);
    }
    project.git('config', 'filter.evil.required', 'true');
    project.git('config', 'core.hooksPath', project.path('.git/hostile-hooks'));
    for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change', 'pre-commit']) {
      mkdirSync(project.path('.git/hostile-hooks'), { recursive: true });
      writeFileSync(project.path(`.git/hostile-hooks/${hook}`), `#!/bin/sh\ntouch '${canary}'\n`, { mode: 0o755 });
    }
    project.write('.gitattributes', '*.dat filter=evil\n');
    project.write('b.dat', 'changed\n');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    await task.does(() => project.write('b.dat', 'c\n'));
    await task.movedRefs();
    await task.changes();
    await task.finish();
    await rollback(project.root);
    expect(readFileSync(project.path('b.dat'), 'utf8')).toBe('changed\n');
    expect(existsSync(canary)).toBe(false);
  });

  it('that was prepared while there was time saves what is there at the first change, not what was there then', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    project.write('a.txt', 'early\n');
    project.write('gone.txt', 'mine\n');
    const task = await taskAt(project.root);
    await task.prepare();
    project.write('a.txt', 'late\n');
    project.write('new.txt', 'mine too\n');
    project.git('add', 'b.txt', 'gone.txt');
    project.git('rm', '-q', '-f', 'gone.txt');
    const before = worldHash(project.root);
    await task.does(() => project.write('a.txt', 'nex\n'));
    await task.finish();
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
  });

  it('holds every object that git expects of it, also where nothing changed since the one before', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('mine.txt', 'mine\n');
    const task = await taskAt(project.root);
    const check = () =>
      execFileSync('git', ['--git-dir', project.path('.git/nex/store'), 'fsck', '--strict', '--no-dangling'], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    await task.prepare();
    for (const path of ['a.txt', 'new.txt', 'a.txt']) {
      await task.checkpoint({ tool: 'write_file', detail: path }, [path]);
      check();
    }
    await task.does(() => project.write('a.txt', 'nex\n'));
    await task.checkpoint({ tool: 'write_file', detail: 'new.txt' }, ['new.txt']);
    await task.finish();
    check();
    await rollback(project.root);
    expect(project.git('status', '--porcelain')).toBe('?? mine.txt');
  });

  it('is not prepared where a question would store much for nothing', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    writeFileSync(project.path('large.bin'), '');
    truncateSync(project.path('large.bin'), 9 * 1024 * 1024);
    const task = await taskAt(project.root);
    await task.prepare();
    expect(existsSync(project.path('.git/nex/store/refs/looks'))).toBe(false);
    await task.does(() => project.write('large.bin', 'nex\n'));
    await task.finish();
    await rollback(project.root);
    expect(readFileSync(project.path('large.bin')).length).toBe(9 * 1024 * 1024);
  });

  it('saves links as links and never follows one out of the project', async () => {
    using outside = gitProject({ 'secret.txt': 'outside\n' });
    using project = gitProject({ 'dir/a.txt': 'a\n' });
    symlinkSync(outside.root, project.path('link'));
    const before = worldHash(project.root);
    const task = await taskAt(project.root);
    await task.does(() => {
      execFileSync('rm', ['-r', project.path('dir')]);
      symlinkSync(outside.root, project.path('dir'));
    });
    await task.finish();
    await rollback(project.root, { kind: 'discard' });
    expect(worldHash(project.root)).toEqual(before);
    expect(worldHash(outside.root).status).toEqual(['']);
  });
});
