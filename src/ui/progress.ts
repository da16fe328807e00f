import type { Clock } from '../platform/clock.ts';
import { duration } from './figures.ts';
import type { Sink } from './json.ts';
import type { Paint } from './paint.ts';
import { cut, widthOf } from './width.ts';

export interface ProgressOptions {
  out: Sink;
  columns: () => number;
  paint: Paint;
  /** What is done: `indexing`. */
  label: string;
  clock: Pick<Clock, 'now'>;
}

/** A line that fills up while something with a known end goes on. */
export interface Progress {
  update(done: number, total: number): void;
  /** Takes the line away. */
  end(): void;
}

/** Drawn again no sooner than this: a terminal far away has better things to do. */
const PAUSE_MS = 80;
/** Shorter work needs no bar. */
const PATIENCE_MS = 200;
const WIDEST = 30;

/** For a terminal. In plain words a line at each quarter, and nothing is drawn over. */
export function createProgress({ out, columns, paint, label, clock }: ProgressOptions): Progress {
  const began = clock.now().getTime();
  let drawn: number | undefined;
  let quarters = 0;

  const line = (done: number, total: number): string => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const passed = clock.now().getTime() - began;
    // An estimate from the first files alone would jump about.
    const left = share > 0.1 && share < 1 ? `, ${duration((passed / share) * (1 - share))} left` : '';
    const figures = `${String(Math.floor(share * 100)).padStart(3)} %  ${done}/${total}${left}`;
    const room = Math.min(WIDEST, columns() - 1 - widthOf(`${label}  ${figures}`) - 1);
    if (room < 6) return cut(`${label} ${figures}`, columns() - 1);
    const filled = Math.round(share * room);
    return `${label} ${paint.accent('━'.repeat(filled))}${paint.dim('─'.repeat(room - filled))} ${paint.dim(figures)}`;
  };

  return {
    update(done, total) {
      const now = clock.now().getTime();
      if (paint.signs.row === '-') {
        const quarter = total === 0 ? 4 : Math.floor((4 * done) / total);
        if (now - began >= PATIENCE_MS && quarter > quarters) out.write(`${label}: ${done} of ${total}\n`);
        quarters = Math.max(quarter, quarters);
        return;
      }
      if (now - (drawn ?? began + PATIENCE_MS - PAUSE_MS) < PAUSE_MS) return;
      drawn = now;
      out.write(`\r${line(done, total)}\x1b[K`);
    },
    end() {
      if (drawn !== undefined) out.write('\r\x1b[K');
      drawn = undefined;
    },
  };
}
