import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openWorkspace } from '../../../src/platform/disk-workspace.ts';
import { overlayOn } from '../../../src/platform/overlay.ts';
import { type Encoding, encodeText } from '../../../src/platform/text-file.ts';
import { tempProject } from '../../support/temp-project.ts';
import { type ToolBench, toolBench } from './tool-context.ts';

const edits = (...pairs: Array<[string, string]>) => pairs.map(([old_text, new_text]) => ({ old_text, new_text }));

async function seen(bench: ToolBench, path: string): Promise<ToolBench> {
  await bench.output('read_file', { path });
  return bench;
}

describe('write_file with content', () => {
  it('creates a file and its folders', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    expect(await bench.call('write_file', { path: 'src/new/a.ts', content: 'one\ntwo' })).toEqual({
      ok: true,
      output: 'Created src/new/a.ts, 2 lines.',
      changed: ['src/new/a.ts'],
    });
    expect(readFileSync(project.path('src/new/a.ts'), 'utf8')).toBe('one\ntwo');
  });

  it('may create an empty file', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    expect(await bench.call('write_file', { path: '__init__.py', content: '' })).toMatchObject({ ok: true });
    expect(readFileSync(project.path('__init__.py'), 'utf8')).toBe('');
  });

  it('replaces a file that was read whole, and shows what changed', async () => {
    using project = tempProject({ 'a.ts': 'one\ntwo\nthree\n' });
    const bench = await seen(await toolBench(project), 'a.ts');
    expect(await bench.call('write_file', { path: 'a.ts', content: 'one\n2\nthree\n' })).toEqual({
      ok: true,
      output: 'Changed a.ts, +1 -1 lines.\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three',
      changed: ['a.ts'],
    });
  });

  it('does not replace what was never read, read in part, or changed since', async () => {
    using project = tempProject({ 'never.ts': 'a\nb\n', 'part.ts': 'a\nb\n', 'stale.ts': 'a\nb\n' });
    const bench = await toolBench(project);
    await bench.output('read_file', { path: 'part.ts', end_line: 1 });
    await seen(bench, 'stale.ts');
    writeFileSync(project.path('stale.ts'), 'theirs\n');
    const write = (path: string) => bench.error('write_file', { path, content: 'mine\n' });
    expect([await write('never.ts'), await write('part.ts'), await write('stale.ts')]).toEqual([
      'never.ts exists and you have not read it. Read it first.',
      'part.ts was not changed. You have read only a part of it, and content replaces all of it. Use edits, or read the rest first.',
      'stale.ts has changed since you read it. Read it again.',
    ]);
    expect(['never.ts', 'part.ts', 'stale.ts'].map((path) => readFileSync(project.path(path), 'utf8'))).toEqual([
      'a\nb\n',
      'a\nb\n',
      'theirs\n',
    ]);
  });

  it('does not wipe a file by mistake', async () => {
    using project = tempProject({ 'a.ts': 'precious\n' });
    const bench = await seen(await toolBench(project), 'a.ts');
    expect(await bench.error('write_file', { path: 'a.ts', content: '' })).toContain('would wipe the file');
    expect(readFileSync(project.path('a.ts'), 'utf8')).toBe('precious\n');
  });

  it('knows what it wrote itself', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    await bench.output('write_file', { path: 'a.ts', content: 'one\n' });
    await bench.output('write_file', { path: 'a.ts', edits: edits(['one', 'two']) });
    await bench.output('write_file', { path: 'a.ts', content: 'three\n' });
    expect(readFileSync(project.path('a.ts'), 'utf8')).toBe('three\n');
  });

  it('says when nothing changes, and leaves the file alone', async () => {
    using project = tempProject({ 'a.ts': 'same\r\n' });
    const before = statSync(project.path('a.ts')).ino;
    const bench = await seen(await toolBench(project), 'a.ts');
    expect(await bench.call('write_file', { path: 'a.ts', content: 'same\n' })).toEqual({
      ok: true,
      output: 'a.ts has this content already; nothing was written.',
    });
    expect(statSync(project.path('a.ts')).ino).toBe(before);
  });

  it.each<[string, Encoding, string, string, string]>([
    ['Windows line endings', 'utf-8', 'a\r\nb\r\n', 'a\nc\n', 'a\r\nc\r\n'],
    ['a byte order mark', 'utf-8-bom', 'a\n', 'b\n', 'b\n'],
    ['UTF-16', 'utf-16le', 'a\r\n', '\u2713\n', '\u2713\r\n'],
    ['Latin-1', 'latin-1', '\u00e9\n', '\u00e0\n', '\u00e0\n'],
    ['no newline at the end', 'utf-8', 'a\nb', 'a\nc', 'a\nc'],
  ])('keeps %s', async (_, encoding, before, content, after) => {
    const bytes = (text: string) => {
      const encoded = encodeText(text, encoding);
      return encoded.ok ? encoded.bytes : Buffer.alloc(0);
    };
    using project = tempProject({ file: bytes(before) });
    const bench = await seen(await toolBench(project), 'file');
    await bench.output('write_file', { path: 'file', content });
    expect(readFileSync(project.path('file'))).toEqual(bytes(after));
  });

  it('refuses a character that the encoding of the file does not have', async () => {
    using project = tempProject({ file: Buffer.from('\u00e9\n', 'latin1') });
    const bench = await seen(await toolBench(project), 'file');
    expect(await bench.error('write_file', { path: 'file', content: '\u2713\n' })).toBe(
      'file was not changed: it is Latin-1, which has no "\u2713". Use characters that it has, or convert the file first (iconv).',
    );
  });

  it('keeps the mode', async () => {
    using project = tempProject({ 'run.sh': 'echo 1\n' });
    chmodSync(project.path('run.sh'), 0o755);
    const bench = await seen(await toolBench(project), 'run.sh');
    await bench.output('write_file', { path: 'run.sh', content: 'echo 2\n' });
    expect(statSync(project.path('run.sh')).mode & 0o777).toBe(0o755);
  });

  it('puts back a line that was shown cut', async () => {
    const long = 'x'.repeat(5_000);
    using project = tempProject({ 'a.js': `first\n${long}\n` });
    const bench = await toolBench(project);
    const shown = (await bench.output('read_file', { path: 'a.js' })).split('\n').map((line) => line.slice(7));
    await bench.output('write_file', { path: 'a.js', content: `FIRST\n${shown[1]}\n` });
    expect(readFileSync(project.path('a.js'), 'utf8')).toBe(`FIRST\n${long}\n`);
  });

  it('never stores a mark of its own', async () => {
    using project = tempProject({ 'a.txt': 'a\nb\n' });
    const bench = await seen(await toolBench(project), 'a.txt');
    const mark = '[nex: 40 more lines of 42; go on with start_line 3]';
    expect(await bench.error('write_file', { path: 'a.txt', content: `a\nb\n${mark}\n` })).toContain(`"${mark}"`);
    expect(await bench.error('write_file', { path: 'new.txt', content: `a\n${mark}\n` })).toContain(`"${mark}"`);
    expect([readFileSync(project.path('a.txt'), 'utf8'), existsSync(project.path('new.txt'))]).toEqual([
      'a\nb\n',
      false,
    ]);
  });
});

describe('write_file with edits', () => {
  it('changes what they name and nothing else', async () => {
    using project = tempProject({ 'a.ts': 'const a = 1;\nconst b = 2;\nconst c = 3;\n' });
    const bench = await seen(await toolBench(project), 'a.ts');
    expect(
      await bench.call('write_file', {
        path: 'a.ts',
        edits: edits(['a = 1', 'a = 10'], ['c = 3;\n', 'c = 30;\nconst d = 4;\n']),
      }),
    ).toEqual({
      ok: true,
      output:
        'Changed a.ts, +3 -2 lines.\n@@ -1,3 +1,4 @@\n-const a = 1;\n+const a = 10;\n const b = 2;\n-const c = 3;\n+const c = 30;\n+const d = 4;',
      changed: ['a.ts'],
    });
    expect(readFileSync(project.path('a.ts'), 'utf8')).toBe(
      'const a = 10;\nconst b = 2;\nconst c = 30;\nconst d = 4;\n',
    );
  });

  it('needs the file to have been read, if only in part, and unchanged since', async () => {
    using project = tempProject({ 'a.ts': 'a\nb\n', 'b.ts': 'a\nb\n' });
    const bench = await toolBench(project);
    expect(await bench.error('write_file', { path: 'a.ts', edits: edits(['a', 'x']) })).toBe(
      'a.ts exists and you have not read it. Read it first.',
    );
    await bench.output('read_file', { path: 'a.ts', end_line: 1 });
    await bench.output('write_file', { path: 'a.ts', edits: edits(['b', 'x']) });
    await seen(bench, 'b.ts');
    writeFileSync(project.path('b.ts'), 'changed a\n');
    expect(await bench.error('write_file', { path: 'b.ts', edits: edits(['a', 'x']) })).toBe(
      'b.ts has changed since you read it. Read it again.',
    );
  });

  it('applies none when one does not fit', async () => {
    using project = tempProject({ 'a.ts': 'one\ntwo\n' });
    const bench = await seen(await toolBench(project), 'a.ts');
    expect(await bench.error('write_file', { path: 'a.ts', edits: edits(['one', '1'], ['tow', '2']) })).toBe(
      'a.ts was not changed. old_text of edit 2 is not in the file. Nothing in it is similar: read the file again.',
    );
    expect(readFileSync(project.path('a.ts'), 'utf8')).toBe('one\ntwo\n');
  });

  it('can empty a file', async () => {
    using project = tempProject({ 'a.ts': 'all\n' });
    const bench = await seen(await toolBench(project), 'a.ts');
    await bench.output('write_file', { path: 'a.ts', edits: edits(['all\n', '']) });
    expect(readFileSync(project.path('a.ts'), 'utf8')).toBe('');
  });

  it('leaves every byte outside them alone, in any encoding', async () => {
    using project = tempProject();
    const line = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\t', '\u00e9', '\u00ff'), maxLength: 8 });
    const lines = fc
      .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 6 })
      .map((parts) => parts.map(([text, end]) => text + end).join(''));
    const encoding = fc.constantFrom<Encoding>('utf-8', 'utf-8-bom', 'utf-16le', 'utf-16be', 'latin-1');
    await fc.assert(
      fc.asyncProperty(lines, lines, line, encoding, async (before, after, put, kind) => {
        // The letter keeps Latin-1 bytes from being UTF-8 by chance.
        const bytes = (word: string) => {
          const encoded = encodeText(`\u00e9|${before}<<${word}>>${after}`, kind);
          return encoded.ok ? encoded.bytes : Buffer.alloc(0);
        };
        writeFileSync(project.path('file'), bytes('word'));
        const bench = await seen(await toolBench(project), 'file');
        await bench
          .output('write_file', { path: 'file', edits: edits(['<<word>>', `<<${put}>>`]) })
          .catch((error: Error) => {
            expect([put, error.message]).toEqual(['word', expect.stringContaining('nothing would change')]);
          });
        expect(readFileSync(project.path('file'))).toEqual(bytes(put));
      }),
      { numRuns: 100 },
    );
  });
});

describe('write_file', () => {
  it('wants content or edits, not both and not neither', async () => {
    using project = tempProject();
    const bench = await toolBench(project);
    expect([
      await bench.error('write_file', { path: 'a' }),
      await bench.error('write_file', { path: 'a', content: 'x', edits: edits(['a', 'b']) }),
    ]).toEqual(['Give either content or edits.', 'Give either content or edits.']);
    expect(await bench.call('write_file', { path: 'a', content: 'x', edits: [] })).toMatchObject({ ok: true });
  });

  it('does not edit what is not there, not text, or not to be touched', async () => {
    using project = tempProject({
      'src/cart.ts': 'x',
      '.git/config': 'x',
      'a.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]),
      'empty/x': '',
    });
    const bench = await toolBench(project);
    bench.context.seen.note('a.png', readFileSync(project.path('a.png')), 1, 1, 1);
    const edit = (path: string) => bench.error('write_file', { path, edits: edits(['a', 'b']) });
    expect([
      await edit('src/crat.ts'),
      await edit('a.png'),
      await edit('.git/config'),
      await edit('.nex/config.toml'),
      await edit('../x'),
      await edit('empty'),
    ]).toEqual([
      'There is no src/crat.ts to edit. Did you mean src/cart.ts? Give content to create it.',
      'a.png is not text (PNG image); it cannot be changed here.',
      ".git/config is part of git's own folder, which is closed. Use git commands instead.",
      '.nex/config.toml is in .nex/, which nex keeps itself; it can be read, not written.',
      '../x is outside the project. Paths are relative to the project root.',
      'empty is a folder.',
    ]);
  });

  it('puts back what placeholders stand for, in what it looks for and in what it stores', async () => {
    using project = tempProject({ '.config': 'key = real-value\nother = 1\n' });
    const restore = (text: string, path: string) =>
      text.includes('[nex:secret 9]')
        ? { ok: false as const, error: `unknown placeholder in ${path}` }
        : { ok: true as const, text: text.replaceAll('[nex:secret 1]', 'real-value') };
    const bench = await seen(await toolBench(project, { context: { restore } }), '.config');
    await bench.output('write_file', {
      path: '.config',
      edits: edits(['key = [nex:secret 1]\nother = 1', 'key = [nex:secret 1]\nother = 2']),
    });
    expect(readFileSync(project.path('.config'), 'utf8')).toBe('key = real-value\nother = 2\n');
    expect(await bench.error('write_file', { path: '.config', content: '[nex:secret 9]' })).toBe(
      '.config was not changed. unknown placeholder in .config',
    );
  });

  it('shows a long diff in short', async () => {
    using project = tempProject({ 'a.txt': Array.from({ length: 300 }, (_, at) => `old ${at}\n`).join('') });
    const bench = await seen(await toolBench(project), 'a.txt');
    const output = await bench.output('write_file', {
      path: 'a.txt',
      content: Array.from({ length: 300 }, (_, at) => `new ${at}\n`).join(''),
    });
    expect([output.split('\n')[0], output.split('\n').length, output.split('\n').at(-1)]).toEqual([
      'Changed a.txt, +300 -300 lines.',
      62,
      '[nex: 541 more lines of the diff]',
    ]);
  });

  it('keeps everything in memory in a dry run, and says so', async () => {
    using project = tempProject({ 'a.ts': 'one\n' });
    const workspace = overlayOn(await openWorkspace({ root: project.root }));
    const bench = await seen(await toolBench(project, { workspace }), 'a.ts');
    expect(await bench.output('write_file', { path: 'a.ts', edits: edits(['one', 'two']) })).toContain(
      'Changed a.ts, +1 -1 lines (dry run: kept in memory).',
    );
    expect(await bench.output('write_file', { path: 'new/b.ts', content: 'b\n' })).toBe(
      'Created new/b.ts, 1 line (dry run: kept in memory).',
    );
    expect([
      await bench.output('read_file', { path: 'a.ts' }),
      await bench.output('read_file', { path: 'new/b.ts' }),
    ]).toEqual(['   1 | two', '   1 | b']);
    expect([readFileSync(project.path('a.ts'), 'utf8'), existsSync(project.path('new'))]).toEqual(['one\n', false]);
  });
});
