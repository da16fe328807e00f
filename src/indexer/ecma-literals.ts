import { BRACKET, SLASH, UNBRACKET } from './ecma-tokens.ts';
import { WORD_SIGNS } from './terms.ts';

const NEWLINE = 10;
const RETURN = 13;
const BACKSLASH = 92;

/** Behind the string that begins there; 0 when it ends with no quote on its line. */
export function endOfString(text: string, start: number): number {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) return at + 1;
    // A carriage return may stand between the backslash and the line break that it takes.
    if (code === BACKSLASH) at += text.charCodeAt(at + 1) === RETURN ? 2 : 1;
    else if (Number.isNaN(code) || code === NEWLINE) return 0;
  }
}

/** Behind the regular expression that begins there, and its flags; 0 when it does not end on its line. */
export function endOfRegex(text: string, start: number): number {
  let set = false;
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === BRACKET) set = true;
    else if (code === UNBRACKET) set = false;
    else if (code === SLASH && !set) {
      while (WORD_SIGNS[text.charCodeAt(++at)] === 1);
      return at;
    } else if (Number.isNaN(code) || code === NEWLINE) return 0;
  }
}
