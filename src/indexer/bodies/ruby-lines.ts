import { tableOfSigns } from '../terms.ts';
import { CodeLines, MOST_NESTED } from './code-lines.ts';
import { CALLED, isWord, NAMED, NOTHING, standsBefore, VALUE } from './ruby-words.ts';
import {
  APOSTROPHE,
  BACKSLASH,
  BACKTICK,
  BRACE,
  BRACKET,
  CLOSE,
  COLON,
  DOLLAR,
  EQUALS,
  GREATER,
  HASH,
  LESS,
  NEWLINE,
  OPEN,
  PERCENT,
  QUESTION,
  QUOTE,
  RETURN,
  SLASH,
  SPACE,
  TAB,
  UNBRACE,
  UNBRACKET,
} from './tokens.ts';

/** Signs that mean something outside of words. */
const SIGNS = tableOfSigns('\n"#$%\'()/:<?[\\]`{}');

const HEREDOC = /<<([~-]?)(?:(["'`])([^"'`\n]+)\2|([A-Za-z_]\w*))/y;
/** A line that ends with one of these goes on below. */
const JOINS = /(?:[^$:],|[\s|&+*/-]=|\s(?:\+|<<|\|\||&&)|[^.$]\.)$/;
/** Heredocs that one line begins, and names of those that no line ends: each is looked for in all that follows. */
const MOST_HEREDOCS = 20;

interface Heredoc {
  indented: boolean;
  raw: boolean;
  id: string;
}

/** Lines of Ruby, each with its brackets, strings, what it announces and what it goes on with. */
export class RubyLines extends CodeLines {
  /** Where the code of the last line ends, of which heredocs follow. */
  codeEnd = 0;
  /** Heredocs that no line ends. */
  readonly #endless = new Set<string>();
  readonly #heredocs: Heredoc[] = [];
  /** How deep strings stand in what fills in strings. */
  #depth = 0;

  override next(): boolean {
    const { text } = this;
    if (this.lost) return false;
    this.toCode();
    while (this.#begins('=begin')) {
      const last = text.indexOf('\n=end', this.at);
      if (last < 0) return this.lose();
      this.at = this.comment(this.at, last + 1);
      this.toCode();
    }
    if (this.at >= text.length || (this.#begins('__END__') && !(text.charCodeAt(this.at + 7) > RETURN))) return false;
    this.start = this.at;
    const at = this.#code(this.at, false);
    if (at < 0) return this.lose();
    this.pass(this.end, this.end);
    this.at = at;
    return true;
  }

  #begins(word: string): boolean {
    return this.indent === 0 && this.text.startsWith(word, this.at);
  }

  /** Goes through code to where the line ends, or behind the brace that ends what fills in a string; -1 when lost. */
  #code(from: number, filling: boolean): number {
    const { text } = this;
    let depth = 0;
    let end = -1;
    for (let at = from; ; ) {
      const code = text.charCodeAt(at);
      if (code > 127 || SIGNS[code] === 0) {
        at++;
        continue;
      }
      switch (code) {
        case NEWLINE: {
          end = this.withoutBlanks(end < 0 ? at : end);
          this.codeEnd = end;
          const goesOn = JOINS.test(text.slice(end - 3, end));
          if (this.#heredocs.length > 0) {
            if (filling) return -1;
            at = this.#behindHeredocs(at);
            if (at < 0) return -1;
            end = this.withoutBlanks(at);
          }
          if (depth === 0 && !filling && !goesOn) {
            this.end = end;
            return at;
          }
          // A comment in the middle of a line.
          if (text.startsWith('=begin', ++at)) return -1;
          end = -1;
          continue;
        }
        case HASH:
          end = at;
          at = this.comment(at);
          continue;
        case BACKSLASH:
          if (text.charCodeAt(++at) === RETURN) at++;
          if (text.charCodeAt(at) !== NEWLINE || this.#heredocs.length > 0) return -1;
          at++;
          continue;
        case OPEN:
        case BRACKET:
        case BRACE:
          depth++;
          at++;
          continue;
        case CLOSE:
        case UNBRACKET:
        case UNBRACE:
          at++;
          if (--depth >= 0) continue;
          return filling && code === UNBRACE ? at : -1;
        case DOLLAR:
          at += isWord(text.charCodeAt(at + 1)) ? 1 : 2;
          continue;
        case COLON:
          at = this.#behindColon(at);
          continue;
        case QUESTION:
          at = this.#behindQuestion(at, from);
          break;
        case LESS:
          at = this.#behindLess(at, from);
          break;
        case QUOTE:
        case APOSTROPHE:
          at = this.#literal(at, at + 1, code);
          break;
        case BACKTICK:
          at = standsBefore(text, at, from) === NAMED ? -1 : this.#literal(at, at + 1, code);
          break;
        case SLASH:
          at = this.#behindSlash(at, from);
          break;
        case PERCENT:
          at = this.#behindPercent(at, from);
          break;
        default:
          // The end of the text.
          if (depth > 0 || filling || this.#heredocs.length > 0) return -1;
          this.end = this.withoutBlanks(end < 0 ? text.length : end);
          this.codeEnd = this.end;
          return at;
      }
      if (at < 0) return -1;
    }
  }

  #behindColon(at: number): number {
    const { text } = this;
    const next = text.charCodeAt(at + 1);
    if (next === COLON) return at + 2;
    // Operators by name: `inject(:/)`.
    if (next !== SLASH && next !== PERCENT && next !== LESS && next !== BACKTICK) return at + 1;
    if (isWord(text.charCodeAt(at - 1))) return at + 1;
    for (at += 2; /[<=>]/.test(text.charAt(at)); at++);
    return at;
  }

  #behindQuestion(at: number, from: number): number {
    const { text } = this;
    const next = text.charCodeAt(at + 1);
    if (isWord(text.charCodeAt(at - 1)) || next <= SPACE) return at + 1;
    const before = standsBefore(this.text, at, from);
    if (before === NOTHING) return next === BACKSLASH ? at + 3 : at + 2;
    return before === VALUE || isWord(next) || next === COLON ? at + 1 : -1;
  }

  #behindLess(at: number, from: number): number {
    const { text } = this;
    if (text.charCodeAt(at + 1) !== LESS) return at + 1;
    HEREDOC.lastIndex = at;
    const found = HEREDOC.exec(text);
    if (!found) return at + 2;
    const [whole, sign, quote = '', quoted = '', word = ''] = found;
    const before = standsBefore(this.text, at, from);
    const apart = text.charCodeAt(at - 1) <= SPACE;
    if (before === NAMED || before === VALUE || (before === CALLED && !apart)) return sign === '' ? at + 2 : -1;
    const heredoc = { indented: sign !== '', raw: quote === "'", id: quoted + word };
    if (this.#heredocs.length === MOST_HEREDOCS || this.#endless.size === MOST_HEREDOCS) return -1;
    if (this.#endless.has(heredoc.id) || this.#endOfHeredoc(text.indexOf('\n', at), heredoc) < 0) {
      this.#endless.add(heredoc.id);
      return sign === '' && before === CALLED ? at + 2 : -1;
    }
    this.#heredocs.push(heredoc);
    return at + whole.length;
  }

  #behindSlash(at: number, from: number): number {
    return this.#isDivided(at, from) ? at + 1 : this.#literal(at, at + 1, SLASH);
  }

  #behindPercent(at: number, from: number): number {
    const { text } = this;
    if (this.#isDivided(at, from)) return at + 1;
    const open = at + (isWord(text.charCodeAt(at + 1)) ? 2 : 1);
    const sign = text.charCodeAt(open);
    if (sign <= SPACE || isWord(sign)) return -1;
    return this.#literal(at, open + 1, sign);
  }

  /** Whether a sign divides what stands before. A word may be called with a literal: the grammar goes by the blanks. */
  #isDivided(at: number, from: number): boolean {
    const before = standsBefore(this.text, at, from);
    if (before !== CALLED) return before !== NOTHING;
    const next = this.text.charCodeAt(at + 1);
    return this.text.charCodeAt(at - 1) > SPACE || next <= SPACE || next === EQUALS;
  }

  /** Behind a literal whose content begins at `at` behind a sign; -1 when it does not end. */
  #literal(from: number, at: number, sign: number): number {
    const { text } = this;
    const letter = text.charCodeAt(from) === PERCENT ? text.charAt(from + 1) : '';
    const fills = sign === APOSTROPHE ? false : !/[wiqs]/.test(letter);
    const close =
      sign === OPEN ? CLOSE : sign === BRACKET ? UNBRACKET : sign === BRACE ? UNBRACE : sign === LESS ? GREATER : sign;
    let filled = false;
    let nested = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) at++;
      else if (code === close) {
        if (nested-- > 0) continue;
        // What fills it in is code.
        if (!filled) this.pass(from, at + 1);
        return at + 1;
      } else if (code === sign) nested++;
      else if (code === NEWLINE) {
        if (this.#heredocs.length > 0) return -1;
      } else if (code === HASH && fills && text.charCodeAt(at + 1) === BRACE) {
        filled = true;
        if (++this.#depth > MOST_NESTED) return -1;
        at = this.#code(at + 2, true) - 1;
        this.#depth--;
        if (at < 0) return -1;
      }
    }
    return -1;
  }

  /** The end of the line that ends a heredoc whose text begins behind a line break; -1 when there is none. */
  #endOfHeredoc(at: number, { indented, id }: Heredoc): number {
    const { text } = this;
    while (at >= 0) {
      let first = at + 1;
      if (indented) while (text.charCodeAt(first) === SPACE || text.charCodeAt(first) === TAB) first++;
      const next = text.indexOf('\n', first);
      if (text.startsWith(id, first)) {
        const end = first + id.length;
        if (end === text.length || text.charCodeAt(end) === NEWLINE || text.startsWith('\r\n', end)) return end;
      }
      at = next;
    }
    return -1;
  }

  /** Where the last line of the heredocs ends whose texts begin behind a line break. */
  #behindHeredocs(at: number): number {
    const { text } = this;
    for (const heredoc of this.#heredocs) {
      const end = this.#endOfHeredoc(at, heredoc);
      if (end < 0) return -1;
      if (!heredoc.raw) {
        const content = text.slice(at, end);
        if (fillsInHeredoc(content) || /\\\r?\n[ \t]*$/.test(content.slice(0, -heredoc.id.length))) return -1;
        if (!content.includes('#{')) this.pass(at, end);
      } else this.pass(at, end);
      at = end;
    }
    this.#heredocs.length = 0;
    if (text.charCodeAt(at) === RETURN) at++;
    return at;
  }
}

/** Whether a heredoc may stand in what fills in another. */
function fillsInHeredoc(content: string): boolean {
  for (let open = content.indexOf('#{'), close = 0; open >= 0 && close >= 0; open = content.indexOf('#{', close)) {
    close = content.indexOf('}', open);
    if (content.slice(open, close < 0 ? undefined : close).includes('<<')) return true;
  }
  return false;
}
