import { structuredPatch } from 'diff';
import { cutMark } from './cut-marks.ts';

/** Lines of a diff shown; the model wrote the change and needs to see where it landed, not all of it again. */
const MAX_DIFF_LINES = 60;
const MAX_DIFF_LINE = 200;
/** A pair of large texts with nothing in common would take minutes. */
const TIMEOUT_MS = 1_000;

/** A change in a few lines: how many lines came and went, and the first hunks of a unified diff. */
export function shortDiff(before: string, after: string): { added: number; removed: number; text: string } {
  const options = { context: 2, timeout: TIMEOUT_MS, stripTrailingCr: true };
  const patch = structuredPatch('', '', before, after, undefined, undefined, options);
  if (patch === undefined) return { added: after.split('\n').length, removed: before.split('\n').length, text: '' };
  const lines = patch.hunks.flatMap((hunk) => [
    `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    ...hunk.lines.map((line) =>
      line.length > MAX_DIFF_LINE
        ? `${line.slice(0, MAX_DIFF_LINE)}${cutMark(line.length - MAX_DIFF_LINE, 'characters cut')}`
        : line,
    ),
  ]);
  const count = (sign: string) =>
    patch.hunks.flatMap((hunk) => hunk.lines).filter((line) => line.startsWith(sign)).length;
  const shown = lines.slice(0, MAX_DIFF_LINES);
  if (lines.length > shown.length) shown.push(cutMark(lines.length - shown.length, 'more lines of the diff'));
  return { added: count('+'), removed: count('-'), text: shown.join('\n') };
}
