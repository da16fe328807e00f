import { type Span, within } from '../spans.ts';
import type { Bodies } from './bodies.ts';
import type { CodeLexer } from './code-lexer.ts';
import { BEGINS, CONTROL, DEFINES, KEYWORD, type Lexis, SHORTEST, TYPE } from './lexis.ts';
import { fitsAt } from './scan.ts';
import {
  AMPERSAND,
  BRACE,
  CLOSE,
  COLON,
  COMMA,
  DOT,
  END,
  EQUALS,
  GREATER,
  LITERAL,
  MINUS,
  OPEN,
  SEMICOLON,
  STAR,
  UNBRACE,
  WORD,
} from './tokens.ts';

/** `SHORTEST` of lists of values, of which the tree is asked one by one whether it shows them. */
const SHORTEST_LIST = 256;
/** The nodes that a tree shows a list of values as. */
const LIST_NODES = ['initializer_list'];

/** What is left out of a language with braces: insides of functions' bodies and, in some, of lists of values. */
export class Insides {
  readonly #lexer: CodeLexer;
  readonly #lexis: Lexis;
  readonly #text: string;
  readonly #insides: Span[] = [];
  readonly #lists = new Map<number, readonly string[]>();

  constructor(lexer: CodeLexer, lexis: Lexis, text: string) {
    this.#lexer = lexer;
    this.#lexis = lexis;
    this.#text = text;
  }

  /** Passes what the brace holds that the lexer is behind, and leaves it out up to `endOf` its end if nothing in it tells. */
  pass(isList: boolean, endOf = (close: number) => close): void {
    const start = this.#lexer.at;
    const certain = passBody(this.#lexer, this.#lexis, this.#text);
    const end = isList ? this.#lexer.at - 1 : endOf(this.#lexer.at - 1);
    if (!certain || end - start < (isList ? SHORTEST_LIST : SHORTEST)) return;
    this.#insides.push([start, end]);
    if (isList) this.#lists.set(start - 1, LIST_NODES);
  }

  bodies(): Bodies {
    const insides = this.#insides;
    const starts = insides.map(([from]) => from - 1);
    return { insides, starts, nodes: this.#lists, comments: within(insides, this.#lexer.comments) };
  }
}

/** Goes from behind the opening brace of a body to behind the closing one; whether nothing is defined in between. */
function passBody(lexer: CodeLexer, lexis: Lexis, text: string): boolean {
  const { methods = false, macros = false, like } = lexis;
  const start = lexer.at;
  let certain = true;
  let depth = 1;
  // The two tokens before, and what words they are.
  let one = END;
  let oneKind = 0;
  let two = END;
  let twoKind = 0;
  // Whether the braces that follow may be those of a type.
  let typed = false;
  // What stands before the parentheses that are open, and before those that closed last.
  const openers: number[] = [];
  let opener = BEGINS;
  lexer.directive = false;
  for (;;) {
    const token = lexer.next();
    if (token === END) {
      lexer.lose();
      return false;
    }
    // Behind a dot it is a name, whatever it says.
    if (token === WORD && (one === DOT || (one === GREATER && two === MINUS && like === 'cpp'))) lexer.kind = 0;
    const { kind } = lexer;
    const afterCall = one === CLOSE && opener === 0;
    if (token === OPEN) {
      const named = one === WORD && oneKind === 0;
      openers.push(named || one === GREATER ? 0 : one === WORD ? oneKind & CONTROL || BEGINS : BEGINS);
      // `struct MACRO(x) name {`.
      if (named && two === WORD && (twoKind & TYPE) !== 0) certain = false;
      if (like !== 'cpp') typed = false;
    } else if (token === CLOSE) {
      opener = openers.pop() ?? BEGINS;
      typed = false;
    } else if (token === BRACE) {
      if (methods && afterCall) certain = false;
      if (typed && (like === 'cpp' || !/^\s*\}/.test(text.slice(lexer.at, lexer.at + 8)))) certain = false;
      depth++;
    } else if (token === UNBRACE) {
      if (--depth === 0) break;
    } else if (token === WORD) {
      // A macro that stands for a statement, or for part of one.
      if (macros && (afterCall || (one === WORD && oneKind === 0 && (kind & (CONTROL | BEGINS)) !== 0)))
        certain = false;
      // Go asks for a value's type by `x.(type)`.
      if ((kind & DEFINES) !== 0 && !(like === 'go' && one === OPEN) && !(like === 'cpp' && bringsIn(text, lexer.at)))
        certain = false;
      if ((kind & TYPE) !== 0) typed = true;
      // A closure has no name.
      if ((kind & KEYWORD) !== 0 && like === 'php' && !/^\s*&?\s*\(/.test(text.slice(lexer.at, lexer.at + 16)))
        certain = false;
    } else if (token === LITERAL && macros && afterCall) {
      certain = false;
    } else if (token === GREATER && one === EQUALS && two === CLOSE && opener === 0 && methods) {
      // C#'s `name(…) => …`.
      certain = false;
    } else if (token !== STAR && token !== COMMA && token !== AMPERSAND && token !== COLON) {
      // `struct name<…> : name<…> {`.
      if (like !== 'cpp' || token === EQUALS) typed = false;
    }
    if (token === BRACE || token === UNBRACE || token === SEMICOLON) typed = false;
    two = one;
    twoKind = oneKind;
    one = token;
    oneKind = kind;
    if (token === WORD && (kind & BEGINS) !== 0) one = END;
  }
  // A comment on the last line would stand above what follows.
  const comment = lexer.comments.at(-1);
  if (comment && comment[0] >= start && !text.slice(comment[1] - 1, lexer.at).includes('\n')) certain = false;
  return certain && !lexer.directive;
}

/** `using namespace a;`, `using a::b;` and `namespace a = b::c;` of C++ bring in names that are defined elsewhere. */
const BRINGS_IN = /\b(?:using\s+(?:namespace\b|[\w:]+;)|namespace\s+[\w:]+\s*[=;])/y;

/** Whether the word that ends here does no more than that. */
function bringsIn(text: string, end: number): boolean {
  const { length } = text.charCodeAt(end - 1) === 101 ? 'namespace' : 'using';
  return fitsAt(BRINGS_IN, text, end - length);
}
