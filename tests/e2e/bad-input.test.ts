import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CART_SCRIPT, CART_TASK, cartProject } from '../support/cart-project.ts';
import { gitProject } from '../support/git-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, turn } from '../support/model-server/turns.ts';
import { homeEnvironment, type Run, runShell, testHome } from '../support/run-nex.ts';
import { tempProject } from '../support/temp-project.ts';
import { worldHash } from '../support/world-hash.ts';

/** An error as users see it: one line on what happened, one on what to do, and no stack. */
function expectComplaint(run: Run, status: number, message: RegExp): void {
  expect({ status: run.status, stderr: run.stderr }).toMatchObject({ status, stderr: expect.stringMatching(message) });
  expect(run.stderr).toMatch(/^nex: .+\n {2}hint: .+/m);
  expect(run.stderr).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

describe('wrong usage', () => {
  it.each([
    ['an empty task', ['  '], /nex: There is no task\./],
    ['an unknown flag', ['--dry-rnu', 'x'], /nex: unknown option '--dry-rnu'\n {2}hint: Did you mean --dry-run\?/],
    ['a mistyped command', ['statsu'], /nex: There is no command "statsu"\.\n {2}hint: Did you mean `nex status`\?/],
    ['a flag without its value', ['--model'], /nex: option '-m, --model <id>' argument missing/],
    ['a value that is none', ['--max-cost', 'much', 'x'], /nex: option '--max-cost <usd>' argument 'much' is invalid/],
    ['a folder that is not there', ['-C', 'nowhere', 'x'], /nex: There is no folder/],
    ['a file for a folder', ['-C', 'a.txt', 'status'], /nex: There is no folder/],
    ['an unknown action', ['memory', 'burn'], /nex: .*"burn"|no project memory/],
    ['a session that is not there', ['--resume', 'nope', 'x'], /nex: /],
    ['nothing to apply', ['apply', '--yes'], /nex: There is no dry run to apply/],
  ])('%s', async (_, args, message) => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    expectComplaint(await home.nex(args, { cwd: project.root }), 2, message);
  });
});

describe('settings', () => {
  it('no key: status 2, and how to set one', async () => {
    using home = testHome();
    using project = cartProject();
    const before = worldHash(project.root);
    expectComplaint(
      await home.nex(['--yes', 'x'], { cwd: project.root }),
      2,
      /nex: No API key found\.\n {2}hint: Set ANTHROPIC_API_KEY/,
    );
    expect(worldHash(project.root)).toEqual(before);
  });

  it('a wrong key: status 1, the key is not shown', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT, keys: ['another'] });
    const run = await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });
    expectComplaint(run, 1, /nex: .*key/i);
    expect(run.stderr + run.stdout).not.toContain('test-key-0123456789');
  });

  it.each([
    ['no TOML', 'model = '],
    ['a wrong type', 'max_iterations = "many"'],
    ['an unknown key', 'colour = 1'],
    ['a loosening project', 'max_iterations = 100000'],
  ])('%s in the project settings: status 2, file and line', async (_, text) => {
    using home = testHome();
    using project = gitProject({ '.nex/config.toml': `${text}\n` });
    const run = await home.nex(['--yes', 'x'], { cwd: project.root, url: 'http://127.0.0.1:9' });
    expectComplaint(run, 2, /nex: .*config\.toml/);
  });

  it.skipIf(process.getuid?.() === 0)('settings that cannot be read: status 2', async () => {
    using home = testHome();
    using project = gitProject({ '.nex/config.toml': 'plan = "never"\n' });
    chmodSync(project.path('.nex/config.toml'), 0);
    expectComplaint(
      await home.nex(['--yes', 'x'], { cwd: project.root, url: 'http://127.0.0.1:9' }),
      2,
      /cannot be read/,
    );
  });
});

describe('places', () => {
  it('outside a repository: a question works, a change is refused with the mend', async () => {
    using home = testHome();
    using project = tempProject({ 'a.txt': 'a\n' });
    await using server = await startModelServer({
      script: [turn(calls('read_file', { path: 'a.txt' })), turn(says('It says a.'))],
    });
    expect(await home.nex(['--yes', 'What is in a.txt?'], { cwd: project.root, url: server.url })).toMatchObject({
      status: 0,
      stdout: 'It says a.\n',
    });

    await using writer = await startModelServer({
      script: [turn(calls('write_file', { path: 'b.txt', content: 'b\n' })), turn(says('Done.'))],
    });
    const run = await home.nex(['--yes', 'Write b.txt'], { cwd: project.root, url: writer.url });
    expectComplaint(run, 5, /not in a git repository[\s\S]*git init/);
    expect(() => readFileSync(project.path('b.txt'))).toThrow();
  });

  it('an added folder that is not there: status 2', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    const run = await home.nex(['--add-dir', '/nowhere', 'x'], { cwd: project.root, url: 'http://127.0.0.1:9' });
    expectComplaint(run, 2, /nex: There is no \/nowhere\.\n {2}hint: Give --add-dir/);
  });

  it('a repository without commits', async () => {
    using home = testHome();
    using project = gitProject({}, { commit: false });
    await using server = await startModelServer({
      script: [turn(calls('write_file', { path: 'a.txt', content: 'a\n' })), turn(says('Done.'))],
    });
    const run = await home.nex(['--yes', 'Add a.txt'], { cwd: project.root, url: server.url });
    expect(run).toMatchObject({ status: 0 });
    expect(project.git('log', '--format=%s')).not.toBe('');
    expect(project.git('show', '--name-only', '--format=', 'HEAD')).toBe('a.txt');
  });

  it('the home folder and the root of the disk are refused, also as repositories', async () => {
    using home = testHome();
    expectComplaint(
      await home.nex(['--yes', 'x'], { cwd: home.path, url: 'http://127.0.0.1:9' }),
      5,
      /is your home folder/,
    );
    expectComplaint(await home.nex(['--yes', 'x'], { cwd: '/', url: 'http://127.0.0.1:9' }), 5, /root of the disk/);
  });

  it('a subdirectory works on the whole repository', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    expect(await home.nex(['--yes', CART_TASK], { cwd: project.path('src'), url: server.url })).toMatchObject({
      status: 0,
    });
    expect(project.git('diff', '--name-only', 'main', 'HEAD')).toBe('src/cart.js');
  });

  it('a merge in progress: refused with status 5, nothing changed', async () => {
    using home = testHome();
    using project = cartProject();
    project.git('switch', '-q', '-c', 'side');
    project.write('README.md', 'side\n');
    project.git('commit', '-qam', 'side');
    project.git('switch', '-q', 'main');
    project.write('README.md', 'main\n');
    project.git('commit', '-qam', 'main');
    expect(() => project.git('merge', 'side')).toThrow();
    const before = worldHash(project.root, ['.nex']);
    await using server = await startModelServer({ script: CART_SCRIPT });
    const run = await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });
    expectComplaint(run, 5, /merge/i);
    expect(worldHash(project.root, ['.nex'])).toEqual(before);
  });
});

describe('odd files and streams', () => {
  it('a binary file is named as such; a file of 2 GB is refused before it is read', async () => {
    using home = testHome();
    using project = gitProject({ 'image.bin': Uint8Array.from({ length: 256 }, (_, byte) => byte) });
    const sparse = project.path('huge.log');
    writeFileSync(sparse, '');
    const { truncateSync } = await import('node:fs');
    truncateSync(sparse, 2 * 1024 ** 3);
    await using server = await startModelServer({
      script: [
        turn(calls('read_file', { path: 'image.bin' }), calls('read_file', { path: 'huge.log' })),
        turn(says('I cannot read these.')),
      ],
    });
    const run = await home.nex(['--no-dry-run', 'Read them'], { cwd: project.root, url: server.url });
    expect(run.status).toBe(0);
    expect(server.requests.at(-1)?.raw).toMatch(/binary/i);
    expect(server.requests.at(-1)?.raw).toMatch(/too much to read/);
  });

  it('works without ripgrep', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({
      script: [turn(calls('search_files', { pattern: 'quantity' })), turn(says('Found.'))],
    });
    const run = await home.nex(['--no-dry-run', 'Where is quantity?'], {
      cwd: project.root,
      url: server.url,
      env: { NEX_RG: join(home.path, 'no-such-rg') },
    });
    expect(run.status).toBe(0);
    expect(server.requests.at(-1)?.raw).toContain('test/cart.test.js');
  });

  it('reads the task from a pipe, and a pipe beside a task as context', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: [turn(says('Yes.'))] });
    expect(
      await home.nex(['--no-dry-run'], { cwd: project.root, url: server.url, input: 'What is this?\n' }),
    ).toMatchObject({ status: 0, stdout: 'Yes.\n' });
    expect(server.requests[0]?.raw).toContain('## Task\\nWhat is this?');
    await using beside = await startModelServer({ script: [turn(says('Yes.'))] });
    await home.nex(['--no-dry-run', 'Explain the error'], {
      cwd: project.root,
      url: beside.url,
      input: 'TypeError: x is not a function\n',
    });
    expect(beside.requests[0]?.raw).toContain('## Input\\nTypeError: x is not a function');
  });

  it('says in two lines that a disk is full, and that the folder is gone', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    const program = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');
    const nex = `"${process.execPath}" "${program}"`;
    const type = (line: string) =>
      runShell(line, { cwd: project.root, env: homeEnvironment(home.path, 'http://127.0.0.1:9') });
    expectComplaint(await type(`${nex} config list > /dev/full`), 1, /nex: The output cannot be written: ENOSPC/);
    expectComplaint(
      await type(`mkdir gone; cd gone; rmdir ../gone; ${nex} status`),
      2,
      /nex: The folder you are in is gone/,
    );
  });

  it('a run without a key is not the first run: the next one is still a dry run', async () => {
    using home = testHome();
    using project = cartProject();
    expectComplaint(await home.nex(['Change it.'], { cwd: project.root }), 2, /nex: No API key found/);
    await using server = await startModelServer({ script: CART_SCRIPT });
    const run = await home.nex([CART_TASK], { cwd: project.root, url: server.url });
    expect(run.stderr).toContain('this is the first run');
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it('stops a task quietly when its reader goes away, saved and not told as done', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    const program = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');
    const child = spawn(
      'sh',
      [
        '-c',
        `{ "$0" "$@"; echo "status $?" >&2; } | head -c 1 > /dev/null`,
        process.execPath,
        program,
        '--yes',
        '--output-format',
        'stream-json',
        CART_TASK,
      ],
      {
        cwd: project.root,
        env: homeEnvironment(home.path, server.url),
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    await new Promise((done) => child.on('close', done));
    expect(stderr).not.toMatch(/EPIPE|bug|\bat .*:\d+/);
    expect(stderr).toMatch(/status (?:130|143)/);
    const sessions = await home.nex(['sessions', 'list', '--json'], { cwd: project.root });
    expect(JSON.parse(sessions.stdout)).toMatchObject([{ outcome: 'interrupted' }]);
  });

  it('a home that cannot be written, and a `.nex` that is a file, stop no question', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n', '.nex': 'in the way\n' });
    await using server = await startModelServer({ script: [turn(says('Fine.'))] });
    const run = await home.nex(['--no-dry-run', 'Hello?'], {
      cwd: project.root,
      url: server.url,
      env: { XDG_STATE_HOME: '/dev/null/nowhere', XDG_CACHE_HOME: '/dev/null/nowhere' },
    });
    expect(run).toMatchObject({ status: 0, stdout: 'Fine.\n' });
    expect(readFileSync(project.path('.nex'), 'utf8')).toBe('in the way\n');
  });
});

describe('interruption', () => {
  it('Ctrl-C in the middle of a command: nothing lost, no process left, status 130, resumable', async () => {
    using home = testHome();
    using project = cartProject();
    mkdirSync(dirname(project.path('src/x')), { recursive: true });
    await using server = await startModelServer({
      script: [
        turn(calls('write_file', { path: 'src/new.js', content: 'export {};\n' })),
        turn(calls('run_command', { command: 'echo started; sleep 300' })),
        turn(says('Went on and finished.')),
      ],
    });
    const before = project.git('rev-parse', 'main');
    const STARTED = /^ *│ started$/m;
    let told = '';
    let interrupt = () => false;
    const run = await home.nex(['--yes', '-v', 'Do it'], {
      cwd: project.root,
      url: server.url,
      onStart: (child) => {
        interrupt = () => child.kill('SIGINT');
      },
      // With -v what a command prints is told as it comes.
      onStderr: (text) => {
        told += text;
        if (!STARTED.test(told)) return;
        interrupt();
        // A second Ctrl-C would end nex on the spot.
        interrupt = () => false;
      },
    });
    expect(told).toMatch(STARTED);
    expectComplaint(run, 130, /nex: Stopped\.\n {2}hint: `nex --continue` goes on, `nex rollback` undoes\./);
    expect(project.git('rev-parse', 'main')).toBe(before);
    expect(readFileSync(project.path('src/new.js'), 'utf8')).toBe('export {};\n');

    const resumed = await home.nex(['--yes', '--no-tests', '--continue', 'Go on.'], {
      cwd: project.root,
      url: server.url,
    });
    expect(resumed).toMatchObject({ status: 0 });
    expect(resumed.stdout).toContain('Went on and finished.');
    expect(project.git('show', '--name-only', '--format=', 'HEAD')).toBe('src/new.js');
  });
});
