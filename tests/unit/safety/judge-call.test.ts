import { describe, expect, it } from 'vitest';
import type { ToolCall } from '../../../src/model/message.ts';
import { judgeCall } from '../../../src/safety/judge-call.ts';
import { type JudgeContext, judgeCommand } from '../../../src/safety/policy.ts';
import { compileUserRules, joinUserRules } from '../../../src/safety/user-rules.ts';

const CONTEXT: JudgeContext = { root: '/home/user/shop', home: '/home/user' };

const judge = (name: string, input: ToolCall['input'], more: Partial<JudgeContext> = {}) =>
  judgeCall({ name, input }, { ...CONTEXT, ...more });
const judgeWrite = (path: string, more: Partial<JudgeContext> = {}) => judge('write_file', { path, content: '' }, more);
const judgeRead = (path: string, more: Partial<JudgeContext> = {}) => judge('read_file', { path }, more);
const judgeRun = (command: string, more: Partial<JudgeContext> = {}) => judge('run_command', { command }, more);

/** What a disk says where only these paths and the project exist. */
const exists = (links: Readonly<Record<string, string>>) => (path: string) =>
  links[path] ?? (path === CONTEXT.root ? path : undefined);

const ALLOWED_WRITE = { verdict: 'allow', parts: [], readOnly: false };
const ALLOWED_READ = { verdict: 'allow', parts: [], readOnly: true };

describe('a write_file call', () => {
  it.each([
    'src/main.ts',
    'README.md',
    'package.json',
    '.env.example',
    '.github/dependabot.yml',
    'docs/husky.md',
    'src/env.ts',
    '.gitignore',
  ])('may write %s', (path) => {
    expect(judgeWrite(path)).toEqual(ALLOWED_WRITE);
  });

  it.each([
    ['.github/workflows/x.yml', 'persistence.ci'],
    ['.GitHub/Workflows/x.yml', 'persistence.ci'],
    ['.gitlab-ci.yml', 'persistence.ci'],
    ['Jenkinsfile', 'persistence.ci'],
    ['.circleci/config.yml', 'persistence.ci'],
    ['.husky/pre-commit', 'persistence.hooks'],
    ['.pre-commit-config.yaml', 'persistence.hooks'],
    ['.git/hooks/pre-commit', 'persistence.hooks'],
    ['.git/config', 'git.directory'],
    ['vendor/library/.git/config', 'git.directory'],
    ['.nex/config.toml', 'outside.nex'],
    ['.vscode/tasks.json', 'persistence.editor'],
    ['.bashrc', 'persistence.startup'],
    ['.ssh/config', 'persistence.keys'],
    ['.env', 'secrets.write'],
    ['.ENV', 'secrets.write'],
    ['./src/../.env', 'secrets.write'],
    ['packages/web/.env.local', 'secrets.write'],
    ['.envrc', 'secrets.write'],
    ['.npmrc', 'secrets.write'],
    ['id_rsa', 'secrets.write'],
    ['keys/server.pem', 'secrets.write'],
    ['terraform.tfstate', 'secrets.write'],
  ])('asks before it writes %s', (path, rule) => {
    expect(judgeWrite(path)).toMatchObject({ verdict: 'ask', rule, part: path, readOnly: false });
  });

  it('says why it asks', () => {
    expect(judgeWrite('.env')).toEqual({
      verdict: 'ask',
      rule: 'secrets.write',
      category: 'secrets',
      reason: 'Changes a file that keeps keys or passwords. (.env)',
      part: '.env',
      parts: ['.env'],
      readOnly: false,
    });
  });

  it('is judged by the file a link leads to', () => {
    const realPath = exists({ '/home/user/shop/notes.txt': '/home/user/shop/.env' });
    expect(judgeWrite('notes.txt', { realPath }).rule).toBe('secrets.write');
    expect(judgeWrite('other.txt', { realPath })).toEqual(ALLOWED_WRITE);
  });

  it('is judged by the folder a link leads to, for a file that does not exist yet', () => {
    const realPath = exists({ '/home/user/shop/ci': '/home/user/shop/.github/workflows' });
    expect(judgeWrite('ci/new.yml', { realPath }).rule).toBe('persistence.ci');
  });

  it('asks about what the settings guard', () => {
    expect(judgeWrite('migrations/1.sql', { guarded: ['migrations/'] })).toEqual({
      verdict: 'ask',
      rule: 'user.guarded',
      category: 'user',
      reason: 'Changes a file that the settings guard. (migrations/1.sql)',
      part: 'migrations/1.sql',
      parts: ['migrations/1.sql'],
      readOnly: false,
    });
  });

  it.each([
    'migrations',
    'migrations/deep/1.sql',
    './migrations/1.sql',
    'src/../migrations/1.sql',
    '/home/user/shop/migrations/1.sql',
  ])('finds %s below a guarded folder', (path) => {
    expect(judgeWrite(path, { guarded: ['./migrations'] }).rule).toBe('user.guarded');
  });

  it.each([
    ['infra/**', 'infra/eu/main.tf'],
    ['infra/*.tf', 'infra/main.tf'],
    ['*.lock', 'deep/in/yarn.lock'],
    ['?akefile', 'Makefile'],
  ])('takes %s for a pattern that %s matches', (guard, path) => {
    expect(judgeWrite(path, { guarded: [guard] }).rule).toBe('user.guarded');
    expect(judgeWrite('src/a.ts', { guarded: [guard] }).verdict).toBe('allow');
  });

  it.each(['echo x > infra/a.tf', 'sed -i s/a/b/ infra/a.tf', 'rm infra/a.tf', 'mv infra old', 'cp a.tf infra/'])(
    'is asked about in the shell as well: %s',
    (command) => {
      expect(judgeCommand(command, { ...CONTEXT, guarded: ['infra/**'] }).rule).toBe('user.guarded');
    },
  );

  it('does not guard a neighbour whose name begins the same', () => {
    expect(judgeWrite('migrations-old/1.sql', { guarded: ['migrations/'] })).toEqual(ALLOWED_WRITE);
  });

  it('finds a guarded folder behind a link', () => {
    const realPath = exists({ '/home/user/shop/link': '/home/user/shop/migrations' });
    expect(judgeWrite('link/1.sql', { guarded: ['migrations'], realPath }).rule).toBe('user.guarded');
  });

  it('names the danger before the guard', () => {
    expect(judgeWrite('.github/workflows/x.yml', { guarded: ['.github'] }).rule).toBe('persistence.ci');
  });
});

describe('a call that reads', () => {
  it.each(['src/main.ts', 'README.md', '.env.example', '.env.sample', 'server.pub', 'src/environment.ts'])(
    'may read %s',
    (path) => {
      expect(judgeRead(path)).toEqual(ALLOWED_READ);
    },
  );

  it.each([
    '.env',
    '.Env.Production',
    'packages/web/.env.local',
    './src/../.env',
    '.aws/credentials',
    '.npmrc',
    'config/credentials.json',
    'server.key',
    '/home/user/.ssh/id_rsa',
    '../other/.env',
  ])('asks before it reads %s', (path) => {
    expect(judgeRead(path)).toMatchObject({ verdict: 'ask', rule: 'secrets.read', part: path, readOnly: false });
    expect(judge('search_files', { pattern: 'KEY', path })).toMatchObject({ verdict: 'ask', rule: 'secrets.read' });
  });

  it('asks before it reads a link to a secret', () => {
    const realPath = exists({ '/home/user/shop/notes.txt': '/home/user/shop/.env' });
    expect(judgeRead('notes.txt', { realPath }).rule).toBe('secrets.read');
  });

  it('may search the whole project and list folders', () => {
    expect(judge('search_files', { pattern: 'KEY' })).toEqual(ALLOWED_READ);
    expect(judge('list_directory', {})).toEqual(ALLOWED_READ);
    expect(judge('list_directory', { path: '.ssh' })).toEqual(ALLOWED_READ);
  });
});

describe('a run_command call', () => {
  it.each(['npm test', 'git push --force', 'rm -rf /', 'cat .env', 'ls'])('is judged as the command %s', (command) => {
    expect(judgeRun(command)).toEqual(judgeCommand(command, CONTEXT));
  });

  it.each([{}, { command: 7 }, { command: null }])(
    'with input %j runs nothing and is let through to the tool',
    (input) => {
      expect(judge('run_command', input)).toEqual({ verdict: 'allow', parts: [], readOnly: false });
    },
  );
});

describe("the user's rules", () => {
  const rules = compileUserRules({ ask: ['^make deploy'], deny: ['^docker\\b', 'staging'] }, 'config.toml');

  it('ask about and forbid what was allowed', () => {
    expect(judgeRun('make deploy-all', { rules })).toMatchObject({ verdict: 'ask', rule: 'user.ask' });
    expect(judgeRun('docker ps', { rules })).toMatchObject({ verdict: 'deny', rule: 'user.deny' });
    expect(judgeRun('make test', { rules }).verdict).toBe('allow');
  });

  it('tell the pattern that decided', () => {
    expect(judgeRun('ls && docker ps', { rules })).toEqual({
      verdict: 'deny',
      rule: 'user.deny',
      category: 'user',
      reason: 'A rule in your settings forbids it. (^docker\\b)',
      part: 'docker ps',
      parts: ['ls', 'docker ps'],
      readOnly: false,
    });
  });

  it.each([
    "bash -c 'docker ps'",
    'sudo docker ps',
    'x=docker; $x ps',
    "d'o'cker ps",
    'echo $(docker ps)',
    'ls; docker ps',
    'timeout 5 docker ps',
  ])('hold for the command that really runs in %s', (command) => {
    expect(judgeRun(command, { rules })).toMatchObject({ verdict: 'deny', rule: 'user.deny' });
  });

  it('do not mind text that only mentions the command', () => {
    expect(judgeRun("echo 'docker ps'", { rules }).verdict).toBe('allow');
    expect(judgeRun('grep -rn docker .', { rules }).verdict).toBe('allow');
  });

  it('make a command that was asked about forbidden', () => {
    expect(judgeRun('git push --force staging', { rules })).toMatchObject({ verdict: 'deny', rule: 'user.deny' });
  });

  it('that only ask do not soften what is denied', () => {
    const asking = compileUserRules({ ask: ['.'] }, 'config.toml');
    expect(judgeRun('rm -rf /', { rules: asking })).toMatchObject({ verdict: 'deny', rule: 'files.wipe-root' });
  });

  it('are added to by a project, never taken away', () => {
    const project = compileUserRules({ ask: ['docker'], deny: [] }, '.nex/config.toml');
    for (const joined of [joinUserRules(rules, project), joinUserRules(project, rules)]) {
      expect(judgeRun('docker ps', { rules: joined })).toMatchObject({ verdict: 'deny', rule: 'user.deny' });
      expect(judgeRun('make deploy', { rules: joined })).toMatchObject({ verdict: 'ask', rule: 'user.ask' });
      expect(judgeRun('git push --force', { rules: joined }).verdict).toBe('ask');
    }
  });

  it('join into all patterns of both files', () => {
    const project = compileUserRules({ ask: ['a'], deny: ['b'] }, '.nex/config.toml');
    expect(joinUserRules(rules, project)).toEqual({ ask: [/^make deploy/, /a/], deny: [/^docker\b/, /staging/, /b/] });
  });

  it('of no settings are empty', () => {
    expect(compileUserRules({}, 'config.toml')).toEqual({ ask: [], deny: [] });
  });

  it.each([
    ['no regular expression', '('],
    ['too long', 'a'.repeat(501)],
    ['one that can take for ever', '(a+)+b'],
    ['one that can take for ever', '(a|aa)*b'],
  ])('that hold a pattern that is %s are refused with the name of the file', (_, pattern) => {
    expect(() => compileUserRules({ deny: [pattern] }, '.nex/config.toml')).toThrow(
      expect.objectContaining({ kind: 'config', message: expect.stringContaining('.nex/config.toml: [safety] deny') }),
    );
  });
});
