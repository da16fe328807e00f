import type { CommandTable } from './table.ts';

export function enterInit({ context, add, finish }: CommandTable): void {
  add('init', 'create .nex/ and write what the repository tells of itself', 'nex init')
    .option('--force', 'write the generated sections of memory.md again')
    .option('--json', 'print it as JSON')
    .action(async (flags: { force?: boolean; json?: boolean }) => {
      const { initCommand } = await import('../commands/init.ts');
      finish(await initCommand(context, flags));
    });
}
