import type { ParsedScript, Word as SourceWord } from 'unbash';
import type { Scope } from './scope.ts';
import type { Stream, Word } from './word.ts';

/** What resolving words needs of whoever walks the script. */
export interface Expander {
  readonly scope: Scope;
  /** What `$HOME` stands for. */
  readonly home: string;
  /** Walks what a substitution runs and tells what is known of its output; `part` names it. */
  substitute(script: ParsedScript | undefined, part: object): Stream;
  /** Which of several possible values of a variable to take this time. */
  choose(name: string, count: number): number;
  /** The unsplit value of a word inside another one. */
  value(word: SourceWord): Word;
  /** Says that something in a word could not be understood. */
  giveUp(what: string): void;
}
