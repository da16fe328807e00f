import { chmodSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/platform/disk-workspace.ts';
import { overlayOn } from '../../../src/platform/overlay.ts';
import { type Workspace, WorkspaceError } from '../../../src/platform/workspace.ts';
import { type TempProject, tempProject } from '../../support/temp-project.ts';

const overlay = async (project: TempProject): Promise<Workspace> =>
  overlayOn(await openWorkspace({ root: project.root }));
const names = async (workspace: Workspace, path: string) =>
  (await workspace.list(path)).map(({ name, kind }) => `${kind} ${name}`).sort();
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'allowed',
    (error: unknown) => (error instanceof WorkspaceError ? error.reason : `threw ${String(error)}`),
  );

describe('a dry run', () => {
  it('sees its own writes and leaves the disk alone', async () => {
    using project = tempProject({ 'src/a.ts': 'old' });
    const workspace = await overlay(project);
    await workspace.write('src/a.ts', Buffer.from('new'));
    await workspace.write('src/deep/b.ts', Buffer.from('made'));
    expect([String(await workspace.read('src/a.ts')), String(await workspace.read('./src/deep/b.ts'))]).toEqual([
      'new',
      'made',
    ]);
    expect([readFileSync(project.path('src/a.ts'), 'utf8'), readdirSync(project.path('src'))]).toEqual([
      'old',
      ['a.ts'],
    ]);
    expect(workspace.pretends).toBe(true);
  });

  it('lists and looks at what it would have written', async () => {
    using project = tempProject({ 'src/a.ts': 'old' });
    const workspace = await overlay(project);
    await workspace.write('src/a.ts', Buffer.from('newer'));
    await workspace.write('made/deep/b.ts', Buffer.from('x'));
    expect([
      await names(workspace, '.'),
      await names(workspace, 'src'),
      await names(workspace, 'made'),
      await names(workspace, 'made/deep'),
    ]).toEqual([['directory made', 'directory src'], ['file a.ts'], ['directory deep'], ['file b.ts']]);
    expect([
      (await workspace.stat('src/a.ts'))?.size,
      (await workspace.stat('made'))?.kind,
      await workspace.stat('none'),
    ]).toEqual([5, 'directory', undefined]);
  });

  it('tells what it holds: the bytes at the very beginning and now', async () => {
    using project = tempProject({ 'a.ts': 'one' });
    const workspace = await overlay(project);
    await workspace.write('a.ts', Buffer.from('two'));
    await workspace.write('a.ts', Buffer.from('three'));
    await workspace.write('b.ts', Buffer.from('new'));
    expect(workspace.pending()).toEqual(
      new Map([
        ['a.ts', { before: Buffer.from('one'), after: Buffer.from('three') }],
        ['b.ts', { before: undefined, after: Buffer.from('new') }],
      ]),
    );
  });

  it('refuses what would be refused for real', async () => {
    using project = tempProject({ 'folder/x': '', file: '', closed: 'x' });
    chmodSync(project.path('closed'), 0o444);
    symlinkSync('/tmp', project.path('out'));
    const workspace = await overlay(project);
    await workspace.write('made/x', Buffer.from(''));
    const write = (path: string) => reasonOf(workspace.write(path, Buffer.from('y')));
    expect([
      await write('folder'),
      await write('file/below'),
      await write('closed'),
      await write('out/x'),
      await write('.git/config'),
      await write('.nex/a'),
      await write('../x'),
      await write('made'),
      await write('made/x/y'),
    ]).toEqual([
      'not_a_file',
      'missing',
      'protected',
      'outside',
      'protected',
      'protected',
      'outside',
      'not_a_file',
      'missing',
    ]);
    expect([await reasonOf(workspace.read('made')), await reasonOf(workspace.list('none'))]).toEqual([
      'not_a_file',
      'missing',
    ]);
  });

  it('does not hand out its own bytes', async () => {
    using project = tempProject();
    const workspace = await overlay(project);
    const given = Buffer.from('abc');
    await workspace.write('a', given);
    given.fill('x');
    (await workspace.read('a')).fill('y');
    expect(String(await workspace.read('a'))).toBe('abc');
  });

  it('writes through a link to what it leads to', async () => {
    using project = tempProject({ 'real.ts': 'old' });
    symlinkSync('real.ts', project.path('link.ts'));
    const workspace = await overlay(project);
    await workspace.write('link.ts', Buffer.from('new'));
    expect([String(await workspace.read('real.ts')), [...workspace.pending().keys()]]).toEqual(['new', ['real.ts']]);
  });
});
