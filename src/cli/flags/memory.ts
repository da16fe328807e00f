import { actionArgument, type CommandTable } from './table.ts';

export function enterMemory({ context, add, finish }: CommandTable): void {
  add('memory', 'show, edit or add to the project memory', 'nex memory add "Dates are ISO 8601 everywhere"')
    .addArgument(actionArgument('memory', 'what to do', ['show', 'edit', 'add', 'path'], 'show'))
    .argument('[text...]', 'for `add`: what to add')
    .option('--json', 'for `show` and `path`: print it as JSON')
    .action(async (action: string, words: string[], flags: { json?: boolean }) => {
      const { memoryCommand } = await import('../commands/memory.ts');
      finish(await memoryCommand(context, action, { text: words.join(' '), json: flags.json === true }));
    });
}
