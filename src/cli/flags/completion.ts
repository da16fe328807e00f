import type { Command } from 'commander';
import { Argument } from 'commander';
import { actionArgument, type CommandTable } from './table.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletionShell = (typeof SHELLS)[number];

export function enterCompletion({ context, add, finish }: CommandTable, program: Command): void {
  add('completion', 'completion for your shell', 'eval "$(nex completion bash)"')
    .addArgument(actionArgument('completion', 'your shell', SHELLS))
    .action(async (shell: CompletionShell) => {
      const { completionCommand } = await import('../commands/completion.ts');
      finish(completionCommand(context, shell));
    });
  // Called by the scripts at each Tab, by nobody else.
  program
    .command('__complete', { hidden: true })
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .argument('[words...]')
    .action(async (shell: CompletionShell, words: string[]) => {
      const { completeCommand } = await import('../commands/completion.ts');
      finish(await completeCommand(context, program, shell, words));
    });
}
