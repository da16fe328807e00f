import type { Span } from './code-lexer.ts';
import { SHORTEST } from './lexis.ts';

const TAB = 9;
const NEWLINE = 10;
const FORM_FEED = 12;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const ROUND = 40;
const UNROUND = 41;
const SQUARE = 91;
const BACKSLASH = 92;
const UNSQUARE = 93;
const BRACE = 123;
const UNBRACE = 125;

/** Signs that mean something outside of words. */
const SIGNS = new Uint8Array(128);
for (const sign of '\n"#\'()[\\]`{}') SIGNS[sign.charCodeAt(0)] = 1;

/** Signs behind which square brackets are a list, and no subscript. */
const BEFORE_LIST = new Set(Array.from('=+:,|&', (sign) => sign.charCodeAt(0)));

/** Gives the logical lines of Python one by one; stops for good at anything it is not certain of. */
export class LogicalLines {
  /** The columns before the line's code, as the grammar counts them: a tab is eight. */
  indent = 0;
  /** Where the line's code begins, and where it ends: before a comment and blanks. */
  start = 0;
  end = 0;
  /** Whether its code has one of the words that were asked for. */
  telling = false;
  /** Whether it stopped before the end. */
  lost: boolean;
  /** What of the line's code can neither define nor import anything: insides of long brackets and of long strings. */
  inert: Span[] = [];
  /** Comments that were passed. */
  readonly comments: Span[] = [];
  readonly #text: string;
  readonly #words: RegExp;
  #at = 0;
  /** The last letter of the next of the words, wherever it stands. */
  #word = -1;

  /** `words` is global. */
  constructor(text: string, words: RegExp) {
    this.#text = text;
    this.#words = words;
    // A carriage return alone ends a line for Python, but not for the grammar.
    this.lost = text.includes('\r') && /\r(?!\n)/.test(text);
    this.#findWord();
  }

  /** False when there is none. */
  next(): boolean {
    if (this.lost) return false;
    this.#toCode();
    this.telling = false;
    if (this.inert.length > 0) this.inert = [];
    let brackets = -1;
    const text = this.#text;
    const start = this.#at;
    if (start >= text.length) return false;
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
        if (at >= text.length) return this.#lose();
        at++;
      } else if (code === QUOTE || code === APOSTROPHE) {
        const close = this.#endOfString(at, code);
        if (close < 0) return this.#lose();
        this.#pass(at, close);
        if (depth === 0 && close - at > SHORTEST && text.charCodeAt(at + 1) === code)
          this.inert.push([at + 3, close - 3]);
        at = close;
      } else if (code === HASH) {
        if (depth === 0) end = at;
        at = this.#comment(at);
      } else if (code === BACKSLASH) {
        if (text.charCodeAt(++at) === RETURN) at++;
        if (text.charCodeAt(at) !== NEWLINE) return this.#lose();
        at++;
      } else if (code === ROUND || code === SQUARE || code === BRACE) {
        if (depth++ === 0) brackets = this.#isEmptied(at, code) ? at : Number.POSITIVE_INFINITY;
        at++;
      } else if (code === UNROUND || code === UNSQUARE || code === UNBRACE) {
        if (--depth < 0) return this.#lose();
        if (depth === 0 && at - brackets > SHORTEST) this.inert.push([brackets + 1, at]);
        at++;
      } else return this.#lose();
    }
    if (end < 0) end = at;
    while (text.charCodeAt(end - 1) <= SPACE) end--;
    // The line below belongs to it, but is empty.
    if (text.charCodeAt(end - 1) === BACKSLASH) return this.#lose();
    this.#pass(end, end);
    if (this.telling && this.inert.length > 0) this.inert = [];
    this.#at = at;
    this.start = start;
    this.end = end;
    return true;
  }

  /** Whether brackets may be empty there: those of a subscript may not. */
  #isEmptied(at: number, code: number): boolean {
    if (code !== SQUARE) return true;
    let before = at - 1;
    while (this.#text.charCodeAt(before) === SPACE) before--;
    return BEFORE_LIST.has(this.#text.charCodeAt(before));
  }

  #lose(): false {
    this.lost = true;
    return false;
  }

  /** Goes to where code begins. */
  #toCode(): void {
    const text = this.#text;
    let indent = 0;
    let at = this.#at;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === SPACE) indent++;
      else if (code === TAB) indent += 8;
      else if (code === NEWLINE || code === RETURN || code === FORM_FEED) indent = 0;
      else if (code === HASH) at = this.#comment(at) - 1;
      else break;
    }
    this.#at = at;
    this.indent = indent;
  }

  /** Where the comment ends that begins at an offset. */
  #comment(from: number): number {
    let to = this.#text.indexOf('\n', from);
    if (to < 0) to = this.#text.length;
    this.comments.push([from, to]);
    this.#pass(from, to);
    return to;
  }

  #findWord(): void {
    this.#word = this.#words.test(this.#text) ? this.#words.lastIndex - 1 : Number.POSITIVE_INFINITY;
  }

  /** Notes whether one of the words stands before `from`; those up to `to` are none. */
  #pass(from: number, to: number): void {
    if (this.#word < from) this.telling = true;
    while (this.#word < to) this.#findWord();
  }

  /** Behind the string that begins at an offset; -1 when it is not certain where that is. */
  #endOfString(from: number, quote: number): number {
    const text = this.#text;
    const triple = text.charCodeAt(from + 1) === quote && text.charCodeAt(from + 2) === quote;
    // Two quotes are an empty string.
    const size = triple ? 3 : 1;
    const filled = /[fFtT][rR]?$/.test(text.slice(Math.max(0, from - 2), from));
    let depth = 0;
    for (let at = from + size; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (depth > 0 && (code === QUOTE || code === APOSTROPHE)) {
        // A string in what is filled in.
        at = this.#endOfString(at, code) - 1;
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
