import { actionArgument, type CommandTable } from './table.ts';

export interface ErrorsFlags {
  failed?: string;
  fixed?: string;
  file?: string;
  yes?: boolean;
  json?: boolean;
}

export function enterErrors({ context, add, finish }: CommandTable): void {
  add('errors', 'the errors nex learned from', 'nex errors show 3')
    .addArgument(actionArgument('errors', 'what to do', ['list', 'show', 'add', 'forget', 'export', 'import'], 'list'))
    .argument('[value]', 'an id for `show` and `forget`, a file for `import`')
    .option('--failed <text>', 'for `add`: what went wrong')
    .option('--fixed <text>', 'for `add`: what fixed it')
    .option('--file <path>', 'for `add`: where')
    .option('-y, --yes', 'do not ask before forgetting')
    .option('--json', 'print it as JSON')
    .action(async (action: string, value: string | undefined, flags: ErrorsFlags) => {
      const { errorsCommand } = await import('../commands/errors.ts');
      finish(await errorsCommand(context, action, value, flags));
    });
}
