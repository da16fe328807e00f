import type { CommandTable } from './table.ts';

export function enterStatus({ context, add, finish }: CommandTable): void {
  add('status', 'memory, errors, index, branch, model and key', 'nex status --cost')
    .option('--cost', 'what each task and day cost')
    .option('--json', 'print it as JSON')
    .action(async (flags: { cost?: boolean; json?: boolean }) => {
      const { statusCommand } = await import('../commands/status.ts');
      finish(await statusCommand(context, flags));
    });
}
