import { type KeywordTable, keywordTable } from './lexis.ts';

/** Tokens that have no code of their own: signs that stand alone are given by theirs. */
export const ARROW = 3;
/** A template up to and with its `${`. */
export const TEMPLATE = 4;
/** An operator that an operand follows, and that stands in no type. */
export const OPERATOR = 5;
/** `<<`: an operator, or type arguments that begin with type parameters. */
export const SHIFT = 6;

// What a word can be; 0 is any other.

/** Before parentheses that a statement follows. */
export const CONTROL = 1;
/** Before a value. */
export const PREFIX = 2;
/** Before names that are declared. */
export const VARIABLE = 3;
/** Before a statement. */
export const BLOCK_WORD = 4;
export const FUNCTION_WORD = 5;
export const CLASS_WORD = 6;
export const MODULE_WORD = 7;
/** Before a name these define something: a type of another, types with members, what holds declarations. */
export const ALIAS = 8;
export const SHAPE = 9;
export const NAMESPACE = 10;
export const AMBIENT = 11;
export const ASYNC = 12;
/** Before a type: within one, and behind a value. */
export const ON_TYPES = 13;
export const CAST = 14;
export const CASE = 15;
export const DEFAULT = 16;
export const RETURN_WORD = 17;
/** Before a value, and a type of its own. */
export const VOID = 18;

/** The kind of a `>` that ends type arguments behind a value; 0 is any other. */
export const TYPE_ARGUMENTS = 1;

export const WORDS: KeywordTable = keywordTable([
  [CONTROL, 'if while for with switch catch'],
  [PREFIX, 'typeof in of delete new instanceof yield await'],
  [VARIABLE, 'const let var'],
  [BLOCK_WORD, 'else do try finally'],
  [FUNCTION_WORD, 'function'],
  [CLASS_WORD, 'class'],
  [MODULE_WORD, 'import export'],
  [ALIAS, 'type'],
  [SHAPE, 'interface enum'],
  [NAMESPACE, 'namespace module'],
  [AMBIENT, 'declare abstract global'],
  [ASYNC, 'async'],
  [ON_TYPES, 'is extends implements keyof infer readonly asserts unique'],
  [CAST, 'as satisfies'],
  [CASE, 'case'],
  [DEFAULT, 'default'],
  [RETURN_WORD, 'return throw'],
  [VOID, 'void'],
]);
