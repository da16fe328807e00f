import type { Command, Option } from 'commander';
import type { SettingRow } from '../settings-table.ts';
import { listed } from './flags/table.ts';

/** What could be typed next. */
export interface Candidate {
  word: string;
  about: string;
}

/** What is not in the command line itself: looked up when it is asked for. */
export interface KnownThings {
  sessions(): Promise<Candidate[]>;
  lessons(): Promise<Candidate[]>;
  previews(): Promise<Candidate[]>;
  guides(): Promise<Candidate[]>;
  settings: readonly SettingRow[];
}

/**
 * The words that may stand in place of the last one, which may be empty; those before it are whole. Nothing where a
 * file name or free text belongs.
 */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  known: KnownThings,
): Promise<Candidate[]> {
  const typed = words.at(-1) ?? '';
  const { command, before, awaiting } = placeOf(program, words.slice(0, -1));
  const all = awaiting
    ? await valuesOf(awaiting, known)
    : typed.startsWith('-')
      ? flagsOf(command)
      : await argumentsOf(program, command, before, known);
  return all.filter(({ word }) => word.startsWith(typed));
}

interface Place {
  command: Command;
  /** The arguments of the command so far. */
  before: string[];
  /** The flag whose value comes next. */
  awaiting: Option | undefined;
}

function placeOf(program: Command, words: readonly string[]): Place {
  const place: Place = { command: program, before: [], awaiting: undefined };
  for (const word of words) {
    if (place.awaiting) {
      place.awaiting = undefined;
      continue;
    }
    const option = place.command.options.find(({ long, short }) => word === long || word === short);
    if (option) {
      if (option.required) place.awaiting = option;
      continue;
    }
    if (word.startsWith('-')) continue;
    const next =
      place.command === program && place.before.length === 0
        ? program.commands.find((command) => command.name() === word)
        : undefined;
    if (next) place.command = next;
    else place.before.push(word);
  }
  return place;
}

async function valuesOf(option: Option, known: KnownThings): Promise<Candidate[]> {
  if (option.argChoices) return option.argChoices.map((word) => ({ word, about: option.description }));
  return option.long === '--resume' ? known.sessions() : [];
}

function flagsOf(command: Command): Candidate[] {
  const flags = command.options.flatMap(({ long, description, hidden }) =>
    long && !hidden ? [{ word: long, about: description }] : [],
  );
  return [...flags, { word: '--help', about: 'show this help' }];
}

async function argumentsOf(
  program: Command,
  command: Command,
  before: readonly string[],
  known: KnownThings,
): Promise<Candidate[]> {
  if (command === program) return before.length === 0 ? commandsOf(program) : [];
  const argument = command.registeredArguments[before.length];
  if (argument?.argChoices) return argument.argChoices.map((word) => ({ word, about: argument.description }));
  const [action = '', subject] = before;
  switch (command.name()) {
    case 'sessions':
      return before.length === 1 && action !== 'list' && action !== 'search' ? known.sessions() : [];
    case 'errors':
      return before.length === 1 && (action === 'show' || action === 'forget') ? known.lessons() : [];
    case 'apply':
      return before.length === 0 ? known.previews() : [];
    case 'help':
      return before.length === 0 ? topicsOf(program, await known.guides()) : [];
    case 'config':
      if (before.length === 1 && action !== 'path')
        return known.settings.map(({ key, about }) => ({ word: key, about }));
      return action === 'set' && before.length === 2 ? settingValues(known, subject) : [];
    default:
      return [];
  }
}

function settingValues({ settings }: KnownThings, key: string | undefined): Candidate[] {
  const row = settings.find((candidate) => candidate.key === key);
  if (!row) return [];
  const { shape, about } = row;
  const words = shape.type === 'choice' ? shape.of : shape.type === 'switch' ? ['true', 'false'] : [];
  return words.map((word) => ({ word, about }));
}

/** Guides, and the commands that no guide is named after. */
function topicsOf(program: Command, guides: readonly Candidate[]): Candidate[] {
  return [...guides, ...commandsOf(program).filter(({ word }) => !guides.some((guide) => guide.word === word))];
}

function commandsOf(program: Command): Candidate[] {
  return listed(program).map((command) => ({ word: command.name(), about: command.description() }));
}
