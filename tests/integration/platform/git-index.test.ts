import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIndexListing } from '../../../src/history/git-reports.ts';
import { parseGitIndex } from '../../../src/platform/git-index.ts';
import { gitProject } from '../../support/git-project.ts';

const FILES = {
  'a.txt': 'a\n',
  'bin/run': 'run\n',
  'deep/er/and/deeper.txt': 'x\n',
  'deep/er/and/deepest.txt': 'y\n',
  'ä ö.txt': 'z\n',
  [`${'long'.repeat(30)}/${'name'.repeat(40)}`]: 'l\n',
};

function listed(root: string) {
  return parseIndexListing(
    execFileSync('git', ['-c', 'sparse.expectFilesOutsideOfPatterns=true', 'ls-files', '-s', '-v', '-z'], {
      cwd: root,
    }),
  );
}

describe('the index of a repository', () => {
  it.each([2, 3, 4])('of version %i is read as git lists it, flags and conflicts included', (version) => {
    using project = gitProject(FILES);
    const index = () => readFileSync(project.path('.git/index'));
    project.git('update-index', '--index-version', String(version));
    const same = () => expect(parseGitIndex(index(), 'sha1')).toEqual(listed(project.root));
    same();
    project.git('update-index', '--chmod=+x', 'bin/run');
    project.git('update-index', '--assume-unchanged', 'a.txt');
    project.git('update-index', '--skip-worktree', 'deep/er/and/deepest.txt');
    project.write('new.txt', 'n\n');
    project.git('add', '-N', 'new.txt');
    same();
    project.git('rm', '-q', '--cached', 'ä ö.txt');
    const blob = project.git('rev-parse', 'HEAD:a.txt').trim();
    const sides = [1, 2, 3].map((side) => `100644 ${blob} ${side}\tboth.txt\n`).join('');
    execFileSync('git', ['update-index', '--index-info'], { cwd: project.root, input: sides });
    project.git('update-index', '--add', '--cacheinfo', `160000,${project.git('rev-parse', 'HEAD').trim()},module`);
    same();
  });

  it('is left to git where it is split, sparse or torn', () => {
    using project = gitProject(FILES);
    const index = () => readFileSync(project.path('.git/index'));
    const whole = index();
    for (const length of [5, 11, 40, 100, 200])
      expect(parseGitIndex(whole.subarray(0, length), 'sha1')).toBeUndefined();
    project.git('update-index', '--split-index');
    project.write('a.txt', 'changed\n');
    project.git('add', 'a.txt');
    expect(parseGitIndex(index(), 'sha1')).toBeUndefined();
    project.git('update-index', '--no-split-index');
    project.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'bin');
    expect(parseGitIndex(index(), 'sha1')).toBeUndefined();
  });

  it('is empty before anything was added', () => expect(parseGitIndex(Buffer.alloc(0), 'sha1')).toEqual([]));

  it('never makes the reader fail or hang, whatever bytes it has', () => {
    using project = gitProject(FILES);
    const whole = readFileSync(project.path('.git/index'));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 5 }),
        (bytes) => {
          const torn = Buffer.from(whole);
          for (const [at, byte] of bytes) torn[at] = byte;
          parseGitIndex(torn, 'sha1');
        },
      ),
    );
  });
});
