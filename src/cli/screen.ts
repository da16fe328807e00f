import type { Asker } from '../agent/ask.ts';
import { systemClock } from '../platform/clock.ts';
import { openControllingTerminal } from '../platform/terminal.ts';
import type { Listener } from '../session/events.ts';
import { createAsker } from '../ui/ask.ts';
import { jsonEnd, jsonLines } from '../ui/json.ts';
import { createTerminal, type Terminal } from '../ui/terminal.ts';
import { colorOf } from './color.ts';
import type { CliContext } from './context.ts';
import type { TaskFlags } from './flags/task.ts';

/** How a task speaks and asks. */
export interface Screen {
  listeners: readonly Listener[];
  asker: Asker;
  close(): void;
}

/** The screen that the flags ask for. Questions go to the controlling terminal, also when stdin is a pipe. */
export function openScreen(
  context: CliContext,
  flags: Pick<TaskFlags, 'outputFormat' | 'plain' | 'quiet' | 'verbose' | 'yes'>,
): Screen {
  const { stdout, stderr, env } = context;
  const dumb = env['TERM'] === 'dumb';
  const plain = flags.plain === true || dumb;
  const color = plain ? 0 : colorOf(env, stderr.isTTY === true);
  const forPeople = flags.outputFormat === 'text';
  const controlling = openControllingTerminal();
  const terminal: Terminal | undefined = forPeople
    ? createTerminal({
        out: stderr,
        answer: stdout,
        columns: () => stderr.columns ?? 80,
        color,
        plain,
        quiet: flags.quiet === true,
        verbose: flags.verbose === true,
        clock: systemClock,
      })
    : undefined;
  const asker = createAsker({
    terminal: controlling,
    yes: flags.yes === true,
    color,
    plain,
    ...(terminal === undefined ? {} : { screen: terminal }),
  });
  const listener = terminal?.listen ?? (flags.outputFormat === 'json' ? jsonEnd(stdout) : jsonLines(stdout));
  return {
    listeners: [listener],
    asker,
    close: () => {
      terminal?.close();
      controlling?.close();
    },
  };
}

/** Asks a plain yes or no for a command; `yes` stands for the flag. Without anybody to ask: no. */
export async function confirm(context: CliContext, text: string, yes: boolean | undefined): Promise<boolean> {
  if (yes) return true;
  const screen = openScreen(context, { outputFormat: 'text', quiet: true });
  try {
    const { answer } = await screen.asker.ask(
      { kind: 'confirm', id: 'confirm', text, fallback: false },
      context.signal,
    );
    return answer === 'yes';
  } finally {
    screen.close();
  }
}
