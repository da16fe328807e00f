import type { CommandTable } from './table.ts';
import { whole } from './values.ts';

export interface RollbackFlags {
  list?: boolean;
  to?: number;
  redo?: boolean;
  discard?: boolean;
  prune?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function enterRollback({ context, add, finish }: CommandTable): void {
  add('rollback', 'undo the last change of the agent', 'nex rollback --list')
    .option('--list', 'show the steps that can be gone back to')
    .option('--to <step>', 'go back to the state before this step', whole)
    .option('--redo', 'take the last rollback back')
    .option('--discard', 'back to the branch and the exact state before the task')
    .option('--prune', 'forget old steps now')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'print it as JSON')
    .action(async (flags: RollbackFlags) => {
      const { rollbackCommand } = await import('../commands/rollback.ts');
      finish(await rollbackCommand(context, flags));
    });
}
