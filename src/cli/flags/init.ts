import type { CommandTable } from './table.ts';

export function enterInit({ context, add, finish }: CommandTable): void {
  add('init', 'create .nex/ and write what the repository tells of itself', 'nex init')
    .option('--force', 'write the generated sections of memory.md again')
    .action(async (flags: { force?: boolean }) => {
      const { initCommand } = await import('../commands/init.ts');
      finish(await initCommand(context, flags));
    });
}
