import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { killOwner, taskAt } from '../../support/task-script.ts';
import { worldHash } from '../../support/world-hash.ts';

const LINES = Array.from({ length: 20 }, (_, at) => `line ${at + 1}`);
const text = (changes: Record<number, string> = {}) => LINES.map((line, at) => `${changes[at + 1] ?? line}\n`).join('');
const no = async () => false;
const yes = async () => true;
const show = (project: GitProject, name: string) => project.git('show', name);
const hook = (project: GitProject, name: string, script: string) => {
  mkdirSync(project.path('.git/hooks'), { recursive: true });
  writeFileSync(project.path(`.git/hooks/${name}`), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
};

describe('the commit of a task', () => {
  it("holds the task's hunks only, and leaves staged what was staged", async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': 'b\n' });
    project.write('a.txt', text({ 2: 'STAGED' }));
    project.git('add', 'a.txt');
    project.write('a.txt', text({ 2: 'STAGED', 18: 'UNSTAGED' }));
    project.write('b.txt', 'mine\n');
    project.write('mine.txt', 'untracked\n');
    const main = project.git('rev-parse', 'main');

    const task = await taskAt(project.root, { task: 'Change line ten' });
    await task.does(() => {
      project.write('a.txt', text({ 2: 'STAGED', 10: 'NEX', 18: 'UNSTAGED' }));
      project.write('src/new.txt', 'new\n');
    });
    const done = await task.commit({ subject: 'feat: change line ten', onOverlap: no });
    await task.finish();

    expect(done).toEqual({
      status: 'committed',
      branch: 'nex/change-line-ten',
      commit: project.git('rev-parse', 'HEAD'),
      notes: [],
    });
    expect(project.git('show', '--format=%B', '--name-status').split('\n')).toEqual([
      'feat: change line ten',
      '',
      'Nex-Session: session-1',
      'Nex-Task: Change line ten',
      '',
      '',
      'M\ta.txt',
      'A\tsrc/new.txt',
    ]);
    expect(show(project, 'HEAD:a.txt')).toBe(text({ 10: 'NEX' }).trimEnd());
    expect(show(project, ':a.txt')).toBe(text({ 2: 'STAGED', 10: 'NEX' }).trimEnd());
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe(text({ 2: 'STAGED', 10: 'NEX', 18: 'UNSTAGED' }));
    expect(project.git('status', '--porcelain')).toBe('MM a.txt\n M b.txt\n?? mine.txt');
    expect(project.git('rev-parse', 'main')).toBe(main);
    expect(project.git('symbolic-ref', 'HEAD')).toBe('refs/heads/nex/change-line-ten');
  });

  it('is made where the user told git to assume that files did not change, also staged ones', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    project.write('b.txt', 'staged\n');
    project.write('new.txt', 'new\n');
    project.git('add', 'b.txt', 'new.txt');
    project.git('update-index', '--assume-unchanged', 'b.txt', 'new.txt');
    project.write('b.txt', 'assumed\n');
    project.write('new.txt', 'assumed, too\n');
    const flags = project.git('ls-files', '-s', '-v');

    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'nex\n'));
    const done = await task.commit({ subject: 'feat: a', onOverlap: no });
    await task.finish();

    expect(done.status).toBe('committed');
    expect(project.git('diff', '--name-status', 'main', 'HEAD')).toBe('M\ta.txt');
    expect(project.git('ls-files', '-s', '-v', 'b.txt', 'new.txt')).toBe(flags.split('\n').slice(1).join('\n'));
    expect(readFileSync(project.path('b.txt'), 'utf8')).toBe('assumed\n');
  });

  it('asks where lines are mixed, and without a yes leaves everything uncommitted', async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': 'b\n' });
    project.write('a.txt', text({ 10: 'MINE' }));
    const task = await taskAt(project.root);
    await task.does(() => {
      project.write('a.txt', text({ 10: 'MINE and NEX' }));
      project.write('b.txt', 'nex\n');
    });
    const before = worldHash(project.root);
    const asked: Array<readonly string[]> = [];
    const refused = await task.commit({
      subject: 'x',
      onOverlap: async (paths) => {
        asked.push(paths);
        return false;
      },
    });
    expect(refused).toEqual({
      status: 'uncommitted',
      reason: "your own uncommitted edits and nex's are mixed in a.txt",
    });
    expect(asked).toEqual([['a.txt']]);
    expect(worldHash(project.root)).toEqual(before);

    expect((await task.commit({ subject: 'x', onOverlap: yes })).status).toBe('committed');
    await task.finish();
    expect(show(project, 'HEAD:a.txt')).toBe(text({ 10: 'MINE and NEX' }).trimEnd());
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it('leaves out what the user changed between two steps of the task', async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': 'b\n' });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', text({ 3: 'NEX' })));
    project.write('a.txt', text({ 3: 'NEX', 15: 'MINE' }));
    project.write('b.txt', 'mine\n');
    await task.does(() => project.write('a.txt', text({ 3: 'NEX', 8: 'NEX TOO', 15: 'MINE' })));
    expect((await task.changes()).files).toEqual([{ path: 'a.txt', added: 2, removed: 2, status: 'modified' }]);
    expect((await task.commit({ subject: 'x', onOverlap: no })).status).toBe('committed');
    await task.finish();
    expect(show(project, 'HEAD:a.txt')).toBe(text({ 3: 'NEX', 8: 'NEX TOO' }).trimEnd());
    expect(project.git('status', '--porcelain')).toBe(' M a.txt\n M b.txt');
  });

  it('takes renames, deletions, modes, links and binary files along', async () => {
    using project = gitProject({
      'old.txt': text(),
      'gone.txt': 'gone\n',
      'run.sh': '#!/bin/sh\n',
      'was-file': 'x\n',
      'folder/a.txt': 'a\n',
      'pic.bin': Buffer.from([0, 1, 2, 255]),
    });
    const task = await taskAt(project.root);
    await task.does(() => {
      project.git('mv', 'old.txt', 'new name.txt');
      rmSync(project.path('gone.txt'));
      chmodSync(project.path('run.sh'), 0o755);
      rmSync(project.path('was-file'));
      project.write('was-file/now/folder.txt', 'y\n');
      rmSync(project.path('folder'), { recursive: true });
      project.write('folder', 'now a file\n');
      writeFileSync(project.path('pic.bin'), Buffer.from([0, 9, 9]));
      symlinkSync('run.sh', project.path('link'));
    });
    expect((await task.commit({ subject: 'x', onOverlap: no })).status).toBe('committed');
    await task.finish();
    expect(project.git('status', '--porcelain')).toBe('');
    const listed = project.git('ls-tree', '-r', 'HEAD').split('\n');
    expect(listed.map((line) => line.replace(/ .*\t/, ' '))).toEqual([
      '100644 folder',
      '120000 link',
      '100644 new name.txt',
      '100644 pic.bin',
      '100755 run.sh',
      '100644 was-file/now/folder.txt',
    ]);
  });

  it('untracks a file that the task took out of the index', async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'build.log': 'noise\n' });
    const task = await taskAt(project.root);
    await task.does(() => {
      project.git('rm', '-q', '--cached', 'build.log');
      project.write('.gitignore', '*.log\n');
    });
    await task.commit({ subject: 'x', onOverlap: no });
    await task.finish();
    expect(project.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toEqual(['.gitignore', 'a.txt']);
    expect(project.git('status', '--porcelain')).toBe('');
    expect(existsSync(project.path('build.log'))).toBe(true);
  });

  it("commits none of nex's own folder but the notes, and those once the project was initialized", async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.write('.nex/.gitignore', '*\n');
    const first = await taskAt(project.root);
    await first.does(() => project.write('a.txt', 'b\n'));
    project.write('.nex/memory.md', '# Notes\n');
    await first.commit({ subject: 'first', onOverlap: no });
    await first.finish();
    expect(project.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('a.txt');

    project.write('.nex/.gitignore', 'sessions/\n');
    project.write('.nex/config.toml', '');
    const second = await taskAt(project.root, { session: 'session-2', task: 'More' });
    await second.does(() => project.write('a.txt', 'c\n'));
    project.write('.nex/memory.md', '# Notes\n- a session\n');
    project.write('.nex/decisions.md', '# Decisions\n');
    await second.commit({ subject: 'second', onOverlap: no });
    await second.finish();
    expect(project.git('show', '--format=', '--name-only').split('\n')).toEqual([
      '.nex/decisions.md',
      '.nex/memory.md',
      'a.txt',
    ]);
    expect(project.git('status', '--porcelain', '-uall')).toBe('?? .nex/.gitignore\n?? .nex/config.toml');
  });

  it('tells of no identity, and keeps the changes', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    project.git('config', '--unset', 'user.name');
    project.git('config', '--unset', 'user.email');
    project.git('config', 'user.useConfigOnly', 'true');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    await expect(task.commit({ subject: 'x', onOverlap: no })).rejects.toMatchObject({
      kind: 'config',
      hint: expect.stringContaining('git config --global user.name'),
    });
    await task.finish();
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('b\n');
    expect(project.git('status', '--porcelain')).toBe(' M a.txt');
  });

  it('that was made but not followed by the index, because nex was killed, is followed at the next start', async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': 'b\n' });
    project.write('a.txt', text({ 2: 'STAGED' }));
    project.git('add', 'a.txt');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', text({ 2: 'STAGED', 10: 'NEX' })));
    hook(project, 'post-commit', 'cp .git/nex/last-step .git/last-step');
    const index = readFileSync(project.path('.git/index'));
    await task.commit({ subject: 'x', onOverlap: no });
    // The state of things at the moment between the commit and everything after it.
    writeFileSync(project.path('.git/index'), index);
    const last = JSON.parse(readFileSync(project.path('.git/last-step'), 'utf8'));
    project.git('--git-dir=.git/nex/store', 'update-ref', 'refs/sessions/session-1', last.snapshot);
    writeFileSync(project.path('.git/nex/last-step'), JSON.stringify(last));
    killOwner(project.path('.git'));
    expect(project.git('status', '--porcelain')).toBe('MM a.txt');

    const next = await taskAt(project.root, { session: 'session-2' });
    await next.does(() => project.write('b.txt', 'nex\n'));
    await next.finish();
    expect(project.git('status', '--porcelain')).toBe('M  a.txt\n M b.txt');
    expect(show(project, ':a.txt')).toBe(text({ 2: 'STAGED', 10: 'NEX' }).trimEnd());
  });

  it('commits again in the same session only what came after', async () => {
    using project = gitProject({ 'a.txt': text() });
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', text({ 1: 'ONE' })));
    await task.commit({ subject: 'one', onOverlap: no });
    expect(await task.changes()).toEqual({ patch: '', files: [] });
    await task.does(() => project.write('a.txt', text({ 1: 'ONE', 20: 'TWO' })));
    await task.commit({ subject: 'two', onOverlap: no });
    await task.finish();
    expect(project.git('log', '--format=%s').split('\n')).toEqual(['two', 'one', 'first']);
    expect(project.git('diff', '--stat', 'HEAD~1')).toContain('1 insertion(+), 1 deletion(-)');
  });
});

describe("the user's hooks", () => {
  it.each([
    ['a hook whose interpreter is missing', 'pre-commit', '#!/no/such/interpreter\n'],
    ['a hook that turns the message down', 'commit-msg', '#!/bin/sh\necho no such words >&2\nexit 1\n'],
    ['a signing program that is missing', 'sign', ''],
  ])(
    'or settings may make the commit fail, as %s does: everything is kept, nothing is skipped',
    async (_, hook, text) => {
      using project = gitProject({ 'a.txt': 'a\n' });
      if (hook === 'sign') {
        project.git('config', 'commit.gpgsign', 'true');
        project.git('config', 'gpg.program', '/no/such/program');
      } else writeFileSync(project.path(`.git/hooks/${hook}`), text, { mode: 0o755 });
      project.write('mine.txt', 'mine\n');
      project.git('add', 'mine.txt');
      const head = project.git('rev-parse', 'HEAD');
      const task = await taskAt(project.root);
      await task.does(() => project.write('a.txt', 'nex\n'));
      const done = await task.commit({ subject: 'feat: x', onOverlap: no });
      await task.finish();
      expect(done).toMatchObject({ status: 'uncommitted', reason: expect.stringContaining('git commit was refused') });
      expect(project.git('rev-parse', 'HEAD')).toBe(head);
      expect(project.git('status', '--porcelain')).toBe(' M a.txt\nA  mine.txt');
    },
  );

  it('apply at the commit; one that refuses keeps everything and is quoted', async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    hook(project, 'pre-commit', 'echo "style: no semicolons" >&2; exit 1');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'b\n'));
    const before = worldHash(project.root);
    const done = await task.commit({ subject: 'x', onOverlap: no });
    expect(done).toEqual({ status: 'uncommitted', reason: 'git commit was refused:\nstyle: no semicolons' });
    expect(worldHash(project.root)).toEqual(before);
    await task.finish();
    expect(worldHash(project.root)).toEqual(before);
  });

  it('may rewrite files; the rewritten ones are committed, and nex says so', async () => {
    using project = gitProject({ 'a.txt': text(), 'b.txt': 'b\n' });
    project.write('b.txt', 'mine\n');
    hook(project, 'pre-commit', 'echo formatted >> a.txt && git add a.txt');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', text({ 3: 'NEX' })));
    const done = await task.commit({ subject: 'x', onOverlap: no });
    await task.finish();
    expect(done).toMatchObject({ notes: ['A commit hook changed what was committed: a.txt'] });
    expect(show(project, 'HEAD:a.txt')).toBe(`${text({ 3: 'NEX' })}formatted`);
    expect(project.git('status', '--porcelain')).toBe(' M b.txt');
  });

  it("see nothing of nex's keys, and no variable that would lead their own git astray", async () => {
    using project = gitProject({ 'a.txt': 'a\n' });
    hook(project, 'pre-commit', 'env > .git/environment');
    process.env['ANTHROPIC_API_KEY'] = 'sk-ant-canary-canary-canary';
    process.env['GIT_DIR'] = '/nowhere';
    try {
      const task = await taskAt(project.root);
      await task.does(() => project.write('a.txt', 'b\n'));
      expect(await task.commit({ subject: 'x', onOverlap: no })).toMatchObject({ status: 'committed' });
      await task.finish();
    } finally {
      delete process.env['ANTHROPIC_API_KEY'];
      delete process.env['GIT_DIR'];
    }
    const environment = readFileSync(project.path('.git/environment'), 'utf8');
    expect(environment).not.toMatch(/canary|nowhere|LITERAL_PATHSPECS|OPTIONAL_LOCKS/);
    expect(environment).toMatch(/^GIT_INDEX_FILE=/m);
  });

  it("see the task's changes as the ones to commit, and the message", async () => {
    using project = gitProject({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    project.write('b.txt', 'mine\n');
    hook(project, 'pre-commit', 'git diff --cached --name-only > .git/seen');
    hook(project, 'commit-msg', 'grep -q "^TICKET-" "$1" || { echo "no ticket" >&2; exit 1; }');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'nex\n'));
    expect(await task.commit({ subject: 'no ticket here', onOverlap: no })).toEqual({
      status: 'uncommitted',
      reason: 'git commit was refused:\nno ticket',
    });
    expect((await task.commit({ subject: 'TICKET-1 x', onOverlap: no })).status).toBe('committed');
    await task.finish();
    expect(readFileSync(project.path('.git/seen'), 'utf8')).toBe('a.txt\n');
  });
});

it('is never left unsigned where the user signs: without the signature nothing is committed', async () => {
  using project = gitProject({ 'a.txt': 'a\n' });
  project.git('config', 'commit.gpgsign', 'true');
  project.git('config', 'gpg.program', '/nowhere/gpg');
  const task = await taskAt(project.root);
  await task.does(() => project.write('a.txt', 'b\n'));
  expect(await task.commit({ subject: 'x', onOverlap: no })).toEqual({
    status: 'uncommitted',
    reason: expect.stringContaining('/nowhere/gpg'),
  });
  await task.finish();
  expect(project.git('status', '--porcelain')).toBe(' M a.txt');
});

describe('what git would store', () => {
  it('is stored under autocrlf, while the file keeps its line endings', async () => {
    using project = gitProject({ 'a.txt': 'one\ntwo\n' });
    project.git('config', 'core.autocrlf', 'true');
    rmSync(project.path('a.txt'));
    project.git('checkout', '--', 'a.txt');
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('one\r\ntwo\r\n');
    const task = await taskAt(project.root);
    await task.does(() => project.write('a.txt', 'one\r\nTWO\r\n'));
    expect((await task.changes()).files).toEqual([{ path: 'a.txt', added: 1, removed: 1, status: 'modified' }]);
    await task.commit({ subject: 'x', onOverlap: no });
    await task.finish();
    expect(show(project, 'HEAD:a.txt')).toBe('one\nTWO');
    expect(readFileSync(project.path('a.txt'), 'utf8')).toBe('one\r\nTWO\r\n');
    expect(project.git('status', '--porcelain')).toBe('');
  });

  it("is stored with a filter of the user's own settings", async () => {
    using project = gitProject({ 'a.up': 'HELLO\n', '.gitattributes': '*.up filter=upper\n' });
    writeFileSync(
      `${process.env['HOME']}/.gitconfig`,
      '[filter "upper"]\n\tclean = tr a-z A-Z\n\tsmudge = tr A-Z a-z\n',
    );
    try {
      rmSync(project.path('a.up'));
      project.git('checkout', '--', 'a.up');
      const task = await taskAt(project.root);
      await task.does(() => project.write('a.up', 'hello world\n'));
      await task.commit({ subject: 'x', onOverlap: no });
      await task.finish();
      expect(show(project, 'HEAD:a.up')).toBe('HELLO WORLD');
      expect(project.git('status', '--porcelain')).toBe('');
    } finally {
      rmSync(`${process.env['HOME']}/.gitconfig`);
    }
  });
});
