import type { ParameterExpansionPart, ParameterOperation, SimpleExpansionPart, Word as SourceWord } from 'unbash';
import type { Expander } from './expander.ts';
import type { FieldWriter } from './fields.ts';
import { assign, environmentValue, unknownValue } from './scope.ts';
import type { Word } from './word.ts';
import { literal, startingWith } from './word.ts';

/** Variables whose values are plain tokens: never a path, an option or a command. */
const PLAIN =
  /^(?:[?$!#-]|RANDOM|SECONDS|EPOCH\w+|LINENO|E?UID|PPID|USER|LOGNAME|HOSTNAME|OSTYPE|MACHTYPE|HOSTTYPE|BASH_VERSION|SHLVL|BASHPID|GITHUB_(?:OUTPUT|ENV|PATH|STEP_SUMMARY|SHA|REF_NAME|RUN_ID|RUN_NUMBER|ACTOR|REPOSITORY|EVENT_NAME))$/;

/** Variables that every shell has. */
const KNOWN: Readonly<Record<string, Word>> = {
  IFS: literal(' \t\n'),
  SHELL: literal('/bin/bash'),
  BASH: literal('/bin/bash'),
  '0': literal('bash'),
  TMPDIR: literal('/tmp'),
  TMP: literal('/tmp'),
  TEMP: literal('/tmp'),
  RUNNER_TEMP: literal('/tmp'),
  // Where a CI has put the project.
  GITHUB_WORKSPACE: literal('.'),
  CI_PROJECT_DIR: literal('.'),
};

/** Writes what `$x` or `${x…}` stands for. */
export function expandParameter(
  part: SimpleExpansionPart | ParameterExpansionPart,
  expander: Expander,
  writer: FieldWriter,
  quoted: boolean,
): void {
  const words = part.type === 'SimpleExpansion' ? valueOfName(part.text.slice(1), expander) : operated(part, expander);
  const separators = separatorsOf(expander);
  words.forEach((word, index) => {
    if (index > 0) writer.next();
    if (quoted && words.length > 1) writer.keep();
    writeWord(word, writer, quoted ? undefined : separators);
  });
}

function writeWord(word: Word, writer: FieldWriter, separators: string | undefined): void {
  const write = (text: string) => (separators === undefined ? writer.add(text) : writer.addSplit(text, separators));
  if (word.stream !== undefined) writer.deliver(word.stream);
  if (word.certain) {
    if (word.glob && separators !== undefined) writer.addGlob('');
    return write(word.text);
  }
  if (word.head.length + word.tail.length > word.text.length) return writer.addUnknown(word.text, 'plain');
  write(word.head);
  const middle = word.text.slice(word.head.length, word.text.length - word.tail.length);
  writer.addUnknown(middle, word.output ? 'output' : 'variable');
  write(word.tail);
}

function separatorsOf({ scope }: Expander): string {
  const set = scope.variables.get('IFS')?.values[0]?.[0];
  return set === undefined || !set.certain ? ' \t\n' : set.text;
}

/** The words a name stands for; undefined when it is certain to be unset. */
function lookUp(name: string, expander: Expander): readonly Word[] | undefined {
  const { scope } = expander;
  const variable = scope.variables.get(name);
  if (variable !== undefined) {
    const { values } = variable;
    return values[values.length > 1 ? expander.choose(name, values.length) : 0];
  }
  if (name === '@' || name === '*') return scope.positional ?? [unknownValue(name)];
  if (/^[1-9]\d*$/.test(name)) {
    if (scope.positional === undefined) return [unknownValue(name)];
    const word = scope.positional[Number(name) - 1];
    return word && [word];
  }
  if (PLAIN.test(name)) return [{ ...literal(`$${name}`), certain: false, tail: '' }];
  if (name === 'HOME') return [literal(expander.home)];
  if (name === 'PWD') return [literal(scope.bases[0] || '.')];
  if (name === '_') return scope.last && [scope.last];
  const known = KNOWN[name];
  return [known ?? (scope.opaque ? unknownValue(name) : environmentValue(name))];
}

function valueOfName(name: string, expander: Expander): readonly Word[] {
  return lookUp(name, expander) ?? [];
}

function operated(part: ParameterExpansionPart, expander: Expander): readonly Word[] {
  const { operation, prefix } = part;
  const nothingKnown = [{ ...unknownValue(part.parameter), text: part.text }];
  if (prefix === '#') return [{ ...literal(part.text), certain: false, tail: '' }];
  let words = elements(part, expander);
  if (prefix === '!') {
    const name = words?.[0];
    if (operation?.type === 'Names' || name === undefined || !name.certain) return nothingKnown;
    words = lookUp(name.text, expander);
  }
  if (operation?.type === 'Transform' && /P$/.test(operation.operator + operation.operand.text)) expander.giveUp('@P');
  if (operation === undefined) return words ?? [];
  if (operation.type === 'Default') return defaulted(part, operation, words, expander);
  const operands = operandsOf(operation).map((operand) => expander.value(operand));
  if (words === undefined) return [];
  if (!words.every(isCertain) || !operands.every(isCertain)) return prefixKept(operation, words) ?? nothingKnown;
  const texts = operands.map(({ text }) => text);
  if (operation.type === 'Slice' && (part.index !== undefined || /^[@*]$/.test(part.parameter))) return nothingKnown;
  const results = words.map(({ text }) => rewrite(text, operation, texts));
  return results.every((result) => result !== undefined) ? results.map(literal) : nothingKnown;
}

const isCertain = (word: Word) => word.certain;

// `${dir%/}` and `${file%.ts}` still begin as the value does.
function prefixKept(operation: ParameterOperation, words: readonly Word[]): readonly Word[] | undefined {
  const word = words[0];
  if (operation.type !== 'Remove' || !operation.operator.startsWith('%') || word === undefined) return undefined;
  const folder = word.head.slice(0, word.head.lastIndexOf('/') + 1);
  return folder === '' ? undefined : [startingWith(folder, word.text.slice(folder.length))];
}

function elements(part: ParameterExpansionPart, expander: Expander): readonly Word[] | undefined {
  const words = lookUp(part.parameter, expander);
  if (part.index === undefined) {
    return words === undefined || /^[@*]$/.test(part.parameter) ? words : words.slice(0, 1);
  }
  const index = expander.value(part.index);
  if (index.text === '@' || index.text === '*' || words === undefined) return words;
  if (!index.certain || !/^-?\d+$/.test(index.text)) return [{ ...unknownValue(part.parameter), text: part.text }];
  const word = words.at(Number(index.text));
  return word && [word];
}

function defaulted(
  part: ParameterExpansionPart,
  operation: Extract<ParameterOperation, { type: 'Default' }>,
  words: readonly Word[] | undefined,
  expander: Expander,
): readonly Word[] {
  const operand = () => [expander.value(operation.operand)];
  const fromEnvironment =
    words?.[0] !== undefined && !words[0].certain && !expander.scope.variables.has(part.parameter);
  const set = words !== undefined && !(operation.operator.startsWith(':') && words.every(({ text }) => text === ''));
  switch (operation.operator) {
    case '+':
    case ':+':
      return set ? operand() : [];
    case '?':
    case ':?':
      expander.value(operation.operand);
      return words ?? [];
    default: {
      // A variable that only the environment may have: the script's own default tells what is meant.
      const value = set && !fromEnvironment ? words : operand();
      if (operation.operator.endsWith('=')) assign(expander.scope, part.parameter, value, false);
      return value ?? [];
    }
  }
}

function operandsOf(operation: ParameterOperation): readonly SourceWord[] {
  switch (operation.type) {
    case 'Default':
    case 'Remove':
    case 'Transform':
      return [operation.operand];
    case 'CaseModification':
      return operation.operand === undefined ? [] : [operation.operand];
    case 'Replace':
      return [operation.pattern, operation.replacement];
    case 'Slice':
      return operation.length === undefined ? [operation.offset] : [operation.offset, operation.length];
    case 'Names':
    case 'Unknown':
      return [];
  }
}

/** The text after the operation; undefined when only the shell could tell. */
function rewrite(text: string, operation: ParameterOperation, operands: readonly string[]): string | undefined {
  const [first = '', second] = operands;
  switch (operation.type) {
    case 'Slice': {
      if (!/^\s*-?\d+\s*$/.test(first) || (second !== undefined && !/^\s*-?\d+\s*$/.test(second))) return undefined;
      const from = Number(first) < 0 ? Math.max(0, text.length + Number(first)) : Number(first);
      if (second === undefined) return text.slice(from);
      return text.slice(from, Number(second) < 0 ? text.length + Number(second) : from + Number(second));
    }
    case 'CaseModification': {
      if (first !== '') return undefined;
      const change = (part: string) => (operation.operator.startsWith('^') ? part.toUpperCase() : part.toLowerCase());
      return operation.operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1);
    }
    case 'Replace': {
      if (/[*?[\\]/.test(first) || first === '') return undefined;
      const replacement = second ?? '';
      if (operation.operator === '//') return text.split(first).join(replacement);
      if (operation.operator === '/#') return text.startsWith(first) ? replacement + text.slice(first.length) : text;
      if (operation.operator === '/%') {
        return text.endsWith(first) ? text.slice(0, text.length - first.length) + replacement : text;
      }
      const at = text.indexOf(first);
      return at === -1 ? text : text.slice(0, at) + replacement + text.slice(at + first.length);
    }
    case 'Remove':
      return remove(text, operation.operator, first);
    default:
      return undefined;
  }
}

/** `#`, `##`, `%`, `%%` with a literal pattern or one `*` at its outer end. */
function remove(text: string, operator: string, pattern: string): string | undefined {
  const fromStart = operator.startsWith('#');
  const star = fromStart ? pattern.startsWith('*') : pattern.endsWith('*');
  const fixed = star ? (fromStart ? pattern.slice(1) : pattern.slice(0, -1)) : pattern;
  if (/[*?[\\]/.test(fixed)) return undefined;
  if (!star) {
    if (fromStart) return text.startsWith(fixed) ? text.slice(fixed.length) : text;
    return text.endsWith(fixed) ? text.slice(0, text.length - fixed.length) : text;
  }
  const longest = operator.length === 2;
  const at = fromStart === longest ? text.lastIndexOf(fixed) : text.indexOf(fixed);
  if (at === -1) return text;
  return fromStart ? text.slice(at + fixed.length) : text.slice(0, at);
}
