import type { CommandTable } from './table.ts';

export function enterUpdate({ context, add, finish }: CommandTable): void {
  add('update', 'whether a newer version exists; changes nothing', 'nex update --check')
    .option('--check', 'ask the npm registry')
    .option('--json', 'print it as JSON')
    .action(async (flags: { check?: boolean; json?: boolean }) => {
      const { updateCommand } = await import('../commands/update.ts');
      finish(await updateCommand(context, flags));
    });
}
