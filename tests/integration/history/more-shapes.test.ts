import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';
import { thereAndBack } from '../../support/there-and-back.ts';

const hasLfs = spawnSync('git', ['lfs', 'version']).status === 0;
const hasReftable = (() => {
  using folder = tempProject();
  return spawnSync('git', ['init', '-q', '--ref-format=reftable'], { cwd: folder.root }).status === 0;
})();

function identity(root: string): (...args: string[]) => string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  git('config', 'user.name', 'T');
  git('config', 'user.email', 't@example.invalid');
  return git;
}

describe('every shape of repository, with a task that is cut off, undone, redone and left', () => {
  it('no commit yet, with staged and untracked files', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, { commit: false });
    project.git('add', 'a.txt');
    project.write('a.txt', 'changed after staging\n');
    await thereAndBack(project.root, () => project.write('nex.txt', 'nex\n'));
    expect(project.git('symbolic-ref', 'HEAD')).toBe('refs/heads/main');
  });

  it('a HEAD on no branch', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.git('checkout', '-q', '--detach');
    project.write('mine.txt', 'mine\n');
    await thereAndBack(project.root, () => project.write('a.txt', 'nex\n'));
  });

  it('everything dirty at once: staged, unstaged, both in one file, deleted, renamed, intended, untracked', async () => {
    const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
    using project = gitProject({
      'both.txt': lines.join(''),
      'staged.txt': 's\n',
      'gone.txt': 'g\n',
      'gone-staged.txt': 'g\n',
      'old-name.txt': 'r\n',
      'nex.txt': 'n\n',
    });
    project.write('both.txt', lines.with(0, 'staged\n').join(''));
    project.write('staged.txt', 'staged\n');
    project.git('add', 'both.txt', 'staged.txt');
    project.write('both.txt', lines.with(0, 'staged\n').with(19, 'unstaged\n').join(''));
    rmSync(project.path('gone.txt'));
    project.git('rm', '-q', 'gone-staged.txt');
    project.git('mv', 'old-name.txt', 'new-name.txt');
    project.write('intended.txt', 'i\n');
    project.git('add', '-N', 'intended.txt');
    project.write('dir/untracked.txt', 'u\n');
    await thereAndBack(
      project.root,
      () => {
        const now = readFileSync(project.path('both.txt'), 'utf8');
        project.write('both.txt', now.replace('line 9\n', 'line 9, by nex\n'));
        project.write('nex.txt', 'nex\n');
      },
      () => {
        expect(project.git('show', '--format=', '--name-only', 'HEAD').split('\n')).toEqual(['both.txt', 'nex.txt']);
        expect(project.git('show', 'HEAD:both.txt')).toBe(lines.with(9, 'line 9, by nex\n').join('').trimEnd());
      },
    );
  });

  it('packed refs and a thousand branches of nex', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    const head = project.git('rev-parse', 'HEAD');
    const refs = Array.from({ length: 1000 }, (_, at) => `create refs/heads/nex/task-${at} ${head}\n`).join('');
    execFileSync('git', ['update-ref', '--stdin'], { cwd: project.root, input: refs });
    project.git('pack-refs', '--all');
    await thereAndBack(project.root, () => project.write('a.txt', 'nex\n'));
  });

  it('a partial clone', async () => {
    using origin = gitProject({ 'a.txt': 'a\n', 'old.txt': 'old\n' });
    origin.git('config', 'uploadpack.allowFilter', 'true');
    origin.write('a.txt', 'b\n');
    origin.git('commit', '-qam', 'second');
    using folder = tempProject();
    const clone = folder.path('clone');
    execFileSync('git', ['clone', '-q', '--filter=blob:none', `file://${origin.root}`, clone], { stdio: 'ignore' });
    identity(clone);
    await thereAndBack(clone, () => writeFileSync(join(clone, 'a.txt'), 'nex\n'));
  });

  it('a repository of its own inside, whose files stay as they are', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('inner/file.txt', 'inner\n');
    execFileSync('git', ['init', '-q'], { cwd: project.path('inner') });
    await thereAndBack(project.root, () => project.write('a.txt', 'nex\n'));
  });

  it("nex's own folder ignored, and committed on the branch", async () => {
    using project = gitProject({ '.gitignore': '.nex/\n', 'a.txt': 'a\n' });
    project.write('.nex/memory.md', 'mine\n');
    await thereAndBack(project.root, () => project.write('a.txt', 'nex\n'));
    using tracked = gitProject({ '.nex/memory.md': '# mine\n', '.nex/.gitignore': 'sessions/\n', 'a.txt': 'a\n' });
    await thereAndBack(tracked.root, () => {
      tracked.write('a.txt', 'nex\n');
      tracked.write('.nex/memory.md', '# mine\n\n## Session Log\n\n- a line\n');
    });
  });

  it('textconv and eol attributes', async () => {
    using project = gitProject({ '.gitattributes': '*.txt eol=crlf diff=upper\n', 'a.txt': 'a\nb\n' });
    project.git('config', 'diff.upper.textconv', 'tr a-z A-Z <');
    rmSync(project.path('a.txt'));
    project.git('checkout', '--', 'a.txt');
    project.write('mine.txt', 'mine\r\n');
    await thereAndBack(project.root, () => writeFileSync(project.path('a.txt'), 'a\r\nnex\r\n'));
  });

  it.runIf(hasLfs)('files that Git LFS keeps', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.git('lfs', 'install', '--local');
    project.git('lfs', 'track', '*.bin');
    project.write('large.bin', 'large, as people see it\n');
    project.git('add', '-A');
    project.git('commit', '-qm', 'with lfs');
    project.write('mine.bin', 'mine\n');
    await thereAndBack(
      project.root,
      () => project.write('large.bin', 'large, by nex\n'),
      () => expect(project.git('show', 'HEAD:large.bin')).toMatch(/^version https:\/\/git-lfs/),
    );
    expect(readFileSync(project.path('large.bin'), 'utf8')).toBe('large, as people see it\n');
  });

  it.runIf(hasReftable)('refs in the reftable format', async () => {
    using folder = tempProject({ 'a.txt': 'a\n' });
    execFileSync('git', ['init', '-q', '-b', 'main', '--ref-format=reftable'], { cwd: folder.root });
    const git = identity(folder.root);
    git('add', '-A');
    git('commit', '-qm', 'first');
    folder.write('mine.txt', 'mine\n');
    await thereAndBack(folder.root, () => folder.write('a.txt', 'nex\n'));
  });
});
