// npm run test:binary: the single executable where it must work: an empty folder with no environment but HOME, a chroot
// that holds only the C and C++ libraries, a home that cannot be written, a cache on which nothing may run, odd options
// for other Nodes. Build it first (`npm run build:binary`).
//   node scripts/test-binary.mjs [FILE]
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { root } from './toolchain.mjs';

const windows = process.platform === 'win32';
const binary = resolve(process.argv[2] ?? join(root, 'build', windows ? 'nex.exe' : 'nex'));
const work = mkdtempSync(join(tmpdir(), 'nex-binary-'));
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';
const PATH = { PATH: process.env.PATH ?? '' };

/** Runs a program and returns its status and what it printed; nothing of this process's environment reaches it. */
function run(file, args, { cwd, env = {}, input } = {}) {
  const base = windows ? { SystemRoot: process.env.SystemRoot, TEMP: process.env.TEMP } : {};
  const done = spawnSync(file, args, { cwd, env: { ...base, ...env }, input: input ?? '', encoding: 'utf8' });
  return { status: done.status, stdout: done.stdout, stderr: done.stderr };
}

function folder(name) {
  const path = join(work, name);
  mkdirSync(path, { recursive: true });
  return path;
}

/** A place with the executable alone in it, and a home. */
function place(name) {
  const here = folder(name);
  const nex = join(here, windows ? 'nex.exe' : 'nex');
  copyFileSync(binary, nex);
  const home = folder(`${name}-home`);
  const env = windows ? { USERPROFILE: home, LOCALAPPDATA: home } : { HOME: home };
  return {
    here,
    home,
    nex: (args, options = {}) => run(nex, args, { cwd: here, ...options, env: { ...env, ...options.env } }),
  };
}

function sample(path) {
  mkdirSync(join(path, 'src'), { recursive: true });
  writeFileSync(join(path, 'src', 'cart.py'), 'def total(items):\n    """Sums prices."""\n    return sum(items)\n');
  writeFileSync(join(path, 'src', 'user.ts'), 'export class UserStore {\n  find(name: string) {}\n}\n');
}

/** Learns an error, exports it, forgets it and imports it again: the database, its native part and its full text. */
function errorsRoundTrip(nex, cwd) {
  const add = nex(['errors', 'add', '--failed', 'KeyError: price', '--fixed', 'use get'], { cwd });
  assert.deepEqual([add.status, add.stderr], [0, '']);
  const exported = nex(['errors', 'export'], { cwd });
  assert.equal(exported.status, 0, exported.stderr);
  assert.match(exported.stdout, /KeyError: price/);
  writeFileSync(join(cwd, 'errors.jsonl'), exported.stdout);
  assert.equal(nex(['errors', 'forget', '1', '--yes'], { cwd }).status, 0);
  const imported = nex(['errors', 'import', 'errors.jsonl'], { cwd });
  assert.equal(imported.status, 0, imported.stderr);
  assert.match(nex(['errors', 'list'], { cwd }).stdout, /KeyError: price/);
}

const CASES = {
  'an empty folder, with nothing but HOME'() {
    const { here, nex } = place('empty');
    assert.match(nex(['--version']).stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match(nex(['--help']).stdout, /^Usage: nex /);
    assert.match(nex(['help', 'safety']).stdout, /safety/i);
    assert.deepEqual(readdirSync(here), [windows ? 'nex.exe' : 'nex']);
  },
  'the demo: context, tools, tests and commit on a recorded model'() {
    const done = place('demo').nex(['demo'], { env: PATH });
    assert.equal(done.status, 0, done.stderr);
  },
  'context on a sample, by its grammars'() {
    const { here, nex } = place('context');
    sample(here);
    execFileSync('git', ['init', '-q'], { cwd: here });
    const found = nex(['context', 'sum the prices of the cart', '--json'], { env: PATH });
    assert.equal(found.status, 0, found.stderr);
    assert.equal(JSON.parse(found.stdout).files[0].path, 'src/cart.py');
    const index = nex(['index', '--json', '--full'], { env: PATH });
    assert.deepEqual([JSON.parse(index.stdout).symbols, index.stderr], [3, '']);
  },
  'a large index, on worker threads'() {
    const { here, nex } = place('large');
    for (let file = 0; file < 450; file++) writeFileSync(join(here, `f${file}.py`), `def token${file}(): pass\n`);
    const index = nex(['index', '--json'], { env: PATH });
    assert.deepEqual([JSON.parse(index.stdout).symbols, index.stderr], [450, '']);
  },
  doctor() {
    const report = place('doctor').nex(['doctor', '--json'], {
      env: { ...PATH, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
    });
    const checks = JSON.stringify(JSON.parse(report.stdout));
    assert.match(checks, /ripgrep/);
    assert.doesNotMatch(checks, /Cannot find module/);
  },
  'errors: added, exported, forgotten, imported'() {
    const { here, nex } = place('errors');
    errorsRoundTrip(nex, here);
  },
  'commands judged in a batch'() {
    const input = ['ls -la', 'rm -rf /', 'git push --force'].map((command) => `${JSON.stringify(command)}\n`).join('');
    const { stdout } = place('safety').nex(['safety', 'test', '-', '--json'], { input });
    const verdicts = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).verdict);
    assert.equal(verdicts[0], 'allow');
    assert.ok(!verdicts.slice(1).includes('allow'), stdout);
  },
  'options meant for other Nodes'() {
    const { nex } = place('options');
    for (const NODE_OPTIONS of ['--require /nowhere.js', '--max-old-space-size=64', '--no-such-option'])
      assert.equal(nex(['--version'], { env: { NODE_OPTIONS } }).status, 0, NODE_OPTIONS);
  },
  'a home that cannot be written'() {
    const { here, nex } = place('no-home');
    writeFileSync(join(here, 'file'), '');
    const env = { HOME: join(here, 'file', 'home'), TMPDIR: folder('no-home-tmp') };
    const errorsNex = (args, options) => nex(args, { ...options, env: { ...options?.env, ...env } });
    errorsRoundTrip(errorsNex, here);
    assert.equal(errorsNex(['safety', 'test', 'ls']).status, 0);
  },
  'native code written out once, for this user alone, and again when it was changed'() {
    const { here, home, nex } = place('native');
    errorsRoundTrip(nex, here);
    const native = readdirSync(home, { recursive: true }).filter((name) =>
      /[0-9a-f]{64}-better_sqlite3\.node$/.test(name),
    );
    assert.equal(native.length, 1);
    const file = join(home, native[0]);
    if (!windows) assert.deepEqual([statSync(file).mode & 0o777, statSync(dirname(file)).mode & 0o777], [0o500, 0o700]);
    chmodSync(file, 0o700);
    writeFileSync(file, 'changed by somebody');
    assert.match(nex(['errors', 'list']).stdout, /KeyError/);
  },
  'a chroot that holds only the C and C++ libraries'() {
    if (!isRoot) return 'needs root on Linux';
    const jail = folder('jail');
    copyFileSync(binary, join(jail, 'nex'));
    const librariesOf = (file) => execFileSync('ldd', [file], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    const copy = (file) => {
      mkdirSync(join(jail, dirname(file)), { recursive: true });
      copyFileSync(file, join(jail, file));
    };
    for (const library of librariesOf(binary)) copy(library);
    for (const name of ['home', 'tmp']) mkdirSync(join(jail, name));
    const nex = (...args) => run('chroot', [jail, '/nex', ...args], { env: { HOME: '/home', ...PATH } });
    assert.match(nex('--version').stdout, /^\d+\.\d+\.\d+\n$/);
    assert.match(nex('help', 'safety').stdout, /safety/i);
    // There is no git in it, and nex says so.
    const { status, stderr } = nex('-C', '/home', 'context', 'a task');
    assert.deepEqual([status, /no `git` on the PATH/.test(stderr)], [5, true], stderr);
    const doctor = nex('-C', '/home', 'doctor', '--json');
    assert.match(doctor.stdout, /"git"/, doctor.stderr);
    // With git beside it: the database and a grammar.
    const git = execFileSync('sh', ['-c', 'command -v git'], { env: PATH, encoding: 'utf8' }).trim();
    for (const file of [git, ...librariesOf(git)]) copy(file);
    mkdirSync(join(jail, 'dev'));
    execFileSync('mknod', ['-m', '666', join(jail, 'dev', 'null'), 'c', '1', '3']);
    const project = join(jail, 'home', 'project');
    sample(project);
    errorsRoundTrip((args) => nex('-C', '/home/project', ...args), project);
    const index = nex('-C', '/home/project', 'index', '--json');
    assert.deepEqual([JSON.parse(index.stdout).symbols, index.stderr], [3, '']);
    return undefined;
  },
  'a cache on which nothing may run'() {
    if (!isRoot) return 'needs root on Linux';
    const { here, nex } = place('noexec');
    const cache = folder('noexec-home/.cache');
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'noexec', 'tmpfs', cache]);
    if (mounted.status !== 0) return 'cannot mount here';
    try {
      errorsRoundTrip((args, options) => nex(args, { ...options, env: { TMPDIR: folder('noexec-tmp') } }), here);
      assert.ok(readdirSync(folder('noexec-tmp'), { recursive: true }).some((name) => /better_sqlite3/.test(name)));
    } finally {
      spawnSync('umount', [cache]);
    }
    return undefined;
  },
};

let failed = 0;
try {
  for (const [name, check] of Object.entries(CASES)) {
    try {
      const skipped = check();
      console.log(skipped === undefined ? `ok    ${name}` : `-     ${name}: ${skipped}`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}\n${error.stack}`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
