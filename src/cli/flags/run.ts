import type { CommandTable } from './table.ts';
import { type ScriptFlags, scriptOptions } from './task.ts';

export function enterRun({ context, add, finish }: CommandTable): void {
  scriptOptions(add('run', 'run a task (the same as `nex "task"`)', 'nex run "add a login endpoint"'))
    .argument('[task...]', 'what to do')
    .action(async (words: string[], flags: ScriptFlags) => {
      const { runCommand } = await import('../commands/run.ts');
      finish(await runCommand(context, words, flags));
    });
}
