import { actionArgument, type CommandTable } from './table.ts';

const ACTIONS = ['login', 'status', 'logout'] as const;
export type AuthAction = (typeof ACTIONS)[number];

export function enterAuth({ context, add, finish }: CommandTable): void {
  add('auth', 'keep the API key in the keyring of this system', 'nex auth status')
    .addArgument(actionArgument('auth', 'what to do', ACTIONS, 'login'))
    .option('--json', 'for `status`: print it as JSON')
    .action(async (action: AuthAction, flags: { json?: boolean }) => {
      const { authCommand } = await import('../commands/auth.ts');
      finish(await authCommand(context, action, flags));
    });
}
