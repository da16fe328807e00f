import type { Span } from '../spans.ts';
import { FORM_FEED, HASH, NEWLINE, RETURN, SPACE, TAB } from './tokens.ts';

/** How deep strings may stand in what is filled into strings: each level is one on the stack. */
export const MOST_NESTED = 20;

/** Gives the lines of code of a language without braces one by one; stops for good at anything it is not certain of. */
export abstract class CodeLines {
  /** The columns before the line's code, as Python's grammar counts them: a tab is eight. */
  indent = 0;
  /** Where the line's code begins, and where it ends: before a comment and blanks. */
  start = 0;
  end = 0;
  /** Whether its code has something that was asked for. */
  telling = false;
  /** Whether it stopped before the end. */
  lost = false;
  /** Comments that were passed. */
  readonly comments: Span[] = [];
  protected readonly text: string;
  protected at = 0;
  readonly #asked: RegExp;
  /** The last sign of what fits that next, be it in code, in a string or in a comment. */
  #next = -1;

  /** `asked` is what makes a line telling: a global pattern. */
  constructor(text: string, asked: RegExp) {
    this.text = text;
    this.#asked = asked;
    this.#find();
  }

  /** Goes to the next line; false when there is none. */
  abstract next(): boolean;

  protected lose(): false {
    this.lost = true;
    return false;
  }

  /** Goes to where code begins. */
  protected toCode(): void {
    let indent = 0;
    let { at } = this;
    for (; ; at++) {
      const code = this.text.charCodeAt(at);
      if (code === SPACE) indent++;
      else if (code === TAB) indent += 8;
      else if (code === NEWLINE || code === RETURN || code === FORM_FEED) indent = 0;
      else if (code === HASH) at = this.comment(at) - 1;
      else break;
    }
    this.at = at;
    this.indent = indent;
    this.telling = false;
  }

  /** Where the comment ends that begins at an offset and whose last line is, or holds, another. */
  protected comment(from: number, last = from): number {
    let to = this.text.indexOf('\n', last);
    if (to < 0) to = this.text.length;
    this.comments.push([from, to]);
    this.pass(from, to);
    return to;
  }

  /** What fits before `from` is code, and tells; what does between there and `to` is none. */
  protected pass(from: number, to: number): void {
    if (this.#next < from) this.telling = true;
    while (this.#next < to) this.#find();
  }

  /** Where code that ends before `at` ends without blanks. */
  protected withoutBlanks(at: number): number {
    while (this.text.charCodeAt(at - 1) <= SPACE) at--;
    return at;
  }

  #find(): void {
    this.#next = this.#asked.test(this.text) ? this.#asked.lastIndex - 1 : Number.POSITIVE_INFINITY;
  }
}
