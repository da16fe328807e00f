import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listed } from '../../src/cli/flags/table.ts';
import { createProgram } from '../../src/cli/program.ts';
import { CART_SCRIPT, CART_TASK, cartProject } from '../support/cart-project.ts';
import { cliContext } from '../support/cli-context.ts';
import type { GitProject } from '../support/git-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/server.ts';
import { says, turn } from '../support/model-server/turns.ts';
import { homeEnvironment, type Run, runShell, type TestHome, testHome } from '../support/run-nex.ts';
import { tempProject } from '../support/temp-project.ts';

const root = resolve(import.meta.dirname, '..', '..');
const guides = join(root, 'src', 'cli', 'guides');
const documents = [
  { name: 'README.md', text: readFileSync(join(root, 'README.md'), 'utf8') },
  ...readdirSync(guides).map((name) => ({ name, text: readFileSync(join(guides, name), 'utf8') })),
];

/** The lines of a document's shell blocks in which nex is called, without their remarks. */
function linesOf(text: string): string[] {
  let language: string | undefined;
  const typed: string[] = [];
  for (const line of text.split('\n')) {
    const fence = /^ *```(\S*)/.exec(line);
    if (fence) language = language === undefined ? fence[1] : undefined;
    else if (language === '' || language === 'sh' || language === 'bash') typed.push(line);
  }
  return typed
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => /^(?:[A-Z_]+=\S* |[a-z].*[|(] *)?nex( |$)/.test(line) && !/^nex \d/.test(line));
}

const lines = [...new Set(documents.flatMap(({ text }) => linesOf(text)))];

/** What a reader puts in place of a name in capitals. */
const MEANT: Readonly<Record<string, string>> = {
  MODEL: 'claude-sonnet-5-5',
  FILE: 'kept.jsonl',
  STEP: '1',
  TOPIC: 'safety',
  COMMAND: 'status',
  KEY: 'plan',
  VALUE: 'never',
  DIR: '.',
};

describe('the command lines of the documents', () => {
  let home: TestHome;
  let project: GitProject;
  let server: ModelServer;
  let sessionId = '';

  beforeAll(async () => {
    home = testHome();
    project = cartProject();
    // A task that changes something, so that there are a session, steps, a lesson and a commit to speak of.
    await using first = await startModelServer({ script: CART_SCRIPT });
    await home.nex(['--yes', CART_TASK], { cwd: project.root, url: first.url });
    sessionId = JSON.parse((await home.nex(['sessions', 'list', '--json'], { cwd: project.root })).stdout)[0].id;
    await home.nex(['init'], { cwd: project.root });
    await home.nex(['errors', 'add', '--failed', 'it broke', '--fixed', 'mended'], { cwd: project.root });
    const exported = await home.nex(['errors', 'export'], { cwd: project.root });
    project.write('kept.jsonl', exported.stdout);
    project.write('lessons.jsonl', exported.stdout);
    project.write('answers.jsonl', '');
    project.write('shape.json', '{"type":"object","properties":{"count":{"type":"integer"}},"required":["count"]}');
    project.write('task.txt', 'Explain it.\n');
    project.write('commands.jsonl', '"npm test"\n');
    const shim = join(home.path, 'bin', 'nex');
    mkdirSync(join(home.path, 'bin'), { recursive: true });
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'dist', 'nex.js')}" "$@"\n`);
    chmodSync(shim, 0o755);
    server = await startModelServer({ script: () => turn(says('It is done.')) });
  }, 120_000);

  afterAll(async () => {
    await server.close();
    project[Symbol.dispose]();
    home[Symbol.dispose]();
  });

  /** Each line is typed in a place of its own, so that what one sets does not change what the next one does. */
  async function type(line: string, before?: string): Promise<Run> {
    using place = tempProject();
    // Of a few hundred small files; Node's own copying takes twice the time.
    execFileSync('cp', ['-R', home.path, place.path('home')]);
    execFileSync('cp', ['-R', project.root, place.path('project')]);
    const env = homeEnvironment(place.path('home'), server.url);
    const at = {
      cwd: place.path('project'),
      env: { ...env, PATH: `${join(home.path, 'bin')}${delimiter}${env['PATH']}`, VISUAL: 'true', EDITOR: 'true' },
    };
    if (before !== undefined) await runShell(before, at);
    // Where a person would be asked, the answer is yes.
    const asks = /nex (rollback|apply|sessions rm|errors forget)/.test(line) && !/--(list|prune|yes)/.test(line);
    const words = `${line}${asks ? ' --yes' : ''}`
      .replaceAll(/\bID\b/g, /\berrors\b/.test(line) ? '1' : sessionId)
      .replaceAll(/--to \d+/g, '--to 1')
      .replaceAll(/\b[A-Z]{3,}\b/g, (name) => MEANT[name] ?? name)
      .replaceAll(/https?:\/\/(localhost|127\.0\.0\.1):\d+(\/v1)?/g, server.url);
    return await runShell(words, at);
  }

  it('are many', () => {
    expect(lines.length).toBeGreaterThan(20);
  });

  it.each(lines)('%s', async (line) => {
    // Needs a dry run to apply.
    const run = await type(line, /\bapply\b/.test(line) ? 'nex --dry-run "x"' : undefined);
    const told = { line, status: run.status, stderr: run.stderr };
    if (/nex safety test /.test(line)) expect([0, 5, 6]).toContain(run.status);
    // Nothing was written by that dry run; what is checked is that the line is understood.
    else if (/\bapply\b/.test(line)) expect(told.stderr).not.toMatch(/unknown|no action|usage/);
    // Nothing was undone that could be done again.
    else if (/rollback --redo/.test(line)) expect(told).toMatchObject({ status: 1 });
    // Nobody is there to agree to the commit.
    else if (/\b(resume|continue)\b/.test(line)) expect(told).toMatchObject({ status: 3 });
    else if (/\bchat\b/.test(line)) expect(told).toMatchObject({ stderr: expect.stringMatching(/needs a terminal/) });
    else if (/nex auth( logout)?$/.test(line))
      expect(told).toMatchObject({ stderr: expect.stringMatching(/no keyring/) });
    else if (/nex update/.test(line)) expect([0, 75]).toContain(run.status);
    else expect(told).toMatchObject({ status: 0 });
  });
});

describe('the commands that the documents name', () => {
  const program = createProgram(cliContext().context, () => {});
  const commands = listed(program);
  const named = documents.flatMap(({ name, text }) =>
    [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`(nex [^`]+)`/g)].map(
      (match) => [name, (match[1] ?? '').replaceAll('\\|', '|')] as const,
    ),
  );

  it.each(named)('%s: %s', (_, line) => {
    const [, first = '', second] = line.split(/\s+/);
    const command = commands.find((candidate) => candidate.name() === first);
    if (/^[a-z]+$/.test(first)) expect(command?.name()).toBe(first);
    const known = (command ?? program).options.flatMap(({ long, short }) => [long, short]);
    const flags = line.replace(/"[^"]*"/g, '').match(/(?<=\s)--?[a-z][\w-]*/g) ?? [];
    expect(flags.filter((flag) => !known.includes(flag) && flag !== '--help')).toEqual([]);
    const actions = command?.registeredArguments[0]?.argChoices;
    if (actions && second && /^[a-z|]+$/.test(second))
      expect(second.split('|').filter((action) => !actions.includes(action))).toEqual([]);
  });

  it.each([...new Set(documents.flatMap(({ text }) => text.match(/npm run (?:--silent )?[a-z][\w:-]*/g) ?? []))])(
    '%s',
    (line) => {
      const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
      expect(Object.keys(scripts)).toContain(line.split(' ').at(-1));
    },
  );
});
