import type { Command } from 'commander';
import type { CommandTable } from './table.ts';

export function enterHelp({ context, add, finish }: CommandTable, program: Command): void {
  add('help', 'the help of a command, or a guide', 'nex help safety')
    .argument('[topic]', 'a command or a guide; all of them when left out')
    .option('--plain', 'as Markdown, for pipes and screen readers')
    .action(async (topic: string | undefined, flags: { plain?: boolean }) => {
      const { helpCommand } = await import('../commands/help.ts');
      finish(await helpCommand(context, program, topic, flags));
    });
}
