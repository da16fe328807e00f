import type { Span } from '../spans.ts';
import { type KeywordTable, kindOfWord, type Lexis, tableOf } from './lexis.ts';
import { endOfString, isDigit, isNameSign } from './scan.ts';
import {
  APOSTROPHE,
  AT,
  BACKSLASH,
  BACKTICK,
  BRACE,
  BRACKET,
  DOLLAR,
  END,
  HASH,
  LITERAL,
  NEWLINE,
  QUESTION,
  QUOTE,
  RETURN,
  SLASH,
  STAR,
  WORD,
} from './tokens.ts';

/** What a raw string of C++ begins with. */
const RAW = /^(?:u8?|[LU])?R$/;

/** Gives the tokens of a text one by one; stops for good at anything it is not certain of. */
export class CodeLexer {
  /** Where the next token is looked for. */
  at = 0;
  /** What the word is that was given last. */
  kind = 0;
  /** Whether it stopped before the end. */
  lost = false;
  /** Whether a line for the preprocessor was passed. */
  directive = false;
  /** Comments that were passed. */
  readonly comments: Span[] = [];
  readonly #text: string;
  readonly #like: Lexis['like'];
  readonly #directives: boolean;
  readonly #table: KeywordTable;

  constructor(text: string, lexis: Lexis) {
    this.#text = text;
    this.#like = lexis.like;
    this.#directives = lexis.directives ?? false;
    this.#table = tableOf(lexis);
    // What stands before is no code.
    if (lexis.like === 'php') this.at = Math.max(0, text.indexOf('<?php')) + 5;
  }

  lose(): typeof END {
    this.lost = true;
    return END;
  }

  next(): number {
    const text = this.#text;
    while (!this.lost && this.at < text.length) {
      const code = text.charCodeAt(this.at);
      if (code <= 32) {
        this.at++;
        continue;
      }
      if (isNameSign(code)) return this.#word();
      switch (code) {
        case SLASH: {
          const second = text.charCodeAt(this.at + 1);
          if (second === SLASH) this.#lineComment();
          else if (second === STAR) this.#blockComment();
          else {
            this.at++;
            return code;
          }
          continue;
        }
        case QUOTE:
        case APOSTROPHE:
        case BACKTICK:
          return this.#literal(code);
        case HASH:
          if (this.#directives) this.#skipDirective();
          else if (this.#like === 'php' && text.charCodeAt(this.at + 1) !== BRACKET) this.#lineComment();
          else if (this.#like === 'java') return this.lose();
          else break;
          continue;
        case AT:
          if (this.#like !== 'csharp' || !/["$]/.test(text.charAt(this.at + 1))) break;
          return this.#csharpString();
      }
      if (this.#like === 'php' && (text.startsWith('?>', this.at) || text.startsWith('<<<', this.at)))
        return this.lose();
      this.at++;
      return code;
    }
    return END;
  }

  #word(): number {
    const text = this.#text;
    const start = this.at;
    if (this.#like === 'csharp' && text.charCodeAt(start) === DOLLAR) return this.#csharpString();
    let hash = 0;
    let code = text.charCodeAt(start);
    do {
      hash = (Math.imul(hash, 31) + code) | 0;
      code = text.charCodeAt(++this.at);
    } while (isNameSign(code));
    if (this.#like === 'rust' && (code === QUOTE || code === HASH) && text.charCodeAt(this.at - 1) === 114) {
      if (this.at - start <= 2) return this.#rustRaw();
    }
    if (this.#like === 'cpp' && (code === QUOTE || code === APOSTROPHE)) {
      if (code === QUOTE && RAW.test(text.slice(start, this.at))) return this.#cppRaw();
      // Digits may be set apart: 1'000.
      if (code === APOSTROPHE && isDigit(text.charCodeAt(start))) {
        while (code === APOSTROPHE || isNameSign(code)) code = text.charCodeAt(++this.at);
      }
    }
    this.kind = kindOfWord(this.#table, { text, start, end: this.at, hash });
    return WORD;
  }

  #lineComment(): void {
    const text = this.#text;
    const start = this.at;
    let end = text.indexOf('\n', start);
    if (this.#like === 'c' || this.#like === 'cpp')
      while (end > 0 && this.#continues(end)) end = text.indexOf('\n', end + 1);
    if (end < 0) end = text.length;
    // Rust's grammar takes the line break for a part of a doc comment.
    if (this.#like === 'rust' && end < text.length && /^\/\/(?:!|\/(?!\/))/.test(text.slice(start, start + 4))) end++;
    // These leave a carriage return out.
    if (this.#like === 'csharp' || this.#like === 'php') {
      const line = text.slice(start, end);
      if (line.includes('\r')) end = start + line.indexOf('\r');
      if (this.#like === 'php') {
        // A tag ends a comment, too. A question mark that could begin one takes the line break along.
        if (line.includes('?>')) this.lose();
        let marks = 0;
        while (text.charCodeAt(end - 1 - marks) === QUESTION) marks++;
        if (marks % 2 === 1) end += text.startsWith('\r\n', end) ? 2 : 1;
      }
    }
    this.at = end;
    this.comments.push([start, end]);
  }

  #blockComment(): void {
    const text = this.#text;
    const start = this.at;
    if (this.#like === 'rust') this.at = endOfNested(text, start);
    else this.at = text.indexOf('*/', start + 2) + 2;
    if (this.at <= start + 2) this.lose();
    this.comments.push([start, this.at]);
  }

  /** Whether a backslash makes the line that ends here go on. */
  #continues(end: number): boolean {
    const before = this.#text.charCodeAt(end - 1);
    return before === BACKSLASH || (before === RETURN && this.#text.charCodeAt(end - 2) === BACKSLASH);
  }

  #skipDirective(): void {
    const text = this.#text;
    this.directive = true;
    for (let goesOn = true; goesOn; ) {
      let end = text.indexOf('\n', this.at);
      if (end < 0) end = text.length;
      goesOn = end < text.length && this.#continues(end);
      // A comment that begins here may end below.
      const open = text.slice(this.at, end).lastIndexOf('/*');
      if (open >= 0) {
        const close = text.indexOf('*/', this.at + open + 2);
        if (close < 0) return void this.lose();
        end = Math.max(end, close + 2);
      }
      this.at = goesOn ? end + 1 : end;
    }
  }

  #literal(quote: number): number {
    const text = this.#text;
    const like = this.#like;
    if (quote === BACKTICK) return like === 'go' ? this.#until('`', 1) : this.lose();
    if (quote === QUOTE && like === 'csharp') return this.#csharpString();
    if (quote === QUOTE && like === 'java' && text.startsWith('"""', this.at)) {
      for (this.at += 3; !text.startsWith('"""', this.at); this.at++) {
        if (this.at >= text.length) return this.lose();
        if (text.charCodeAt(this.at) === BACKSLASH) this.at++;
      }
      this.at += 3;
      return LITERAL;
    }
    if (quote === APOSTROPHE && like === 'rust' && text.charCodeAt(this.at + 1) !== BACKSLASH) {
      // 'a' is a letter, 'a a lifetime; some letters are pairs.
      const size = (text.codePointAt(this.at + 1) ?? 0) > 0xffff ? 2 : 1;
      if (text.charCodeAt(this.at + size + 1) === APOSTROPHE) this.at += size + 2;
      else while (isNameSign(text.charCodeAt(++this.at)));
      return LITERAL;
    }
    const mayBreak = like === 'rust' || like === 'php';
    const end = endOfString(text, this.at, mayBreak);
    if (end === 0) return this.lose();
    this.at = end;
    return LITERAL;
  }

  /** A literal that goes on, from `offset`, until a text. */
  #until(close: string, offset: number): number {
    const found = this.#text.indexOf(close, this.at + offset);
    if (found < 0) return this.lose();
    this.at = found + close.length;
    return LITERAL;
  }

  /** From the quote: `R"(…)"`, `R"name(…)name"`. */
  #cppRaw(): number {
    const open = this.#text.indexOf('(', this.at);
    if (open < 0 || open > this.at + 17) return this.lose();
    return this.#until(`)${this.#text.slice(this.at + 1, open)}"`, open - this.at);
  }

  /** From behind the r: `r"…"`, `r#"…"#`, or the name `r#type`. */
  #rustRaw(): number {
    let signs = 0;
    while (this.#text.charCodeAt(this.at + signs) === HASH) signs++;
    if (this.#text.charCodeAt(this.at + signs) === QUOTE) return this.#until(`"${'#'.repeat(signs)}`, signs + 1);
    this.kind = 0;
    this.at += signs;
    return WORD;
  }

  /** `"…"`, `@"…"`, `$"…"`, `$@"…"`, `"""…"""`. */
  #csharpString(): number {
    const text = this.#text;
    let verbatim = false;
    let filled = false;
    let code = text.charCodeAt(this.at);
    for (; code === AT || code === DOLLAR; code = text.charCodeAt(++this.at)) {
      if (code === AT) verbatim = true;
      else filled = true;
    }
    if (code !== QUOTE) return this.lose();
    if (!verbatim && text.startsWith('"""', this.at)) {
      let quotes = 3;
      while (text.charCodeAt(this.at + quotes) === QUOTE) quotes++;
      this.#until('"'.repeat(quotes), quotes);
      while (text.charCodeAt(this.at) === QUOTE) this.at++;
      return this.lost ? END : LITERAL;
    }
    for (this.at++; ; this.at++) {
      code = text.charCodeAt(this.at);
      if (Number.isNaN(code) || (code === NEWLINE && !verbatim)) return this.lose();
      if (code === BACKSLASH && !verbatim) this.at++;
      else if (code === QUOTE) {
        if (!verbatim || text.charCodeAt(this.at + 1) !== QUOTE) break;
        this.at++;
      } else if (code === BRACE && filled) {
        if (text.charCodeAt(this.at + 1) === BRACE) this.at++;
        else {
          // What is filled in may hold strings and blocks of its own.
          const close = text.indexOf('}', this.at);
          if (close < 0 || /["'{\n]/.test(text.slice(this.at + 1, close))) return this.lose();
          this.at = close;
        }
      }
    }
    this.at++;
    return LITERAL;
  }
}

/** Behind the end of a block comment that may hold others; 0 when it has none. */
function endOfNested(text: string, start: number): number {
  let depth = 1;
  for (let at = start + 2; at < text.length; at++) {
    if (text.startsWith('*/', at)) {
      if (--depth === 0) return at + 2;
      at++;
    } else if (text.startsWith('/*', at)) {
      depth++;
      at++;
    }
  }
  return 0;
}
