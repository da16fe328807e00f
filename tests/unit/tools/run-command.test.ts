import { expect, it } from 'vitest';
import type { CommandOptions, CommandResult } from '../../../src/platform/shell.ts';
import { runCommand } from '../../../src/tools/run-command.ts';
import type { ToolContext } from '../../../src/tools/tool.ts';

const ended: CommandResult = {
  exit: 0,
  signal: null,
  timedOut: false,
  flooded: false,
  output: '',
  bytes: 0,
  lines: 0,
  leftovers: 0,
  durationMs: 1,
};

/** A context whose shell answers with this, and remembers what it was asked. */
function contextOf(result: Partial<CommandResult>): { context: ToolContext; asked: CommandOptions[] } {
  const asked: CommandOptions[] = [];
  const shell = {
    name: 'bash',
    run: async (_: string, options: CommandOptions) => {
      asked.push(options);
      return { ...ended, ...result };
    },
  };
  const context = {
    shell,
    workspace: { root: '/repo' },
    signal: new AbortController().signal,
    emitOutput: () => {},
    outputFilter: () => ({ push: (text: string) => text, end: () => '' }),
    spoolFile: (name: string) => `/repo/.nex/sessions/${name}`,
  };
  return { context: context as unknown as ToolContext, asked };
}

it.each([
  [{ exit: null, flooded: true, output: 'y\n' }, 'No exit status: it was ended because it printed more than 1 GB.\ny'],
  [{ exit: null, signal: 'SIGSEGV' }, 'Exit status 139 (ended by SIGSEGV).\nNo output.'],
  [{ exit: 2, leftovers: 3 }, 'Exit status 2.\n3 processes it left in the background were ended.\nNo output.'],
  [
    { exit: 1, output: 'a\nb\nc\ny\nz\n', lines: 10, omitted: { at: 5, characters: 10, lines: 5 } },
    'Exit status 1.\na\nb\n[nex: 6 lines left out]\ny\nz',
  ],
  [
    {
      exit: 1,
      output: 'a\nz\n',
      lines: 10,
      omitted: { at: 2, characters: 10, lines: 8 },
      spool: '/repo/.nex/sessions/x.txt',
    },
    'Exit status 1.\na\n[nex: 8 lines left out; the whole output: .nex/sessions/x.txt, 10 lines, read it with read_file and line numbers]\nz',
  ],
])('tells the model how a command ended: %j', async (result, error) => {
  expect(await runCommand.run({ command: 'x' }, contextOf(result).context)).toMatchObject({ ok: false, error });
});

it.each([
  [undefined, 120_000],
  [5, 5_000],
  [9_999, 600_000],
  [0, 1_000],
])('gives a command that asks for %s s at most %i ms', async (timeout_seconds, timeoutMs) => {
  const { context, asked } = contextOf({});
  await runCommand.run({ command: 'x', timeout_seconds }, context);
  expect(asked).toMatchObject([
    {
      cwd: '/repo',
      timeoutMs,
      keep: 10_000,
      spool: expect.stringMatching(/^\/repo\/\.nex\/sessions\/output-[0-9a-f]{8}\.txt$/),
    },
  ]);
});
