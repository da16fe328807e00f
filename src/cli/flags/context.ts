import type { CommandTable } from './table.ts';
import { whole } from './values.ts';

export function enterContext({ context, add, finish }: CommandTable): void {
  add('context', 'show what would be sent for a task, and why', 'nex context "add a login endpoint" --limit 20')
    .argument('<task...>', 'the task')
    .option('--budget <tokens>', 'tokens of code', whole)
    .option('--limit <files>', 'files to list', whole)
    .option('--json', 'print it as JSON')
    .action(async (words: string[], flags: { budget?: number; limit?: number; json?: boolean }) => {
      const { contextCommand } = await import('../commands/context.ts');
      finish(await contextCommand(context, words.join(' '), flags));
    });
}
