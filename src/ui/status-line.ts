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
  /** What happens now; the time is counted from here. */
  show(label: () => string): void;
  /** Tokens and cost so far. */
  figures(text: string): void;
  /** The lines below. */
  tail(lines: readonly string[]): void;
  /** Makes room for a question. */
  pause(): void;
  resume(): void;
  /** Ends it and leaves the cursor as it was. */
  close(): void;
}

/** A short wait needs no spinner, and the package behind it takes 50 ms that the first request must not pay. */
const PATIENCE_MS = 150;

/** Lines written to the same stream while it turns appear above it: the spinner sees to that. */
export function createStatusLine({ out, columns, paint, clock }: StatusLineOptions): StatusLine {
  let label = () => '';
  let since = 0;
  let figures = '';
  let tail: readonly string[] = [];
  let state: 'new' | 'on' | 'paused' | 'closed' = 'new';
  let spinner: Ora | undefined;
  let timer: NodeJS.Timeout | undefined;

  const text = () => {
    const end = ` · ${duration(clock.now().getTime() - since)}${figures}`;
    const room = columns() - widthOf(end) - 4;
    const line = room > 10 ? cut(label(), room) + paint.dim(end) : cut(label(), columns() - 4);
    return [line, ...tail.map((each) => `  ${paint.dim(cut(each, columns() - 4))}`)].join('\n');
  };

  const load = async () => {
    const { default: ora } = await import('ora');
    // The terminal was looked at by the caller; stdin is not ours to read, and Ctrl-C must stay a signal.
    spinner = ora({ stream: out, isEnabled: true, discardStdin: false, color: paint.colorless ? false : 'cyan', suffixText: text });
    if (state === 'on') spinner.start();
  };

  return {
    show(next) {
      if (state === 'closed') return;
      label = next;
      since = clock.now().getTime();
      tail = [];
      if (state !== 'new') return;
      state = 'on';
      // Without it the screen only lacks its spinner, which is no reason to stop.
      timer = setTimeout(() => void load().catch(() => undefined), PATIENCE_MS);
      timer.unref();
    },
    figures(next) {
      figures = next;
    },
    tail(lines) {
      tail = lines;
    },
    pause() {
      if (state === 'closed') return;
      state = 'paused';
      spinner?.stop();
    },
    resume() {
      if (state !== 'paused') return;
      state = 'on';
      if (spinner) spinner.start();
      else if (!timer) state = 'new';
    },
    close() {
      state = 'closed';
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
