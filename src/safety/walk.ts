// Long because it is one walk: every kind of node that the shell can run, each in a few lines.
import type {
  Assignment,
  Command as CommandNode,
  CompoundList,
  ParsedScript,
  PipelineNode,
  Redirection,
  Word as SourceWord,
  Statement,
  SyntaxNode,
} from 'unbash';
import { forEachChild, parse } from 'unbash';
import type { FileRedirect, Place, SimpleCommand } from './command.ts';
import type { Expander } from './expander.ts';
import { expandText, expandValue, expandWord } from './expansion.ts';
import type { Ground } from './paths.ts';
import type { Scope, ShellFunction } from './scope.ts';
import { assign, assignEither, copyScope, joinScope, sameScope } from './scope.ts';
import { EMPTY, fileKey, hereString } from './streams.ts';
import type { Stream, Word } from './word.ts';
import { joinStreams, literal, startingWith, UNKNOWN_STREAM } from './word.ts';

/** Longer text is not looked into, but asked about. */
export const LONGEST_TEXT = 32 * 1024;
/** Texts within texts: `bash -c "bash -c …"`. */
const DEEPEST_TEXT = 8;
/** Groups within groups: the walk is recursive, the stack is not endless. */
const DEEPEST_NODE = 64;
/** Substitutions in one text. */
const MOST_SUBSTITUTIONS = 400;
/** Combinations of variable values tried for one command. */
const MOST_CHOICES = 32;

/** A danger that no single command shows. */
export interface Finding {
  readonly rule: string;
  /** Where it stands in the command. */
  readonly source: string;
  readonly detail?: string;
}

/** Everything collected on one walk through a command. */
export interface Walk {
  readonly ground: Ground;
  /** The present content of a file that was changed in this session. */
  readonly changedFile: (path: string) => string | undefined;
  readonly commands: SimpleCommand[];
  readonly findings: Finding[];
  /** Names of all variables that were set. */
  readonly assigned: Set<string>;
  /** Steps that may still be taken: loops in loops and functions in functions multiply. */
  left: number;
  /** Runs one resolved call: what it nests is walked, its output comes back. */
  readonly run: (call: Call, frame: Frame) => Stream;
}

/** One resolved call, as the shell would start it. */
export interface Call {
  readonly words: readonly Word[];
  /** `X=y` behind `export`, `alias` and their likes. */
  readonly assignments: ReadonlyArray<{ name: string; value: readonly Word[]; append: boolean }>;
  readonly environment: ReadonlyMap<string, Word>;
  readonly redirects: readonly FileRedirect[];
  /** The redirects of a group; there is no program to it. */
  readonly group?: boolean;
}

/** Where in the command the walk is. */
export interface Frame {
  readonly walk: Walk;
  readonly scope: Scope;
  readonly input: Stream;
  /** Texts around this one. */
  readonly depth: number;
  /** Groups around this one. */
  readonly nesting: number;
  /** The text that positions point into. */
  readonly text: string;
  readonly place: Place;
  /** In a pipe or in the background. */
  readonly concurrent: boolean;
  /** Functions and aliases that are being called; a function by its node, for its name may come to mean another one. */
  readonly calls: ReadonlyArray<object | string>;
  /** The call that is being read, for marking it. */
  readonly source: string;
  /** It may only look like a command: an operand of a program that nex does not know. */
  readonly guessed: boolean;
}

/** Walks a text of shell commands; what it prints comes back. */
export function walkText(text: string, frame: Frame): Stream {
  if (frame.depth > DEEPEST_TEXT) return giveUp(frame, 'unresolved.too-deep');
  if (text.length > LONGEST_TEXT) return giveUp(frame, 'unresolved.too-long');
  if (substitutions(text) > MOST_SUBSTITUTIONS) return giveUp(frame, 'unresolved.too-deep');
  return walkScript(parse(text), { ...frame, text, depth: frame.depth + 1 });
}

// The parser reads nested substitutions again and again; thousands of them take it seconds.
function substitutions(text: string): number {
  let count = 0;
  for (let at = text.search(/[`(]/); at !== -1 && at < text.length && count <= MOST_SUBSTITUTIONS; at++) {
    const code = text.charCodeAt(at);
    if (code === 96 || (code === 40 && '$<>'.includes(text.charAt(at - 1)) && at > 0)) count++;
  }
  return count;
}

function walkScript(script: ParsedScript | undefined, frame: Frame): Stream {
  if (script === undefined) return giveUp(frame, 'unresolved.parse');
  const error = script.errors?.[0];
  if (error !== undefined) giveUp(frame, 'unresolved.parse', error.message);
  const inner = script.source === undefined ? frame : { ...frame, text: script.source };
  return walkStatements(script.commands, inner);
}

function giveUp(frame: Frame, rule: string, detail?: string): Stream {
  // What only might be a command need not be one that can be read.
  if (frame.guessed && rule === 'unresolved.parse') return UNKNOWN_STREAM;
  frame.walk.findings.push({ rule, source: frame.source, ...(detail !== undefined && { detail }) });
  return UNKNOWN_STREAM;
}

function walkStatements(statements: readonly Statement[], frame: Frame): Stream {
  let output = EMPTY;
  for (const { command, background } of statements) {
    const inner = background ? { ...frame, scope: copyScope(frame.scope), concurrent: true } : frame;
    output = joinStreams(output, walkNode(command, inner));
  }
  return output;
}

/** Takes one step off what may be looked at; false when nothing is left. */
export function spend(frame: Frame): boolean {
  const { walk } = frame;
  walk.left--;
  if (walk.left === 0) giveUp(frame, 'unresolved.too-long');
  return walk.left > 0;
}

type RunnableNode = Statement['command'] | PipelineNode | CompoundList;

function walkNode(node: RunnableNode, outer: Frame): Stream {
  if (outer.nesting > DEEPEST_NODE) return giveUp(outer, 'unresolved.too-deep');
  if (!spend(outer)) return UNKNOWN_STREAM;
  const frame = node.type === 'Command' ? outer : { ...outer, nesting: outer.nesting + 1 };
  const { scope } = frame;
  switch (node.type) {
    case 'Command':
      return walkCommand(node, frame);
    case 'CompoundList':
      return walkStatements(node.commands, frame);
    case 'Pipeline': {
      const [only] = node.commands;
      if (node.commands.length === 1 && only !== undefined) return walkNode(only, frame);
      let stream = frame.input;
      for (const command of node.commands) {
        stream = walkNode(command, { ...frame, scope: copyScope(scope), input: stream, concurrent: true });
      }
      return stream;
    }
    case 'AndOr': {
      let output = EMPTY;
      const before: Scope[] = [];
      for (const command of node.commands) {
        output = joinStreams(output, walkNode(command, frame));
        before.push(copyScope(scope));
      }
      for (const earlier of before.slice(0, -1)) joinScope(scope, earlier);
      return output;
    }
    case 'If': {
      walkStatements(node.clause.commands, frame);
      const start = copyScope(scope);
      let output = walkStatements(node.then.commands, frame);
      for (const branch of node.elif) {
        const other = { ...frame, scope: copyScope(start) };
        walkStatements(branch.clause.commands, other);
        output = joinStreams(output, walkStatements(branch.then.commands, other));
        joinScope(scope, other.scope);
      }
      const last = { ...frame, scope: start };
      if (node.else !== undefined) output = joinStreams(output, walkStatements(node.else.commands, last));
      joinScope(scope, start);
      return output.text === undefined || node.then.commands.length === 0 ? output : UNKNOWN_STREAM;
    }
    case 'Case': {
      expandWord(node.word, expanderOf(frame));
      const start = copyScope(scope);
      for (const item of node.items) {
        for (const pattern of item.pattern) expandWord(pattern, expanderOf(frame));
        const other = { ...frame, scope: copyScope(start) };
        walkStatements(item.body.commands, other);
        joinScope(scope, other.scope);
      }
      return UNKNOWN_STREAM;
    }
    case 'For':
    case 'Select': {
      const words = node.wordlist?.flatMap((word) => expandWord(word, expanderOf(frame)));
      const values = (words ?? scope.positional ?? [startingWith('', '$@')]).map(foundFile);
      assignEither(scope, node.name.text, values);
      return walkLoop(() => walkStatements(node.body.commands, frame), frame);
    }
    case 'While':
      return walkLoop(() => {
        walkStatements(node.clause.commands, frame);
        return walkStatements(node.body.commands, frame);
      }, frame);
    case 'ArithmeticFor':
      for (const part of [node.initialize, node.test, node.update]) if (part !== undefined) visit(part, frame);
      return walkLoop(() => walkStatements(node.body.commands, frame), frame);
    case 'Function':
      scope.functions.set(node.name.text, { node, text: frame.text });
      // A function that nothing calls does nothing here, but what it holds may be called later.
      if (!frame.calls.includes(node)) {
        const body = {
          ...frame,
          scope: { ...copyScope(scope), positional: undefined },
          calls: [...frame.calls, node],
          guessed: true,
        };
        walkNode(node.body, body);
      }
      return EMPTY;
    case 'Subshell':
      return walkStatements(node.body.commands, { ...frame, scope: copyScope(scope) });
    case 'BraceGroup':
      return walkStatements(node.body.commands, frame);
    case 'Coproc':
      return walkNode(node.body, { ...frame, scope: copyScope(scope), concurrent: true });
    case 'ArithmeticCommand':
      // `(((rm -rf x)))`: some shells take it for groups.
      if (/[A-Za-z]\w*\s+-?[A-Za-z]/.test(node.body)) giveUp(frame, 'unresolved.parse', 'arithmetic');
      if (node.expression !== undefined) visit(node.expression, frame);
      return EMPTY;
    case 'TestCommand':
      if (node.expression !== undefined) visit(node.expression, frame);
      return EMPTY;
    case 'Redirected': {
      const files = openFiles(node.redirects, frame, expanderOf(frame));
      if (files.redirects.length > 0) {
        frame.walk.run(
          { words: [], assignments: [], environment: new Map(), redirects: files.redirects, group: true },
          frame,
        );
      }
      const output = walkNode(node.command, { ...frame, input: files.input ?? frame.input });
      return keepOutput(output, files, frame);
    }
    default:
      return unknownNode(node, frame);
  }
}

/** Calls a function with these words; one that calls itself over and over at once fills the machine. */
export function walkFunction({ node, text }: ShellFunction, words: readonly Word[], frame: Frame): Stream {
  if (frame.calls.includes(node)) {
    return frame.concurrent ? giveUp(frame, 'processes.fork-bomb') : UNKNOWN_STREAM;
  }
  const { scope } = frame;
  const before = scope.positional;
  scope.positional = words;
  const output = walkNode(node.body, { ...frame, text, calls: [...frame.calls, node], nesting: frame.nesting + 1 });
  scope.positional = before;
  return output;
}

// The parser's types say that nothing else can come; a newer parser may know better.
function unknownNode(node: never, frame: Frame): Stream {
  const { type }: { type: string } = node;
  return giveUp(frame, 'unresolved.parse', type);
}

// A second round sees what the first one set; `X=ls; for i in 1 2; do $X; X=rm; done`.
function walkLoop(round: () => Stream, frame: Frame): Stream {
  const before = copyScope(frame.scope);
  const output = round();
  const changed = !sameScope(frame.scope, before);
  joinScope(frame.scope, before);
  if (changed) {
    round();
    joinScope(frame.scope, before);
  }
  return output.downloaded || output.secret ? output : UNKNOWN_STREAM;
}

/** What a pattern in a `for` list delivers: some file of that folder. */
function foundFile(word: Word): Word {
  if (!word.glob) return word;
  const star = word.text.search(/[*?[]/);
  const folder = word.text.slice(0, Math.max(0, word.text.lastIndexOf('/', star) + 1));
  if (!word.certain && word.head.length < folder.length) return { ...word, glob: false };
  return startingWith(folder === '' ? './' : folder, word.text.slice(folder.length));
}

/** Finds the substitutions in expressions that are no words of a command. */
function visit(node: SyntaxNode, frame: Frame): void {
  switch (node.type) {
    case 'Word':
      for (const word of expandWord(node, expanderOf(frame))) visitSubscript(word, frame);
      return;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      walkScript(node.script, substitutionFrame(frame));
      return;
    default:
      forEachChild(node, (child) => visit(child, frame));
  }
}

/** A name with a subscript is evaluated as arithmetic where it is tested or set, and what that holds is run. */
export function visitSubscript({ text }: Word, frame: Frame): void {
  if (/\w\[[^\]]*(?:\$\(|`)/.test(text)) walkText(`: "${text}"`, { ...frame, nesting: frame.nesting + 1 });
}

function substitutionFrame(frame: Frame): Frame {
  // It reads what its command would have read: `curl … | bash -c "$(cat)"`.
  return { ...frame, scope: copyScope(frame.scope), nesting: frame.nesting + 1 };
}

interface Chooser {
  choose(name: string, count: number): number;
  /** Substitutions run once however often their command is tried. */
  readonly known: Map<object, Stream>;
}

function expanderOf(frame: Frame, chooser?: Chooser): Expander {
  const expander: Expander = {
    scope: frame.scope,
    home: frame.walk.ground.home,
    substitute(script, part) {
      const known = chooser?.known.get(part);
      if (known !== undefined) return known;
      const inner = substitutionFrame(frame);
      if (script === undefined && isNode(part)) {
        visit(part, inner);
        return UNKNOWN_STREAM;
      }
      const writing = 'operator' in part && part.operator === '>';
      const stream = walkScript(script, writing ? { ...inner, input: UNKNOWN_STREAM } : inner);
      chooser?.known.set(part, stream);
      return stream;
    },
    choose: (name, count) => chooser?.choose(name, count) ?? 0,
    value: (word) => expandValue(word, expander),
    giveUp: (what) => {
      giveUp(frame, 'unresolved.parse', what);
    },
  };
  return expander;
}

function isNode(part: object): part is SyntaxNode {
  return 'type' in part;
}

/** A command with each combination of what its variables may hold. */
function walkCommand(node: CommandNode, frame: Frame): Stream {
  const { scope } = frame;
  const marked = { ...frame, source: frame.text.slice(node.pos, node.end) };
  let several = false;
  for (const { values } of scope.variables.values()) several ||= values.length > 1;
  if (!several) return callOnce(node, marked, undefined);

  const picks = new Map<string, number>();
  const known = new Map<object, Stream>();
  let output: Stream | undefined;
  for (let round = 0; ; round++) {
    const counts = new Map<string, number>();
    const choose = (name: string, count: number) => {
      counts.set(name, count);
      return picks.get(name) ?? 0;
    };
    const inner = { ...marked, scope: copyScope(scope) };
    const printed = callOnce(node, inner, { choose, known });
    if (round === 0) Object.assign(scope, inner.scope);
    else joinScope(scope, inner.scope);
    output = output === undefined || output.text === printed.text ? printed : UNKNOWN_STREAM;
    if (!advance(picks, counts)) return output;
    if (round === MOST_CHOICES) return giveUp(marked, 'unresolved.values');
    if (!spend(marked)) return UNKNOWN_STREAM;
  }
}

/** Goes on to the next combination; false when all were tried. */
function advance(picks: Map<string, number>, counts: ReadonlyMap<string, number>): boolean {
  for (const [name, count] of counts) {
    const next = (picks.get(name) ?? 0) + 1;
    if (next < count) {
      picks.set(name, next);
      return true;
    }
    picks.set(name, 0);
  }
  return false;
}

function callOnce(node: CommandNode, frame: Frame, chooser: Chooser | undefined): Stream {
  const expander = expanderOf(frame, chooser);
  const { scope } = frame;
  const environment = new Map<string, Word>();
  const assignments: Array<{ name: string; value: readonly Word[]; append: boolean }> = [];
  const words: Word[] = [];
  const redirections: Redirection[] = [];
  for (const part of node.prefix) {
    if (part.type !== 'Assignment') {
      redirections.push(part);
      continue;
    }
    const value = assignedValue(part, expander);
    const list = part.value.type === 'ArrayValue';
    if (node.name === undefined && part.index === undefined)
      assign(scope, part.name, value, part.append === true, list);
    else if (part.index !== undefined) expander.value(part.index);
    environment.set(part.name, value[0] ?? literal(''));
    frame.walk.assigned.add(part.name);
  }
  if (node.name !== undefined) words.push(...expandWord(node.name, expander));
  for (const part of node.suffix) {
    if (part.type === 'Word') words.push(...expandWord(part, expander));
    else if (part.type === 'Assignment') {
      const value = assignedValue(part, expander);
      assignments.push({ name: part.name, value, append: part.append === true });
      frame.walk.assigned.add(part.name);
      words.push(prefixed(`${part.name}=`, value[0] ?? literal('')));
    } else redirections.push(part);
  }
  const files = openFiles(redirections, frame, expander);
  const call = { words, assignments, environment, redirects: files.redirects };
  const input = files.input ?? scope.stdin ?? frame.input;
  if (words[0]?.text === 'exec' && words.length === 1 && files.input !== undefined) scope.stdin = files.input;
  const output = frame.walk.run(call, input === frame.input ? frame : { ...frame, input });
  scope.last = words.at(-1) ?? scope.last;
  return keepOutput(output, files, frame);
}

function prefixed(prefix: string, word: Word): Word {
  const { text, head } = word;
  return word.certain ? literal(prefix + text) : { ...word, text: prefix + text, head: prefix + head };
}

function assignedValue({ value }: Assignment, expander: Expander): readonly Word[] {
  if (value.type === 'Word') return [expander.value(value)];
  return value.elements.flatMap((element: SourceWord) => expandWord(element, expander)).map(withoutIndex);
}

/** `[0]=rm` in a list. */
function withoutIndex(word: Word): Word {
  const index = /^\[[^\]]*\]=/.exec(word.text)?.[0].length ?? 0;
  return index === 0
    ? word
    : word.certain
      ? literal(word.text.slice(index))
      : { ...word, text: word.text.slice(index), head: word.head.slice(index) };
}

interface OpenFiles {
  readonly redirects: readonly FileRedirect[];
  readonly input: Stream | undefined;
  /** Where stdout goes. */
  readonly output: Word | undefined;
  readonly appends: boolean;
}

const NO_FILES: OpenFiles = { redirects: [], input: undefined, output: undefined, appends: false };

function openFiles(redirections: readonly Redirection[], frame: Frame, expander: Expander): OpenFiles {
  if (redirections.length === 0) return NO_FILES;
  const redirects: FileRedirect[] = [];
  let input: Stream | undefined;
  let output: Word | undefined;
  let appends = false;
  for (const redirection of redirections) {
    if (redirection.type === 'HereDoc') {
      input = hereDocument(redirection, expander);
      continue;
    }
    if (redirection.target === undefined) continue;
    const target = expander.value(redirection.target);
    if (redirection.type === 'HereString') {
      input = hereString(target);
      continue;
    }
    const { operator, descriptor } = redirection;
    if (operator === '<') {
      if (!isProcess(target)) redirects.push({ mode: 'read', target });
      if (descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 0)) {
        input = (isProcess(target) ? target.stream : undefined) ??
          frame.scope.files.get(fileKey(target, frame.scope.bases)) ?? { file: target };
      }
      continue;
    }
    if ((operator === '>&' || operator === '<&') && /^(?:\d+-?|-)$/.test(target.text)) {
      // Another descriptor in place of stdin: `exec 3< <(curl …); bash <&3`.
      if (operator === '<&' && target.text !== '-') input = UNKNOWN_STREAM;
      continue;
    }
    if (isProcess(target)) continue;
    appends = operator.includes('>>');
    redirects.push({ mode: appends ? 'append' : 'write', target });
    const toStdout = descriptor === undefined || (descriptor.type === 'FileDescriptor' && descriptor.value === 1);
    if (toStdout) output = target;
  }
  return { redirects, input, output, appends };
}

/** `<(…)` and `>(…)`; what only came out of `$(…)` is a file's name like any other. */
const isProcess = ({ certain, stream }: Word) => certain && stream !== undefined;

function hereDocument(document: Extract<Redirection, { type: 'HereDoc' }>, expander: Expander): Stream {
  const { body, delimiter, operator } = document;
  const quoted = delimiter?.quoted ?? false;
  const plain = quoted
    ? body.text
    : body.text.replace(/\\([$`\\\n])/g, (_, kept: string) => (kept === '\n' ? '' : kept));
  const word = quoted || body.parts === undefined ? literal(plain) : expandText(body.parts, expander);
  const text = operator === '<<-' ? word.text.replace(/^\t+/gm, '') : word.text;
  // What only an environment variable leaves open is still read as the text it stands in.
  if (!word.output) return { text };
  return {
    ...(word.stream?.downloaded && { downloaded: true }),
    ...(word.stream?.secret !== undefined && { secret: word.stream.secret }),
  };
}

/** Remembers what went into a file; what is left for the pipe comes back. */
function keepOutput(output: Stream, files: OpenFiles, frame: Frame): Stream {
  if (files.output === undefined) return output;
  const key = fileKey(files.output, frame.scope.bases);
  const before = files.appends ? frame.scope.files.get(key) : undefined;
  frame.scope.files.set(key, before === undefined ? output : joinStreams(before, output));
  return EMPTY;
}
