import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/platform/disk-workspace.ts';
import { type Workspace, WorkspaceError } from '../../../src/platform/workspace.ts';
import { tempProject } from '../../support/temp-project.ts';

/** Two folders side by side: `repo`, which is opened, and what must stay out of reach. */
function twoFolders(files: Record<string, string> = {}) {
  return tempProject({ 'repo/src/a.ts': 'a\n', 'repo-evil/x': 'evil\n', 'outside/secret': 'secret\n', ...files });
}

const reasonOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'allowed',
    (error) => (error instanceof WorkspaceError ? error.reason : `threw ${String(error)}`),
  );

const readText = async (workspace: Workspace, path: string) => (await workspace.read(path)).toString();

describe('where paths lead', () => {
  it('takes paths inside the project, however they are written', async () => {
    using project = twoFolders();
    const workspace = await openWorkspace({ root: project.path('repo') });
    const place = { path: 'src/a.ts', absolute: project.path('repo/src/a.ts'), area: 'project' };
    for (const path of [
      'src/a.ts',
      './src/a.ts',
      'src//a.ts',
      'src/../src/a.ts',
      'not/there/../../src/a.ts',
      project.path('repo/src/a.ts'),
    ]) {
      expect(await workspace.locate(path, 'write')).toEqual(place);
    }
    expect(await workspace.locate('', 'read')).toEqual({ path: '.', absolute: project.path('repo'), area: 'project' });
  });

  it.each([
    '../outside/secret',
    '../repo-evil/x',
    'src/../../outside/secret',
    '/etc/passwd',
    '/',
    '..',
    '../..',
    'src/../..',
    '~/x',
    'a\0b',
  ])('refuses %j', async (path) => {
    using project = twoFolders();
    const workspace = await openWorkspace({ root: project.path('repo') });
    expect([await reasonOf(workspace.read(path)), await reasonOf(workspace.write(path, Buffer.from('x')))]).toEqual([
      'outside',
      'outside',
    ]);
  });

  it('refuses the absolute path of a folder that merely begins alike', async () => {
    using project = twoFolders();
    const workspace = await openWorkspace({ root: project.path('repo') });
    expect(await reasonOf(workspace.read(project.path('repo-evil/x')))).toBe('outside');
  });

  it('takes odd names that lead nowhere special', async () => {
    using project = twoFolders();
    const workspace = await openWorkspace({ root: project.path('repo') });
    const names = [
      'a b',
      'q"uo\'te',
      '-rf',
      'new\nline',
      '\u{1f600}',
      '%2e%2e',
      '..a',
      'a..',
      '$(touch x)',
      'n'.repeat(255),
      'aux.c',
      'C:\\x',
    ];
    for (const name of names) {
      await workspace.write(name, Buffer.from(name));
      expect(await readText(workspace, name)).toBe(name);
    }
    expect((await workspace.list('.')).map(({ name }) => name).sort()).toEqual([...names, 'src'].sort());
  });

  it('never lets a generated path out', async () => {
    using project = twoFolders();
    symlinkSync('../outside', project.path('repo/out'));
    symlinkSync('src', project.path('repo/in'));
    symlinkSync('..', project.path('repo/src/up'));
    symlinkSync('../nowhere', project.path('repo/dangling'));
    const workspace = await openWorkspace({ root: project.path('repo') });
    const part = fc.constantFrom(
      '..',
      '.',
      '',
      'src',
      'a.ts',
      'out',
      'in',
      'up',
      'dangling',
      'new',
      'secret',
      '.git',
      '.GIT',
      'repo',
      'repo-evil',
      '~',
    );
    const path = fc
      .tuple(fc.constantFrom('', '/', `${project.root}/`, `${project.path('repo')}/`), fc.array(part, { maxLength: 7 }))
      .map(([start, parts]) => start + parts.join('/'));
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom<'read' | 'write'>('read', 'write'), async (given, intent) => {
        const place = await workspace.locate(given, intent).catch((error: unknown) => {
          if (error instanceof WorkspaceError) return undefined;
          throw error;
        });
        if (place === undefined) return;
        expect(`${place.absolute}${sep}`.startsWith(`${project.path('repo')}${sep}`)).toBe(true);
        expect(place.absolute.toLowerCase().split(sep)).not.toContain('.git');
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads added folders, and never writes there', async () => {
    using project = twoFolders();
    const workspace = await openWorkspace({ root: project.path('repo'), added: [project.path('outside')] });
    expect(await workspace.locate('../outside/secret', 'read')).toEqual({
      path: project.path('outside/secret'),
      absolute: project.path('outside/secret'),
      area: 'added',
    });
    expect(await readText(workspace, project.path('outside/secret'))).toBe('secret\n');
    expect(await reasonOf(workspace.write('../outside/new', Buffer.from('x')))).toBe('outside');
    expect(await reasonOf(workspace.read('../repo-evil/x'))).toBe('outside');
  });

  it('says when the root is not there', async () => {
    using project = tempProject({ file: '' });
    expect([
      await reasonOf(openWorkspace({ root: project.path('none') })),
      await reasonOf(openWorkspace({ root: project.path('file') })),
    ]).toEqual(['missing', 'not_a_file']);
  });
});

describe('closed folders', () => {
  it('keeps out of .git, at any depth and in any case, and says what to use', async () => {
    using project = twoFolders({ 'repo/.git/config': '', 'repo/vendor/lib/.git/config': '' });
    const workspace = await openWorkspace({ root: project.path('repo') });
    for (const path of [
      '.git/config',
      '.git',
      'src/../.git/hooks/pre-commit',
      'vendor/lib/.git/config',
      '.GIT/config',
    ]) {
      expect([await reasonOf(workspace.read(path)), await reasonOf(workspace.write(path, Buffer.from('x')))]).toEqual([
        'protected',
        'protected',
      ]);
    }
    await expect(workspace.read('.git/config')).rejects.toThrow(/git config --get/);
  });

  it('reads .nex and never writes there', async () => {
    using project = twoFolders({ 'repo/.nex/memory.md': 'memory\n' });
    const workspace = await openWorkspace({ root: project.path('repo') });
    expect(await readText(workspace, '.nex/memory.md')).toBe('memory\n');
    expect(await reasonOf(workspace.write('.nex/config.toml', Buffer.from('x')))).toBe('protected');
    expect(await reasonOf(workspace.write('.NEX/new', Buffer.from('x')))).toBe('protected');
  });

  it('looks through links, by their name and by what they lead to', async () => {
    using project = twoFolders({ 'repo/.git/config': 'x', 'repo/docs/a': 'a' });
    symlinkSync('.git', project.path('repo/innocent'));
    symlinkSync('.git/config', project.path('repo/notes.txt'));
    symlinkSync('docs', project.path('repo/.nex'));
    const workspace = await openWorkspace({ root: project.path('repo') });
    expect(await reasonOf(workspace.write('innocent/hooks/pre-commit', Buffer.from('x')))).toBe('protected');
    expect(await reasonOf(workspace.read('notes.txt'))).toBe('protected');
    expect(await reasonOf(workspace.write('.nex/a', Buffer.from('x')))).toBe('protected');
  });
});

describe('links', () => {
  it('follows those that stay inside and refuses those that lead out', async () => {
    using project = twoFolders();
    symlinkSync('src', project.path('repo/in'));
    symlinkSync('../outside', project.path('repo/out'));
    symlinkSync('../../outside/secret', project.path('repo/src/file-out'));
    symlinkSync('out', project.path('repo/chain'));
    symlinkSync('../outside/new-file', project.path('repo/dangling-out'));
    const workspace = await openWorkspace({ root: project.path('repo') });
    expect(await workspace.locate('in/a.ts', 'write')).toMatchObject({ path: 'src/a.ts' });
    for (const path of ['out/secret', 'out/new', 'src/file-out', 'chain/secret', 'dangling-out', 'dangling-out/x']) {
      expect([
        path,
        await reasonOf(workspace.read(path)),
        await reasonOf(workspace.write(path, Buffer.from('x'))),
      ]).toEqual([path, 'outside', 'outside']);
    }
    expect(readdirSync(project.path('outside'))).toEqual(['secret']);
  });

  it('writes to what a link leads to and leaves the link', async () => {
    using project = twoFolders();
    symlinkSync('src/a.ts', project.path('repo/link'));
    symlinkSync('src/new.ts', project.path('repo/to-new'));
    const workspace = await openWorkspace({ root: project.path('repo') });
    await workspace.write('link', Buffer.from('changed\n'));
    await workspace.write('to-new', Buffer.from('made\n'));
    expect([
      readFileSync(project.path('repo/src/a.ts'), 'utf8'),
      readFileSync(project.path('repo/src/new.ts'), 'utf8'),
    ]).toEqual(['changed\n', 'made\n']);
    expect(lstatSync(project.path('repo/link')).isSymbolicLink()).toBe(true);
  });

  it('does not go round in a loop', async () => {
    using project = twoFolders();
    symlinkSync('loop-b', project.path('repo/loop-a'));
    symlinkSync('loop-a', project.path('repo/loop-b'));
    const workspace = await openWorkspace({ root: project.path('repo') });
    expect([
      await reasonOf(workspace.read('loop-a')),
      await reasonOf(workspace.write('loop-b/x', Buffer.from('x'))),
    ]).toEqual(['unreadable', 'unreadable']);
  });

  it('does not change the other name of a hard link', async () => {
    using project = twoFolders();
    linkSync(project.path('outside/secret'), project.path('repo/hard'));
    const workspace = await openWorkspace({ root: project.path('repo') });
    await workspace.write('hard', Buffer.from('mine\n'));
    expect(readFileSync(project.path('outside/secret'), 'utf8')).toBe('secret\n');
  });

  it('does not follow a folder that is swapped for a link between check and use', async () => {
    using project = twoFolders({ 'repo/folder/file': 'inside' });
    const workspace = await openWorkspace({ root: project.path('repo') });
    mkdirSync(project.path('outside/file-folder'));
    writeFileSync(project.path('outside/file'), 'outside');
    // A second process keeps swapping; every call must either work inside or be refused.
    const swapper = `
      const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
      const end = Date.now() + 20000;
      process.stdout.write('go');
      while (Date.now() < end) {
        try { renameSync('folder', 'kept'); symlinkSync('../outside', 'folder'); } catch {}
        try { unlinkSync('folder'); renameSync('kept', 'folder'); } catch {}
      }`;
    const child = spawn(process.execPath, ['-e', swapper], {
      cwd: project.path('repo'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const seen = new Map<string, number>();
    try {
      for (let round = 0; round < 500; round++) {
        const read = await workspace
          .read('folder/file')
          .then(String, (error) => (error instanceof WorkspaceError ? 'refused' : String(error)));
        seen.set(read, (seen.get(read) ?? 0) + 1);
        await workspace.write('folder/file', Buffer.from('inside')).catch((error) => {
          if (!(error instanceof WorkspaceError)) throw error;
        });
      }
    } finally {
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('close', resolve));
    }
    expect([...seen.keys()].filter((answer) => !['inside', 'refused'].includes(answer))).toEqual([]);
    expect(readFileSync(project.path('outside/file'), 'utf8')).toBe('outside');
    expect(readdirSync(project.path('outside')).sort()).toEqual(['file', 'file-folder', 'secret']);
  });
});

describe('reading', () => {
  it('gives the bytes as they are', async () => {
    using project = tempProject({ binary: Uint8Array.from([0, 255, 1]), empty: '' });
    const workspace = await openWorkspace({ root: project.root });
    expect([[...(await workspace.read('binary'))], (await workspace.read('empty')).length]).toEqual([[0, 255, 1], 0]);
  });

  it('refuses what is too large before it reads it', async () => {
    using project = tempProject({ sparse: '' });
    truncateSync(project.path('sparse'), 2_000_000_000);
    const workspace = await openWorkspace({ root: project.root });
    await expect(workspace.read('sparse')).rejects.toThrow(
      'sparse has 2,000,000,000 bytes; at most 10,000,000 can be read at once.',
    );
  });

  it('says what else a path can be', async () => {
    using project = tempProject({ 'folder/x': '', closed: 'x' });
    execFileSync('mkfifo', [project.path('pipe')]);
    const socket = createServer().listen(project.path('socket'));
    const workspace = await openWorkspace({ root: project.root });
    try {
      expect([
        await reasonOf(workspace.read('none')),
        await reasonOf(workspace.read('folder')),
        await reasonOf(workspace.read('pipe')),
        await reasonOf(workspace.read('socket')),
        await reasonOf(workspace.read('closed/below')),
        await reasonOf(workspace.list('closed')),
        await reasonOf(workspace.list('none')),
        await reasonOf(workspace.read('n'.repeat(300))),
      ]).toEqual([
        'missing',
        'not_a_file',
        'not_a_file',
        'not_a_file',
        'missing',
        'not_a_file',
        'missing',
        'unreadable',
      ]);
    } finally {
      socket.close();
    }
  });

  it('lists and looks, links unfollowed in lists', async () => {
    using project = tempProject({ 'folder/file': 'four' });
    symlinkSync('file', project.path('folder/link'));
    symlinkSync('/nowhere', project.path('folder/out'));
    chmodSync(project.path('folder/file'), 0o640);
    const workspace = await openWorkspace({ root: project.root });
    expect((await workspace.list('folder')).sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'file', kind: 'file' },
      { name: 'link', kind: 'symlink', target: 'file' },
      { name: 'out', kind: 'symlink', target: '/nowhere' },
    ]);
    expect(await workspace.stat('folder/link')).toEqual({
      kind: 'file',
      size: 4,
      mode: 0o640,
      mtimeMs: statSync(project.path('folder/file')).mtimeMs,
    });
    expect([
      (await workspace.stat('folder'))?.kind,
      await workspace.stat('none'),
      await workspace.stat('folder/file/x'),
    ]).toEqual(['directory', undefined, undefined]);
  });
});

describe('writing', () => {
  it('creates folders and files', async () => {
    using project = tempProject();
    const workspace = await openWorkspace({ root: project.root });
    await workspace.write('a/b/c.txt', Buffer.from('new'));
    expect(readFileSync(project.path('a/b/c.txt'), 'utf8')).toBe('new');
    expect(statSync(project.path('a/b/c.txt')).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  it.each([0o600, 0o755, 0o664])('keeps the mode %o', async (mode) => {
    using project = tempProject({ file: 'old' });
    chmodSync(project.path('file'), mode);
    const workspace = await openWorkspace({ root: project.root });
    await workspace.write('file', Buffer.from('new'));
    expect([readFileSync(project.path('file'), 'utf8'), statSync(project.path('file')).mode & 0o7777]).toEqual([
      'new',
      mode,
    ]);
  });

  it('leaves no temporary file behind, also when it fails', async () => {
    using project = tempProject({ 'folder/x': '', file: 'x' });
    const workspace = await openWorkspace({ root: project.root });
    await workspace.write('file', Buffer.from('y'));
    expect(await reasonOf(workspace.write('folder', Buffer.from('z')))).toBe('not_a_file');
    expect(await reasonOf(workspace.write('file/below', Buffer.from('z')))).toBe('missing');
    expect(readdirSync(project.root).sort()).toEqual(['file', 'folder']);
  });

  it('replaces the file, so that who reads it sees the old or the new', async () => {
    using project = tempProject({ file: 'old' });
    const before = statSync(project.path('file')).ino;
    const workspace = await openWorkspace({ root: project.root });
    await workspace.write('file', Buffer.from('new'));
    expect(statSync(project.path('file')).ino).not.toBe(before);
  });

  it('does not overwrite a file that is read-only', async () => {
    using project = tempProject({ file: 'old' });
    chmodSync(project.path('file'), 0o444);
    const workspace = await openWorkspace({ root: project.root });
    expect(await reasonOf(workspace.write('file', Buffer.from('new')))).toBe('protected');
    expect(readFileSync(project.path('file'), 'utf8')).toBe('old');
  });

  it('works when the project is reached through a link', async () => {
    using project = twoFolders();
    symlinkSync('repo', project.path('alias'));
    const workspace = await openWorkspace({ root: project.path('alias') });
    await workspace.write(join(project.path('alias'), 'src/a.ts'), Buffer.from('b\n'));
    expect([workspace.root, readFileSync(project.path('repo/src/a.ts'), 'utf8')]).toEqual([
      project.path('repo'),
      'b\n',
    ]);
  });

  it('has nothing pending and does not pretend', async () => {
    using project = tempProject();
    const workspace = await openWorkspace({ root: project.root });
    expect([workspace.pretends, workspace.pending().size]).toEqual([false, 0]);
  });
});

it('survives a file that other programs keep replacing', async () => {
  using project = tempProject({ file: 'one' });
  const workspace = await openWorkspace({ root: project.root });
  for (let round = 0; round < 50; round++) {
    const reading = workspace.read('file');
    writeFileSync(project.path('next'), `${round}`);
    renameSync(project.path('next'), project.path('file'));
    expect((await reading).length).toBeGreaterThan(0);
  }
  rmSync(project.path('file'));
  expect(await reasonOf(workspace.read('file'))).toBe('missing');
});
