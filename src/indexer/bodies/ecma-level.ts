import { END } from './tokens.ts';

/** What a bracket holds. */
export const BLOCK = 1;
export const BODY = 2;
/** Before it opens: the body of what parentheses behind a name make a method. */
export const METHOD = 3;
export const OBJECT = 4;
export const CLASS = 5;
/** Members of a type. */
export const SHAPED = 6;
export const PARENTHESES = 7;
export const LIST = 8;
/** What is filled into a template. */
export const FILLED = 9;
/** Of an element: its first tag, what stands between its tags, what is filled into either. */
export const TAG = 10;
export const CHILDREN = 11;
export const EXPRESSION = 12;

/** Where in a type the text is: behind the colon of a name, behind that of parentheses, behind `type x`; 0 in none. */
export const ANNOTATED = 1;
export const RETURNED = 2;
export const ALIASED = 3;

/** A bracket that is open, and what the statement or the part in it has shown so far. */
export class Level {
  holds = BLOCK;
  start = 0;
  /** The token that stands before it, and what word that is. */
  before = END;
  beforeKind = 0;
  /** How many insides were found before. */
  insides = 0;
  /** Whether it means the same to whatever is around when it is empty. */
  spare = false;
  /** Whether something in it defines anything, or may: in the statement at hand, in those before. */
  telling = false;
  told = false;
  /** Where statements begin that define nothing, where the last but one of them ends, where the last. */
  run = 0;
  lastEnd = 0;
  runEnd = 0;
  /** How many insides were found up to each of these. */
  runInsides = 0;
  lastInsides = 0;
  endInsides = 0;
  /** Whether what it holds may be the value of a name. */
  wraps = false;
  /** What `type` begins with: not 0 where all of it is a type. */
  base = 0;
  type = 0;
  /** What the brace will hold that stands where an operator could: a body, a class. */
  pending = 0;
  /** Signs that were not answered yet: `?` by a colon, `<` by its like. */
  questions = 0;
  angles = 0;
  /** Whether the first of them stands behind a value. */
  calls = false;
  /** Whether a colon ends a label. */
  label = false;
  /** Whether an equals sign was passed. */
  value = false;
  /** What stands before the parentheses whose type is told. */
  arrow = END;
  arrowKind = 0;

  /** Statements that define nothing begin at `at`. */
  beginRun(at: number, insides: number): void {
    this.run = at;
    this.lastEnd = at;
    this.runEnd = at;
    this.runInsides = insides;
    this.lastInsides = insides;
    this.endInsides = insides;
  }

  /** A statement that defines nothing ends at `at`. */
  endStatement(at: number, insides: number): void {
    this.lastEnd = this.runEnd;
    this.lastInsides = this.endInsides;
    this.runEnd = at;
    this.endInsides = insides;
  }

  /** The last statement was a part of one that goes on. */
  goOn(): void {
    this.runEnd = this.lastEnd;
    this.endInsides = this.lastInsides;
  }

  /** A statement, or a part, begins. */
  begin(): void {
    this.type = this.base;
    this.pending = 0;
    this.questions = 0;
    this.angles = 0;
    this.label = false;
    this.value = false;
  }
}
