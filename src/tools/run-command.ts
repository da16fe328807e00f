import { constants } from 'node:os';
import { relative } from 'node:path';
import * as z from 'zod';
import { randomHex } from '../platform/crypto.ts';
import type { CommandResult } from '../platform/shell.ts';
import { cutMark } from './cut-marks.ts';
import { collectErrorLines, type ErrorLine } from './error-lines.ts';
import { chained, plainOutput } from './plain-output.ts';
import { defineTool, wholeNumber } from './tool.ts';

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 600;
/** Characters of output given back as they are: half from the beginning, half from the end. */
const KEEP = 10_000;
/** What the screen gets to see of one command; a flood would bury all else, and the whole is in a file. */
const MAX_SHOWN = 1_000_000;

export const runCommand = defineTool({
  name: 'run_command',
  description:
    'Run a shell command in the project root, without input or terminal. Background processes are ended with it; long output is shortened.',
  effect: 'run',
  input: z.object({
    command: z.string(),
    timeout_seconds: wholeNumber().optional().describe(`default ${DEFAULT_SECONDS}, at most ${MAX_SECONDS}`),
  }),
  async run({ command, timeout_seconds }, context) {
    if (command.trim() === '') return { ok: false, error: 'The command is empty.' };
    if (command.includes('\0')) return { ok: false, error: 'The command holds a NUL character, which no command can.' };
    const seconds = Math.min(MAX_SECONDS, Math.max(1, timeout_seconds ?? DEFAULT_SECONDS));
    const errors = collectErrorLines();
    const show = limited(context.emitOutput, MAX_SHOWN);
    const spool = context.spoolFile(`output-${randomHex(4)}.txt`);
    const result = await context.shell.run(command, {
      cwd: context.workspace.root,
      timeoutMs: seconds * 1_000,
      signal: context.signal,
      // Plain first: a colour in the middle of a secret would hide it from the filter.
      filter: chained(plainOutput(), context.outputFilter()),
      keep: KEEP,
      onOutput: (text) => {
        errors.add(text);
        show(text);
      },
      ...(spool !== undefined && { spool }),
    });
    const text = [...ending(result, seconds), outputOf(result, errors.between, context.workspace.root)].join('\n');
    return result.exit === 0 && !result.timedOut && !result.flooded
      ? { ok: true, output: text, exit: 0 }
      : { ok: false, error: text, exit: statusOf(result) };
  },
});

/** The exit status; as shells count it when a signal ended it, and null when nex did. */
function statusOf({ exit, signal, timedOut, flooded }: CommandResult): number | null {
  if (exit !== null || timedOut || flooded) return exit;
  return 128 + (Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 0);
}

/** How it ended; the exit status comes first, always. */
function ending(result: CommandResult, seconds: number): string[] {
  const { exit, signal, timedOut, flooded, leftovers } = result;
  const lines: string[] = [];
  if (timedOut) {
    lines.push(`Timed out after ${seconds} s, no exit status: the command and all it had started were ended.`);
    lines.push(
      `Run less of it, or give a longer timeout_seconds (at most ${MAX_SECONDS}). Servers and watchers never end by themselves.`,
    );
  } else if (flooded) lines.push('No exit status: it was ended because it printed more than 1 GB.');
  else if (exit !== null) lines.push(`Exit status ${exit}.`);
  else lines.push(`Exit status ${statusOf(result)} (ended by ${signal}).`);
  if (leftovers > 0)
    lines.push(
      `${leftovers === 1 ? 'A process' : `${leftovers} processes`} it left in the background ${leftovers === 1 ? 'was' : 'were'} ended.`,
    );
  return lines;
}

/** The output, or its two ends with the lines between them that look like errors, and where to read the rest. */
function outputOf(
  result: CommandResult,
  errorsBetween: (from: number, to: number) => ErrorLine[],
  root: string,
): string {
  const { output, omitted, spool, lines } = result;
  if (omitted === undefined) return output.trimEnd() === '' ? 'No output.' : output.trimEnd();
  // Whole lines where there are lines: the halves were cut by characters.
  const head = output.slice(0, omitted.at).replace(/(?<=\n)[^\n]*$/, '');
  const tail = output.slice(omitted.at).replace(/^[^\n]*\n(?=.)/s, '');
  const from = newlinesIn(head) + 1;
  const to = lines - newlinesIn(tail) - (tail.endsWith('\n') ? 0 : 1);
  const whole =
    spool === undefined
      ? ''
      : `; the whole output: ${relative(root, spool)}, ${lines} lines, read it with read_file and line numbers`;
  const left =
    to >= from
      ? cutMark(to - from + 1, `lines left out${whole}`)
      : cutMark(omitted.characters, `characters left out${whole}`);
  const errors = errorsBetween(from, to).map(({ number, text }) => `${number}: ${text}`);
  const telling = errors.length === 0 ? [] : ['Lines in between that look like errors:', ...errors, '…'];
  return [head.trimEnd(), left, ...telling, tail.trimEnd()].join('\n');
}

function newlinesIn(text: string): number {
  return text.split('\n').length - 1;
}

/** The first `limit` characters go to `show`, then a single line says that there is more. */
function limited(show: (text: string) => void, limit: number): (text: string) => void {
  let room = limit;
  return (text) => {
    if (room <= 0) return;
    show(text.slice(0, room));
    room -= text.length;
    if (room <= 0) show('\n… more output, not shown\n');
  };
}
