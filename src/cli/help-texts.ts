import type { CliContext } from './context.ts';
import { listed } from './flags/table.ts';
import { createProgram } from './program.ts';

/**
 * The help of nex (under the empty name) and of each command, as commander words it. The build writes them down, so
 * that `--help` is answered without loading the program.
 */
export function helpTexts(): Record<string, string> {
  let text = '';
  const sink = {
    write(piece: string) {
      text += piece;
    },
  };
  const program = createProgram({ stdout: sink, stderr: sink } as unknown as CliContext, () => {});
  return Object.fromEntries(
    [program, ...listed(program)].map((command) => {
      text = '';
      command.outputHelp();
      return [command === program ? '' : command.name(), text];
    }),
  );
}
