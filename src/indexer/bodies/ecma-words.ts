import type { EcmaContext } from './ecma-context.ts';
import { ALIASED, ANNOTATED, BLOCK, BODY, CLASS, OBJECT, SHAPED } from './ecma-level.ts';
import {
  ALIAS,
  AMBIENT,
  ASYNC,
  BLOCK_WORD,
  CASE,
  CAST,
  CLASS_WORD,
  CONTROL,
  DEFAULT,
  FUNCTION_WORD,
  MODULE_WORD,
  NAMESPACE,
  ON_TYPES,
  PREFIX,
  RETURN_WORD,
  SHAPE,
  VARIABLE,
} from './ecma-tokens.ts';
import { BRACE, COLON, COMMA, DOT, OPEN, SEMICOLON, WORD } from './tokens.ts';

/** What a word says about the statement it stands in. */
export function readWord(context: EcmaContext): void {
  const { lexer, level } = context;
  const { holds } = level;
  let { kind } = lexer;
  if (level.holds === BODY) {
    if (kind === BLOCK_WORD && context.one === SEMICOLON) level.goOn();
    else if (lexer.newline && context.isStatement() && !CONTINUES.has(kind))
      context.endStatement(lexer.ended, lexer.began);
  }
  // What is on a new line and goes on with nothing begins a statement.
  if (lexer.newline && kind !== ON_TYPES && kind !== CAST && kind !== PREFIX && context.isEnd()) {
    level.type = level.base;
    level.angles = 0;
    level.value = false;
  }
  // A name, whatever it says.
  if (
    kind !== ASYNC &&
    (context.one === DOT ||
      holds === SHAPED ||
      (holds === OBJECT && (context.one === BRACE || context.one === COMMA)) ||
      (holds === CLASS && !level.value && level.type === 0))
  )
    kind = 0;
  if (context.one === WORD && !lexer.newline && kind !== PREFIX && kind !== CAST) {
    switch (context.oneKind) {
      case ALIAS:
        level.telling = true;
        if (level.type === 0 && context.typed) level.type = ALIASED;
        break;
      case SHAPE:
        level.telling = true;
        level.pending = SHAPED;
        break;
      case NAMESPACE:
        level.telling = true;
        level.pending = BLOCK;
        break;
      case AMBIENT:
        level.telling = true;
        break;
    }
  }
  let operand = 0;
  switch (kind) {
    case ASYNC: {
      const next = lexer.peek();
      // It stands before a function; what matters is what stands before it.
      if (context.one !== DOT && (next === OPEN || next > 127 || isLetter(next))) return;
      kind = 0;
      break;
    }
    case CONTROL:
    case BLOCK_WORD:
    case VARIABLE:
    case RETURN_WORD:
      level.begin();
      operand = 1;
      break;
    case CASE:
      level.begin();
      level.label = true;
      operand = 1;
      break;
    case DEFAULT:
      if (lexer.peek() === COLON) {
        level.begin();
        level.label = true;
      }
      operand = 1;
      break;
    case PREFIX:
      operand = 1;
      break;
    case FUNCTION_WORD:
      if (!context.isNameless(context.one, context.oneKind)) level.telling = true;
      if (level.type !== level.base) level.begin();
      level.pending = BODY;
      break;
    case CLASS_WORD:
      level.telling = true;
      if (level.type !== level.base) level.begin();
      level.pending = CLASS;
      break;
    case MODULE_WORD: {
      const next = lexer.peek();
      if (next !== OPEN && next !== DOT) {
        level.telling = true;
        level.begin();
      }
      break;
    }
    case CAST:
      if (context.operand === 0 && context.typed && holds !== CLASS) {
        if (level.type === 0) level.type = ANNOTATED;
        operand = 1;
      } else kind = 0;
      break;
  }
  context.shift(WORD, kind, operand);
}

/** What may go on with the statement above. */
const CONTINUES: ReadonlySet<number> = new Set([BLOCK_WORD, CONTROL, PREFIX, ON_TYPES, CAST]);

const isLetter = (code: number) =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 36;
