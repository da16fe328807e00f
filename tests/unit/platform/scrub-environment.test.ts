import { describe, expect, it } from 'vitest';
import { isSecretVariable, scrubEnvironment } from '../../../src/platform/scrub-environment.ts';

describe('scrubEnvironment', () => {
  it.each([
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
    'OPENAI_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'AWS_SESSION_TOKEN',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'NPM_TOKEN',
    'DB_PASSWORD',
    'PGPASSWORD',
    'MYSQL_PWD',
    'SECRET',
    'clientSecret',
    'my_api_key',
    'SSH_PASSPHRASE',
    'AZURE_DEVOPS_EXT_PAT',
    'npm_config__auth',
    'npm_config_//registry.npmjs.org/:_authToken',
    'GOOGLE_APPLICATION_CREDENTIALS',
    'SESSION_COOKIE',
    'SLACK_WEBHOOK_URL',
  ])('drops %s for its name', (name) => {
    expect(scrubEnvironment({ [name]: 'x' })).not.toHaveProperty([name]);
  });

  it.each([
    `sk-ant-${'a1'.repeat(20)}`,
    `ghp_${'a1'.repeat(18)}`,
    `AKIA${'A1'.repeat(8)}`,
    `xoxb-${'1234567890'}-abc`,
    'postgres://admin:hunter2@db.example.com/app',
    '-----BEGIN RSA PRIVATE KEY-----\nabc',
    `eyJ${'a'.repeat(12)}.eyJ${'b'.repeat(12)}.sig`,
  ])('drops a variable whose value is a secret: %j', (value) => {
    expect(scrubEnvironment({ HARMLESS: value })).not.toHaveProperty('HARMLESS');
  });

  it('keeps what commands need', () => {
    const env = {
      PATH: '/usr/bin',
      HOME: '/home/u',
      PWD: '/repo',
      LANG: 'de_DE.UTF-8',
      SSH_AUTH_SOCK: '/tmp/agent',
      NODE_OPTIONS: '--max-old-space-size=8192',
      TOKENIZERS_PARALLELISM: 'false',
      KEYBOARD: 'us',
      AWS_PROFILE: 'work',
      DATABASE_URL: 'postgres://app:app@localhost:5432/app',
      GIT_AUTHOR_NAME: 'A. Person',
      GIT_CONFIG_NOSYSTEM: '1',
    };
    expect(scrubEnvironment(env)).toMatchObject(env);
  });

  it('drops what would change the meaning of a command', () => {
    const env = {
      GIT_DIR: '/other',
      GIT_INDEX_FILE: 'x',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.pager',
      GIT_CONFIG_VALUE_0: 'evil',
      BASH_ENV: '/x',
      ENV: '/x',
      CDPATH: '/x',
      'BASH_FUNC_ls%%': '() { evil; }',
      FORCE_COLOR: '1',
    };
    const scrubbed = scrubEnvironment(env);
    expect(Object.keys(env).filter((name) => name in scrubbed)).toEqual([]);
  });

  it('says that nobody is there to answer or to turn a page', () => {
    expect(
      scrubEnvironment({ TERM: 'xterm-256color', PAGER: 'less', GIT_ASKPASS: '/usr/bin/window', EDITOR: 'vim' }),
    ).toMatchObject({
      TERM: 'dumb',
      NO_COLOR: '1',
      PAGER: 'cat',
      GIT_PAGER: 'cat',
      EDITOR: 'true',
      GIT_EDITOR: 'true',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '',
    });
  });
});

it('isSecretVariable tells a working folder from a password', () => {
  expect([
    isSecretVariable('PWD', '/repo'),
    isSecretVariable('OLDPWD', '/'),
    isSecretVariable('REDIS_PWD', 'x'),
  ]).toEqual([false, false, true]);
});
