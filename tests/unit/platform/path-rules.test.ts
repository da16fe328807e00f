import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedFolderOf, pathProblem, relativeInside } from '../../../src/platform/path-rules.ts';

describe('relativeInside', () => {
  it('tells where a path lies below the root', () => {
    expect(relativeInside('/repo', '/repo/src/a.ts', false)).toBe('src/a.ts');
    expect(relativeInside('/repo', '/repo', false)).toBe('.');
    expect(relativeInside('/', '/etc/passwd', false)).toBe('etc/passwd');
  });

  it('does not take a longer name for a folder inside', () => {
    expect(relativeInside('/repo', '/repo-evil/x', false)).toBeUndefined();
    expect(relativeInside('/repo', '/repository', false)).toBeUndefined();
    expect(relativeInside('/repo/sub', '/repo', false)).toBeUndefined();
  });

  it('ignores case only where the file system does', () => {
    expect(relativeInside('/Repo', '/repo/A.ts', true)).toBe('A.ts');
    expect(relativeInside('/Repo', '/repo/A.ts', false)).toBeUndefined();
    expect(relativeInside('/caf\u00e9', '/cafe\u0301/x', true)).toBe('x');
  });

  it('finds everything that is joined below the root, and nothing beside it', () => {
    const name = fc.stringMatching(/^[a-z.-]{1,6}$/).filter((text) => text !== '.' && text !== '..');
    fc.assert(
      fc.property(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.array(name, { maxLength: 4 }),
        name,
        (root, rest, odd) => {
          const base = `/${root.join('/')}`;
          expect(relativeInside(base, [base, ...rest].join('/'), false)).toBe(rest.join('/') || '.');
          expect(relativeInside(base, [`${base}${odd}`, ...rest].join('/'), false)).toBeUndefined();
        },
      ),
    );
  });
});

describe('closedFolderOf', () => {
  it.each([
    '.git',
    '.git/config',
    'vendor/lib/.git/hooks/pre-commit',
    '.GIT/config',
    '.Git',
    '.git./config',
    '.git /x',
    '.g\u200cit/config',
    '.git::$INDEX_ALLOCATION/x',
    'GIT~1/config',
    '.\uff47it/config',
  ])("closes %j as git's own", (path) => {
    expect(closedFolderOf(path)).toBe('.git');
  });

  it.each(['.nex', '.nex/config.toml', '.NEX/memory.md'])("closes %j as nex's own", (path) => {
    expect(closedFolderOf(path)).toBe('.nex');
  });

  it.each([
    '.',
    '.gitignore',
    '.github/workflows/ci.yml',
    'git/config',
    'src/.gitkeep',
    'docs/.nex/x',
    '.nextjs/a',
    'a.git/x',
  ])('leaves %j open', (path) => {
    expect(closedFolderOf(path)).toBeUndefined();
  });
});

describe('pathProblem', () => {
  it.each(['a\0b', '~', '~/x', '~root/.ssh/id_rsa'])('refuses %j everywhere', (path) => {
    expect(pathProblem(path, 'linux')).toEqual(expect.any(String));
  });

  it.each([
    'NUL',
    'src/con.txt',
    'aux',
    'COM1',
    'lpt9.log',
    'a:b',
    'file. ',
    'x.',
    '\\\\server\\share',
    '//server/share',
    '\\\\?\\C:\\x',
    'conin$',
    'nul .txt',
  ])('refuses %j on Windows', (path) => {
    expect(pathProblem(path, 'win32')).toEqual(expect.any(String));
  });

  it.each(['src/aux.c', 'nul', 'a:b', 'x.', '~$draft.docx', 'a~/b', '-rf', 'caf\u00e9', 'new\nline', '%2e%2e/x'])(
    'takes %j elsewhere',
    (path) => {
      expect(pathProblem(path, 'linux')).toBeUndefined();
    },
  );

  it('takes ordinary Windows paths', () => {
    expect(pathProblem('C:\\work\\src\\a.ts', 'win32')).toBeUndefined();
    expect(pathProblem('src/../a.ts', 'win32')).toBeUndefined();
  });
});
