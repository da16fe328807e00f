import type { CommandTable } from './table.ts';
import { type TaskFlags, taskOptions } from './task.ts';

export function enterChat({ context, add, finish }: CommandTable): void {
  taskOptions(add('chat', 'the same agent as a conversation', 'nex chat --continue')).action(
    async (flags: TaskFlags) => {
      const { chatCommand } = await import('../commands/chat.ts');
      finish(await chatCommand(context, flags));
    },
  );
}
