import { Argument, type Command } from 'commander';
import { NexError } from '../../errors.ts';
import type { CliContext } from '../context.ts';
import { nearestWord } from '../nearest-word.ts';

/** Where commands are entered: one file in this folder a command. What a command does is loaded when it runs. */
export interface CommandTable {
  context: CliContext;
  /** Adds a command whose help ends with an example. */
  add(name: string, about: string, example: string): Command;
  /** Takes the exit status of the command that ran. */
  finish(status: number): void;
}

/** The first argument of a command that can do several things. Another word is refused, and the nearest one named. */
export function actionArgument(
  command: string,
  about: string,
  actions: readonly string[],
  fallback?: string,
): Argument {
  const argument = new Argument(fallback === undefined ? '<action>' : '[action]', about);
  if (fallback !== undefined) argument.default(fallback);
  return argument.choices(actions).argParser((word: string) => {
    if (actions.includes(word)) return word;
    const near = nearestWord(word, actions);
    throw new NexError('usage', `"${word}" is no action of \`nex ${command}\`.`, {
      hint: `${near === undefined ? '' : `Did you mean ${near}? `}It is one of ${actions.join(', ')}.`,
    });
  });
}

/** The commands that people are told of. */
export function listed(program: Command): Command[] {
  return program.commands.filter((command) => !command.name().startsWith('_'));
}
