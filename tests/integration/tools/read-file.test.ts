import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tempProject } from '../../support/temp-project.ts';
import { toolBench } from './tool-context.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join('');

describe('read_file', () => {
  it('gives numbered lines', async () => {
    using project = tempProject({ 'a.ts': 'one\n\n\tthree\n' });
    const bench = await toolBench(project);
    expect(await bench.call('read_file', { path: 'a.ts' })).toEqual({
      ok: true,
      output: '   1 | one\n   2 | \n   3 | \tthree',
    });
  });

  it('gives the lines asked for', async () => {
    using project = tempProject({ 'a.ts': numbered(20) });
    const bench = await toolBench(project);
    expect(await bench.output('read_file', { path: 'a.ts', start_line: 9, end_line: 10 })).toBe(
      '   9 | line 9\n  10 | line 10',
    );
    expect(await bench.output('read_file', { path: 'a.ts', start_line: 20, end_line: 99 })).toBe('  20 | line 20');
    expect(await bench.output('read_file', { path: 'a.ts', start_line: 0, end_line: 1 })).toBe('   1 | line 1');
  });

  it('says so instead of showing an unchanged file again, but shows the lines that are named', async () => {
    using project = tempProject({ 'a.ts': numbered(20) });
    const bench = await toolBench(project);
    await bench.output('read_file', { path: 'a.ts', end_line: 12 });
    await bench.output('read_file', { path: 'a.ts', start_line: 10 });
    expect(await bench.output('read_file', { path: './a.ts' })).toBe(
      'a.ts has not changed since all 20 lines of it were shown to you above. To see a part again, name its lines.',
    );
    expect(await bench.output('read_file', { path: 'a.ts', start_line: 20 })).toBe('  20 | line 20');
    await bench.output('write_file', { path: 'a.ts', edits: [{ old_text: 'line 3\n', new_text: 'line three\n' }] });
    expect(await bench.output('read_file', { path: 'a.ts' })).toContain('   3 | line three');
    project.write('a.ts', numbered(21));
    expect(await bench.output('read_file', { path: 'a.ts' })).toContain('  21 | line 21');
  });

  it('gives a long file page by page and says how to go on', async () => {
    using project = tempProject({ 'a.txt': numbered(4_500) });
    const bench = await toolBench(project);
    const first = (await bench.output('read_file', { path: 'a.txt' })).split('\n');
    expect([first.length, first.at(-2), first.at(-1)]).toEqual([
      2_001,
      '2000 | line 2000',
      '[nex: 2,500 more lines of 4500; go on with start_line 2001]',
    ]);
    const last = (await bench.output('read_file', { path: 'a.txt', start_line: 4_001 })).split('\n');
    expect([last.length, last[0], last.at(-1)]).toEqual([500, '4001 | line 4001', '4500 | line 4500']);
  });

  it('gives at most 50 kB at a time', async () => {
    using project = tempProject({ 'a.txt': `${'\u00e9'.repeat(500)}\n`.repeat(100) });
    const bench = await toolBench(project);
    const page = await bench.output('read_file', { path: 'a.txt' });
    expect(Buffer.byteLength(page)).toBeLessThanOrEqual(50_200);
    expect(page).toMatch(/\[nex: 51 more lines of 100; go on with start_line 50\]$/);
  });

  it('cuts a line that is too long, and says so', async () => {
    using project = tempProject({ 'a.min.js': `${'x'.repeat(60_000)}\nnext\n` });
    const bench = await toolBench(project);
    expect(await bench.output('read_file', { path: 'a.min.js' })).toBe(
      `   1 | ${'x'.repeat(2_000)}[nex: 58,000 characters cut]\n   2 | next`,
    );
  });

  it.each([
    ['Latin-1', Buffer.from('d\u00e9j\u00e0\n', 'latin1'), '   1 | d\u00e9j\u00e0\n(Latin-1 or the like, not UTF-8)'],
    ['UTF-16', Buffer.from('\ufeffwide\r\n', 'utf16le'), '   1 | wide\n(UTF-16LE)'],
    ['a byte order mark', Buffer.from('\ufeffmarked\n'), '   1 | marked\n(UTF-8 with BOM)'],
    ['Windows line endings', Buffer.from('a\r\nb\r\n'), '   1 | a\n   2 | b'],
    ['no newline at the end', Buffer.from('a\nb'), '   1 | a\n   2 | b\n(no newline at the end of the file)'],
    ['nothing in it', Buffer.alloc(0), 'odd is empty.'],
  ])('reads a file with %s', async (_, bytes, output) => {
    using project = tempProject({ odd: bytes });
    const bench = await toolBench(project);
    expect(await bench.call('read_file', { path: 'odd' })).toEqual({ ok: true, output });
  });

  it('names a binary file and does not show it', async () => {
    using project = tempProject({ 'a.png': Buffer.from('89504e470d0a1a0a0000000d', 'hex') });
    const bench = await toolBench(project);
    expect(await bench.error('read_file', { path: 'a.png' })).toBe(
      'a.png is not text (PNG image, 12 bytes), so it is not shown.',
    );
  });

  it('does not read what is far too large', async () => {
    using project = tempProject({ huge: '' });
    truncateSync(project.path('huge'), 2_000_000_000);
    const bench = await toolBench(project);
    expect(await bench.error('read_file', { path: 'huge' })).toBe(
      'huge has 2,000 MB, too much to read here. Look at parts of it with run_command (head, tail, sed -n, grep).',
    );
  });

  it('says what went wrong and what to try', async () => {
    using project = tempProject({ 'src/cart.ts': 'x\n', 'src/list.ts': '', 'short.ts': 'one\n' });
    execFileSync('mkfifo', [project.path('pipe')]);
    symlinkSync('/etc/hostname', project.path('out'));
    const bench = await toolBench(project);
    expect([
      await bench.error('read_file', { path: 'src/crat.ts' }),
      await bench.error('read_file', { path: 'src/Cart.tsx' }),
      await bench.error('read_file', { path: 'lib/x.ts' }),
      await bench.error('read_file', { path: 'src' }),
      await bench.error('read_file', { path: 'pipe' }),
      await bench.error('read_file', { path: 'out' }),
      await bench.error('read_file', { path: '../x' }),
      await bench.error('read_file', { path: 'short.ts', start_line: 5 }),
      await bench.error('read_file', { path: 'src/cart.ts', start_line: 1, end_line: 0 }),
    ]).toEqual([
      'There is no src/crat.ts. Did you mean src/cart.ts?',
      'There is no src/Cart.tsx. Did you mean src/cart.ts?',
      'There is no lib/x.ts. There is no folder lib either.',
      'src is a folder; list_directory shows what is in it.',
      'pipe is a pipe, socket or device, not a file.',
      'out is outside the project. Paths are relative to the project root.',
      '../x is outside the project. Paths are relative to the project root.',
      'short.ts has 1 line; there is no line 5.',
      'end_line 0 comes before start_line 1.',
    ]);
  });

  it('reads added folders by their absolute path', async () => {
    using project = tempProject({ 'repo/a': '', 'lib/b.ts': 'lib\n' });
    const { openWorkspace } = await import('../../../src/platform/disk-workspace.ts');
    const workspace = await openWorkspace({ root: project.path('repo'), added: [project.path('lib')] });
    const bench = await toolBench(project, { workspace });
    expect(await bench.output('read_file', { path: project.path('lib/b.ts') })).toBe('   1 | lib');
  });

  it('notes what was seen: all of it, a part, nothing', async () => {
    using project = tempProject({ 'a.ts': numbered(10), 'b.ts': numbered(10), 'c.ts': '' });
    const bench = await toolBench(project);
    await bench.output('read_file', { path: 'a.ts', end_line: 5 });
    await bench.output('read_file', { path: './a.ts', start_line: 6 });
    await bench.output('read_file', { path: 'b.ts', start_line: 2 });
    await bench.output('read_file', { path: 'c.ts' });
    const { seen } = bench.context;
    const content = Buffer.from(numbered(10));
    expect([
      seen.of('a.ts', content),
      seen.of('b.ts', content),
      seen.of('c.ts', Buffer.alloc(0)),
      seen.of('d.ts', content),
    ]).toEqual(['whole', 'part', 'whole', 'never']);
  });
});
