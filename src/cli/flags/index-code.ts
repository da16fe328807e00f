import type { CommandTable } from './table.ts';

export function enterIndex({ context, add, finish }: CommandTable): void {
  add('index', 'build or refresh the code index', 'nex index --full')
    .option('--full', 'read every file again')
    .option('--json', 'print the figures as JSON')
    .option('-v, --verbose', 'name every skipped file and why')
    .action(async (flags: { full?: boolean; json?: boolean; verbose?: boolean }) => {
      const { indexCommand } = await import('../commands/index-code.ts');
      finish(await indexCommand(context, flags));
    });
}
