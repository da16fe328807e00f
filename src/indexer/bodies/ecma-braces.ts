import type { EcmaContext } from './ecma-context.ts';
import { BLOCK, BODY, CLASS, EXPRESSION, FILLED, METHOD, OBJECT, SHAPED } from './ecma-level.ts';
import {
  ARROW,
  CASE,
  CAST,
  CONTROL,
  DEFAULT,
  MODULE_WORD,
  ON_TYPES,
  PREFIX,
  RETURN_WORD,
  TEMPLATE,
  VARIABLE,
} from './ecma-tokens.ts';
import { BRACE, CLOSE, COLON, END, GREATER, LITERAL, SEMICOLON, UNBRACE, UNBRACKET, WORD } from './tokens.ts';

/** Words that an object, or a pattern of one, may follow. */
const OBJECTS: ReadonlySet<number> = new Set([PREFIX, RETURN_WORD, CASE, DEFAULT, VARIABLE, MODULE_WORD]);

/** What the brace holds that opens behind the last token. */
export function braceHolds(context: EcmaContext): number {
  const { level, one, oneKind } = context;
  const { holds, pending } = level;
  if (pending > 0 && context.isEnd()) {
    level.begin();
    if (pending !== METHOD) return pending;
    level.telling = true;
    return BODY;
  }
  if (context.isType()) return SHAPED;
  switch (one) {
    case ARROW:
      return BODY;
    case WORD:
      if (OBJECTS.has(oneKind)) return OBJECT;
      if (oneKind === ON_TYPES || oneKind === CAST) return context.typed ? SHAPED : OBJECT;
      break;
    case COLON:
      if (holds === OBJECT) return OBJECT;
      break;
    case BRACE:
      if (holds === EXPRESSION || holds === FILLED) return OBJECT;
      break;
    case GREATER:
    case UNBRACKET:
    case LITERAL:
      level.telling = true;
      break;
    case CLOSE:
      // `name(…) {` is a method, or a block that follows a call.
      if (context.closed !== WORD || (context.closedKind !== CONTROL && context.closedKind !== PREFIX))
        level.telling = true;
      break;
    case END:
    case SEMICOLON:
    case UNBRACE:
      break;
    default:
      return OBJECT;
  }
  // A block where none can be: it was taken for what it is not.
  if (holds !== BLOCK && holds !== BODY) level.telling = true;
  return BLOCK;
}

/** Closes what a brace closes; false when that is none. */
export function closeBrace(context: EcmaContext): boolean {
  const { lexer } = context;
  const { holds } = context.level;
  switch (holds) {
    case FILLED:
      context.close();
      if (lexer.template() === TEMPLATE) {
        context.open(FILLED);
        context.shift(BRACE, 0, 1);
      } else context.shift(LITERAL, 0, 0);
      return !lexer.lost;
    case EXPRESSION:
      context.close();
      return true;
    case BLOCK:
    case BODY:
    case OBJECT:
    case CLASS:
    case SHAPED:
      if (context.depth === 0) return false;
      context.close();
      context.shift(UNBRACE, 0, holds === BLOCK ? 1 : holds === OBJECT ? 0 : 2);
      return true;
    default:
      return false;
  }
}
