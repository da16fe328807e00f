import type { CommandTable } from './table.ts';

export function enterApply({ context, add, finish }: CommandTable): void {
  add('apply', 'apply the last dry run, without paying for it again', 'nex apply')
    .argument('[id]', 'the preview; the last one when left out')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print how it ended as JSON')
    .action(async (id: string | undefined, flags: { yes?: boolean; json?: boolean }) => {
      const { applyCommand } = await import('../commands/apply.ts');
      finish(await applyCommand(context, id, flags));
    });
}
