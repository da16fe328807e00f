import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Environment, loadConfig } from '../../src/config.ts';
import { NexError } from '../../src/errors.ts';
import { userFolders } from '../../src/platform/user-folders.ts';
import type { Settings } from '../../src/settings-table.ts';
import { tempProject } from '../support/temp-project.ts';

/** Loads settings in a throw-away home and project. */
async function load(
  files: { global?: string; project?: string },
  env: Environment = {},
  flags: Partial<Settings> = {},
) {
  using project = tempProject({
    ...(files.global === undefined ? {} : { 'home/.config/nex/config.toml': files.global }),
    ...(files.project === undefined ? {} : { 'repo/.nex/config.toml': files.project }),
  });
  return await loadConfig({
    env,
    folders: userFolders({ HOME: project.path('home') }, 'linux'),
    root: project.path('repo'),
    flags,
  });
}

async function failure(...args: Parameters<typeof load>): Promise<NexError> {
  const error = await load(...args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof NexError) return error;
  throw new Error('it did not fail');
}

describe('loadConfig', () => {
  it('has a default for what needs one', async () => {
    const { settings, sources } = await load({});
    expect(settings).toMatchObject({
      model: 'claude-sonnet-5-5',
      lightModel: 'claude-haiku-5-5',
      maxIterations: 25,
      contextBudget: 24_000,
      review: true,
      dryRun: undefined,
    });
    expect(sources.model).toBe('default');
  });

  it('puts flag over environment over project over global over default', async () => {
    const files = { global: 'max_iterations = 20\nmodel = "claude-a"', project: 'max_iterations = 15' };
    expect((await load(files)).settings.maxIterations).toBe(15);
    expect((await load(files)).sources).toMatchObject({ maxIterations: 'project', model: 'global' });
    expect((await load(files, { NEX_MAX_ITERATIONS: '30' })).settings.maxIterations).toBe(30);
    expect((await load(files, { NEX_MAX_ITERATIONS: '30' }, { maxIterations: 5 })).settings.maxIterations).toBe(5);
  });

  it('lets other models do the light work, too', async () => {
    expect((await load({}, { NEX_MODEL: 'qwen3' })).settings.lightModel).toBe('qwen3');
  });

  it.each([
    ['max_iterations = 100000', 'max_iterations'],
    ['max_cost = 5.0', 'max_cost'],
    ['dry_run = false', 'dry_run'],
    ['review = false', 'review'],
    ['model = "claude-x"', 'model'],
    ['base_url = "https://evil.example"', 'base_url'],
    ['effort = "high"', 'effort'],
    ['test_timeout = 3600', 'test_timeout'],
  ])('refuses %s in a project: it would loosen something', async (line, key) => {
    const error = await failure({ project: `# a comment\n${line}`, global: 'max_cost = 1.0' }, { NEX_DRY_RUN: 'true' });
    expect(error.kind).toBe('config');
    expect(error.message).toContain(`config.toml:2: a project may not set \`${key}`);
  });

  it.each([
    ['max_iterations = 5', { maxIterations: 5 }],
    ['max_cost = 0.5', { maxCost: 0.5 }],
    ['dry_run = true', { dryRun: true }],
    ['effort = "low"', { effort: 'low' }],
    ['token_rate_limit = 5000', { tokenRateLimit: 5000 }],
    [
      '[safety]\nask = ["^terraform"]',
      { safety: { global: { ask: [], deny: [] }, project: { ask: ['^terraform'], deny: [] } } },
    ],
  ])('obeys a stricter project: %s', async (line, expected) => {
    expect((await load({ project: line })).settings).toMatchObject(expected);
  });

  it("adds a project's lists to the user's", async () => {
    const { settings } = await load({ global: 'guarded = ["a"]', project: 'guarded = ["b"]' });
    expect(settings.guarded).toEqual(['a', 'b']);
  });

  it.each([
    ['model = ', 'is not valid TOML'],
    ['colour = "red"', 'config.toml:1: unknown key `colour`'],
    ['max_iterations = "many"', 'config.toml:1: `max_iterations` cannot be "many"'],
    ['plan = "sometimes"', '`plan` cannot be "sometimes"'],
    ['[safety]\nallow = ["x"]', '`[safety] allow` is not understood'],
    ['[prices.m]\ninput = "free"', '[prices.m] is not understood at `input`'],
  ])('names what is wrong with %j', async (text, message) => {
    expect((await failure({ global: text })).message).toContain(message);
  });

  it('names a variable that cannot be read', async () => {
    expect(await failure({}, { NEX_MAX_ITERATIONS: 'lots' })).toMatchObject({
      kind: 'config',
      message: 'NEX_MAX_ITERATIONS=lots cannot be read.',
      hint: 'NEX_MAX_ITERATIONS takes a whole number from 1.',
    });
  });

  it('refuses prices in a project', async () => {
    expect((await failure({ project: '[prices.m]\ninput = 1' })).message).toContain('a project may not set prices');
  });

  it("opens Nex AI's files, each oddity with one notice", async () => {
    const { settings, notices } = await load({
      project:
        'token_rate_limit = 20000\nsubtask_token_budget = 20000\nhaiku_model = "claude-haiku-4"\ndry_run = "False"\napi_key = "sk-ant-x"',
    });
    expect(settings).toMatchObject({ tokenRateLimit: 0, lightModel: 'claude-haiku-5-5', dryRun: undefined });
    expect(notices).toHaveLength(5);
    expect(notices.join('\n')).not.toContain('sk-ant-x');
  });

  const FORMER = 'token_rate_limit = 20000\n';

  it.each([
    ['model = "claude-sonnet-4-20250514"', { model: 'claude-sonnet-5-5' }, "that is the user's to choose"],
    ['max_iterations = 100', { maxIterations: 25 }, 'would loosen `max_iterations` (in force: 25)'],
    ['dry_run = false', { dryRun: undefined }, 'would loosen `dry_run`'],
    ['test_timeout = 3000', { testTimeout: 600 }, 'would loosen `test_timeout`'],
  ])("opens a project of Nex AI that sets %j, which is the user's", async (line, settings, why) => {
    const opened = await load({ project: `${FORMER}${line}\n` });
    expect(opened.settings).toMatchObject(settings);
    expect(opened.notices).toHaveLength(2);
    expect(opened.notices[1]).toMatch(/config\.toml:2: a project's `\w+` is ignored: /);
    expect(opened.notices[1]).toContain(why);
  });

  it.each(['light_model = "m"', 'base_url = "http://x"', 'review = false', 'model = 5'])(
    'refuses %j in a project of Nex AI as in any other',
    async (line) => {
      expect((await failure({ project: `${FORMER}${line}\n` })).kind).toBe('config');
    },
  );

  it("obeys what a project of Nex AI sets within the user's limits", async () => {
    const { settings, notices } = await load({ project: `${FORMER}max_iterations = 10\ntest_timeout = 60\n` });
    expect(settings).toMatchObject({ maxIterations: 10, testTimeout: 60 });
    expect(notices).toHaveLength(1);
  });

  it('reads Nex AI\'s "False" as false in the user\'s own file', async () => {
    expect((await load({ global: 'dry_run = "False"' })).settings.dryRun).toBe(false);
  });
});

describe('userFolders', () => {
  it('follows XDG, and ignores relative values as it demands', () => {
    expect(userFolders({ HOME: '/h', XDG_CONFIG_HOME: '/x', XDG_STATE_HOME: 'relative' }, 'linux')).toEqual({
      home: '/h',
      config: '/x/nex',
      state: join('/h', '.local', 'state', 'nex'),
      cache: join('/h', '.cache', 'nex'),
    });
  });
});
