import type { Question } from '../agent/ask.ts';
import { makeVisible } from '../platform/visible.ts';
import type { Paint } from './paint.ts';
import { widthOf } from './width.ts';
import { fold, type Span, wrap } from './wrap.ts';

type ApprovalQuestion = Extract<Question, { kind: 'approve' }>;

/** A question longer than this may not be whole on the screen. */
const TALL = 15;

/** The command as it will run, character for character; then who objects to it, why, and what would be safer. */
export function approvalLines({ command, judgement }: ApprovalQuestion, columns: number, paint: Paint): string[] {
  const { rule, category, reason, safer, part } = judgement;
  const shown = commandLines(command, part, columns, paint);
  // A part that was resolved, or that scrolled away, is named again.
  const apart =
    part !== undefined && part !== '' && (!command.includes(part) || shown.length > TALL) ? part : undefined;
  const facts: Array<[name: string, text: string | undefined]> = [
    ['part', apart],
    ['rule', rule === undefined ? undefined : category === undefined ? rule : `${rule} (${category})`],
    ['why', reason],
    ['safer', safer],
  ];
  const count = command.split('\n').length;
  return [
    paint.warning(
      `${paint.signs.warning} This needs your yes${count > 1 ? `, all ${count} lines of it` : ''}${shown.length > TALL ? ` (${shown.length} rows: scroll up to see them all)` : ''}:`,
    ),
    ...shown,
    ...facts.flatMap(([name, text]) =>
      text === undefined
        ? []
        : wrap([{ text: makeVisible(text) }], columns, {
            first: [{ text: `  ${name.padEnd(6)}`, style: paint.dim }],
            rest: [{ text: '        ' }],
          }),
    ),
  ];
}

/** Folded where a line is full: `│` begins a line of the command, `┊` goes on with it. The part that matched is marked. */
function commandLines(command: string, part: string | undefined, columns: number, paint: Paint): string[] {
  const from = part === undefined || part === '' ? -1 : command.indexOf(part);
  const to = from === -1 ? -1 : from + (part ?? '').length;
  let at = 0;
  return command.split('\n').flatMap((line) => {
    const start = at;
    at += line.length + 1;
    const cuts = [0, from - start, to - start, line.length].map((cut) => Math.min(Math.max(cut, 0), line.length));
    const [a = 0, b = 0, c = 0, d = 0] = from === -1 ? [0, line.length, line.length, line.length] : cuts;
    const mark = (text: string) => paint.bad(paint.strong(text));
    const spans: Span[] = [
      { text: makeVisible(line.slice(a, b)) },
      { text: makeVisible(line.slice(b, c)), style: mark },
      { text: makeVisible(line.slice(c, d)) },
    ];
    const folded = fold(spans, columns, {
      first: [{ text: `  ${paint.signs.begun} `, style: paint.dim }],
      rest: [{ text: `  ${paint.signs.continued} `, style: paint.dim }],
    });
    return paint.colorless && c > b ? underline(folded, spans, columns) : folded;
  });
}

/** Without colour the matched part is marked by carets below it. */
function underline(folded: readonly string[], [before, marked]: readonly Span[], columns: number): string[] {
  const carets = [
    { text: ' '.repeat(widthOf(before?.text ?? '')) },
    { text: '^'.repeat(Math.max(1, widthOf(marked?.text ?? ''))) },
  ];
  const below = fold(carets, columns, { first: [{ text: '    ' }] });
  return folded.flatMap((line, index) => (below[index]?.includes('^') ? [line, below[index]] : [line]));
}
