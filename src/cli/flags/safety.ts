import { actionArgument, type CommandTable } from './table.ts';

export function enterSafety({ context, add, finish }: CommandTable): void {
  add('safety', 'what the safety layer says of a command; its rules', 'nex safety test "rm -rf build"')
    .addArgument(actionArgument('safety', 'what to do', ['test', 'rules']))
    .argument('[command]', 'the command to judge; `-` reads one JSON string a line')
    .option('--json', 'one JSON object a line')
    .action(async (action: string, command: string | undefined, flags: { json?: boolean }) => {
      const { safetyCommand } = await import('../commands/safety.ts');
      finish(await safetyCommand(context, action, command, flags));
    });
}
