import type { Span } from '../spans.ts';
import { tableOfSigns } from '../terms.ts';
import { CodeLines, MOST_NESTED } from './code-lines.ts';
import { SHORTEST } from './lexis.ts';
import {
  APOSTROPHE,
  BACKSLASH,
  BRACE,
  BRACKET,
  CLOSE,
  HASH,
  NEWLINE,
  OPEN,
  QUOTE,
  RETURN,
  SPACE,
  UNBRACE,
  UNBRACKET,
} from './tokens.ts';

/** Signs that mean something outside of words. */
const SIGNS = tableOfSigns('\n"#\'()[\\]`{}');

/** Signs behind which square brackets are a list, and no subscript. */
const BEFORE_LIST = new Set(Array.from('=+:,|&', (sign) => sign.charCodeAt(0)));

/** The logical lines of Python. */
export class PythonLines extends CodeLines {
  /** What of the line's code can neither define nor import anything: insides of long brackets and of long strings. */
  inert: Span[] = [];

  constructor(text: string, asked: RegExp) {
    super(text, asked);
    // A carriage return alone ends a line for Python, but not for the grammar.
    if (text.includes('\r') && /\r(?!\n)/.test(text)) this.lose();
  }

  override next(): boolean {
    if (this.lost) return false;
    this.toCode();
    const { text, at: start } = this;
    if (start >= text.length) return false;
    const inert: Span[] = [];
    let brackets = -1;
    let end = -1;
    let depth = 0;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code > 127 || SIGNS[code] === 0) {
        at++;
        continue;
      }
      if (code === NEWLINE || at >= text.length) {
        if (depth === 0) break;
        if (at >= text.length) return this.lose();
        at++;
      } else if (code === QUOTE || code === APOSTROPHE) {
        const close = this.#endOfString(at, code);
        if (close < 0) return this.lose();
        this.pass(at, close);
        if (depth === 0 && close - at > SHORTEST && text.charCodeAt(at + 1) === code) inert.push([at + 3, close - 3]);
        at = close;
      } else if (code === HASH) {
        if (depth === 0) end = at;
        at = this.comment(at);
      } else if (code === BACKSLASH) {
        if (text.charCodeAt(++at) === RETURN) at++;
        if (text.charCodeAt(at) !== NEWLINE) return this.lose();
        at++;
      } else if (code === OPEN || code === BRACKET || code === BRACE) {
        if (depth++ === 0) brackets = this.#isEmptied(at, code) ? at : Number.POSITIVE_INFINITY;
        at++;
      } else if (code === CLOSE || code === UNBRACKET || code === UNBRACE) {
        if (--depth < 0) return this.lose();
        if (depth === 0 && at - brackets > SHORTEST) inert.push([brackets + 1, at]);
        at++;
      } else return this.lose();
    }
    end = this.withoutBlanks(end < 0 ? at : end);
    // The line below belongs to it, but is empty.
    if (text.charCodeAt(end - 1) === BACKSLASH) return this.lose();
    this.pass(end, end);
    this.inert = this.telling ? [] : inert;
    this.at = at;
    this.start = start;
    this.end = end;
    return true;
  }

  /** Whether brackets may be empty there: those of a subscript may not. */
  #isEmptied(at: number, code: number): boolean {
    if (code !== BRACKET) return true;
    let before = at - 1;
    while (this.text.charCodeAt(before) === SPACE) before--;
    return BEFORE_LIST.has(this.text.charCodeAt(before));
  }

  /** Behind the string that begins at an offset; -1 when it is not certain where that is. */
  #endOfString(from: number, quote: number, nested = 0): number {
    const { text } = this;
    const triple = text.charCodeAt(from + 1) === quote && text.charCodeAt(from + 2) === quote;
    // Two quotes are an empty string.
    const size = triple ? 3 : 1;
    const filled = /[fFtT][rR]?$/.test(text.slice(Math.max(0, from - 2), from));
    let depth = 0;
    for (let at = from + size; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (depth > 0 && (code === QUOTE || code === APOSTROPHE)) {
        // A string in what is filled in.
        at = nested < MOST_NESTED ? this.#endOfString(at, code, nested + 1) - 1 : -1;
        if (at < 0) return -1;
      } else if (code === quote) {
        if (!triple || (text.charCodeAt(at + 1) === quote && text.charCodeAt(at + 2) === quote)) return at + size;
      } else if (code === BACKSLASH) {
        // A carriage return may stand between the backslash and the line break that it takes.
        at += text.charCodeAt(at + 1) === RETURN ? 2 : 1;
      } else if (code === NEWLINE) {
        if (!triple) return -1;
      } else if (filled && code === BRACE) {
        if (depth === 0 && text.charCodeAt(at + 1) === BRACE) at++;
        else depth++;
      } else if (filled && code === UNBRACE) {
        if (depth > 0) depth--;
      }
    }
    return -1;
  }
}
