import type { Ora } from 'ora';
import type { Clock } from '../platform/clock.ts';
import { duration } from './figures.ts';
import type { Paint } from './paint.ts';
import { cut, widthOf } from './width.ts';

export interface StatusLineOptions {
  out: NodeJS.WritableStream;
  columns: () => number;
  paint: Paint;
  clock: Pick<Clock, 'now'>;
}

/** One line at the bottom of the screen that says what is waited for; below it the last lines of a command. */
export interface StatusLine {
  /** What happens now; the time is counted from when this was first said. */
  show(label: () => string): void;
  /** Nothing is waited for. */
  hide(): void;
  /** Tokens and cost so far, as they stand behind the time. */
  figures(text: string): void;
  /** The lines below. */
  tail(lines: readonly string[]): void;
  /** Makes room for a question, and comes back. */
  pause(): void;
  resume(): void;
  /** Ends it for good and leaves the cursor as it was. */
  close(): void;
}

/** Columns for what happens, before anything beside it. */
const ROOM_FOR_WHAT = 12;

/** A short wait needs no spinner, and the package behind it takes 50 ms that the first request must not pay. */
const PATIENCE_MS = 150;

/** Lines written to the same stream while it turns appear above it: the spinner sees to that. */
export function createStatusLine({ out, columns, paint, clock }: StatusLineOptions): StatusLine {
  let label = () => '';
  let since = 0;
  let figures = '';
  let tail: readonly string[] = [];
  let wanted = false;
  let paused = false;
  let spinner: Ora | undefined;
  let timer: NodeJS.Timeout | undefined;

  const text = () => {
    const line = statusText(label(), clock.now().getTime() - since, figures, columns() - 2, paint);
    return [line, ...tail.map((each) => `  ${paint.dim(cut(each, columns() - 4))}`)].join('\n');
  };

  const turn = () => {
    if (!spinner) return;
    if (wanted && !paused) spinner.start();
    else if (spinner.isSpinning) spinner.stop();
  };

  const load = async () => {
    const { default: ora } = await import('ora');
    // The caller has looked at the terminal. Stdin is not ours to read, and Ctrl-C must stay a signal.
    const color = paint.colorless ? false : 'cyan';
    // Asked for at each frame, before the text is read: so the seconds go on without a timer of our own.
    const prefixText = () => {
      made.text = text();
      return '';
    };
    const made = ora({ stream: out, isEnabled: true, discardStdin: false, color, prefixText });
    spinner = made;
    turn();
  };

  return {
    show(next) {
      if (!wanted || next() !== label()) {
        since = clock.now().getTime();
        tail = [];
      }
      label = next;
      wanted = true;
      turn();
      // When it cannot be loaded the screen lacks its spinner, which is no reason to stop.
      timer ??= setTimeout(() => void load().catch(() => undefined), PATIENCE_MS).unref();
    },
    hide() {
      wanted = false;
      turn();
    },
    figures(next) {
      figures = next;
    },
    tail(lines) {
      tail = lines;
    },
    pause() {
      paused = true;
      turn();
    },
    resume() {
      paused = false;
      turn();
    },
    close() {
      clearTimeout(timer);
      wanted = false;
      paused = true;
      turn();
    },
  };
}

/** What happens, for how long, tokens and cost, in that many columns. A narrow line keeps the first two as long as it can. */
export function statusText(what: string, ms: number, figures: string, columns: number, paint: Paint): string {
  const time = ` · ${ms < 60_000 ? `${Math.floor(ms / 1000)} s` : duration(ms)}`;
  const least = Math.min(widthOf(what), ROOM_FOR_WHAT);
  const end = [`${time}${figures}`, time, ''].find((each) => columns - widthOf(each) >= least) ?? '';
  return cut(what, columns - widthOf(end)) + paint.dim(end);
}
