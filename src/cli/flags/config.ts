import { actionArgument, type CommandTable } from './table.ts';

const ACTIONS = ['list', 'get', 'set', 'unset', 'path'] as const;
export type ConfigAction = (typeof ACTIONS)[number];

export interface ConfigFlags {
  global?: boolean;
  json?: boolean;
}

export function enterConfig({ context, add, finish }: CommandTable): void {
  add('config', 'settings, and where each value comes from', 'nex config set max_cost 2 --global')
    .addArgument(actionArgument('config', 'what to do', ACTIONS, 'list'))
    .argument('[key]', 'a setting')
    .argument('[value...]', 'for `set`: its value; a list has one argument an entry')
    .option('--global', "your own file, not the project's")
    .option('--json', 'print it as JSON')
    .action(async (action: ConfigAction, key: string | undefined, values: string[], flags: ConfigFlags) => {
      const { configCommand } = await import('../commands/config.ts');
      finish(await configCommand(context, action, { key, values }, flags));
    });
}
