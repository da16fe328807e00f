import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/platform/disk-workspace.ts';
import { overlayOn } from '../../../src/platform/overlay.ts';
import { createToolbox } from '../../../src/tools/toolbox.ts';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';
import { toolBench } from './tool-context.ts';

const files = {
  '.gitignore': 'dist/\n*.log\n!keep.log\n/only-here.txt\n',
  'README.md': '',
  'debug.log': '',
  'keep.log': '',
  'only-here.txt': '',
  'dist/out.js': '',
  'src/a.ts': '',
  'src/deep/b.ts': '',
  'src/deep/er/c.ts': '',
  'src/deep/er/still/d.ts': '',
  'src/only-here.txt': '',
  'src/.gitignore': 'generated\n',
  'src/generated/x.ts': '',
  'all-ignored/x.log': '',
  '.github/ci.yml': '',
  '.nex/memory.md': '',
};
const withoutGit = createToolbox({ env: { PATH: '/nowhere' } });

const tree = `.github/
  ci.yml
src/
  deep/
    er/
    b.ts
  .gitignore
  a.ts
  only-here.txt
.gitignore
README.md
keep.log`;

describe('list_directory', () => {
  it('gives a tree, folders first, ignored files left out', async () => {
    using project = gitProject(files, { commit: false });
    const bench = await toolBench(project);
    expect(await bench.call('list_directory', {})).toEqual({ ok: true, output: tree });
  });

  it('gives the same where there is no git to ask, but for folders with nothing to see in them', async () => {
    using project = tempProject(files);
    const bench = await toolBench(project, { tools: withoutGit });
    expect(await bench.output('list_directory', {})).toBe(tree.replace('src/', 'all-ignored/\nsrc/'));
  });

  it('goes as deep as it is told', async () => {
    using project = gitProject(files);
    const bench = await toolBench(project);
    expect(await bench.output('list_directory', { path: 'src/deep', depth: 1 })).toBe('er/\nb.ts');
    expect(await bench.output('list_directory', { path: 'src/deep', depth: 9 })).toBe(
      'er/\n  still/\n    d.ts\n  c.ts\nb.ts',
    );
    expect(await bench.output('list_directory', { path: '', depth: 0 })).toBe(
      '.github/\nsrc/\n.gitignore\nREADME.md\nkeep.log',
    );
  });

  it('shows what is tracked although a rule names it, and folders that are empty', async () => {
    using project = gitProject(files);
    project.git('add', '-f', 'dist/out.js');
    mkdirSync(project.path('empty'));
    const bench = await toolBench(project);
    expect(await bench.output('list_directory', { depth: 2 })).toContain('dist/\n  out.js\nempty/\n');
  });

  it('shows all of an ignored folder when asked for it', async () => {
    using project = gitProject(files);
    const bench = await toolBench(project);
    expect(await bench.output('list_directory', { path: 'dist' })).toBe('out.js');
    const plain = await toolBench(project, { tools: withoutGit });
    expect(await plain.output('list_directory', { path: 'dist' })).toBe('out.js');
  });

  it('names installed packages without going into them', async () => {
    using project = tempProject({ 'node_modules/x/index.js': '', 'a.js': '' });
    const bench = await toolBench(project, { tools: withoutGit });
    expect(await bench.output('list_directory', {})).toBe('node_modules/\na.js');
    expect(await bench.output('list_directory', { path: 'node_modules' })).toBe('x/\n  index.js');
  });

  it('marks links and does not follow them', async () => {
    using project = gitProject({ 'src/a.ts': '' });
    symlinkSync('src', project.path('alias'));
    symlinkSync('/etc', project.path('out'));
    const bench = await toolBench(project);
    expect(await bench.output('list_directory', {})).toBe('src/\n  a.ts\nalias -> src\nout -> /etc');
  });

  it('shows at most 400 entries, the highest first, and says how many more there are', async () => {
    const many: Record<string, string> = {};
    for (let folder = 0; folder < 20; folder++)
      for (let file = 0; file < 30; file++)
        many[`d${String(folder).padStart(2, '0')}/f${String(file).padStart(2, '0')}`] = '';
    using project = gitProject({ ...many, top: '' }, { commit: false });
    const bench = await toolBench(project);
    const lines = (await bench.output('list_directory', {})).split('\n');
    const shown = lines.filter((line) => !line.includes('…') || line.startsWith('d'));
    expect([shown.length, lines.at(-2), lines.at(-1)]).toEqual([
      400,
      'top',
      '… 221 more. List a folder by itself to see what is in it.',
    ]);
    expect([lines.includes('d19/ … 30 more'), lines.includes('  … 11 more')]).toEqual([true, true]);
  });

  it('says that more lies deeper when it did not look there', async () => {
    const many = Object.fromEntries(Array.from({ length: 450 }, (_, at) => [`d${String(at).padStart(3, '0')}/x`, '']));
    using project = tempProject(many);
    const bench = await toolBench(project);
    expect((await bench.output('list_directory', {})).split('\n').at(-1)).toBe(
      '… at least 50 more. List a folder by itself to see what is in it.',
    );
  });

  it('says what went wrong and what to try', async () => {
    using project = tempProject({ 'src/a.ts': '', '.git/config': '' });
    const bench = await toolBench(project);
    expect([
      await bench.error('list_directory', { path: 'scr' }),
      await bench.error('list_directory', { path: 'src/a.ts' }),
      await bench.error('list_directory', { path: '..' }),
      await bench.error('list_directory', { path: '.git' }),
    ]).toEqual([
      'There is no folder scr. Did you mean src?',
      'src/a.ts is a file; read_file shows it.',
      '.. is outside the project. Paths are relative to the project root.',
      ".git is part of git's own folder, which is closed. Use git commands (git log, git show, git config --get) to see what it holds.",
    ]);
  });

  it('says when there is nothing to see', async () => {
    using project = gitProject({ '.gitignore': '*.log\n', 'logs/a.log': '' }, { commit: false });
    mkdirSync(project.path('empty'));
    const bench = await toolBench(project);
    expect([
      await bench.output('list_directory', { path: 'empty' }),
      await bench.output('list_directory', { path: '.nex' }).catch(String),
    ]).toEqual(['empty is empty.', 'Error: There is no folder .nex.']);
  });

  it('keeps odd names on one line', async () => {
    using project = tempProject({ 'new\nline': '', 'a b': '' });
    const bench = await toolBench(project);
    expect(await bench.output('list_directory', {})).toBe('a b\n"new\\nline"');
  });

  it('sees what a dry run would have written', async () => {
    using project = gitProject({ 'src/a.ts': '' });
    const workspace = overlayOn(await openWorkspace({ root: project.root }));
    await workspace.write('src/new/b.ts', Buffer.from('x'));
    const bench = await toolBench(project, { workspace });
    expect(await bench.output('list_directory', {})).toBe('src/\n  new/\n    b.ts\n  a.ts');
  });
});
