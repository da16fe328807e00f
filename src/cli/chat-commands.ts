import { renderDiff } from '../ui/diff.ts';
import { count, money, usageLine } from '../ui/figures.ts';
import type { Composition } from './compose.ts';
import type { CliContext } from './context.ts';
import { nearestWord } from './nearest-word.ts';
import { showLong } from './pager.ts';
import type { Screen } from './screen.ts';

/** What the commands of a chat work on. */
export interface Chat {
  context: CliContext;
  composition: Composition;
  screen: Screen;
  /** Says something; it stands apart from what was typed. */
  say(lines: readonly string[]): void;
  /** What the model should know of, with the next turn. */
  notes: string[];
  turns: number;
  /** What was typed while a turn ran. */
  typed: string;
  yes: boolean | undefined;
}

interface ChatCommand {
  name: string;
  about: string;
  run(chat: Chat): Promise<void> | void;
}

const CHAT_COMMANDS: readonly ChatCommand[] = [
  {
    name: '/help',
    about: 'this list',
    run: ({ say, screen: { paint } }) =>
      say([
        ...CHAT_COMMANDS.map(({ name, about }) => `${paint.strong(name.padEnd(9))}${about}`),
        '',
        ...HELP_ON_KEYS.map(paint.dim),
      ]),
  },
  {
    name: '/cost',
    about: 'tokens and money so far',
    run: (chat) => chat.say([costLine(chat)]),
  },
  {
    name: '/status',
    about: 'model, branch and changes',
    run: async ({ composition, say }) => {
      const { world } = composition;
      const git = await composition.gitNow();
      say([`${world.main.id} · ${git === '' ? 'not in a git repository' : git}`]);
    },
  },
  {
    name: '/diff',
    about: 'what is not committed',
    run: async ({ context, composition, screen: { paint }, say }) => {
      const patch = await composition.diff();
      if (patch === '') return say(['Nothing is uncommitted.']);
      const columns = context.stderr.columns ?? 80;
      await showLong(context, ['', ...renderDiff(patch, { paint, columns }), '']);
    },
  },
  {
    name: '/undo',
    about: 'undo the last change (nex rollback)',
    run: async ({ context, yes, notes }) => {
      const { rollbackCommand } = await import('./commands/rollback.ts');
      const status = await rollbackCommand(context, yes === undefined ? {} : { yes });
      if (status === 0)
        notes.push('The user has undone your last change with `nex rollback`. Read files again before you edit them.');
    },
  },
  {
    name: '/clear',
    about: 'forget the conversation',
    run: ({ composition, say }) => {
      composition.forget();
      say(['The conversation is forgotten; the project memory is not.']);
    },
  },
  { name: '/exit', about: 'leave (or Ctrl-D)', run: () => undefined },
];

const HELP_ON_KEYS = [
  'Enter sends; Alt-Enter, or a \\ at the end, goes on below. Pasted lines stay one.',
  'Up and down go through what was typed before, Ctrl-R searches it, Tab completes.',
  'Ctrl-C stops the turn, Ctrl-D leaves.',
];

/** `/cost` and the end of the chat. */
export function costLine({ composition, turns }: Chat): string {
  const { costUsd, ...usage } = composition.totals();
  return `${count(turns, 'turn')} · ${usageLine(usage)} · ${costUsd === null ? 'cost unknown' : money(costUsd)}`;
}

/** Runs what begins with a slash; false when it is no command but something for the model, such as a path. */
export async function runChatCommand(chat: Chat, said: string): Promise<boolean> {
  if (!/^\/[a-z]+$/i.test(said)) return false;
  const command = CHAT_COMMANDS.find(({ name }) => name === said.toLowerCase());
  if (command) {
    await command.run(chat);
    return true;
  }
  const near = nearestWord(
    said.slice(1),
    CHAT_COMMANDS.map(({ name }) => name.slice(1)),
  );
  chat.say([`There is no ${said}. ${near === undefined ? '/help lists the commands.' : `Did you mean /${near}?`}`]);
  return true;
}

/** What Tab makes of the beginning of a command: all that the possible ones share. */
export function completeCommand(text: string): string | undefined {
  const names = matching(text);
  const [first] = names;
  if (first === undefined) return undefined;
  let length = first.length;
  while (!names.every((name) => name.startsWith(first.slice(0, length)))) length -= 1;
  return length > text.length ? first.slice(0, length) : undefined;
}

/** The commands that a text may become, one a line. */
export function commandHints(text: string): string[] {
  return CHAT_COMMANDS.filter(({ name }) => matching(text).includes(name)).map(
    ({ name, about }) => `  ${name.padEnd(9)}${about}`,
  );
}

function matching(text: string): string[] {
  if (!text.startsWith('/')) return [];
  return CHAT_COMMANDS.map(({ name }) => name).filter((name) => name.startsWith(text.toLowerCase()));
}
