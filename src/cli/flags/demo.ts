import type { CommandTable } from './table.ts';

export function enterDemo({ context, add, finish }: CommandTable): void {
  add('demo', 'the whole loop with a recorded model: no key, no network', 'nex demo').action(async () => {
    const { demoCommand } = await import('../commands/demo.ts');
    finish(await demoCommand(context));
  });
}
