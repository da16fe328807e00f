import { actionArgument, type CommandTable } from './table.ts';

export interface SessionsFlags {
  markdown?: boolean;
  yes?: boolean;
  json?: boolean;
}

const ACTIONS = ['list', 'show', 'resume', 'search', 'rename', 'export', 'rm'] as const;
export type SessionsAction = (typeof ACTIONS)[number];

export function enterSessions({ context, add, finish }: CommandTable): void {
  add('sessions', 'what happened: the journals of this project', 'nex sessions list')
    .addArgument(actionArgument('sessions', 'what to do', ACTIONS, 'list'))
    .argument('[value]', 'a session, or what to search for')
    .argument('[name...]', 'for `rename`: the new name')
    .option('--markdown', 'for `export`: a report to read, not JSON Lines')
    .option('-y, --yes', 'do not ask before removing')
    .option('--json', 'print it as JSON')
    .action(async (action: SessionsAction, value: string | undefined, name: string[], flags: SessionsFlags) => {
      const { sessionsCommand } = await import('../commands/sessions.ts');
      finish(await sessionsCommand(context, action, { value, name: name.join(' ') }, flags));
    });
}
