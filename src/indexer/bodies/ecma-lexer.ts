import type { Span } from '../spans.ts';
import { WORD_SIGNS } from '../terms.ts';
import { endOfLine, endOfRegex, isComment, isElement, isOddBlank } from './ecma-signs.ts';
import { ARROW, OPERATOR, SHIFT, TEMPLATE, WORDS } from './ecma-tokens.ts';
import { kindOfWord } from './lexis.ts';
import { endOfString, isDigit, isNameSign } from './scan.ts';
import {
  AMPERSAND,
  APOSTROPHE,
  BACKSLASH,
  BACKTICK,
  BANG,
  BRACE,
  CARET,
  COLON,
  DOLLAR,
  DOT,
  END,
  EQUALS,
  GREATER,
  HASH,
  LESS,
  LITERAL,
  MINUS,
  NEWLINE,
  PERCENT,
  PIPE,
  PLUS,
  QUESTION,
  QUOTE,
  SLASH,
  STAR,
  TILDE,
  UNBRACE,
  WORD,
} from './tokens.ts';

/** Gives the tokens of JavaScript and what grew out of it; stops for good at anything it is not certain of. */
export class EcmaLexer {
  /** Where the next token is looked for. */
  at = 0;
  /** What the word is that was given last. */
  kind = 0;
  /** Whether the last token stands on another line than the one before. */
  newline = false;
  /** Where the token before ended, and where the last word began. */
  ended = 0;
  began = 0;
  /** Whether it stopped before the end. */
  lost = false;
  /** Comments that were passed. */
  readonly comments: Span[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
    if (text.startsWith('#!')) this.at = endOfLine(text, 0);
  }

  lose(): typeof END {
    this.lost = true;
    return END;
  }

  /** `operand` says what a slash begins: 1 a regular expression, 0 a division, anything else who knows. */
  next(operand: number): number {
    const text = this.#text;
    this.newline = false;
    this.ended = this.at;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code <= 32) {
        if (code === NEWLINE) this.newline = true;
        this.at++;
        continue;
      }
      if (isNameSign(code)) return this.#word(code);
      const second = text.charCodeAt(this.at + 1);
      switch (code) {
        case SLASH:
          if (isComment(second)) {
            this.#comment(second);
            continue;
          }
          if (operand === 1) return this.#literal(endOfRegex(text, this.at));
          if (operand !== 0) return this.lose();
          return this.#operator(second === EQUALS ? 2 : 1);
        case QUOTE:
        case APOSTROPHE:
          return this.#literal(endOfString(text, this.at));
        case BACKTICK:
          this.at++;
          return this.template();
        case HASH:
          this.at++;
          if (!isNameSign(second)) return this.lose();
          this.#word(second);
          this.kind = 0;
          return this.lost ? END : WORD;
        case EQUALS:
          if (second === GREATER) {
            this.at += 2;
            return ARROW;
          }
          if (second === EQUALS) return this.#operator(text.charCodeAt(this.at + 2) === EQUALS ? 3 : 2);
          break;
        case DOT:
          if (second === DOT) return this.#operator(3);
          break;
        case QUESTION:
          if (second === DOT && !isDigit(text.charCodeAt(this.at + 2))) {
            this.at += 2;
            return DOT;
          }
          if (second === QUESTION) return this.#operator(2);
          break;
        case PLUS:
        case MINUS:
          if (second === code) {
            // `a-->b`, or a comment of another time.
            if (code === MINUS && text.charCodeAt(this.at + 2) === GREATER) return this.lose();
            // What stands before and behind is the same with it as without.
            this.at += 2;
            if (!this.newline) this.ended = this.at;
            continue;
          }
          if (second === EQUALS) return this.#operator(2);
          break;
        case AMPERSAND:
        case PIPE:
          if (second === code || second === EQUALS) return this.#operator(2);
          break;
        case LESS:
          if (text.startsWith('<!--', this.at)) return this.lose();
          if (second === EQUALS) return this.#operator(2);
          if (second === LESS) {
            this.at += 2;
            return SHIFT;
          }
          // Nobody writes type arguments like this.
          if (
            operand === 0 &&
            second === 32 &&
            text.charCodeAt(this.at + 2) !== BRACE &&
            text.charCodeAt(this.at - 1) <= 32
          )
            return this.#operator(1);
          break;
        case BANG:
          if (second === EQUALS) return this.#operator(text.charCodeAt(this.at + 2) === EQUALS ? 3 : 2);
          break;
        case PERCENT:
        case STAR:
        case CARET:
        case TILDE:
          return this.#operator(second === EQUALS ? 2 : 1);
        case BACKSLASH:
          return this.lose();
      }
      if (Number.isNaN(code)) return END;
      this.at++;
      return code;
    }
  }

  /** The first sign behind the last token that is no blank. */
  peek(): number {
    let at = this.at;
    while (this.#text.charCodeAt(at) <= 32) at++;
    return this.#text.charCodeAt(at);
  }

  /** Goes on with a template: to its end, or into what is filled in. */
  template(): number {
    const text = this.#text;
    for (; ; this.at++) {
      const code = text.charCodeAt(this.at);
      if (code === BACKSLASH) this.at++;
      else if (code === BACKTICK) {
        this.at++;
        return LITERAL;
      } else if (code === DOLLAR && text.charCodeAt(this.at + 1) === BRACE) {
        this.at += 2;
        return TEMPLATE;
      } else if (Number.isNaN(code)) return this.lose();
    }
  }

  /** Whether the `<` that was passed begins an element rather than type parameters (`<T,>` or `<T extends …>`). */
  beginsElement(): boolean {
    return isElement(this.#text, this.at);
  }

  /** In the tag of an element: `{` before what is filled in, `>` where the tag ends, `/` where the element does. */
  tag(): number {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.at++);
      if (code <= 32 || code === EQUALS || code === MINUS || code === COLON || code === DOT) continue;
      if (isNameSign(code)) continue;
      if (code === QUOTE || code === APOSTROPHE) {
        this.at = text.indexOf(String.fromCharCode(code), this.at) + 1;
        if (this.at === 0) return this.lose();
      } else if (code === BRACE || code === GREATER) return code;
      else if (code === SLASH && text.charCodeAt(this.at) === GREATER) {
        this.at++;
        return SLASH;
      } else if (code === SLASH && isComment(text.charCodeAt(this.at))) {
        this.at--;
        this.#comment(text.charCodeAt(this.at + 1));
        if (this.lost) return END;
      } else return this.lose();
    }
  }

  /**
   * Between tags: `{` before what is filled in, `<` before an element, `/` where the one at hand ends; an operator for
   * what may be a comment to the grammar.
   */
  children(): number {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.at++);
      if (code === BRACE) return code;
      if (code === LESS) {
        if (text.charCodeAt(this.at) !== SLASH) return code;
        this.at = text.indexOf('>', this.at) + 1;
        return this.at === 0 ? this.lose() : SLASH;
      }
      if (code === GREATER || code === UNBRACE || Number.isNaN(code)) return this.lose();
      if (code === SLASH && isComment(text.charCodeAt(this.at))) {
        this.at++;
        return OPERATOR;
      }
    }
  }

  /** A literal that ends there; at 0 when it does not. */
  #literal(end: number): number {
    if (end === 0) return this.lose();
    this.at = end;
    return LITERAL;
  }

  #operator(size: number): typeof OPERATOR {
    this.at += size;
    return OPERATOR;
  }

  #word(first: number): number {
    const text = this.#text;
    const start = this.at;
    this.began = start;
    let hash = 0;
    let code = first;
    do {
      hash = (Math.imul(hash, 31) + code) | 0;
      if (code > 127 && isOddBlank(code)) return this.lose();
      code = text.charCodeAt(++this.at);
    } while (isNameSign(code));
    if (isDigit(first)) {
      if (code === DOT) while (WORD_SIGNS[text.charCodeAt(++this.at)] === 1);
      return LITERAL;
    }
    this.kind = kindOfWord(WORDS, { text, start, end: this.at, hash });
    return WORD;
  }

  #comment(second: number): void {
    const text = this.#text;
    const start = this.at;
    if (second === SLASH) this.at = endOfLine(text, start);
    else {
      this.at = text.indexOf('*/', start + 2) + 2;
      if (this.at === 1) {
        this.at = text.length;
        this.lose();
      }
    }
    // What ends with a line that only some know to end there.
    const content = text.slice(start, this.at);
    if (second === STAR ? content.includes('\n') : /[\r\u2028\u2029]/.test(content)) {
      if (second === STAR) this.newline = true;
      else this.lose();
    }
    this.comments.push([start, this.at]);
  }
}
