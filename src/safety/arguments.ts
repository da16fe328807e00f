import { grammarOf } from './grammar.ts';
import type { Word } from './word.ts';

/** An option as it was given; `-rf` counts as `-r` and `-f`. */
export interface Flag {
  readonly name: string;
  readonly value: Word | undefined;
}

/** A program's words, told apart. */
export interface Arguments {
  readonly flags: readonly Flag[];
  readonly operands: readonly Word[];
  /** How many of the operands stand before `--`; all of them without one. */
  readonly beforeDashes: number;
}

/** Their long options may be cut short and still take the next word. */
const ABBREVIATES = new Set(['aws', 'az', 'gcloud']);

/** The one option with a value that this word is the beginning of. */
function wholeName(text: string, valued: ReadonlySet<string> | undefined): string | undefined {
  if (!/^--[\w-]{2,}$/.test(text) || valued === undefined || valued.has(text)) return undefined;
  const names = [...valued].filter((name) => name.startsWith(text));
  return names.length === 1 ? names[0] : undefined;
}

/** Tells options from operands the way this program does. */
export function parseArguments(program: string, words: readonly Word[]): Arguments {
  const grammar = grammarOf(program);
  if (grammar === 'text') return { flags: [], operands: words, beforeDashes: words.length };
  const flags: Flag[] = [];
  const operands: Word[] = [];
  let beforeDashes: number | undefined;
  let valued = grammar?.valued;
  let subcommands = grammar?.subcommands ?? false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    const { text } = word;
    if (beforeDashes !== undefined || text.length < 2 || !text.startsWith('-') || isNoOption(text)) {
      operands.push(word);
      if (!subcommands) continue;
      // The options of `git push` are other ones than those of `git`.
      const inner = grammarOf(`${program} ${text}`);
      if (inner !== undefined && inner !== 'text') valued = inner.valued;
      subcommands = false;
      continue;
    }
    if (text === '--') {
      beforeDashes = operands.length;
      continue;
    }
    const full = ABBREVIATES.has(program) ? wholeName(text, valued) : undefined;
    if (full !== undefined) {
      flags.push({ name: full, value: words[++index] });
      continue;
    }
    const taken = readFlag(word, words[index + 1], valued, grammar?.single ?? false, flags);
    if (taken) index++;
  }
  return { flags, operands, beforeDashes: beforeDashes ?? operands.length };
}

/** True when one of the names was given; long ones also abbreviated, as GNU and git take them. */
export function hasFlag({ flags }: Arguments, names: readonly string[]): boolean {
  return flags.some((flag) => names.some((name) => matches(flag.name, name)));
}

/** The values given to any of these options, in order. */
export function flagValues({ flags }: Arguments, names: readonly string[]): Word[] {
  return flags.flatMap(({ name, value }) =>
    value !== undefined && names.some((wanted) => matches(name, wanted)) ? [value] : [],
  );
}

function matches(given: string, name: string): boolean {
  if (given === name) return true;
  return given.length > 2 && given.startsWith('--') && name.startsWith(given);
}

// `-1`, and `-- a comment` that begins a statement.
const isNoOption = (text: string) => /^-\d+$|^--[^=]*\s/.test(text);

/** Adds what one word gives; true when the next word is its value. */
function readFlag(
  word: Word,
  next: Word | undefined,
  valued: ReadonlySet<string> | undefined,
  single: boolean,
  flags: Flag[],
): boolean {
  // `--ha$X` may become `--hard`: what is sure of it counts as an abbreviation.
  const cut = !word.certain && word.head.length > 3 && word.head.startsWith('--') && !word.head.includes('=');
  const text = cut ? word.head : word.text;
  const equals = text.indexOf('=');
  const name = equals === -1 ? text : text.slice(0, equals);
  const value = equals === -1 ? undefined : cutWord(word, equals + 1);
  if (text.startsWith('--') || single) {
    const takes = value === undefined && valued?.has(name) === true;
    flags.push({ name, value: takes ? next : value });
    return takes;
  }
  if (text.length > 2) flags.push({ name, value });
  for (let at = 1; at < text.length; at++) {
    const letter = `-${text.charAt(at)}`;
    if (valued?.has(letter)) {
      const rest = at + 1 < text.length;
      flags.push({ name: letter, value: rest ? cutWord(word, at + 1) : next });
      return !rest;
    }
    flags.push({ name: letter, value: undefined });
  }
  return false;
}

/** The word from this index on. */
function cutWord(word: Word, from: number): Word {
  return {
    ...word,
    text: word.text.slice(from),
    head: word.head.slice(from),
    tail: word.certain ? word.text.slice(from) : word.tail,
  };
}
