import { cutMark } from './cut-marks.ts';
import { collectErrorLines } from './error-lines.ts';

/** Shares of the room for the beginning, the end, and the lines between them that look like errors. */
const HEAD = 0.2;
const TAIL = 0.5;
const ERRORS = 0.3;

/** An output in at most about `room` characters: its two ends, and from between them the lines that look like errors. */
export function shortened(text: string, room: number): string {
  if (text.length <= room) return text;
  const lines = text.split('\n');
  const head = countFitting(lines, room * HEAD);
  const tail = countFitting(lines.slice(head).toReversed(), room * TAIL);
  const errors = collectErrorLines();
  errors.add(`${text}\n`);
  const between = errors.between(head + 1, lines.length - tail).map((line) => `${line.number}: ${line.text}`);
  const telling = between.slice(0, countFitting(between, room * ERRORS));
  return [
    ...lines.slice(0, head),
    cutMark(lines.length - head - tail, 'lines left out'),
    ...(telling.length === 0 ? [] : ['Lines in between that look like errors:', ...telling, '…']),
    ...lines.slice(lines.length - tail),
  ].join('\n');
}

/** How many of the lines fit, from the first on. */
function countFitting(lines: readonly string[], room: number): number {
  let left = room;
  const end = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return end === -1 ? lines.length : end;
}
