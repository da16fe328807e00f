import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { listed } from '../../../src/cli/flags/table.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { cliContext } from '../../support/cli-context.ts';

/** Section 2 of the contract: what must be there, whatever else is. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  nex: [
    ...'--dry-run --no-dry-run --yes --model --fast --effort --max-iterations --max-cost --plan --no-review'.split(' '),
    ...'--no-tests --no-wrap-up --no-commit --continue --resume --add-dir --output-format'.split(' '),
    ...'--json-schema --input-format --log-file --plain --cwd --verbose --quiet --version --help'.split(' '),
  ],
  run: ['--yes', '--dry-run', '--output-format'],
  chat: ['--continue', '--plain'],
  init: ['--force'],
  index: ['--full', '--json'],
  context: ['--json', '--budget', '--limit'],
  status: ['--cost', '--json'],
  memory: ['show', 'edit', 'add', 'path'],
  errors: ['list', 'show', 'add', 'forget', 'export', 'import', '--json', '--yes'],
  decisions: ['--json'],
  rollback: ['--list', '--to', '--redo', '--discard', '--prune', '--yes'],
  apply: ['--yes'],
  review: ['--json'],
  safety: ['test', 'rules', '--json'],
  sessions: ['list', 'show', 'search', 'rename', 'export', 'rm', 'resume', '--markdown', '--yes', '--json'],
  config: ['list', 'get', 'set', 'unset', 'path', '--global'],
  doctor: ['--json', '--repair', '--bundle'],
  auth: ['status', 'logout', '--json'],
  completion: ['bash', 'zsh', 'fish'],
  update: ['--check', '--json'],
  demo: [],
  help: [],
};

const { context, written } = cliContext();
const program = createProgram(context, () => {});
const everything = [program, ...listed(program)];

function helpOf(command: Command): string {
  written.length = 0;
  command.outputHelp();
  return written.join('');
}

/** What may follow a command: its flags and the words of its first argument. */
function wordsOf(command: Command): string[] {
  const flags = command.options.map(({ long }) => long);
  return [...flags, '--help', ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? [])].filter(
    (word) => word !== undefined && word !== null,
  );
}

describe.each(everything.map((command) => [command.name(), command] as const))('nex %s', (name, command) => {
  it('has help of at most 80 columns that ends with an example of its own', () => {
    const help = helpOf(command);
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(help).toMatch(
      name === 'nex' ? /\nExample:\n {2}\$ nex "/ : new RegExp(`\nExample:\n {2}\\$ .*nex ${name}\\b`),
    );
  });

  it('says what each flag and argument is for', () => {
    const silent = [
      ...command.options.filter(({ description }) => description === '').map(({ flags }) => flags),
      ...command.registeredArguments.filter(({ description }) => description === '').map((argument) => argument.name()),
    ];
    expect(silent).toEqual([]);
  });
});

it('has every command and flag that was promised', () => {
  const missing = Object.entries(PROMISED).flatMap(([name, words]) => {
    const command = everything.find((candidate) => candidate.name() === name);
    if (!command) return [name];
    return words.filter((word) => !wordsOf(command).includes(word)).map((word) => `${name} ${word}`);
  });
  expect(missing).toEqual([]);
});

describe('slips', () => {
  const failure = async (...argv: string[]) =>
    createProgram(context, () => {})
      .parseAsync(argv, { from: 'user' })
      .then(
        () => undefined,
        (error: unknown) => error,
      );

  it('names the action that was meant', async () => {
    expect(await failure('sessions', 'serch', 'x')).toMatchObject({
      kind: 'usage',
      message: '"serch" is no action of `nex sessions`.',
      hint: expect.stringMatching(/^Did you mean search\?/),
    });
  });

  it('names the flag that was meant', async () => {
    written.length = 0;
    await failure('status', '--jsno');
    expect(written.join('')).toBe("nex: unknown option '--jsno'\n  hint: Did you mean --json?\n");
  });
});
