import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CART_FIXED, CART_SCRIPT, CART_TASK, cartProject } from '../support/cart-project.ts';
import { systemTextOf } from '../support/model-server/request.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { calls, says, turn } from '../support/model-server/turns.ts';
import { testHome } from '../support/run-nex.ts';
import { worldHash } from '../support/world-hash.ts';

const mains = (server: ModelServer) => server.requests.filter(({ side }) => !side);

describe('nex "task"', () => {
  it('mends a bug on a branch of its own: context, tools, tests, review, commit', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    const before = project.git('rev-parse', 'main');

    const run = await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });

    expect(run).toMatchObject({ status: 0 });
    expect(run.stdout).toContain('`total` left out the quantity');
    expect(project.git('symbolic-ref', '--short', 'HEAD')).toMatch(/^nex\/[a-z0-9-]+$/);
    expect(project.git('rev-parse', 'main')).toBe(before);
    expect(project.git('show', 'HEAD:src/cart.js')).toBe(CART_FIXED.trimEnd());
    expect(project.git('diff', '--name-only', 'main', 'HEAD')).toBe('src/cart.js');
    expect(project.git('status', '--porcelain')).toBe('');
    const message = project.git('log', '-1', '--format=%B');
    expect(message).toMatch(/^Nex-Session: \S+$/m);
    expect(message).toMatch(/^Nex-Task: Fix the failing test/m);
    expect(run.stderr).toMatch(/tests?.*pass/i);
  });

  it("leaves the user's own edits, staged and not, out of the commit and as they were", async () => {
    using home = testHome();
    using project = cartProject();
    project.write('README.md', '# cart\n\nTotals for a shopping cart.\n\nStaged by me.\n');
    project.git('add', 'README.md');
    project.write('README.md', '# cart\n\nTotals for a shopping cart.\n\nStaged by me.\nNot staged.\n');
    project.write('src/cart.js', `// my own note\n${readFileSync(project.path('src/cart.js'), 'utf8')}`);
    project.write('notes.txt', 'mine\n');
    await using server = await startModelServer({ script: CART_SCRIPT });

    const run = await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });

    expect(run).toMatchObject({ status: 0 });
    expect(project.git('show', 'HEAD:src/cart.js')).toBe(CART_FIXED.trimEnd());
    expect(project.git('diff', '--cached', '--name-only')).toBe('README.md');
    expect(project.git('diff', '--cached', 'README.md')).not.toContain('Not staged.');
    expect(project.git('diff')).toContain('+Not staged.');
    expect(project.git('diff', 'src/cart.js')).toContain('+// my own note');
    expect(project.git('status', '--porcelain', '-uall')).toContain('?? notes.txt');
  });

  it('goes back to the exact world before the task with rollback --discard', async () => {
    using home = testHome();
    using project = cartProject();
    project.write('README.md', 'changed by me\n');
    project.git('add', 'README.md');
    project.write('notes.txt', 'mine\n');
    await using server = await startModelServer({ script: CART_SCRIPT });
    const before = worldHash(project.root, ['.nex']);

    const run = await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });
    expect(run.status).toBe(0);
    const back = await home.nex(['rollback', '--discard', '--yes'], { cwd: project.root });

    expect(back).toMatchObject({ status: 0 });
    expect(worldHash(project.root, ['.nex'])).toEqual(before);
  });

  it('undoes a committed task with a revert on its branch', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });

    const back = await home.nex(['rollback', '--yes'], { cwd: project.root });

    expect(back).toMatchObject({ status: 0 });
    expect(project.git('diff', 'main', 'HEAD')).toBe('');
    expect(project.git('rev-list', '--count', 'main..HEAD')).toBe('2');
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it('sends nothing but the conversation: five tools, lean prompts, a prefix that is read from the cache', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    await home.nex(['--yes', CART_TASK], { cwd: project.root, url: server.url });

    const requests = mains(server);
    expect(requests).toHaveLength(4);
    const [first] = requests;
    const tools = first?.body['tools'];
    expect(Array.isArray(tools) ? tools.map((tool) => (tool as { name: string }).name) : []).toEqual([
      'read_file',
      'write_file',
      'run_command',
      'search_files',
      'list_directory',
    ]);
    expect(Buffer.byteLength(JSON.stringify(tools)) / 4).toBeLessThanOrEqual(700);
    expect(Buffer.byteLength(first ? systemTextOf(first) : '') / 4).toBeLessThanOrEqual(500);
    for (const [index, request] of requests.entries()) {
      if (index === 0) continue;
      const sentBefore = requests[index - 1]?.promptTokens ?? 0;
      expect(request.usage?.cacheRead ?? 0).toBeGreaterThanOrEqual(0.99 * sentBefore);
    }
    expect(server.requests.map(({ raw }) => raw).join('\n')).not.toContain('test-key-0123456789');
  });

  it('answers a question without a branch, a file or a lock that git sees', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({
      script: [turn(calls('read_file', { path: 'src/cart.js' })), turn(says('It adds up the prices.'))],
    });
    const before = worldHash(project.root, ['.nex']);

    const run = await home.nex(['--no-dry-run', 'What does total do?'], { cwd: project.root, url: server.url });

    expect(run).toMatchObject({ status: 0, stdout: 'It adds up the prices.\n' });
    expect(worldHash(project.root, ['.nex'])).toEqual(before);
  });

  it('refuses what is destructive when nobody is there, tells the model why, and ends with status 5', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({
      script: [turn(calls('run_command', { command: 'rm -rf src' })), turn(says('I may not do that.'))],
    });
    const before = worldHash(project.root, ['.nex']);

    const run = await home.nex(['--yes', 'Remove the sources.'], { cwd: project.root, url: server.url });

    expect(run.status).toBe(5);
    expect(run.stderr).toMatch(/^nex: Nothing was done: `rm -rf src` was refused/m);
    expect(server.requests.at(-1)?.raw).toContain('Nobody was there to approve it');
    expect(worldHash(project.root, ['.nex'])).toEqual(before);
  });
});

describe('the first run of a new user', () => {
  it('is a dry run that says so and changes nothing; nex apply then does what it showed', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    const before = worldHash(project.root, ['.nex']);

    const run = await home.nex([CART_TASK], { cwd: project.root, url: server.url });

    expect(run.status).toBe(0);
    expect(run.stderr).toContain('--no-dry-run');
    expect(run.stderr).toContain('5 +     sum += line.price * line.quantity;');
    expect(worldHash(project.root, ['.nex'])).toEqual(before);

    const applied = await home.nex(['apply', '--yes'], { cwd: project.root });
    expect(applied).toMatchObject({ status: 0 });
    expect(readFileSync(project.path('src/cart.js'), 'utf8')).toBe(CART_FIXED);
    expect(project.git('log', '--format=%s', '-1', 'main')).toBe('first');
  });
});

describe('what a script gets', () => {
  it('json is one object with the outcome; nothing else is on stdout', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });

    const run = await home.nex(['--yes', '--output-format', 'json', CART_TASK], { cwd: project.root, url: server.url });

    const outcome = JSON.parse(run.stdout) as Record<string, unknown>;
    expect(outcome).toMatchObject({
      outcome: 'done',
      files: ['src/cart.js'],
      iterations: 4,
      exit_code: 0,
      tests: { status: 'passed', command: 'npm test' },
    });
    expect(outcome['commit']).toBe(project.git('rev-parse', 'HEAD'));
    expect(outcome['branch']).toBe(project.git('symbolic-ref', '--short', 'HEAD'));
  });

  it('stream-json is one event a line, from start to end', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });

    const run = await home.nex(['--yes', '--output-format', 'stream-json', CART_TASK], {
      cwd: project.root,
      url: server.url,
    });

    const events = run.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; time: string; session: string });
    const types = events.map(({ type }) => type);
    expect(types[0]).toBe('session.start');
    expect(types.at(-1)).toBe('session.end');
    for (const type of [
      'context',
      'text',
      'thinking',
      'tool.call',
      'tool.result',
      'usage',
      'tests',
      'review',
      'diff',
      'commit',
    ])
      expect(types).toContain(type);
    expect(new Set(events.map(({ session }) => session)).size).toBe(1);
    expect(events.every(({ time }) => !Number.isNaN(Date.parse(time)))).toBe(true);
  });
});
