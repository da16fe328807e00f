import { BLOCK, BODY, CLASS, EXPRESSION, FILLED, Level, LIST, OBJECT, PARENTHESES, SHAPED } from './ecma-level.ts';
import { EcmaLexer } from './ecma-lexer.ts';
import {
  ARROW,
  BLOCK_WORD,
  CASE,
  CAST,
  CONTROL,
  DEFAULT,
  ON_TYPES,
  OPERATOR,
  PREFIX,
  RETURN_WORD,
  TYPE_ARGUMENTS,
  VARIABLE,
} from './ecma-tokens.ts';
import { type EcmaLexis, SHORTEST } from './lexis.ts';
import {
  AMPERSAND,
  BANG,
  BRACE,
  BRACKET,
  CLOSE,
  COLON,
  COMMA,
  DOT,
  END,
  EQUALS,
  GREATER,
  LITERAL,
  OPEN,
  PIPE,
  QUESTION,
  SLASH,
  UNBRACE,
  UNBRACKET,
  WORD,
} from './tokens.ts';

/** Where in a text the walk is: the brackets that are open, the tokens before, and what was found so far. */
export class EcmaContext {
  /** What can be left out: from where to where, where the bracket opens around it, and what that holds. */
  readonly insides: (readonly [from: number, to: number, start: number, holds: number])[] = [];
  readonly #text: string;
  /** Whether the language has types, and elements. */
  readonly typed: boolean;
  readonly elements: boolean;
  readonly lexer: EcmaLexer;
  readonly #levels: Level[] = [new Level()];
  /** How many brackets are open, and what is known of the innermost. */
  depth = 0;
  level: Level = this.#levels[0] ?? new Level();
  /** The last two tokens, and what words they are. */
  one = END;
  oneKind = 0;
  two = END;
  twoKind = 0;
  /** What stands before the parentheses that closed last. */
  closed = END;
  closedKind = 0;
  /** Whether an operand is next: 1 yes, 0 no, 2 who knows. */
  operand = 1;

  constructor({ typed, elements }: EcmaLexis, text: string) {
    this.#text = text;
    this.typed = typed;
    this.elements = elements;
    this.lexer = new EcmaLexer(text);
  }

  /** Notes the token that was read, and whether an operand is next. */
  shift(token: number, kind: number, operand: number): void {
    this.two = this.one;
    this.twoKind = this.oneKind;
    this.one = token;
    this.oneKind = kind;
    this.operand = operand;
  }

  /** A bracket opens that holds this. The lexer is behind it, the last token still the one before. */
  open(holds: number): Level {
    const { angles, base, type, wraps } = this.level;
    const spare = this.#isSpare(holds);
    const level = this.#levels[++this.depth] ?? new Level();
    this.#levels[this.depth] = level;
    const isPart = holds === PARENTHESES || holds === LIST || holds === FILLED;
    level.base = this.typed && isPart && (type > 0 || base > 0 || angles > 0 || this.level.holds === SHAPED) ? 1 : 0;
    level.begin();
    level.holds = holds;
    level.start = this.lexer.at;
    level.before = this.one;
    level.beforeKind = this.oneKind;
    level.insides = this.insides.length;
    level.telling = holds === SHAPED;
    level.told = false;
    level.beginRun(level.start, level.insides);
    level.spare = spare;
    level.wraps =
      holds === PARENTHESES &&
      (this.one === EQUALS ||
        this.one === COLON ||
        (this.one === OPEN && wraps) ||
        (this.one === WORD && this.oneKind === DEFAULT));
    this.level = level;
    return level;
  }

  /** The innermost bracket closes; gives what was known of it, until the next one opens. */
  close(): Level {
    const level = this.level;
    this.level = this.#levels[--this.depth] ?? level;
    if (level.telling || level.told) {
      this.level.telling = true;
      this.#endRun(level, this.lexer.at - 1);
    } else if (level.spare) this.#leave(level);
    return level;
  }

  /** A statement ends at `at`, the next one begins at `next`. */
  endStatement(at: number, next: number): void {
    const { level } = this;
    if (level.holds !== BODY) return;
    if (!level.telling) return level.endStatement(at, this.insides.length);
    this.#leaveRun(level);
    level.told = true;
    level.telling = false;
    level.beginRun(next, this.insides.length);
  }

  /** The last statement of a body ends. */
  #endRun(level: Level, at: number): void {
    if (level.holds !== BODY) return;
    if (!level.telling) level.endStatement(at, this.insides.length);
    this.#leaveRun(level);
  }

  #leaveRun({ endInsides, run, runEnd, runInsides, start }: Level): void {
    if (runEnd - run < SHORTEST) return;
    this.insides.splice(runInsides, endInsides - runInsides, [run, runEnd, start - 1, BODY]);
  }

  #leave({ holds, insides, start }: Level): void {
    const end = this.lexer.at - 1;
    if (end - start < SHORTEST) return;
    if (holds === PARENTHESES) {
      // The parameters of a function, perhaps.
      const next = this.lexer.peek();
      if (next === BRACE || next === EQUALS || next === SLASH || (next === COLON && this.level.questions === 0)) return;
    }
    // A comment on the last line would stand above what follows.
    const comment = this.lexer.comments.at(-1);
    if (comment && comment[0] >= start && !this.#text.slice(comment[1], end).includes('\n')) return;
    this.insides.length = insides;
    this.insides.push([start, end, start - 1, holds]);
  }

  /** Whether what the bracket at hand holds may be left out. */
  #isSpare(holds: number): boolean {
    const level = this.level;
    switch (holds) {
      case BODY:
        return true;
      case BLOCK:
        // Where there is no doubt, a statement's.
        return this.one === CLOSE
          ? this.closed === WORD && this.closedKind === CONTROL
          : this.one === WORD && this.oneKind === BLOCK_WORD;
      case PARENTHESES:
        // Arguments.
        return this.#isCallee() && level.pending !== BODY && (level.holds !== CLASS || level.value) && !this.isType();
      case OBJECT:
      case LIST:
        if (this.isType()) return false;
        switch (this.one) {
          case OPEN:
          case BRACKET:
          case EQUALS:
          case QUESTION:
          case ARROW:
            return true;
          case COMMA:
            return level.holds === PARENTHESES || level.holds === LIST;
          case COLON:
            return level.holds === OBJECT;
          case OPERATOR:
            return level.holds !== OBJECT && level.holds !== CLASS;
          case WORD:
            return this.oneKind === RETURN_WORD || this.oneKind === VARIABLE;
          default:
            return false;
        }
      default:
        return false;
    }
  }

  /** Whether parentheses behind the last token hold arguments, or parameters. */
  #isCallee(): boolean {
    switch (this.one) {
      case WORD:
        return this.oneKind === 0;
      case CLOSE:
      case UNBRACKET:
        return this.operand === 0;
      case GREATER:
        return this.oneKind === TYPE_ARGUMENTS;
      // `f?.(x)`
      case DOT:
        return true;
      default:
        return false;
    }
  }

  /** Whether a function that begins behind this token has no name of its own. */
  isNameless(token: number, kind: number): boolean {
    switch (token) {
      case OPEN:
        return !this.level.wraps;
      case WORD:
        return kind === PREFIX || kind === RETURN_WORD || kind === CASE;
      case COMMA:
        return this.level.holds === PARENTHESES || this.level.holds === LIST;
      case BRACE:
        return this.level.holds === EXPRESSION || this.level.holds === FILLED;
      case BRACKET:
      case OPERATOR:
      case QUESTION:
      case ARROW:
      case BANG:
      case PIPE:
      case AMPERSAND:
        return true;
      default:
        return false;
    }
  }

  /** Whether a statement ends with the last token when a word follows on a new line. */
  isStatement(): boolean {
    switch (this.one) {
      case WORD:
        return this.oneKind === 0;
      case CLOSE:
        return this.operand === 0;
      case UNBRACKET:
      case UNBRACE:
      case LITERAL:
        return true;
      default:
        return false;
    }
  }

  /** Whether a value or a type may end with the last token. */
  isEnd(): boolean {
    switch (this.one) {
      case WORD:
        return this.oneKind !== ON_TYPES && this.oneKind !== CAST && this.oneKind !== PREFIX;
      case CLOSE:
      case UNBRACKET:
      case UNBRACE:
      case GREATER:
      case LITERAL:
        return true;
      default:
        return false;
    }
  }

  /** Whether what comes next stands in a type. */
  isType(): boolean {
    const { angles, holds, type } = this.level;
    return this.typed && (type > 0 || angles > 0 || holds === SHAPED);
  }
}
