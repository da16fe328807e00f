import { WORD_SIGNS } from '../terms.ts';
import { BACKSLASH, NEWLINE, RETURN } from './tokens.ts';

export const isDigit = (code: number) => code >= 48 && code <= 57;

/** Whether a name may hold this sign. Beyond ASCII all are taken for letters. */
export const isNameSign = (code: number) => code > 127 || WORD_SIGNS[code] === 1;

/** Whether a sticky pattern fits there; its `lastIndex` is behind what it fits then. */
export function fitsAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** Behind the string that begins with a quote there; 0 when no such quote ends it, or none on its line. */
export function endOfString(text: string, start: number, mayBreak = false): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    // A carriage return may stand between the backslash and the line break that it takes.
    if (code === BACKSLASH) at += text.charCodeAt(at + 1) === RETURN ? 2 : 1;
    else if (Number.isNaN(code) || (code === NEWLINE && !mayBreak)) return 0;
  }
}
