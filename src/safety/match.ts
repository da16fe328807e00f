import type { Arguments, Flag } from './arguments.ts';
import { hasFlag, parseArguments } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import type { Pattern, Rule } from './rule.ts';
import { isStranger } from './unknown-programs.ts';
import type { Word } from './word.ts';

/** A pattern with its lists split once. */
interface Matcher {
  readonly rule: Rule;
  readonly pattern: Pattern;
  readonly flags: readonly string[] | undefined;
  readonly and: readonly string[] | undefined;
  readonly unless: readonly string[] | undefined;
}

/** Finds the rules that a command matches. */
export type RuleFinder = (command: SimpleCommand, parsed: Arguments) => Rule[];

/** Programs whose names carry a suffix: `mkfs.ext4`. */
const FAMILY = /^(mkfs|newfs|fsck)[._].*$/;

/** Sorts a table by program, so that a command meets only the rules that can be meant. */
export function ruleFinder(rules: readonly Rule[]): RuleFinder {
  const byProgram = new Map<string, Matcher[]>();
  for (const rule of rules) {
    if (rule.pattern === undefined) continue;
    const { pattern } = rule;
    const matcher = {
      rule,
      pattern,
      flags: pattern.flags?.split(' '),
      and: pattern.and?.split(' '),
      unless: pattern.unless?.split(' '),
    };
    for (const program of pattern.programs.split(' ')) {
      const list = byProgram.get(program);
      if (list === undefined) byProgram.set(program, [matcher]);
      else list.push(matcher);
    }
  }
  const forAll = byProgram.get('*') ?? [];
  return (command, parsed) => {
    const own = byProgram.get(command.program.replace(FAMILY, '$1')) ?? [];
    if (own.length === 0 && forAll.length === 0) return [];
    const subject = {
      program: command.program,
      parsed,
      // `aws -- ec2 …`: the dashes end the options, not the subcommands.
      sub: joined(parsed.operands.slice(0, parsed.beforeDashes || undefined)),
      text: joined(command.words),
      unknown: own.length === 0 && isUnknown(command),
    };
    const found: Rule[] = [];
    for (const matcher of own) if (matches(matcher, subject)) found.push(matcher.rule);
    for (const matcher of forAll) if (matches(matcher, subject)) found.push(matcher.rule);
    return found;
  };
}

/** The words of a command as the rules see them. */
export function argumentsOf(command: SimpleCommand): Arguments {
  return parseArguments(command.program, command.words);
}

interface Subject {
  readonly parsed: Arguments;
  readonly sub: string;
  readonly text: string;
  readonly unknown: boolean;
}

function joined(words: ReadonlyArray<{ text: string }>): string {
  let line = '';
  for (const { text } of words) line += line === '' ? text : ` ${text}`;
  return line;
}

/** Only running it shows what it stands for; a file of its own in the temporary folder is plain enough. */
const isOpen = ({ glob, certain, head }: Word) => glob || (!certain && !/^\/(?:var\/)?tmp\//.test(head));

/** Further back such a word is more likely a name: `knex migrate:make drop_table`. */
const NAMES = /^(?:drop|empty|reset|clear|archive|cancel|flush|truncate|disable|roll|rollback)[-_]/i;

// `tldr rm` speaks of a program, `flags rm x` removes something.
function actsEarly(operands: readonly Word[], verb: RegExp): boolean {
  // What is looked at may have any name: `sinks describe archive`.
  const looks = operands.findIndex(({ text }) => LOOKS.test(text));
  return operands
    .slice(0, looks === -1 ? 4 : Math.min(4, looks))
    .some(
      ({ text }, at) => verb.test(text) && !(at > 0 && NAMES.test(text)) && (text !== 'rm' || at + 1 < operands.length),
    );
}

const LOOKS = /^(?:describe|list|get|show|view|ls|info|status|inspect)(?:-[\w-]+)?$/;

const isHelp = ({ flags, operands }: Arguments) =>
  flags.some(({ name }) => name === '--help' || (name === '--version' && flags.length === 1 && operands.length === 0));

/** Programs that read options only up to the first operand would take a late `--help` for a file. */
const WITHOUT_HELP: ReadonlySet<Rule['category']> = new Set(['files', 'permissions', 'disks', 'processes']);

// A script of the project is called by its path.
const isUnknown = ({ program, name }: SimpleCommand) => !/[\\/.]/.test(name.text) && isStranger(program);

function matches({ rule, pattern, flags, and, unless }: Matcher, { parsed, sub, text, unknown }: Subject): boolean {
  if (pattern.unknown && !unknown) return false;
  if (pattern.sub !== undefined && !pattern.sub.test(sub)) return false;
  if (flags !== undefined && !hasFlag(parsed, flags)) return false;
  if (and !== undefined && !hasFlag(parsed, and)) return false;
  if (pattern.text !== undefined && !pattern.text.test(text)) return false;
  if (pattern.operand !== undefined && !parsed.operands.some((word) => pattern.operand?.test(word.text))) return false;
  if (pattern.early !== undefined && !actsEarly(parsed.operands, pattern.early)) return false;
  if (pattern.open && !parsed.operands.some(isOpen)) return false;
  if (pattern.dashes && parsed.beforeDashes === parsed.operands.length) return false;
  if (unless !== undefined && hasExactFlag(parsed, unless)) return false;
  if (pattern.except?.test(text)) return false;
  return !isHelp(parsed) || (WITHOUT_HELP.has(rule.category) && parsed.flags.length + parsed.operands.length > 1);
}

// What excuses a command must be spelled out: `--d` might be `--delete` as well as `--dry-run`.
function hasExactFlag({ flags }: Arguments, names: readonly string[]): boolean {
  const excuses = ({ name, value }: Flag) => names.includes(name) && !/^(?:none|false|no|0)$/i.test(value?.text ?? '');
  // `-n --no-dry-run`: taken back; the last one counts.
  const from = flags.findLastIndex(({ name }) => name.startsWith('--no-dr')) + 1;
  return flags.slice(from).some(excuses);
}
