import { WORD_SIGNS } from '../terms.ts';
import { fitsAt } from './scan.ts';
import { BACKSLASH, BRACKET, NEWLINE, RETURN, SLASH, STAR, UNBRACKET } from './tokens.ts';

/** Blanks beyond ASCII: letters for the eye of the lexer, none for the grammar. */
export const isOddBlank = (code: number) =>
  code === 0xa0 || code === 0xfeff || code === 0x1680 || code === 0x3000 || (code >= 0x2000 && code <= 0x206f);

/** Whether a slash and this sign begin a comment. */
export const isComment = (code: number) => code === SLASH || code === STAR;

const ELEMENT = /(?:>|[A-Za-z_$][\w$.:-]*(?![\w$.:-]|\s*,|\s+extends[\s{]))/y;

/** Whether what stands behind a `<` begins an element rather than type parameters (`<T,>` or `<T extends …>`). */
export const isElement = (text: string, at: number) => fitsAt(ELEMENT, text, at);

/** Where a line ends: before its line break. */
export function endOfLine(text: string, start: number): number {
  let end = text.indexOf('\n', start);
  if (end < 0) end = text.length;
  return text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
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
