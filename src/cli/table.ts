import { sanitize } from '../ui/sanitize.ts';
import { widthOf } from '../ui/width.ts';

/** Rows as aligned columns for people; the last column is left as long as it is. */
export function tableOf(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const clean = [head, ...rows].map((row) => row.map((cell) => sanitize(cell).replace(/\s+/g, ' ')));
  const widths = head.map((_, column) => Math.max(...clean.map((row) => widthOf(row[column] ?? ''))));
  return clean
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell)),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
