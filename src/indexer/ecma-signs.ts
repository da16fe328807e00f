import { BRACKET, SLASH, STAR, UNBRACKET } from './ecma-tokens.ts';
import { WORD_SIGNS } from './terms.ts';

const NEWLINE = 10;
const RETURN = 13;
const BACKSLASH = 92;

/** Blanks beyond ASCII: letters for the eye of the lexer, none for the grammar. */
export const isOddBlank = (code: number) =>
  code === 0xa0 || code === 0xfeff || code === 0x1680 || code === 0x3000 || (code >= 0x2000 && code <= 0x206f);

/** Whether a slash and this sign begin a comment. */
export const isComment = (code: number) => code === SLASH || code === STAR;
export const isDigit = (code: number) => code >= 48 && code <= 57;

const ELEMENT = /(?:>|[A-Za-z_$][\w$.:-]*(?![\w$.:-]|\s*,|\s+extends[\s{]))/y;

/** Whether what stands behind a `<` begins an element rather than type parameters (`<T,>` or `<T extends …>`). */
export function isElement(text: string, at: number): boolean {
  ELEMENT.lastIndex = at;
  return ELEMENT.test(text);
}

/** Where a line ends: before its line break. */
export function endOfLine(text: string, start: number): number {
  let end = text.indexOf('\n', start);
  if (end < 0) end = text.length;
  return text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
}

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
