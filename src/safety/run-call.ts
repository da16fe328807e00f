import { codeNested } from './code.ts';
import { loadedCode } from './code-options.ts';
import type { Place, SimpleCommand } from './command.ts';
import { programName } from './command.ts';
import { databaseNested, sqlNested, statementNested } from './databases.ts';
import { environmentNested, filledBy, filledNested } from './environment.ts';
import { contentOf, installedDownload, isInDownload, rememberFiles, sentSecret } from './file-memory.ts';
import { gitNested } from './git-commands.ts';
import { importedFiles, languageOf } from './imports.ts';
import { interpreterNested } from './interpreters.ts';
import type { Language, Nested } from './nested.ts';
import { normalize } from './paths.ts';
import { projectScriptNested, recipeValues } from './project-scripts.ts';
import { copyScope, inheritedScope } from './scope.ts';
import { applyBuiltin } from './shell-state.ts';
import { nestedOf } from './shells.ts';
import { fileKey, outputOf } from './streams.ts';
import { areRisky, namedProgram } from './tool-variables.ts';
import { guessedTails, guessedTexts, isKnownProgram } from './unknown-programs.ts';
import type { Call, Frame } from './walk.ts';
import { spend, visitSubscript, walkFunction, walkText } from './walk.ts';
import { windowsNested } from './windows.ts';
import type { Stream, Word } from './word.ts';
import { joinStreams, literal, UNKNOWN_STREAM } from './word.ts';
import { quoted } from './wrappers.ts';

/** Texts and calls within each other, all kinds together. */
const DEEPEST = 24;
/** Guesses about programs that nex does not know, within each other. */
const DEEPEST_GUESS = 10;
/** Longer input of a program that nex does not know is no script typed for it. */
const LONGEST_GUESS = 4096;

/** Runs one resolved call in thought: records it, follows what it nests, and tells what it prints. */
export function runCall(call: Call, frame: Frame): Stream {
  const { scope } = frame;
  const [first, ...words] = call.words;
  if (first === undefined) {
    for (const [name, value] of call.environment)
      follow(environmentNested(name, value, codeRoot(frame)), undefined, frame);
    if (call.redirects.length > 0) record(call, literal(call.group ? '{ … }' : ''), [], '', frame);
    return { text: '' };
  }
  const program = resolveProgram(first, words, call, frame);
  if (program === undefined) return UNKNOWN_STREAM;

  const body = scope.functions.get(first.text);
  if (body !== undefined) {
    if (call.redirects.length > 0) record(call, literal('{ … }'), [], '', frame);
    // `command rm`, a definition in a branch not taken, `unset -f` in another one: the program of that name may run as well.
    const output = walkFunction(body, words, frame);
    return isKnownProgram(program) ? joinStreams(output, runProgram(first, words, program, call, frame)) : output;
  }
  const alias = scope.aliases.get(first.text);
  if (alias !== undefined && !frame.calls.includes(`alias ${first.text}`)) {
    const inner = { ...frame, calls: [...frame.calls, `alias ${first.text}`] };
    const output = walkText([alias, ...words.map(quoted)].join(' '), inner);
    // A script's shell knows no aliases.
    return isKnownProgram(program) ? joinStreams(output, runProgram(first, words, program, call, frame)) : output;
  }
  return runProgram(first, words, program, call, frame);
}

/** A call that no function and no alias stands before. */
function runProgram(first: Word, words: readonly Word[], program: string, call: Call, frame: Frame): Stream {
  const { walk, scope } = frame;
  const command = record(call, first, words, program, frame);
  for (const [name, value] of call.environment) follow(environmentNested(name, value, codeRoot(frame)), command, frame);
  for (const { name, value } of call.assignments) {
    if (value[0] === undefined) continue;
    follow(
      program === 'alias' ? [{ kind: 'shell', text: value[0] }] : environmentNested(name, value[0], codeRoot(frame)),
      command,
      frame,
    );
  }
  if (EVALUATE_NAMES.has(program)) for (const word of words) visitSubscript(word, frame);
  follow(loadedCode(command, codeRoot(frame)), undefined, frame);
  const nested = nestedBy(command, frame);
  const output = follow(nested ?? [], command, frame);
  applyBuiltin(command, call, scope, walk.ground.home);
  for (const name of filledBy(command)) {
    follow(filledNested(name, scope.variables.get(name)?.values[0]?.[0], codeRoot(frame)), undefined, frame);
  }
  rememberFiles(command, frame);
  const fetched = installedDownload(command, frame);
  if (fetched !== undefined) finding('remote.run-download', frame, fetched);
  const secret = sentSecret(command, frame);
  if (secret !== undefined) finding('secrets.send', frame, secret);
  return output ?? outputOf(command, scope.files);
}

/** Builtins that take the name of a variable, subscript and all. */
const EVALUATE_NAMES = new Set(
  'let test [ unset read printf declare typeset local export readonly wait mapfile readarray'.split(' '),
);

/** Whose folders hold the project's own code. */
const codeRoot = ({ walk, place }: Frame) => (place === 'here' ? walk.ground.root : '/');

function nestedBy(command: SimpleCommand, frame: Frame): Nested[] | undefined {
  const { program } = command;
  for (const text of recipeValues(command))
    followOne({ kind: 'shell', text }, NO_ENVIRONMENT, { ...frame, guessed: true });
  const carried = nestedOf(command);
  if (program === 'git') return [...gitNested(command), ...(carried ?? [])];
  const known =
    carried ??
    interpreterNested(command) ??
    databaseNested(command) ??
    projectScriptNested(command, (path) => contentOf(path, frame));
  if (known !== undefined) return known;
  if (/[\\/]/.test(command.name.text) && command.name.certain) {
    return [{ kind: 'script', path: command.name, positional: command.words }];
  }
  const statement = statementNested(command);
  if (statement.length > 0) return statement;
  if (frame.nesting < DEEPEST_GUESS && !isKnownProgram(program)) {
    const guess = { ...frame, guessed: true };
    // A program that nobody knows may be a shell to what it reads.
    if (command.input.text !== undefined && command.input.text.length < LONGEST_GUESS)
      followOne({ kind: 'shell', text: literal(command.input.text), input: { text: '' } }, NO_ENVIRONMENT, guess);
    for (const words of guessedTails(command.words)) followOne({ kind: 'command', words }, NO_ENVIRONMENT, guess);
    for (const text of guessedTexts(command.words)) followOne({ kind: 'shell', text }, NO_ENVIRONMENT, guess);
  }
  return undefined;
}

const NO_ENVIRONMENT: ReadonlyMap<string, Word> = new Map();

/** The program's base name; undefined when nobody can say what would run. */
function resolveProgram(first: Word, words: readonly Word[], call: Call, frame: Frame): string | undefined {
  const { scope } = frame;
  if (first.certain && !first.glob) {
    const copied = scope.copies.get(first.text) ?? scope.copies.get(first.text.replace(/^.*\//, ''));
    return programName(copied ?? first.text);
  }
  const slash = first.tail.lastIndexOf('/');
  if (!first.glob && slash !== -1 && slash < first.tail.length - 1) return programName(first.tail);
  const tool = first.output ? undefined : namedProgram(first.text);
  if (tool === undefined || (!isKnownProgram(tool) && areRisky(words)))
    finding('unresolved.program', frame, first.text);
  // An unset variable gives way to the word behind it, which then is the program.
  if (words.length > 0) runCall({ ...call, words, environment: new Map() }, frame);
  if (tool !== undefined) runProgram(first, words, tool, call, frame);
  return undefined;
}

function record(call: Call, name: Word, words: readonly Word[], program: string, frame: Frame): SimpleCommand {
  const command: SimpleCommand = {
    program,
    name,
    words,
    environment: call.environment,
    redirects: call.redirects,
    input: frame.input,
    bases: frame.scope.bases,
    place: frame.place,
    source: frame.source,
    guessed: frame.guessed,
  };
  frame.walk.commands.push(command);
  return command;
}

function finding(rule: string, frame: Frame, detail?: string): void {
  if (frame.guessed && rule.startsWith('unresolved')) return;
  frame.walk.findings.push({ rule, source: frame.source, ...(detail !== undefined && { detail }) });
}

const REMOTE_OUTPUT: Stream = { downloaded: true };

/** These only mention or prepare a command; what it prints is not what they print. */
const SILENT = /^(?:find|fd|fdfind|gfind|trap|alias|tar|git|npm|pnpm|yarn|bun|make|xargs)$/;

/** Walks what a command nests; its output, when that is what the command prints. */
function follow(nested: readonly Nested[], command: SimpleCommand | undefined, frame: Frame): Stream | undefined {
  let output: Stream | undefined;
  for (const item of nested) {
    const printed = followOne(item, command?.environment ?? NO_ENVIRONMENT, frame);
    if (item.kind !== 'command' && item.kind !== 'shell') continue;
    // What another machine prints came over the network.
    const heard = item.place === 'remote' ? REMOTE_OUTPUT : printed;
    output = output === undefined ? heard : joinStreams(output, heard);
  }
  return command !== undefined && SILENT.test(command.program) ? undefined : output;
}

/** Walks a whole command that another shell than bash will run. */
export function runOtherShell(kind: 'powershell' | 'cmd', text: string, frame: Frame): void {
  followOne({ kind, text: literal(text) }, NO_ENVIRONMENT, frame);
}

function followOne(item: Nested, environment: ReadonlyMap<string, Word>, frame: Frame): Stream {
  const { walk } = frame;
  if (frame.depth + frame.nesting > DEEPEST) {
    finding('unresolved.too-deep', frame);
    return UNKNOWN_STREAM;
  }
  const deeper = { ...frame, nesting: frame.nesting + 1 };
  switch (item.kind) {
    case 'finding':
      finding(item.rule, frame, item.detail);
      return UNKNOWN_STREAM;
    case 'command': {
      if (!spend(frame)) return UNKNOWN_STREAM;
      const inner = elsewhere({ ...deeper, input: item.input ?? frame.input }, item.place, item.folder);
      const both = item.environment === undefined ? environment : new Map([...environment, ...item.environment]);
      return walk.run({ words: item.words, assignments: [], environment: both, redirects: [] }, inner);
    }
    case 'shell': {
      const { text } = item;
      if (text.stream?.downloaded) finding('remote.run-download', frame);
      else if (text.stream?.forShell) return UNKNOWN_STREAM;
      else if (text.output || isOpen(text)) finding('unresolved.text', frame, text.text.slice(0, 80));
      if (text.text.trim() === '') return UNKNOWN_STREAM;
      const inner = elsewhere({ ...deeper, input: item.input ?? frame.input }, item.place, item.folder);
      if (item.here) return walkText(text.text, inner);
      const variables = item.zero === undefined ? environment : new Map([...environment, ['0', item.zero]]);
      return walkText(text.text, { ...inner, scope: inheritedScope(inner.scope, item.positional ?? [], variables) });
    }
    case 'script':
      return followScript(item, deeper);
    case 'code':
      if (item.text.stream?.downloaded) finding('remote.run-download', frame);
      else if (isOpen(item.text)) finding('unresolved.text', frame, item.text.text.slice(0, 80));
      followCode(item.language, item.text, frame.scope.bases[0] ?? '', deeper);
      return UNKNOWN_STREAM;
    case 'sql':
      follow(sqlNested(item.text.text, item.client), undefined, deeper);
      return UNKNOWN_STREAM;
    case 'powershell':
    case 'cmd':
      follow(windowsNested(item.kind, item.text), undefined, deeper);
      return UNKNOWN_STREAM;
  }
}

/** Nothing of it is known, so it may be any command. */
function isOpen({ certain, head, tail, stream }: Word): boolean {
  return !certain && head === '' && tail === '' && !stream?.forShell;
}

/** The same walk on another machine or in another folder. */
function elsewhere(frame: Frame, place: Place | undefined, folder: Word | undefined): Frame {
  if (place !== undefined && frame.place === 'here') {
    return { ...frame, place, scope: { ...copyScope(frame.scope), bases: [`/${place}`] } };
  }
  if (folder === undefined) return frame;
  const path = folder.text.startsWith('/') ? folder.text : `${frame.scope.bases[0] ?? ''}/${folder.text}`;
  const bases = [folder.certain ? normalize(path) : ''];
  return { ...frame, scope: { ...copyScope(frame.scope), bases } };
}

/** A script file: looked into when this command or this session wrote it. */
function followScript(item: Extract<Nested, { kind: 'script' }>, frame: Frame): Stream {
  const { scope } = frame;
  const { path } = item;
  if (/^https?:/.test(path.text)) finding('remote.run-download', frame);
  if (!path.certain && path.head === '' && path.output && !/[./]/.test(path.tail))
    finding('unresolved.script', frame, path.text);
  const key = fileKey(path, scope.bases);
  const { text, downloaded } = (path.certain ? path.stream : undefined) ?? contentOf(key, frame) ?? UNKNOWN_STREAM;
  if (downloaded || isInDownload(key, frame)) finding('remote.run-download', frame);
  if (text === undefined || text.includes('\0')) return UNKNOWN_STREAM;
  const language = item.language ?? languageOf(text, path.text);
  if (language !== undefined) {
    followCode(language, literal(text), key.slice(0, key.lastIndexOf('/')), frame);
    return UNKNOWN_STREAM;
  }
  const inner = { ...frame, input: frame.input };
  if (item.here) return walkText(text, inner);
  return walkText(text, { ...inner, scope: inheritedScope(scope, item.positional ?? [], calledBy(path)) });
}

/** Source code, and the files it loads where this command or this session wrote them. */
function followCode(language: Language, text: Word, folder: string, frame: Frame): void {
  follow(codeNested(language, text), undefined, { ...frame, input: { text: '' } });
  if (!text.certain || frame.depth + frame.nesting > DEEPEST) return;
  for (const path of importedFiles(language, text.text, folder)) {
    if (frame.calls.includes(path)) continue;
    const content = contentOf(path, frame);
    if (content === undefined) continue;
    if (!spend(frame)) return;
    if (content.downloaded) finding('remote.run-download', frame, path);
    const inner = { ...frame, calls: [...frame.calls, path], nesting: frame.nesting + 1 };
    const inside = path.slice(0, path.lastIndexOf('/'));
    if (content.text !== undefined) followCode(language, literal(content.text), inside, inner);
  }
}

/** By what name a script knows itself. */
const calledBy = (path: Word): ReadonlyMap<string, Word> =>
  new Map([
    ['0', path],
    ['BASH_SOURCE', path],
  ]);
