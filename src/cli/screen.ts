import type { Asker, Question } from '../agent/ask.ts';
import { NexError } from '../errors.ts';
import { systemClock } from '../platform/clock.ts';
import { type ControllingTerminal, openControllingTerminal } from '../platform/terminal.ts';
import type { Listener } from '../session/events.ts';
import { createAsker } from '../ui/ask.ts';
import { renderDiff } from '../ui/diff.ts';
import { jsonEnd, jsonLines } from '../ui/json.ts';
import { DIFF_LINES } from '../ui/notes.ts';
import { createNotifier, type NotifyKind } from '../ui/notify.ts';
import type { Paint } from '../ui/paint.ts';
import { createTerminal, type Terminal } from '../ui/terminal.ts';
import { holdKeys, type TypeAhead } from '../ui/type-ahead.ts';
import type { CliContext } from './context.ts';
import type { TaskFlags } from './flags/task.ts';
import { openLog } from './log-file.ts';
import { looksOf, paintFor } from './looks.ts';
import { showLong } from './pager.ts';

/** How a task speaks and asks. */
export interface Screen {
  listeners: readonly Listener[];
  asker: Asker;
  paint: Paint;
  /** Where a person types; undefined when nobody is there. */
  controlling: ControllingTerminal | undefined;
  /** Keeps the keys off the screen until it is released; Ctrl-C among them interrupts. */
  hold(interrupt: () => void): TypeAhead | undefined;
  close(): void;
}

export interface ScreenOptions {
  notify?: NotifyKind;
  /** A conversation: what belongs to all of its turns is not said at each. */
  chat?: boolean;
  /** What Ctrl-C at a question does. */
  interrupt?: () => void;
}

/** The screen that the flags ask for. Questions go to the controlling terminal, also when stdin is a pipe. */
export function openScreen(
  context: CliContext,
  flags: Pick<TaskFlags, 'outputFormat' | 'plain' | 'quiet' | 'verbose' | 'yes' | 'logFile'>,
  options: ScreenOptions = {},
): Screen {
  const { stdout, stderr, env } = context;
  const log = flags.logFile === undefined ? undefined : openLog(flags.logFile, context.cwd);
  const looks = looksOf(context, stderr, flags);
  const forPeople = flags.outputFormat === 'text';
  const opened = openControllingTerminal();
  // Lines are then edited by the terminal itself, without moving the cursor about.
  const controlling = opened && looks.plain ? { ...opened, isTTY: false } : opened;
  const terminal: Terminal | undefined = forPeople
    ? createTerminal({
        out: stderr,
        answer: stdout,
        columns: () => stderr.columns ?? 80,
        ...looks,
        quiet: flags.quiet === true,
        verbose: flags.verbose === true,
        chat: options.chat === true,
        home: context.folders.home,
        clock: systemClock,
      })
    : undefined;
  const notify = createNotifier(
    stderr,
    stderr.isTTY === true ? (options.notify ?? 'off') : 'off',
    env['TMUX'] !== undefined,
  );
  let held: TypeAhead | undefined;
  let patch = '';
  /** The diff to be committed, where the screen showed only its beginning. */
  const wholeDiff = (question: Question) => {
    if (question.id !== 'commit' || patch === '' || stdout.isTTY !== true) return undefined;
    const lines = renderDiff(patch, { paint: paintFor(context, stdout, flags), columns: stdout.columns ?? 80 });
    return lines.length > DIFF_LINES ? () => showLong(context, lines) : undefined;
  };
  const asker = createAsker({
    terminal: controlling,
    yes: flags.yes === true,
    ...looks,
    screen: {
      pause: () => {
        notify('nex has a question');
        terminal?.pause();
        held?.pause();
      },
      resume: () => {
        held?.resume();
        terminal?.resume();
      },
    },
    more: wholeDiff,
    ...(options.interrupt === undefined ? {} : { interrupt: options.interrupt }),
  });
  const listener = terminal?.listen ?? (flags.outputFormat === 'json' ? jsonEnd(stdout) : jsonLines(stdout));
  const attend: Listener = (event) => {
    if (event.type === 'diff') patch = event.patch;
    if (event.type === 'session.end') notify(`nex: ${event.outcome}`);
  };
  return {
    listeners: [listener, attend, ...(log ? [log.listen] : [])],
    asker,
    paint: paintFor(context, stderr, flags),
    controlling,
    hold(interrupt) {
      if (!controlling) return undefined;
      const keys = holdKeys(controlling, interrupt);
      held = keys;
      return {
        ...keys,
        release: () => {
          held = undefined;
          return keys.release();
        },
      };
    },
    close: () => {
      terminal?.close();
      controlling?.close();
      log?.close();
    },
  };
}

/** Asks a plain yes or no. Without anybody to ask: undefined. */
export async function confirm(context: CliContext, text: string): Promise<boolean | undefined> {
  const screen = openScreen(context, { outputFormat: 'text', quiet: true });
  try {
    if (!screen.asker.present) return undefined;
    const { answer } = await screen.asker.ask(
      { kind: 'confirm', id: 'confirm', text, fallback: false },
      context.signal,
    );
    return answer === 'yes';
  } finally {
    screen.close();
  }
}

/** Goes on after a yes alone; `yes` stands for the flag. Throws NexError 'refused', with what did not happen. */
export async function needYes(
  context: CliContext,
  text: string,
  { yes, otherwise }: { yes: boolean | undefined; otherwise: string },
): Promise<void> {
  const answer = yes || (await confirm(context, text));
  if (!answer)
    throw new NexError(
      'refused',
      otherwise,
      answer === undefined ? { hint: 'Nobody is here to be asked: add --yes.' } : {},
    );
}
