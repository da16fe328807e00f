/** What `ask` and `deny` rules are sorted by; shown to users. */
export type Category =
  | 'files'
  | 'outside'
  | 'secrets'
  | 'git'
  | 'refs'
  | 'database'
  | 'packages'
  | 'publishing'
  | 'containers'
  | 'kubernetes'
  | 'cloud'
  | 'infrastructure'
  | 'disks'
  | 'permissions'
  | 'processes'
  | 'power'
  | 'services'
  | 'network'
  | 'users'
  | 'system'
  | 'remote'
  | 'interpreters'
  | 'persistence'
  | 'history'
  | 'environment'
  | 'unresolved'
  | 'user';

/** What a command must look like for a rule to match; every part that is given must hold. */
export interface Pattern {
  /** Base names of programs in lower case, with blanks between them; `*` for any. */
  readonly programs: string;
  /** Tested on the operands before `--`, with single blanks between them. */
  readonly sub?: RegExp;
  /** At least one of these options; long ones match when abbreviated, short ones in a bundle. */
  readonly flags?: string;
  /** And at least one of these. */
  readonly and?: string;
  /** Some operand matches. */
  readonly operand?: RegExp;
  /** One of the first four operands matches, and is not the last one when it is a bare `rm`. */
  readonly early?: RegExp;
  /** Only for programs that nex does not know, called by their plain name. */
  readonly unknown?: true;
  /** Tested on all words, with single blanks between them. */
  readonly text?: RegExp;
  /** Some operand is a pattern or only known when it runs. */
  readonly open?: true;
  /** Operands behind `--`. */
  readonly dashes?: true;
  /** None of these options: they make it a rehearsal, or something else. */
  readonly unless?: string;
  /** Nothing in the words that matches this. */
  readonly except?: RegExp;
}

/** One line of the table that decides what needs a yes. */
export interface Rule {
  readonly id: string;
  readonly category: Category;
  readonly verdict: 'ask' | 'deny';
  readonly reason: string;
  /** What reaches the same end with less risk. */
  readonly safer?: string;
  /** Undefined for dangers that the analysis finds between words and commands. */
  readonly pattern?: Pattern;
}

/** A table's rows for one category. */
export interface RuleMaker {
  ask(name: string, pattern: Pattern, reason: string, safer?: string): Rule;
  deny(name: string, pattern: Pattern, reason: string, safer?: string): Rule;
  /** A danger that the analysis finds by itself. */
  found(name: string, verdict: Rule['verdict'], reason: string, safer?: string): Rule;
}

/** Makes the rules of one category. */
export function rulesFor(category: Category): RuleMaker {
  const make = (name: string, verdict: Rule['verdict'], reason: string, safer?: string, pattern?: Pattern): Rule => ({
    id: `${category}.${name}`,
    category,
    verdict,
    reason,
    ...(safer !== undefined && { safer }),
    ...(pattern !== undefined && { pattern }),
  });
  return {
    ask: (name, pattern, reason, safer) => make(name, 'ask', reason, safer, pattern),
    deny: (name, pattern, reason, safer) => make(name, 'deny', reason, safer, pattern),
    found: (name, verdict, reason, safer) => make(name, verdict, reason, safer),
  };
}
