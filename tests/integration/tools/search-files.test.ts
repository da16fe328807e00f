import { chmodSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/platform/disk-workspace.ts';
import { findProgram } from '../../../src/platform/find-program.ts';
import { overlayOn } from '../../../src/platform/overlay.ts';
import { findRipgrep } from '../../../src/platform/ripgrep.ts';
import { type ChooseEngines, searchFiles } from '../../../src/tools/search-files.ts';
import { gitEngine } from '../../../src/tools/search-git.ts';
import { ripgrepEngine } from '../../../src/tools/search-ripgrep.ts';
import { createToolbox } from '../../../src/tools/toolbox.ts';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { type TempProject, tempProject } from '../../support/temp-project.ts';
import { toolBench } from './tool-context.ts';

const { env } = process;
const gitOf = (root: string, signal: AbortSignal) => {
  const git = findProgram('git', { env });
  if (git === undefined) throw new Error('git is missing');
  return { git, root, signal };
};

const ENGINES: Record<string, ChooseEngines> = {
  ripgrep: async ({ root }, signal) => [
    ripgrepEngine({ rg: (await findRipgrep({ env })) ?? '', root, env, git: gitOf(root, signal) }),
  ],
  git: async ({ root }, signal) => [gitEngine(gitOf(root, signal))],
  'built-in': async () => [],
};
const engineNames = Object.keys(ENGINES);

/** A search tool that can only use this engine. */
const bench = (project: TempProject, engine: string, options: Parameters<typeof toolBench>[1] = {}) =>
  toolBench(project, { ...options, tools: [searchFiles(ENGINES[engine] ?? ENGINES['built-in'] ?? (async () => []))] });

function sampleProject(): GitProject {
  const project = gitProject({
    '.gitignore': 'ignored/\n*.log\n',
    'src/cart.ts':
      'import { tax } from "./tax";\n\nexport function total(lines) {\n  let sum = 0;\n  for (const line of lines) sum += line.price;\n  return sum;\n}\n',
    'src/tax.ts': 'export const tax = 0.2; // TOTAL of all\n',
    'src/windows.ts': 'const total = 1;\r\nconst end = total;\r\n',
    '.github/ci.yml': 'total: yes\n',
    '.env': 'TOTAL_SECRET=total\n',
    '.nex/memory.md': 'total\n',
    'ignored/x.ts': 'total\n',
    'debug.log': 'total\n',
    'a.bin': Buffer.from('total\0\n'),
    'caf\u00e9 men\u00fc.md': 'na\u00efve total\n',
    'latin.txt': Buffer.from('d\u00e9j\u00e0 total\n', 'latin1'),
    'minified.js': `${'x'.repeat(5_000)}total${'y'.repeat(5_000)}\n`,
    'empty.ts': '',
    '-rf': 'total\n',
  });
  symlinkSync('src/cart.ts', project.path('link.ts'));
  symlinkSync('/etc', project.path('out'));
  project.write('untracked.ts', 'total\n');
  return project;
}

describe.each(engineNames)('search_files by %s', (engine) => {
  it('shows matches with two lines of context', async () => {
    using project = sampleProject();
    const { output } = await bench(project, engine);
    expect(await output('search_files', { pattern: 'sum \\+?= ', path: 'src' })).toBe(
      '2 matches in 1 file.\n\nsrc/cart.ts\n2-\n3-export function total(lines) {\n4:  let sum = 0;\n5:  for (const line of lines) sum += line.price;\n6-  return sum;\n7-}',
    );
  });

  it('separates places that are far apart', async () => {
    using project = gitProject({
      'a.txt': Array.from({ length: 20 }, (_, at) => (at % 10 === 0 ? 'hit\n' : `${at}\n`)).join(''),
    });
    const { output } = await bench(project, engine);
    expect(await output('search_files', { pattern: 'hit' })).toBe(
      '2 matches in 1 file.\n\na.txt\n1:hit\n2-1\n3-2\n--\n9-8\n10-9\n11:hit\n12-11\n13-12',
    );
  });

  it('looks into a single file, and into an ignored folder when asked for it', async () => {
    using project = sampleProject();
    const { output } = await bench(project, engine);
    expect(await output('search_files', { pattern: 'total', path: 'src/tax.ts' })).toBe(
      'No matches for total in src/tax.ts.',
    );
    expect(await output('search_files', { pattern: 'total', path: 'ignored' })).toBe(
      '1 match in 1 file.\n\nignored/x.ts\n1:total',
    );
    expect(await output('search_files', { pattern: 'total', path: 'debug.log' })).toBe(
      '1 match in 1 file.\n\ndebug.log\n1:total',
    );
    expect(await output('search_files', { pattern: 'total', path: '.nex' })).toBe(
      '1 match in 1 file.\n\n.nex/memory.md\n1:total',
    );
  });

  it('shows what lies round the match in a long line', async () => {
    using project = sampleProject();
    const { output } = await bench(project, engine);
    const found = await output('search_files', { pattern: 'total', path: 'minified.js' });
    expect(found).toMatch(/^1 match in 1 file\.\n\nminified\.js\n1:…x{80}totaly{155}…$/);
  });

  it('shows the first fifty of many, then counts by file', async () => {
    using project = gitProject({ 'a.txt': 'hit\n'.repeat(30), 'b.txt': 'hit\n'.repeat(200), 'c.txt': 'hit\n' });
    const { output } = await bench(project, engine);
    const lines = (await output('search_files', { pattern: 'hit' })).split('\n');
    expect([lines[0], lines.filter((line) => /^\d+:/.test(line)).length]).toEqual([
      '231 matches in 3 files; the first 50 are shown.',
      52 - 2,
    ]);
    expect(lines.slice(-4)).toEqual(['Matches by file:', '200 b.txt', '30 a.txt', '1 c.txt']);
  });

  it('says what is wrong with a pattern, and how to search for the text itself', async () => {
    using project = sampleProject();
    const { error } = await bench(project, engine);
    expect(await error('search_files', { pattern: 'total(' })).toMatch(
      /^"total\(" is no regular expression: .+\. For this text itself, search for total\\\($/i,
    );
  });

  it('takes no pattern, path or glob for an option', async () => {
    using project = sampleProject();
    const script = project.path('evil.sh');
    writeFileSync(script, `#!/bin/sh\ntouch ${project.path('ran')}\n`);
    chmodSync(script, 0o755);
    const { call } = await bench(project, engine);
    for (const hostile of [
      `--pre=${script}`,
      `--pre-glob=*`,
      `-O${script}`,
      `--open-files-in-pager=${script}`,
      '-f',
      '--files',
      '-v',
      '; touch ran',
      '$(touch ran)',
      '`touch ran`',
      '--',
      '-',
    ]) {
      await call('search_files', { pattern: hostile });
      await call('search_files', { pattern: 'total', glob: hostile });
      await call('search_files', { pattern: 'total', path: hostile }).catch(() => {});
    }
    expect(existsSync(project.path('ran'))).toBe(false);
    expect(await call('search_files', { pattern: 'total', path: '-rf' })).toEqual({
      ok: true,
      output: '1 match in 1 file.\n\n-rf\n1:total',
    });
    expect(await call('search_files', { pattern: '--pre' })).toMatchObject({
      ok: true,
      output: expect.stringContaining('No matches'),
    });
  });

  it('sees what a dry run would have written, and no longer what it would have replaced', async () => {
    using project = sampleProject();
    const workspace = overlayOn(await openWorkspace({ root: project.root }));
    await workspace.write('src/cart.ts', Buffer.from('nothing of it\n'));
    await workspace.write('src/new.ts', Buffer.from('sum = total\n'));
    const { output } = await bench(project, engine, { workspace });
    expect(await output('search_files', { pattern: 'sum' })).toBe('1 match in 1 file.\n\nsrc/new.ts\n1:sum = total');
  });

  it('lets what it showed be edited', async () => {
    using project = sampleProject();
    const { context, output } = await bench(project, engine);
    await output('search_files', { pattern: 'tax = 0.2' });
    expect(context.seen.of('src/tax.ts', Buffer.from('export const tax = 0.2; // TOTAL of all\n'))).toBe('whole');
  });

  it('stops when the caller gives up', async () => {
    using project = sampleProject();
    const signal = AbortSignal.abort(new Error('stopped'));
    const { call } = await bench(project, engine, { context: { signal } });
    await expect(call('search_files', { pattern: 'total' })).rejects.toThrow('stopped');
  });
});

describe('search_files by any engine', () => {
  it.each([
    { pattern: 'total' },
    { pattern: '(?i)TOTAL' },
    { pattern: '\\btotal\\b' },
    { pattern: 'total;$' },
    { pattern: '^export (const|function) \\w+' },
    { pattern: 'na.ve' },
    { pattern: '[[:upper:]]{5}' },
    { pattern: '(?:sum|tax)\\s*=' },
    { pattern: '\\d+\\.\\d+' },
    { pattern: '^$' },
    { pattern: 'total(?=\\()' },
    { pattern: 'total', glob: '*.ts' },
    { pattern: 'total', glob: 'src/**' },
    { pattern: 'total', glob: '*.{ts,md}' },
    { pattern: 'total', glob: '!src/**' },
    { pattern: 'total', glob: '*.log' },
    { pattern: 'total', path: 'src' },
    { pattern: 'total', path: '.github' },
    { pattern: 'nowhere to be found' },
  ])('answers the same: %j', async (input) => {
    using project = sampleProject();
    const answers = await Promise.all(
      engineNames.map(async (engine) => (await bench(project, engine)).output('search_files', input)),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).not.toMatch(/\.env|ignored\/|debug\.log|memory\.md|a\.bin|link\.ts/);
  });

  it('finds what is tracked although it is ignored', async () => {
    using project = sampleProject();
    project.git('add', '-f', 'debug.log');
    const found = await Promise.all(
      ['ripgrep', 'git'].map(async (engine) =>
        (await bench(project, engine)).output('search_files', { pattern: '^total$', glob: '*.log' }),
      ),
    );
    expect(found).toEqual(Array(2).fill('1 match in 1 file.\n\ndebug.log\n1:total'));
  });

  it('knows nested ignore rules without git', async () => {
    using project = tempProject({
      '.gitignore': '*.tmp\nbuild\n',
      'a.tmp': 'x',
      'a.ts': 'x',
      'build/b.ts': 'x',
      'sub/.gitignore': '!keep.tmp\n/c.ts\n',
      'sub/keep.tmp': 'x',
      'sub/c.ts': 'x',
      'sub/deep/c.ts': 'x',
    });
    const answers = await Promise.all(
      ['ripgrep', 'built-in'].map(async (engine) =>
        (await bench(project, engine)).output('search_files', { pattern: 'x' }),
      ),
    );
    expect(answers).toEqual(
      Array(2).fill('3 matches in 3 files.\n\na.ts\n1:x\n\nsub/deep/c.ts\n1:x\n\nsub/keep.tmp\n1:x'),
    );
  });

  it('uses what is there, by itself', async () => {
    using project = sampleProject();
    const { output } = await toolBench(project);
    expect(await output('search_files', { pattern: 'sum;', path: 'src' })).toContain('1 match in 1 file.');
    const bare = await toolBench(project, { tools: createToolbox({ env: { PATH: '' }, ripgrep: '/none/such' }) });
    expect(await bare.output('search_files', { pattern: 'sum;', path: 'src' })).toContain('1 match in 1 file.');
  });

  it('never looks into a file of secrets', async () => {
    using project = sampleProject();
    const { error } = await bench(project, 'ripgrep');
    expect(await error('search_files', { pattern: 'TOTAL_SECRET', path: '.env' })).toBe(
      '.env looks like a file of secrets, which a search never reads.',
    );
  });

  it('says what went wrong and what to try', async () => {
    using project = sampleProject();
    const { error, output } = await bench(project, 'ripgrep');
    expect([
      await error('search_files', { pattern: '' }),
      await error('search_files', { pattern: 'a\\nb' }),
      await error('search_files', { pattern: 'a\nb' }),
      await error('search_files', { pattern: 'x', path: 'scr' }),
      await error('search_files', { pattern: 'x', path: 'out' }),
      await output('search_files', { pattern: 'Nowhere', path: 'src', glob: '*.ts' }),
      await output('search_files', { pattern: 'a\\\\n' }),
    ]).toEqual([
      'The pattern is empty.',
      ...Array(2).fill(
        'The search goes line by line: the pattern cannot hold a line break. Search for one of the lines.',
      ),
      'There is no scr. Did you mean src?',
      'out is outside the project. Paths are relative to the project root.',
      'No matches for Nowhere in src (glob *.ts). Case matters; (?i) in front ignores it.',
      'No matches for a\\\\n.',
    ]);
  });

  it('searches added folders', async () => {
    using project = tempProject({ 'repo/a.ts': 'x', 'lib/b.ts': 'hit\n', 'lib/c.md': 'hit\n' });
    const workspace = await openWorkspace({ root: project.path('repo'), added: [project.path('lib')] });
    for (const engine of engineNames) {
      const { output } = await bench(project, engine, { workspace });
      expect(await output('search_files', { pattern: 'hit', path: project.path('lib'), glob: '*.ts' })).toBe(
        `1 match in 1 file.\n\n${project.path('lib/b.ts')}\n1:hit`,
      );
    }
  });
});
