import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { CART_FIXED, CART_SCRIPT, cartProject } from '../support/cart-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { homeEnvironment } from '../support/run-nex.ts';
import { type TempProject, tempProject } from '../support/temp-project.ts';

const root = resolve(import.meta.dirname, '..', '..');
const run = promisify(execFile);

/** A project with the packed package in it, as npm would have put it there, and what that depends on linked beside it. */
function consumer(files: Readonly<Record<string, string>>): TempProject & { home: string } {
  const project = tempProject({ 'package.json': '{"name":"consumer","private":true,"type":"module"}\n', ...files });
  const home = project.path('home');
  mkdirSync(join(home, 'tmp'), { recursive: true });
  const env = homeEnvironment(home, undefined);
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project.root], { cwd: root, env });
  const archive = readdirSync(project.root).find((name) => name.endsWith('.tgz')) ?? '';
  const modules = project.path('node_modules');
  mkdirSync(join(modules, 'nexcoder'), { recursive: true });
  execFileSync('tar', ['-xzf', project.path(archive), '-C', join(modules, 'nexcoder'), '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(modules, 'nexcoder', 'package.json'), 'utf8'));
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  return { ...project, home };
}

/** The example that the guide prints. */
function exampleOfGuide(): string {
  const guide = readFileSync(join(root, 'src', 'cli', 'guides', 'scripting.md'), 'utf8');
  return /```js\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
}

const TYPED = `import { type AgentEvent, type Outcome, type RunTaskOptions, runTask } from 'nexcoder';

const options: RunTaskOptions = { task: 'x', plan: 'never', ask: async () => ({ answer: 'no' }) };
export async function lastOf(): Promise<Outcome | undefined> {
  let end: Outcome | undefined;
  for await (const event of runTask(options)) {
    const told: AgentEvent = event;
    if (told.type === 'tool.result') console.log(told.exit ?? 0, told.changed.length);
    if (told.type === 'session.end') end = told;
  }
  return end;
}
// @ts-expect-error there is no such plan
export const wrong: RunTaskOptions = { task: 'x', plan: 'sometimes' };
`;

describe('the package in another project', () => {
  it('has types that a strict project compiles against, libraries checked', async () => {
    using project = consumer({
      'typed.ts': TYPED,
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2024',
          strict: true,
          exactOptionalPropertyTypes: true,
          noEmit: true,
          types: ['node'],
        },
        files: ['typed.ts'],
      }),
    });
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', project.root], { cwd: project.root }).catch(
      (error: { stdout: string }) => error,
    );
    expect(stdout).toBe('');
  });

  it("runs the guide's example: a real task, its events, its end", async () => {
    using project = consumer({ 'example.js': exampleOfGuide() });
    using cart = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    const { stdout, stderr } = await run(process.execPath, ['example.js', cart.root], {
      cwd: project.root,
      env: homeEnvironment(project.home, server.url),
    });
    expect(stdout).toMatch(/^done src\/cart\.js 0\.\d+\n$/);
    expect(stderr.split('\n').filter((line) => line.startsWith('calls'))).toHaveLength(4);
    expect(cart.git('show', 'HEAD:src/cart.js')).toBe(CART_FIXED.trimEnd());
  });

  it('throws what went wrong before the task, and stops when nobody listens any more', async () => {
    using project = consumer({
      'stop.js': `import { runTask } from 'nexcoder';
try {
  for await (const event of runTask({ task: 'x', cwd: process.argv[2], env: { PATH: process.env.PATH, HOME: process.env.HOME } })) console.log(event.type);
} catch (error) {
  console.log(error.kind, error.message);
}
for await (const event of runTask({ task: 'x', cwd: process.argv[2], yes: true })) {
  console.log(event.type);
  if (event.type === 'tool.call') break;
}
console.log('left');
`,
    });
    writeFileSync(
      project.path('shape.js'),
      `import shape from 'nexcoder/events.schema.json' with { type: 'json' };\nconsole.log(shape.anyOf.length > 15);\n`,
    );
    using cart = cartProject();
    await using server = await startModelServer({ script: CART_SCRIPT });
    const env = homeEnvironment(project.home, server.url);
    const { stdout } = await run(process.execPath, ['stop.js', cart.root], { cwd: project.root, env });
    expect(stdout).toMatch(/^config No API key found\.\nsession\.start\n(?:.*\n)*tool\.call\nleft\n$/);
    expect(server.requests.length).toBeLessThanOrEqual(2);
    expect((await run(process.execPath, ['shape.js'], { cwd: project.root, env })).stdout).toBe('true\n');
  });
});
