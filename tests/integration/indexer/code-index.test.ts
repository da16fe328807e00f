import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pack, unpack } from '../../../src/indexer/bytes.ts';
import { indexOf, perFile } from '../../support/code-index.ts';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';

const FILES = {
  'src/session.ts': '/** Keeps who is logged in. */\nexport class SessionStore {\n  refreshToken() {}\n}\n',
  'src/cart.py': 'import session\n\n\ndef total(items):\n    """Sums prices."""\n    return sum(items)\n',
  'lib/queue.go': 'package queue\n\nfunc Push(item int) {}\n',
  'README.md': '# Shop\n',
};

/** More of them: NEX_FUZZ_RUNS=2000. */
const RUNS = Number(process.env['NEX_FUZZ_RUNS'] ?? 300);

type Row = { file_path: string; name: string; line_start: number };
const readJson = (path: string): { files: Array<{ path: string }>; symbols: Row[]; [key: string]: unknown } =>
  JSON.parse(readFileSync(path, 'utf8'));
const names = (path: string) =>
  readJson(path).symbols.map(({ file_path, name, line_start }) => `${file_path}:${line_start} ${name}`);

/** Everything a query gives, in an order of its own. */
async function evidence(root: string, task = 'refresh the session token in the cart') {
  const index = indexOf(root);
  const found = await index.query(task);
  index.close();
  return perFile(found);
}

describe('index.json', () => {
  it('has the shape of Nex AI, with hashes and imports', async () => {
    using project = gitProject(FILES);
    const report = await indexOf(project.root).refresh();
    expect(report).toMatchObject({ files: 3, symbols: 4, changed: 3, skipped: [] });
    const json = readJson(project.path('.nex/index.json'));
    expect(json).toEqual({
      version: 2,
      generator: 'nex',
      last_updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      files: [
        { path: 'lib/queue.go', language: 'go', size: 38, hash: expect.stringMatching(/^[0-9a-f]{12}$/), imports: [] },
        { path: 'src/cart.py', language: 'python', size: 80, hash: expect.any(String), imports: ['session'] },
        { path: 'src/session.ts', language: 'typescript', size: 81, hash: expect.any(String), imports: [] },
      ],
      symbols: [
        {
          file_path: 'lib/queue.go',
          name: 'Push',
          kind: 'function',
          line_start: 3,
          line_end: 3,
          signature: 'func Push(item int)',
          docstring: '',
          exported: true,
        },
        {
          file_path: 'src/cart.py',
          name: 'total',
          kind: 'function',
          line_start: 4,
          line_end: 6,
          signature: 'def total(items)',
          docstring: 'Sums prices.',
          exported: true,
        },
        {
          file_path: 'src/session.ts',
          name: 'SessionStore',
          kind: 'class',
          line_start: 2,
          line_end: 4,
          signature: 'export class SessionStore',
          docstring: 'Keeps who is logged in.',
          exported: true,
        },
        {
          file_path: 'src/session.ts',
          name: 'refreshToken',
          kind: 'method',
          line_start: 3,
          line_end: 3,
          signature: 'refreshToken()',
          docstring: '',
          parent: 'SessionStore',
        },
      ],
    });
  });

  it('is invisible to git before nex init, and leaves an existing .nex alone', async () => {
    using fresh = gitProject(FILES);
    await indexOf(fresh.root).refresh();
    expect(fresh.git('status', '--porcelain')).toBe('');
    using initialised = gitProject({ ...FILES, '.nex/memory.md': 'mine\n' });
    await indexOf(initialised.root).refresh();
    expect(existsSync(initialised.path('.nex/.gitignore'))).toBe(false);
  });

  it('takes names that are odd', async () => {
    const odd = ['a "b" \\c,".ts', "it's $(x).py", '-rf.go', 'späß/名.rs', 'new\nline.js'];
    using project = gitProject(Object.fromEntries(odd.map((path) => [path, 'x\n'])));
    const index = indexOf(project.root);
    await index.refresh();
    project.write('-rf.go', 'package x\n');
    await index.refresh();
    expect(readJson(project.path('.nex/index.json')).files.map(({ path }) => path)).toEqual(odd.toSorted());
    expect(index.paths()).toEqual(odd.toSorted());
  });
});

describe('refresh', () => {
  it('reads only what changed, and forgets what is gone', async () => {
    using project = gitProject(FILES);
    const index = indexOf(project.root);
    await index.refresh();
    expect((await index.refresh()).changed).toBe(0);

    project.write('src/cart.py', 'def price():\n    return 1\n');
    project.write('src/new.rs', 'fn fresh() {}\n');
    rmSync(project.path('lib/queue.go'));
    expect(await index.refresh()).toMatchObject({ files: 3, symbols: 4, changed: 2 });
    expect(names(project.path('.nex/index.json'))).toEqual([
      'src/cart.py:1 price',
      'src/new.rs:1 fresh',
      'src/session.ts:2 SessionStore',
      'src/session.ts:3 refreshToken',
    ]);
    expect(index.symbols('lib/queue.go')).toBeUndefined();
    expect(index.symbols('src/new.rs')).toMatchObject([{ name: 'fresh', lineStart: 1 }]);
  });

  it('sees a change that keeps size and time', async () => {
    using project = gitProject({ 'a.py': 'def one(): pass\n' });
    const index = indexOf(project.root);
    const past = new Date('2020-01-01');
    utimesSync(project.path('a.py'), past, past);
    await index.refresh();
    project.write('a.py', 'def two(): pass\n');
    utimesSync(project.path('a.py'), past, past);
    expect((await index.refresh()).changed).toBe(1);
    expect(names(project.path('.nex/index.json'))).toEqual(['a.py:1 two']);
  });

  it('does not read a file again that was only touched', async () => {
    using project = gitProject(FILES);
    const index = indexOf(project.root);
    await index.refresh();
    const before = statSync(project.path('.nex/index.json')).mtimeMs;
    utimesSync(project.path('src/cart.py'), new Date(), new Date('2021-01-01'));
    expect((await index.refresh()).changed).toBe(0);
    expect(statSync(project.path('.nex/index.json')).mtimeMs).toBe(before);
  });

  it('gives the same answers after many small changes as after a full build', async () => {
    using project = gitProject(FILES);
    const index = indexOf(project.root);
    await index.refresh();
    for (let round = 0; round < 25; round++) {
      project.write(`src/part${round % 7}.ts`, `export function session${round}() { return 'token ${round}'; }\n`);
      project.write('src/cart.py', `def total${round}(): pass\n`);
      if (round % 5 === 4) rmSync(project.path(`src/part${round % 7}.ts`));
      await index.refresh();
    }
    const json = readFileSync(project.path('.nex/index.json'), 'utf8');
    const grown = await evidence(project.root);
    await index.refresh({ full: true });
    expect(await evidence(project.root)).toEqual(grown);
    const undated = (text: string) => text.replace(/"last_updated":"[^"]*"/, '');
    expect(undated(readFileSync(project.path('.nex/index.json'), 'utf8'))).toBe(undated(json));
    // What no state names any more is not left behind.
    expect(readdirSync(project.path('.nex')).filter((name) => name.endsWith('.seg'))).toHaveLength(1);
  });

  it('reports what it leaves out, and looks at it again when it changes', async () => {
    using project = gitProject({
      'a.ts': 'export {};\n',
      'b.min.js': 'x\n',
      'c.ts': Buffer.from([0, 1]),
      notes: 'text\n',
    });
    const index = indexOf(project.root);
    const skipped = [
      { path: 'b.min.js', reason: 'minified' },
      { path: 'c.ts', reason: 'binary' },
    ];
    expect((await index.refresh()).skipped).toEqual(skipped);
    expect((await index.refresh()).skipped).toEqual(skipped);
    project.write('c.ts', 'export const c = 1;\n');
    expect(await index.refresh()).toMatchObject({
      files: 2,
      changed: 1,
      skipped: [{ path: 'b.min.js', reason: 'minified' }],
    });
  });

  it('tells how far it is, and stops when told to without harm', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`f${index}.ts`, `export const a${index} = 1;\n`]),
    );
    using project = gitProject(many);
    const index = indexOf(project.root);
    const stop = new AbortController();
    const work = index.refresh({ signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    await expect(work).rejects.toThrow('enough');
    const heard: Array<[number, number]> = [];
    expect(await index.refresh({ onProgress: (done, total) => heard.push([done, total]) })).toMatchObject({
      files: 300,
    });
    expect(heard.at(-1)).toEqual([300, 300]);
  });

  it('works outside of git, in an empty folder, and without any file that is source', async () => {
    using folder = tempProject(FILES);
    expect(await indexOf(folder.root).refresh()).toMatchObject({ files: 3, symbols: 4 });
    using empty = tempProject();
    const index = indexOf(empty.root);
    expect(await index.refresh()).toMatchObject({ files: 0, symbols: 0 });
    expect(perFile(await index.query('anything'))).toEqual([]);
  });

  it('merges what many small changes leave behind, and drops what is gone', async () => {
    using project = gitProject(FILES);
    const index = indexOf(project.root);
    await index.refresh();
    for (let round = 0; round < 12; round++) {
      for (let file = 0; file < 20; file++)
        project.write(`r${round}/f${file}.ts`, `export const v${round} = ${file};\n`);
      await index.refresh();
    }
    rmSync(project.path('r3'), { recursive: true });
    expect(await index.refresh()).toMatchObject({ files: 3 + 11 * 20 });
    const grown = await evidence(project.root, 'v3 v7');
    const segments = readdirSync(project.path('.nex')).filter((name) => name.endsWith('.seg'));
    expect(segments.length).toBeLessThan(6);
    expect(index.symbols('r3/f1.ts')).toBeUndefined();
    expect(index.symbols('src/session.ts')).toHaveLength(2);
    await index.refresh({ full: true });
    expect(await evidence(project.root, 'v3 v7')).toEqual(grown);
  });

  it('lets two processes refresh at once', async () => {
    using project = gitProject(FILES);
    const reports = await Promise.all([1, 2, 3].map(() => indexOf(project.root).refresh()));
    expect(reports.map(({ files }) => files)).toEqual([3, 3, 3]);
    expect((await evidence(project.root))?.length).toBeGreaterThan(0);
    expect(existsSync(project.path('.nex/index.lock'))).toBe(false);
  });

  it('takes over the lock of a process that is gone', async () => {
    using project = gitProject(FILES);
    mkdirSync(project.path('.nex'));
    writeFileSync(project.path('.nex/index.lock'), '999999999');
    expect(await indexOf(project.root).refresh()).toMatchObject({ files: 3 });
  });

  it('gives the same index with worker threads', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 450 }, (_, index) => [`d${index % 9}/f${index}.py`, `def token${index}(): pass\n`]),
    );
    using alone = gitProject(many);
    using threaded = gitProject(many);
    await indexOf(alone.root).refresh();
    const workerFile = fileURLToPath(new URL('../../../src/indexer/index-worker.ts', import.meta.url));
    await indexOf(threaded.root, { workerFile, threads: 3 }).refresh();
    expect(names(threaded.path('.nex/index.json'))).toEqual(names(alone.path('.nex/index.json')));
    expect(await evidence(threaded.root, 'token7')).toEqual(await evidence(alone.root, 'token7'));
  });

  it('goes on where a first build was stopped, and is asked by nobody before it is whole', async () => {
    // Of this size the first five are a part of their own.
    const prose = `"""\n${'much to read\n'.repeat(70_000)}"""\n`;
    const many = Object.fromEntries(
      Array.from({ length: 6 }, (_, at) => [`f${at}.py`, `${prose}def token${at}(): pass\n`]),
    );
    using stopped = gitProject(many);
    using whole = gitProject(many);
    const index = indexOf(stopped.root);
    const stop = new AbortController();
    const onProgress = (done: number) => done === 5 && stop.abort(new Error('enough'));
    await expect(index.refresh({ signal: stop.signal, onProgress })).rejects.toThrow('enough');
    expect([index.summary(), index.paths(), await index.query('token7')]).toEqual([undefined, undefined, undefined]);

    const { files, symbols, changed } = await index.refresh();
    expect([files, symbols, changed]).toEqual([6, 6, 1]);
    await indexOf(whole.root).refresh();
    expect(names(stopped.path('.nex/index.json'))).toEqual(names(whole.path('.nex/index.json')));
    expect(await evidence(stopped.root, 'token4')).toEqual(await evidence(whole.root, 'token4'));
    expect(await index.refresh()).toMatchObject({ files: 6, changed: 0 });
  });
});

describe('an index that cannot be trusted', () => {
  const ANSWER = 'It was built anew.';

  it.each([
    ['an empty state', 'index.state', ''],
    ['a foreign state', 'index.state', 'SQLite format 3\0 and more of it'],
    ['an index of Nex AI', 'index.json', '{"last_updated":"2025-01-01","symbols":[],"files":[]}'],
    ['a broken index.json', 'index.json', '{"files": [1,'],
  ])('is built anew with a notice: %s', async (_, file, content) => {
    using project = gitProject(FILES);
    await indexOf(project.root).refresh();
    writeFileSync(project.path(`.nex/${file}`), content);
    const report = await indexOf(project.root).refresh();
    expect(report).toMatchObject({ files: 3, symbols: 4, changed: 3 });
    expect(report.notice).toContain(ANSWER);
    expect(readJson(project.path('.nex/index.json')).symbols).toHaveLength(4);
  });

  it('is taken over when only index.json of another program is there', async () => {
    using project = gitProject({ ...FILES, '.nex/index.json': '[]' });
    expect((await indexOf(project.root).refresh()).notice).toContain('another program');
  });

  it('is built anew when a part of it is missing', async () => {
    using project = gitProject(FILES);
    await indexOf(project.root).refresh();
    for (const name of readdirSync(project.path('.nex')))
      if (name.endsWith('.seg')) rmSync(project.path(`.nex/${name}`));
    expect(await indexOf(project.root).query('session')).toBeUndefined();
    expect((await indexOf(project.root).refresh()).notice).toContain(ANSWER);
    expect((await evidence(project.root))?.length).toBeGreaterThan(0);
  });

  it('calls an index of another version by its name, and makes it anew', async () => {
    using project = gitProject(FILES);
    await indexOf(project.root).refresh();
    const file = project.path('.nex/index.state');
    const bytes = readFileSync(file);
    const end = 20 + bytes.readUInt32LE(8);
    const state = JSON.parse(unpack(bytes.subarray(20, end)).toString());
    const json = pack(Buffer.from(JSON.stringify({ ...state, version: state.version + 1 })));
    const header = Buffer.from(bytes.subarray(0, 20));
    header.writeUInt32LE(json.length, 8);
    header.writeUInt32LE(crc32(bytes.subarray(end), crc32(json)), 16);
    writeFileSync(file, Buffer.concat([header, json, bytes.subarray(end)]));
    const { notice, files } = await indexOf(project.root).refresh();
    expect([notice, files]).toEqual(['The code index is of another version of nex. It was built anew.', 3]);
  });

  it('never crashes, hangs or lies, whatever is damaged', async () => {
    using project = gitProject(FILES);
    for (let commit = 0; commit < 5; commit++)
      project.git('commit', '-q', '--allow-empty', '-m', `session token ${commit}`);
    await indexOf(project.root).refresh();
    const truth = await evidence(project.root);
    const files = readdirSync(project.path('.nex')).filter((name) => /state|seg|history/.test(name));
    const originals = new Map(files.map((name) => [name, readFileSync(project.path(`.nex/${name}`))]));
    const damage = fc.record({
      file: fc.constantFrom(...files),
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      how: fc.constantFrom('flip', 'cut', 'zero', 'huge', 'grow'),
      byte: fc.integer({ min: 1, max: 255 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ file, at, how, byte }) => {
        for (const [name, bytes] of originals) writeFileSync(project.path(`.nex/${name}`), bytes);
        const bytes = Buffer.from(originals.get(file) ?? '');
        const place = Math.floor(at * bytes.length);
        if (how === 'flip') bytes[place] = (bytes[place] ?? 0) ^ byte;
        if (how === 'zero') bytes.fill(0, place, Math.min(bytes.length, place + byte));
        if (how === 'huge') bytes.fill(255, place, Math.min(bytes.length, place + 4));
        const damaged =
          how === 'cut'
            ? bytes.subarray(0, place)
            : how === 'grow'
              ? Buffer.concat([bytes, Buffer.alloc(byte)])
              : bytes;
        writeFileSync(project.path(`.nex/${file}`), damaged);
        const found = await evidence(project.root);
        // Right, or no answer; a history that cannot be read may be missing from it.
        if (found === undefined || file === 'index.history') return;
        expect(found).toEqual(truth);
      }),
      { numRuns: RUNS },
    );
    for (const [name, bytes] of originals) writeFileSync(project.path(`.nex/${name}`), bytes);
  });
});

describe('history', () => {
  it('finds files by what past commits said, and follows new commits', async () => {
    using project = gitProject({
      'a.ts': 'export const one = 1;\n',
      'b.ts': 'export const two = 2;\n',
      'c.ts': 'three();\n',
    });
    project.write('a.ts', 'export const one = 11;\n');
    project.git('commit', '-qam', 'Round prices half up');
    const index = indexOf(project.root);
    await index.refresh();
    const past = async (path: string) =>
      perFile(await index.query('rounding of prices'))?.find((file) => file.path === path)?.features.past ?? 0;
    expect([(await past('a.ts')) > 0, await past('b.ts')]).toEqual([true, 0]);

    project.write('b.ts', 'export const two = 22;\n');
    project.git('commit', '-qam', 'Round prices of b too');
    await index.refresh();
    expect((await past('b.ts')) > 0).toBe(true);

    project.git('reset', '-q', '--hard', 'HEAD~1');
    await index.refresh();
    expect(await past('b.ts')).toBe(0);
  });

  it('is the same read in pieces as read at once', async () => {
    using project = gitProject(FILES);
    const index = indexOf(project.root);
    for (let commit = 0; commit < 4; commit++) {
      project.write('lib/queue.go', `package queue\n// ${commit}\n`);
      project.git('commit', '-qam', `queue token ${commit}`);
      await index.refresh();
    }
    const grown = await evidence(project.root);
    rmSync(project.path('.nex'), { recursive: true });
    await index.refresh();
    expect(await evidence(project.root)).toEqual(grown);
  });

  it('is read again once a query finds it damaged, whichever part of it is', async () => {
    using project = gitProject(FILES);
    for (let commit = 0; commit < 5; commit++)
      project.git('commit', '-q', '--allow-empty', '-m', `session token ${commit}`);
    await indexOf(project.root).refresh();
    const file = project.path('.nex/index.history');
    const whole = readFileSync(file);
    for (const place of [70, whole.length - 60, whole.length - 8]) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] ?? 0) ^ 255;
      writeFileSync(file, damaged);
      await evidence(project.root);
      await indexOf(project.root).refresh();
      expect(readFileSync(file)).toEqual(whole);
    }
  });

  it('counts in what is gathered for a task while git looks, as it is after the refresh', async () => {
    using project = gitProject(FILES);
    const task = 'push items onto the queue';
    const index = indexOf(project.root);
    const steps = [
      () => {},
      () => {},
      () => project.write('lib/queue.go', 'package queue\n\nfunc Push(items []int) {}\n'),
      () => project.git('commit', '-qam', 'push items onto the queue at once'),
      () => {},
      () => project.git('commit', '-q', '--allow-empty', '-m', 'queue: items'),
      () => project.git('reset', '-q', '--hard', 'HEAD~2'),
      () => rmSync(project.path('.nex/index.history')),
    ];
    for (const step of steps) {
      step();
      await index.refresh({ expecting: task });
      expect(perFile(await index.query(task))).toEqual(await evidence(project.root, task));
    }
  });

  it('does without old contents, which a partial clone has not', async () => {
    using project = gitProject({ 'a.ts': 'export const one = 1;\n'.repeat(9), 'b.ts': 'export const two = 2;\n' });
    const old = project.git('rev-parse', 'HEAD:a.ts');
    project.git('mv', 'a.ts', 'c.ts');
    project.write('c.ts', 'export const one = 1;\n'.repeat(8));
    project.git('commit', '-qam', 'Round prices half up');
    rmSync(project.path(`.git/objects/${old.slice(0, 2)}/${old.slice(2)}`));
    const index = indexOf(project.root);
    await index.refresh();
    const found = perFile(await index.query('rounding of prices'));
    expect(found?.find(({ path }) => path === 'c.ts')?.features.past).toBeGreaterThan(0);
  });

  it('is nothing in a repository without commits', async () => {
    using project = gitProject(FILES, { commit: false });
    expect(await indexOf(project.root).refresh()).toMatchObject({ files: 3 });
    expect(existsSync(project.path('.nex/index.history'))).toBe(false);
  });
});

describe('summary', () => {
  it('tells what is there without opening it', async () => {
    using project = gitProject(FILES);
    const index = indexOf(project.root);
    expect(index.summary()).toBeUndefined();
    await index.refresh();
    const bytes = readdirSync(project.path('.nex'))
      .filter((name) => /\.seg$|\.json$/.test(name))
      .reduce((sum, name) => sum + statSync(project.path(`.nex/${name}`)).size, 0);
    expect(indexOf(project.root).summary()).toEqual({
      files: 3,
      symbols: 4,
      bytes,
      updated: expect.stringMatching(/Z$/),
    });
  });
});

describe('read', () => {
  it('gives text of the project and nothing outside of it', async () => {
    using outside = tempProject({ 'secret.txt': 'hidden\n' });
    using project = gitProject(FILES);
    const index = indexOf(project.root);
    expect(index.read('README.md')?.text).toBe('# Shop\n');
    expect(index.read(`../${outside.root.split('/').at(-1)}/secret.txt`)).toBeUndefined();
    expect(index.read('src')).toBeUndefined();
    expect(index.read('nowhere.ts')).toBeUndefined();
  });
});
