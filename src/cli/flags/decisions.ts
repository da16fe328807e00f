import type { CommandTable } from './table.ts';

export function enterDecisions({ context, add, finish }: CommandTable): void {
  add('decisions', 'the decision log', 'nex decisions')
    .option('--json', 'print it as JSON')
    .action(async (flags: { json?: boolean }) => {
      const { decisionsCommand } = await import('../commands/decisions.ts');
      finish(await decisionsCommand(context, flags));
    });
}
