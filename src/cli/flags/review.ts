import type { CommandTable } from './table.ts';

export function enterReview({ context, add, finish }: CommandTable): void {
  add('review', 'an independent review of a diff of your own', 'nex review main..HEAD')
    .argument('[range]', 'commits; your uncommitted changes when left out')
    .option('--task <text>', 'what the diff is meant to do')
    .option('--json', 'print it as JSON')
    .action(async (range: string | undefined, flags: { task?: string; json?: boolean }) => {
      const { reviewCommand } = await import('../commands/review.ts');
      finish(await reviewCommand(context, range, flags));
    });
}
