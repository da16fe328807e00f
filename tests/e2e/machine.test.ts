import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GitProject, gitProject } from '../support/git-project.ts';
import { processesWith } from '../support/git-shim.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, type Turn, turn } from '../support/model-server/turns.ts';
import { homeEnvironment, type Run, runShell, type TestHome, testHome } from '../support/run-nex.ts';
import { canMount, smallDisk } from '../support/small-disk.ts';
import { worldHash } from '../support/world-hash.ts';

const PROGRAM = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const FILES = { 'a.txt': 'a\n', 'b.txt': 'b\n' };
const EDIT = turn(calls('write_file', { path: 'a.txt', edits: [{ old_text: 'a\n', new_text: 'nex\n' }] }));
const SCRIPT: Turn[] = [turn(calls('read_file', { path: 'a.txt' })), EDIT, turn(says('Done.'))];
const TASK = ['--yes', 'Put nex into a.txt.'];

/** Whether there is a user here who may do less, and who can read the program. Root may write everything. */
const canDrop =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('setpriv', [...NOBODY.slice(1), process.execPath, '-e', `fs.accessSync(${JSON.stringify(PROGRAM)})`])
    .status === 0;

/** A script whose nth request is also the moment in which something else happens. */
function meanwhile(nth: number, happens: () => void, script: readonly Turn[] = SCRIPT): () => Turn {
  let seen = 0;
  return () => {
    if (++seen === nth) happens();
    return script[Math.min(seen, script.length) - 1] ?? turn(says('Done.'));
  };
}

describe('a disk that is full', () => {
  it.runIf(canMount())('ends the task with a word about it; with room again, everything is there', async () => {
    using home = testHome();
    using disk = smallDisk(16);
    using model = gitProject(FILES);
    model.write('b.txt', 'mine\n');
    cpSync(model.root, disk.path, { recursive: true });
    const before = worldHash(disk.path, ['.nex']);
    await using server = await startModelServer({ script: meanwhile(2, () => disk.fill(0)), allowViolations: true });
    const run = await home.nex(TASK, { cwd: disk.path, url: server.url });
    expect([1, 5]).toContain(run.status);
    expect(run.stderr).toMatch(/^nex: .*disk is full/m);
    expect(run.stderr).not.toContain('this is a bug');
    disk.clear();
    const back = await home.nex(['rollback', '--discard', '--yes'], { cwd: disk.path });
    expect([0, 1]).toContain(back.status);
    expect(worldHash(disk.path, ['.nex'])).toEqual(before);
  });

  it.runIf(canMount())('is named in one note, also for what git may see of it, where it was full before', async () => {
    using home = testHome();
    using disk = smallDisk(2);
    using model = gitProject(FILES);
    cpSync(model.root, disk.path, { recursive: true });
    disk.fill(0);
    await using server = await startModelServer({ script: [turn(says('It holds an a.'))] });
    const run = await home.nex(['--yes', 'What is in a.txt?'], { cwd: disk.path, url: server.url });
    expect(run).toMatchObject({ status: 0, stdout: 'It holds an a.\n' });
    expect(run.stderr.match(/cannot be written/g)).toHaveLength(1);
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /\.nex cannot be written: the disk is full\. .* Nor can git be told/,
    );
  });
});

describe.runIf(canDrop)('where nothing may be written', () => {
  /** Runs nex as somebody who owns project and home, but is not root. */
  function asNobody(
    home: TestHome,
    project: GitProject,
    args: readonly string[],
    url: string,
    more: Record<string, string | undefined> = {},
  ): Promise<Run> {
    const line = [...NOBODY, process.execPath, PROGRAM, ...args].map((word) => `'${word}'`).join(' ');
    const all = Object.entries({ ...homeEnvironment(home.path, url), ...more });
    const env = Object.fromEntries(all.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
    return runShell(line, { cwd: project.root, env });
  }
  const own = (...paths: string[]) => execFileSync('chown', ['-R', '65534:65534', ...paths]);
  const close = (path: string) => execFileSync('chmod', ['-R', 'a-w', path]);
  const open = (path: string) => execFileSync('chmod', ['-R', 'u+w', path]);

  it('a read-only repository: a question is answered, a task is refused before it begins', async () => {
    using home = testHome();
    using project = gitProject(FILES);
    own(home.path, project.root);
    close(project.root);
    const before = worldHash(project.root);
    await using asked = await startModelServer({ script: [turn(says('It holds an a.'))] });
    const answer = await asNobody(home, project, ['--yes', 'What is in a.txt?'], asked.url);
    expect(answer).toMatchObject({ status: 0, stdout: expect.stringContaining('It holds an a.') });
    await using server = await startModelServer({ script: SCRIPT, allowViolations: true });
    const run = await asNobody(home, project, TASK, server.url);
    expect(run).toMatchObject({
      status: 5,
      stderr: expect.stringMatching(/^nex: The state before the change cannot be saved: EACCES.*\n {2}hint: /m),
    });
    expect(worldHash(project.root)).toEqual(before);
    open(project.root);
  });

  it("a read-only .nex: the task works, only nex's memory does not grow", async () => {
    using home = testHome();
    using project = gitProject({ ...FILES, '.nex/memory.md': '# Project Memory\n', '.nex/.gitignore': 'sessions/\n' });
    own(home.path, project.root);
    close(project.path('.nex'));
    await using server = await startModelServer({ script: SCRIPT, allowViolations: true });
    const run = await asNobody(home, project, TASK, server.url);
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining('committed') });
    expect(run.stderr).toContain('! .nex cannot be written: permission denied. The task goes on');
    expect(run.stderr.match(/^! (?!tests|review)/gm)).toHaveLength(1);
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('nex\n');
    expect(readFileSync(project.path('.nex/memory.md'), 'utf8')).toBe('# Project Memory\n');
    open(project.root);
  });

  it.each(['no home', 'an empty HOME', 'a read-only home'])(
    '%s: a task works all the same, and can be undone',
    async (which) => {
      using home = testHome();
      using project = gitProject(FILES);
      own(home.path, project.root);
      if (which === 'a read-only home') chmodSync(home.path, 0o555);
      const homeless =
        which === 'no home' ? { HOME: undefined, USERPROFILE: undefined } : { HOME: '', USERPROFILE: '' };
      const env = which === 'a read-only home' ? {} : homeless;
      await using server = await startModelServer({ script: SCRIPT, allowViolations: true });
      const run = await asNobody(home, project, TASK, server.url, env);
      expect(run.status).toBe(0);
      expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('nex\n');
      const back = await asNobody(home, project, ['rollback', '--discard', '--yes'], server.url, env);
      expect(back.status).toBe(0);
      expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('a\n');
      expect(existsSync(project.path('.local'))).toBe(false);
      chmodSync(home.path, 0o755);
    },
  );
});

describe('what the user does while nex works', () => {
  const stays = (project: GitProject, files: Record<string, string | undefined>) => {
    for (const [name, content] of Object.entries(files))
      expect(existsSync(project.path(name)) ? readFileSync(project.path(name), 'utf8') : undefined).toBe(content);
  };
  it.each<[string, (project: GitProject) => void, string, Record<string, string | undefined>]>([
    [
      'edits the file',
      (project) => project.write('a.txt', 'mine\n'),
      'a.txt has changed since you read it',
      { 'a.txt': 'mine\n' },
    ],
    [
      'deletes the file',
      (project) => rmSync(project.path('a.txt')),
      'There is no a.txt to edit',
      { 'a.txt': undefined },
    ],
    [
      'renames the file',
      (project) => renameSync(project.path('a.txt'), project.path('c.txt')),
      'There is no a.txt to edit',
      { 'a.txt': undefined, 'c.txt': 'a\n' },
    ],
  ])('%s: the write that no longer fits is refused', async (_, act, refusal, files) => {
    using home = testHome();
    using project = gitProject(FILES);
    await using server = await startModelServer({ script: meanwhile(2, () => act(project)), allowViolations: true });
    const run = await home.nex(TASK, { cwd: project.root, url: server.url });
    expect(run).toMatchObject({ status: 0, stderr: expect.stringContaining(refusal) });
    stays(project, files);
    expect(project.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  it('edits another file: that stays, and is not committed', async () => {
    using home = testHome();
    using project = gitProject(FILES);
    const act = () => project.write('b.txt', 'mine\n');
    await using server = await startModelServer({ script: meanwhile(2, act), allowViolations: true });
    expect(await home.nex(TASK, { cwd: project.root, url: server.url })).toMatchObject({ status: 0 });
    stays(project, { 'a.txt': 'nex\n', 'b.txt': 'mine\n' });
    expect(project.git('show', '--format=', '--name-only', 'HEAD')).not.toContain('b.txt');
  });

  it('switches to another branch: that is noticed, and nothing is written there', async () => {
    using home = testHome();
    using project = gitProject(FILES);
    project.git('branch', 'other');
    const script: Turn[] = [...SCRIPT.slice(0, 2), turn(calls('write_file', { path: 'new.txt', content: 'x\n' }))];
    await using server = await startModelServer({
      script: meanwhile(3, () => project.git('switch', '-q', 'other'), script),
      allowViolations: true,
    });
    const run = await home.nex(TASK, { cwd: project.root, url: server.url });
    expect(run).toMatchObject({
      status: 5,
      stderr: expect.stringContaining('nex: HEAD left nex/put-nex-into-a-txt for other during the task.'),
    });
    expect(existsSync(project.path('new.txt'))).toBe(false);
    expect(project.git('rev-parse', 'other')).toBe(project.git('rev-parse', 'main'));
  });
});

/** `PROCESSES=10 npm test` starts ten at once. */
const PROCESSES = Number(process.env['PROCESSES'] ?? 3);

it(`${PROCESSES} tasks at once in one repository: one at a time writes, the others are told who`, async () => {
  using home = testHome();
  using project = gitProject(FILES);
  const before = worldHash(project.root, ['.nex']);
  const line = "One more line into the file 'shared.txt'.";
  const done: Turn[] = [turn(calls('run_command', { command: 'echo x >>shared.txt' })), turn(says('Done.'))];
  const servers = await Promise.all(
    Array.from({ length: PROCESSES }, () => startModelServer({ script: done, allowViolations: true })),
  );
  const runs = await Promise.all(
    servers.map((server) => home.nex(['--yes', line], { cwd: project.root, url: server.url })),
  );
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  const worked = runs.filter(({ status }) => status === 0);
  expect(worked.length).toBeGreaterThan(0);
  for (const { status, stderr } of runs.filter((run) => !worked.includes(run))) {
    expect(status).toBe(5);
    expect(stderr).toMatch(/^nex: Another nex is at work here since .*: "One more line into the file 'shared.txt'\."/m);
  }
  expect(readFileSync(project.path('shared.txt'), 'utf8')).toBe('x\n'.repeat(worked.length));
  expect(existsSync(project.path('.git/nex/lock'))).toBe(false);
  for (let left = worked.length; left > 0; left--)
    expect(await home.nex(['rollback', '--discard', '--yes'], { cwd: project.root })).toMatchObject({ status: 0 });
  expect(worldHash(project.root, ['.nex'])).toEqual(before);
});

it('a commit hook that takes its time can be interrupted, and the change stays', async () => {
  using home = testHome();
  using project = gitProject(FILES);
  mkdirSync(project.path('.git/hooks'), { recursive: true });
  const began = join(home.path, 'began');
  writeFileSync(project.path('.git/hooks/pre-commit'), `#!/bin/sh\ntouch ${began}\nexec sleep 1000\n`, { mode: 0o755 });
  const before = worldHash(project.root, ['.nex']);
  await using server = await startModelServer({ script: SCRIPT, allowViolations: true });
  const run = await home.nex(TASK, {
    cwd: project.root,
    url: server.url,
    onStart: (child) => {
      const look = setInterval(() => {
        if (!existsSync(began)) return;
        clearInterval(look);
        child.kill('SIGINT');
      }, 10);
    },
  });
  expect(run.status).toBe(130);
  expect(processesWith(home.path)).toEqual([]);
  expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('nex\n');
  const back = await home.nex(['rollback', '--discard', '--yes'], { cwd: project.root });
  expect(back.status).toBe(0);
  expect(worldHash(project.root, ['.nex'])).toEqual(before);
});
