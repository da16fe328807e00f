import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../support/cli-context.ts';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';

function place(files: Record<string, string> = {}) {
  const home = tempProject({});
  const project = gitProject({ 'a.txt': 'a\n', ...files });
  return {
    home,
    project,
    nex: (...argv: string[]) => runProgram(argv, { cwd: project.root, home: home.root }),
    global: join(home.root, '.config/nex/config.toml'),
    text: (path: string) => readFileSync(path, 'utf8'),
    [Symbol.dispose]: () => {
      home[Symbol.dispose]();
      project[Symbol.dispose]();
    },
  };
}

describe('nex config', () => {
  it('sets, shows with its source, and unsets; comments and order stay', async () => {
    using at = place({ '.nex/config.toml': '# agreed\nplan = "never"  # always\nmax_cost = 3\n' });
    const path = join(at.project.root, '.nex/config.toml');

    expect(await at.nex('config', 'set', 'max_cost', '2')).toMatchObject({ status: 0 });
    expect(await at.nex('config', 'set', 'guarded', 'infra/**', '*.lock')).toMatchObject({ status: 0 });
    expect(at.text(path)).toBe(
      '# agreed\nplan = "never"  # always\nmax_cost = 2\nguarded = [ "infra/**", "*.lock" ]\n',
    );
    expect(JSON.parse((await at.nex('config', 'get', 'guarded', '--json')).stdout)).toMatchObject({
      value: ['infra/**', '*.lock'],
      source: 'project',
    });

    expect(await at.nex('config', 'unset', 'plan')).toMatchObject({ status: 0 });
    expect(at.text(path)).toBe('# agreed\nmax_cost = 2\nguarded = [ "infra/**", "*.lock" ]\n');
    expect((await at.nex('config', 'get', 'plan')).stdout).toBe('auto\n');
  });

  it('writes its own file with --global, through a link to where it is kept', async () => {
    using at = place();
    mkdirSync(join(at.home.root, '.config/nex'), { recursive: true });
    writeFileSync(join(at.home.root, 'kept.toml'), '');
    symlinkSync(join(at.home.root, 'kept.toml'), at.global);

    expect(await at.nex('config', 'set', 'model', 'claude-x', '--global')).toMatchObject({ status: 0 });
    expect(at.text(join(at.home.root, 'kept.toml'))).toBe('model = "claude-x"\n');
    expect((await at.nex('config', 'list')).stdout).toMatch(/^model +claude-x +global/m);
    expect((await at.nex('config', 'path', '--global')).stdout).toBe(`${at.global}\n`);
  });

  it('adds rules to [safety]', async () => {
    using at = place();
    await at.nex('config', 'set', 'safety.ask', '^terraform apply');
    expect((await at.nex('config', 'list')).stdout).toMatch(/^safety.ask +\^terraform apply +project/m);
  });

  it.each([
    ['a wrong type', ['max_iterations', 'many'], '`max_iterations` cannot be "many".', /whole number from 1/],
    ['a choice that is none', ['plan', 'sometimes'], '`plan` cannot be "sometimes".', /"never", "auto", "always"/],
    ['a misspelt setting', ['max_csot', '1'], 'There is no setting `max_csot`.', /Did you mean `max_cost`\?/],
    ['what a project may not choose', ['model', 'x'], /a project may not set `model = "x"`: that is the/, /--global/],
    ['what would loosen', ['max_iterations', '99'], /it would loosen `max_iterations` \(in force: 25\)/, /--global/],
    ['a key', ['api_key', 'sk-1'], 'A key is never kept in a file.', /nex auth/],
    ['prices', ['prices.x', '1'], /Prices are tables/, /nex config path --global/],
    ['nothing', ['plan'], 'Which value for `plan`?', /nex config set plan VALUE/],
  ])('refuses %s and writes nothing', async (_, words, message, hint) => {
    using at = place();
    const failed = await at.nex('config', 'set', ...words);
    expect(failed.status).toBe(2);
    expect(failed.error).toMatchObject({
      message: typeof message === 'string' ? message : expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(existsSync(join(at.project.root, '.nex'))).toBe(false);
  });

  it('mends a file that stops everything else: an unknown key can be unset', async () => {
    using at = place({ '.nex/config.toml': 'colour = 1\nplan = "never"\n' });
    expect(await at.nex('config', 'list')).toMatchObject({ status: 2 });
    expect(await at.nex('config', 'unset', 'colour')).toMatchObject({ status: 0 });
    expect(await at.nex('config', 'list')).toMatchObject({ status: 0 });
  });

  it('leaves a file alone that is no TOML', async () => {
    using at = place({ '.nex/config.toml': 'plan = \n' });
    const failed = await at.nex('config', 'set', 'plan', 'never');
    expect(failed.error?.message).toMatch(/config\.toml:1 is not valid TOML: invalid value/);
    expect(at.text(join(at.project.root, '.nex/config.toml'))).toBe('plan = \n');
  });
});
