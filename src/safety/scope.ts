import type { Function as FunctionNode } from 'unbash';
import type { Stream, Word } from './word.ts';
import { literal, startingWith } from './word.ts';

/** More possible values than this count as unknown. */
const MOST_VALUES = 16;

/** `X+=$X` doubles with every step. */
const LONGEST_VALUE = 40_000;

/** What a shell variable may hold at a point: several values when branches or loops disagree. */
export interface Variable {
  /** Each possible value; an array has any number of words, everything else one. */
  readonly values: ReadonlyArray<readonly Word[]>;
}

/** A function and the text it stands in. */
export interface ShellFunction {
  readonly node: FunctionNode;
  readonly text: string;
}

/** What the shell knows at a point of the script. */
export interface Scope {
  readonly variables: Map<string, Variable>;
  readonly functions: Map<string, ShellFunction>;
  readonly aliases: Map<string, string>;
  /** `$1 …`; undefined when only the caller knows them. */
  positional: readonly Word[] | undefined;
  /** The folders that the shell may be in, absolute; empty text for one that is unknown. */
  bases: readonly string[];
  /** What `cd -` goes back to, and what `popd` does, innermost last; folders as in `bases`. */
  before: readonly string[];
  pushed: ReadonlyArray<readonly string[]>;
  /** Where the shell may be that has nothing pushed, when only one branch did: there `popd` fails. */
  stays: readonly string[];
  /** What `exec < file` put in place of stdin. */
  stdin: Stream | undefined;
  /** `$_`. */
  last: Word | undefined;
  /** Files written earlier in the same command and what was put into them. Shared with subshells: disks are. */
  readonly files: Map<string, Stream>;
  /** Variables were set whose names only running it would tell: any may be among them. */
  opaque: boolean;
  /** Copies and links of programs made earlier: path to program name. */
  readonly copies: Map<string, string>;
}

/** Where every command begins: in one folder, with nothing set. */
export function newScope(base: string, positional: readonly Word[] | undefined): Scope {
  return {
    variables: new Map(),
    functions: new Map(),
    aliases: new Map(),
    positional,
    bases: [base],
    before: [''],
    pushed: [],
    stays: [],
    stdin: undefined,
    last: undefined,
    files: new Map(),
    opaque: false,
    copies: new Map(),
  };
}

/** What a subshell starts with; what it sets is gone when it ends. */
export function copyScope(scope: Scope): Scope {
  return {
    ...scope,
    variables: new Map(scope.variables),
    functions: new Map(scope.functions),
    aliases: new Map(scope.aliases),
  };
}

/** What a new shell starts with: of the variables only those that were exported, which may be any. */
export function inheritedScope(
  scope: Scope,
  positional: readonly Word[],
  environment: ReadonlyMap<string, Word>,
): Scope {
  const variables = new Map<string, Variable>();
  for (const [name, { values }] of scope.variables) variables.set(name, { values: [...values, []] });
  for (const [name, value] of environment) variables.set(name, { values: [[value]] });
  return { ...scope, variables, functions: new Map(), aliases: new Map(), positional };
}

/** Lets `scope` stand for both itself and `other`: either branch may have run. */
export function joinScope(scope: Scope, other: Scope): void {
  for (const name of new Set([...scope.variables.keys(), ...other.variables.keys()])) {
    const ours = scope.variables.get(name);
    const theirs = other.variables.get(name);
    if (ours !== theirs) scope.variables.set(name, joinVariables(name, ours, theirs));
  }
  for (const [name, body] of other.functions) if (!scope.functions.has(name)) scope.functions.set(name, body);
  for (const [name, text] of other.aliases) if (!scope.aliases.has(name)) scope.aliases.set(name, text);
  scope.opaque ||= other.opaque;
  if (scope.positional !== other.positional) scope.positional = joinPositional(scope.positional, other.positional);
  if (scope.before !== other.before)
    scope.before = [...new Set([...scope.before, ...other.before])].slice(0, MOST_VALUES);
  if (scope.pushed !== other.pushed) joinPushed(scope, other);
  if (scope.bases !== other.bases) scope.bases = [...new Set([...scope.bases, ...other.bases])].slice(0, MOST_VALUES);
}

function joinPushed(scope: Scope, other: Scope): void {
  const longer = scope.pushed.length >= other.pushed.length ? scope.pushed : other.pushed;
  const shorter = longer === scope.pushed ? other.pushed : scope.pushed;
  if (longer.length > shorter.length) {
    const short = longer === scope.pushed ? other : scope;
    scope.stays = [...new Set([...scope.stays, ...other.stays, ...short.bases])];
  }
  // Counted from the innermost: that is what `popd` takes.
  scope.pushed = longer.map((bases, at) => [
    ...new Set([...bases, ...(shorter[at - longer.length + shorter.length] ?? [])]),
  ]);
}

/** With none the words were only not set yet: what they may become is what counts. */
function joinPositional(ours: Scope['positional'], theirs: Scope['positional']): Scope['positional'] {
  if (ours?.length === 0) return theirs;
  return theirs?.length === 0 ? ours : undefined;
}

/** True when both hold the same values: another round through a loop would see nothing new. */
export function sameScope(scope: Scope, other: Scope): boolean {
  if (scope.variables.size !== other.variables.size || scope.bases.join() !== other.bases.join()) return false;
  for (const [name, { values }] of scope.variables) {
    const others = other.variables.get(name)?.values;
    if (others === values) continue;
    if (others?.length !== values.length) return false;
    const texts = new Set(others.map(textOf));
    if (!values.every((value) => texts.has(textOf(value)))) return false;
  }
  return true;
}

/** Sets a variable; `append` as in `X+=y`, `list` as in `X=(y)`. */
export function assign(scope: Scope, name: string, value: readonly Word[], append: boolean, list = false): void {
  if (!append) {
    scope.variables.set(name, { values: [value] });
    return;
  }
  const before = scope.variables.get(name)?.values ?? [[]];
  const values = before.map((words) => {
    const [first, second] = [words[0], value[0]];
    if (list || value.length !== 1 || first === undefined || second === undefined) {
      return [...words, ...value];
    }
    const joined =
      first.text.length + second.text.length > LONGEST_VALUE ? unknownValue(name) : concatenate(first, second);
    return [joined, ...words.slice(1)];
  });
  scope.variables.set(name, { values });
}

/** Adds a possible value, as each round of a `for` loop does. */
export function assignEither(scope: Scope, name: string, values: readonly Word[]): void {
  scope.variables.set(name, {
    values: values.length > MOST_VALUES ? [[summaryOf(name, values)]] : values.map((value) => [value]),
  });
}

/** Too many to look at one by one; when all are paths below the present folder, that much is still known. */
function summaryOf(name: string, values: readonly Word[]): Word {
  const below = values.every(({ head }) => /^[^-~/]/.test(head) && !/(?:^|\/)\.\.(?:\/|$)/.test(head));
  return below ? startingWith('./', `$${name}`) : unknownValue(name);
}

/** What a variable holds of which only running the command would tell. */
export function unknownValue(name: string): Word {
  return { text: `$${name}`, certain: false, head: '', tail: '', glob: false, output: true };
}

/** A variable that the command never set: whatever the environment has. */
export function environmentValue(name: string): Word {
  return { text: `$${name}`, certain: false, head: '', tail: '', glob: false, output: false };
}

/** Two words written as one. */
function concatenate(first: Word, second: Word): Word {
  if (first.certain && second.certain && !first.glob && !second.glob) return literal(first.text + second.text);
  return {
    text: first.text + second.text,
    certain: first.certain && second.certain,
    head: first.certain ? first.text + second.head : first.head,
    tail: second.certain ? first.tail + second.text : second.tail,
    glob: first.glob || second.glob,
    output: first.output || second.output,
  };
}

function joinVariables(name: string, ours: Variable | undefined, theirs: Variable | undefined): Variable {
  const values = [...(ours?.values ?? [[environmentValue(name)]])];
  const known = new Set(values.map(textOf));
  for (const value of theirs?.values ?? [[environmentValue(name)]]) {
    if (known.has(textOf(value))) continue;
    known.add(textOf(value));
    values.push(value);
  }
  return values.length > MOST_VALUES ? { values: [[unknownValue(name)]] } : { values };
}

function textOf(words: readonly Word[]): string {
  return words.map((word) => (word.certain ? word.text : `?${word.text}`)).join('\0');
}
