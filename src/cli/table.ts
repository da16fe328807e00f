import type { Paint } from '../ui/paint.ts';
import { sanitize } from '../ui/sanitize.ts';
import { widthOf } from '../ui/width.ts';
import { wrap } from '../ui/wrap.ts';
import { type CliContext, print } from './context.ts';
import { paintFor } from './looks.ts';

/** The last column is folded when it has so much room at least; otherwise the terminal does as it likes. */
const READABLE = 16;
const GAP = '  ';

/** Rows as aligned columns on stdout; in a terminal the last column keeps to itself when it is too long for the line. */
export function printTable(context: CliContext, head: readonly string[], rows: ReadonlyArray<readonly string[]>): void {
  const { stdout } = context;
  const screen = stdout.isTTY ? { columns: stdout.columns ?? 80, paint: paintFor(context, stdout) } : undefined;
  print(context, tableOf(head, rows, screen));
}

/** The table as a text; without a screen each row is one line, however long. */
export function tableOf(
  head: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  screen?: { columns: number; paint: Paint },
): string {
  const clean = [head, ...rows].map((row) => row.map((cell) => sanitize(cell).replace(/\s+/g, ' ')));
  const widths = head.map((_, column) => Math.max(...clean.map((row) => widthOf(row[column] ?? ''))));
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
  return clean
    .flatMap((row, index) => {
      const first = row
        .slice(0, -1)
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)) + GAP);
      const last = row.at(-1) ?? '';
      if (!screen) return [`${first.join('')}${last}`.trimEnd()];
      const style = index === 0 ? screen.paint.dim : undefined;
      if (screen.columns - before < READABLE) return [`${first.join('')}${last}`.trimEnd()];
      return wrap([{ text: last, style }], screen.columns, {
        first: [{ text: first.join(''), style }],
        rest: [{ text: ' '.repeat(before) }],
      });
    })
    .join('\n');
}

/** A time as the user's clock shows it. */
export function localMinute(time: string): string {
  const at = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
