import { DEEPEST } from '../bracket-depth.ts';
import { type Span, within } from '../spans.ts';
import { type Bodies, NO_BODIES } from './bodies.ts';
import { braceHolds, closeBrace } from './ecma-braces.ts';
import { EcmaContext } from './ecma-context.ts';
import {
  ALIASED,
  ANNOTATED,
  BLOCK,
  BODY,
  CHILDREN,
  CLASS,
  EXPRESSION,
  FILLED,
  LIST,
  METHOD,
  OBJECT,
  PARENTHESES,
  RETURNED,
  SHAPED,
  TAG,
} from './ecma-level.ts';
import { ARROW, CONTROL, NAMESPACE, OPERATOR, SHIFT, TEMPLATE, TYPE_ARGUMENTS } from './ecma-tokens.ts';
import { readWord } from './ecma-words.ts';
import type { EcmaLexis } from './lexis.ts';
import {
  AT,
  BANG,
  BRACE,
  BRACKET,
  CLOSE,
  COLON,
  COMMA,
  END,
  EQUALS,
  GREATER,
  LESS,
  LITERAL,
  OPEN,
  QUESTION,
  SEMICOLON,
  SLASH,
  UNBRACE,
  UNBRACKET,
  WORD,
} from './tokens.ts';

/** The nodes that the grammar shows a bracket as, by what it holds. */
const NODES: ReadonlyMap<number, readonly string[]> = new Map([
  [BODY, ['statement_block']],
  [BLOCK, ['statement_block', 'switch_body']],
  [OBJECT, ['object', 'object_pattern']],
  [LIST, ['array', 'array_pattern']],
  [PARENTHESES, ['arguments']],
]);

/**
 * Finds what `bodiesOf` finds, in JavaScript, TypeScript and their components, and more: not the bodies of named
 * functions alone, but of all, and what else may as well be empty (arguments, lists, objects), where nothing is defined
 * in it. What defines something may hold others that do not.
 */
export function bodiesOfEcma(lexis: EcmaLexis, text: string): Bodies {
  const context = new EcmaContext(lexis, text);
  if (!go(context)) return NO_BODIES;
  const { insides: found, lexer } = context;
  const insides = found.map(([from, to]): Span => [from, to]);
  return {
    insides,
    starts: found.map(([, , start]) => start),
    nodes: new Map(found.map(([, , start, holds]) => [start, NODES.get(holds) ?? []])),
    comments: within(insides, lexer.comments),
    strict: true,
  };
}

/** Walks through the text; whether it came to the end with all brackets closed, none of them (or elements) too deep. */
function go(context: EcmaContext): boolean {
  const { lexer } = context;
  while (context.depth < DEEPEST) {
    const { holds } = context.level;
    if (holds === TAG || holds === CHILDREN) {
      if (!element(context, holds === TAG ? lexer.tag() : lexer.children())) return false;
      continue;
    }
    const token = lexer.next(context.operand);
    if (token === END) return !lexer.lost && context.depth === 0;
    if (token === WORD) readWord(context);
    else if (!sign(context, token)) return false;
  }
  return false;
}

/** Reads a sign; false when brackets do not match, or the lexer is lost. */
function sign(context: EcmaContext, token: number): boolean {
  const { lexer, level } = context;
  switch (token) {
    case LITERAL:
      if (context.one === WORD && context.oneKind === NAMESPACE) {
        level.telling = true;
        level.pending = BLOCK;
      }
      context.shift(LITERAL, 0, 0);
      return true;
    case TEMPLATE:
      context.open(FILLED);
      context.shift(BRACE, 0, 1);
      return true;
    case OPEN:
      context.open(PARENTHESES);
      context.shift(OPEN, 0, 1);
      return true;
    case BRACKET:
      context.open(LIST);
      context.shift(BRACKET, 0, 1);
      return true;
    case BRACE:
      context.open(braceHolds(context));
      context.shift(BRACE, 0, 1);
      return true;
    case CLOSE: {
      if (level.holds !== PARENTHESES) return false;
      const { before, beforeKind } = context.close();
      context.closed = before;
      context.closedKind = beforeKind;
      const { holds } = context.level;
      if ((holds === OBJECT || holds === CLASS) && context.level.pending === 0 && context.level.type === 0)
        context.level.pending = METHOD;
      context.shift(CLOSE, 0, before === WORD && beforeKind === CONTROL ? 1 : 0);
      return true;
    }
    case UNBRACKET:
      if (level.holds !== LIST) return false;
      context.close();
      context.shift(UNBRACKET, 0, 0);
      return true;
    case UNBRACE:
      return closeBrace(context);
    case SEMICOLON:
      context.endStatement(lexer.at, lexer.at);
      level.begin();
      context.shift(SEMICOLON, 0, 1);
      return true;
    case COMMA:
      if (level.angles === 0) {
        level.type = level.base;
        level.questions = 0;
        if (level.pending === METHOD) level.pending = 0;
      }
      context.shift(COMMA, 0, 1);
      return true;
    case EQUALS:
      if (level.type !== ALIASED && level.angles === 0) level.type = level.base;
      level.value = true;
      context.shift(EQUALS, 0, 1);
      return true;
    case COLON:
      colon(context);
      return true;
    case QUESTION:
      if (level.type === 0 && level.holds !== SHAPED) {
        const next = lexer.peek();
        // An optional name: as if it were none.
        if (next === COLON || next === CLOSE || next === COMMA || next === EQUALS || next === SEMICOLON) return true;
        level.questions++;
      }
      context.shift(QUESTION, 0, 1);
      return true;
    case ARROW:
      arrow(context);
      return true;
    case LESS:
      if (context.elements && context.operand > 0 && !context.isType() && (!context.typed || lexer.beginsElement())) {
        if (context.operand > 1) return false;
        context.open(TAG);
        return true;
      }
      if (context.typed && level.angles++ === 0) level.calls = context.operand === 0;
      context.shift(LESS, 0, 1);
      return true;
    case GREATER: {
      const closes = level.angles === 1 && level.calls;
      if (level.angles > 0) level.angles--;
      context.shift(GREATER, closes ? TYPE_ARGUMENTS : 0, 1);
      return true;
    }
    case BANG:
      // A value that is there for certain.
      if (context.operand === 0 && context.typed && !lexer.newline) return true;
      context.shift(BANG, 0, 1);
      return true;
    case AT:
      level.telling = true;
      context.shift(AT, 0, 1);
      return true;
    case OPERATOR:
      level.angles = 0;
      if (level.type !== RETURNED) level.type = level.base;
      context.shift(OPERATOR, 0, 1);
      return true;
    case SHIFT:
      if (context.typed) level.angles += 2;
      context.shift(OPERATOR, 0, 1);
      return true;
    default:
      context.shift(token, 0, 1);
      return true;
  }
}

function colon(context: EcmaContext): void {
  const { level } = context;
  if (level.questions > 0) {
    level.questions--;
    level.type = level.base;
    context.shift(OPERATOR, 0, 1);
    return;
  }
  if (level.label) {
    level.begin();
    context.shift(SEMICOLON, 0, 1);
    return;
  }
  if (context.typed && level.type === 0 && (level.holds !== OBJECT || context.one === CLOSE)) {
    level.type = context.one === CLOSE ? RETURNED : ANNOTATED;
    level.arrow = context.closed;
    level.arrowKind = context.closedKind;
  }
  context.shift(COLON, 0, 1);
}

function arrow(context: EcmaContext): void {
  const { closed, closedKind, level, one, two, twoKind } = context;
  let nameless = false;
  if (level.type === RETURNED) {
    level.type = level.base;
    nameless = context.isNameless(level.arrow, level.arrowKind);
  } else if (context.isType()) {
    // A type of functions, unless a less-than sign was taken for the begin of type arguments.
    const before = one === CLOSE ? closed : two;
    nameless = level.type === ALIASED || (before !== EQUALS && (before !== OPEN || !level.wraps));
  } else if (one === CLOSE) nameless = context.isNameless(closed, closedKind);
  else if (one === WORD) nameless = context.isNameless(two, twoKind);
  if (!nameless) level.telling = true;
  context.shift(ARROW, 0, 1);
}

/** Reads a token of an element; false when the lexer is lost. */
function element(context: EcmaContext, token: number): boolean {
  switch (token) {
    case BRACE:
      context.open(EXPRESSION);
      context.shift(BRACE, 0, 1);
      return true;
    case GREATER:
      context.level.holds = CHILDREN;
      return true;
    case LESS:
      context.open(TAG);
      return true;
    case SLASH:
      context.close();
      context.shift(LITERAL, 0, 0);
      return true;
    case OPERATOR:
      context.level.telling = true;
      return true;
    default:
      return false;
  }
}
