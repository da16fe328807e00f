import type { CommandTable } from './table.ts';
import { type TaskFlags, taskOptions } from './task.ts';

export function enterRun({ context, add, finish }: CommandTable): void {
  taskOptions(add('run', 'run a task (the same as `nex "task"`)', 'nex run "add a login endpoint"'))
    .argument('[task...]', 'what to do')
    .action(async (words: string[], flags: TaskFlags) => {
      const { runCommand } = await import('../commands/run.ts');
      finish(await runCommand(context, words, flags));
    });
}
