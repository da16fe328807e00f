import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GitProject, gitProject } from '../support/git-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { says, turn } from '../support/model-server/turns.ts';
import { type TestHome, testHome } from '../support/run-nex.ts';

/** What a run made use of. */
interface Loaded {
  /** Modules of the bundle that were run, by their paths before bundling. */
  modules: string[];
  /** Node's own modules and the packages beside the bundle. */
  others: string[];
}

interface Coverage {
  result: Array<{ url: string; functions: Array<{ functionName: string; ranges: Array<{ count: number }> }> }>;
}

/** Runs nex and tells, by V8's own count of calls, which modules it began. */
async function loadedBy(home: TestHome, project: GitProject, args: readonly string[], url?: string): Promise<Loaded> {
  const counts = join(home.path, `counts-${args.join('-').replaceAll(/\W+/g, '-')}`);
  const list = `${counts}.json`;
  const spy = join(home.path, 'spy.cjs');
  writeFileSync(
    spy,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)},
      JSON.stringify([...process.moduleLoadList, ...Object.keys(require.cache)])));`,
  );
  const env = { NODE_V8_COVERAGE: counts, NODE_OPTIONS: `--require ${spy}` };
  const run = await home.nex(args, { cwd: project.root, env, ...(url === undefined ? {} : { url }) });
  expect(run).toMatchObject({ status: 0 });
  const modules = readdirSync(counts).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(counts, file), 'utf8')) as Coverage;
    const program = result.find((script) => script.url.endsWith('program.cjs'));
    const called = program?.functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0) ?? [];
    return called.map(({ functionName }) => functionName).filter((name) => /^(?:src|node_modules)\//.test(name));
  });
  const others = JSON.parse(readFileSync(list, 'utf8')) as string[];
  return { modules: [...new Set(modules)], others };
}

const SDK = '/@anthropic-ai/sdk/';
const ZOD = '/zod/';
const TREE = '/web-tree-sitter/';
const SPINNER = '/ora/';
const GIT = '/simple-git/';
const SHELL = '/unbash/';
/** Node's fetch, whatever else it is asked for. */
const FETCH = 'undici';
const SQLITE = 'better-sqlite3';

function project(): GitProject {
  return gitProject({ 'src/cart.py': 'def total(items):\n    return sum(items)\n', '.gitignore': '.nex\n' });
}

describe('only what is needed is loaded', () => {
  it.each([
    ['--version', 0, [SDK, ZOD, TREE, SPINNER, GIT, SHELL, FETCH, SQLITE]],
    ['--help', 0, [SDK, ZOD, TREE, SPINNER, GIT, SHELL, FETCH, SQLITE]],
    ['config path', 110, [SDK, ZOD, TREE, SPINNER, GIT, SHELL, FETCH, SQLITE]],
    ['status', 140, [SDK, ZOD, TREE, SPINNER, SHELL, FETCH, SQLITE]],
    ['context total', 220, [SDK, ZOD, TREE, SPINNER, GIT, SHELL, FETCH]],
  ] as const)('nex %s: at most %i modules', async (line, most, heavy) => {
    using home = testHome();
    using repository = project();
    if (line.startsWith('context')) await home.nex(['index'], { cwd: repository.root });
    const { modules, others } = await loadedBy(home, repository, line.split(' '));
    expect(modules.length).toBeLessThanOrEqual(most);
    for (const name of heavy) expect([...modules, ...others].filter((entry) => entry.includes(name))).toEqual([]);
  });

  it('a question, answered at once: neither parser, nor spinner, nor Node’s fetch, nor a view of git', async () => {
    using home = testHome();
    using repository = project();
    await home.nex(['index'], { cwd: repository.root });
    await using server = await startModelServer({ script: [turn(says('It adds up.'))] });
    const { modules, others } = await loadedBy(
      home,
      repository,
      ['--no-dry-run', '--no-wrap-up', 'What does total do?'],
      server.url,
    );
    expect(modules.length).toBeLessThanOrEqual(620);
    for (const name of [TREE, SPINNER, GIT, FETCH])
      expect([...modules, ...others].filter((entry) => entry.includes(name))).toEqual([]);
  });
});
