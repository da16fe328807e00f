import { join } from 'node:path';
import type { Asker } from '../agent/ask.ts';
import type { ChecksPort } from '../agent/world.ts';
import { detectLinter, detectTests } from '../checks/test-runner.ts';
import type { Config } from '../config.ts';
import { codeOf, NexError } from '../errors.ts';
import type { ToolCall } from '../model/message.ts';
import { lookInto } from '../platform/project-look.ts';
import { inFolder } from '../platform/shell-quote.ts';
import type { StateFolder } from '../platform/state-folder.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import { projectBefore } from './run-before.ts';

/** Tests, linter and formatter of a project, run by the same tool that runs the model's commands. */
export function createChecks(options: {
  root: string;
  config: Config;
  state: StateFolder;
  asker: Asker;
  tools: readonly Tool[];
  contextFor: (call: ToolCall) => ToolContext;
  shellName: string;
}): ChecksPort {
  const { root, config, state, asker } = options;
  const { settings, sources } = config;
  const look = lookInto(root);
  const runCommand = options.tools.find(({ spec }) => spec.name === 'run_command');
  const asked = new Map<string, boolean>();
  return {
    suite(changed) {
      if (settings.testCommand === undefined) {
        const found = detectTests(changed, look);
        return found && { ...found, fromProject: false };
      }
      return { command: settings.testCommand, cwd: '.', fromProject: sources.testCommand === 'project' };
    },
    linter() {
      const command = settings.lintCommand ?? detectLinter(look);
      return command === undefined ? undefined : { command, fromProject: sources.lintCommand === 'project' };
    },
    formatter() {
      return settings.format === undefined
        ? undefined
        : { command: settings.format, fromProject: sources.format === 'project' };
    },
    async approved(command, signal) {
      if (state.isApproved(root, command)) return true;
      const before = asked.get(command);
      if (before !== undefined || !asker.present) return before ?? false;
      // Its exact text is what is agreed to; `--yes` is no agreement to what a clone brings along.
      const { answer } = await asker
        .ask(
          {
            kind: 'text',
            id: `approve-${command}`,
            text: `The project's settings ask nex to run \`${command}\`. Type yes to allow exactly this, now and later`,
          },
          signal,
        )
        .then(({ said }) => ({ answer: said?.trim().toLowerCase() }));
      const yes = answer === 'yes' || answer === 'y';
      asked.set(command, yes);
      if (yes) state.approve(root, command);
      return yes;
    },
    async runBefore({ command, cwd }, exportTo, timeoutSeconds, signal) {
      try {
        await using before = await projectBefore(root, cwd, exportTo);
        return before && (await this.run(command, join(before.path, cwd), timeoutSeconds, signal));
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof NexError || codeOf(error) !== undefined) return undefined;
        throw error;
      }
    },
    async run(command, cwd, timeoutSeconds, signal) {
      const call: ToolCall = {
        id: 'check',
        name: 'run_command',
        input: { command: inFolder(cwd, command, options.shellName), timeout_seconds: timeoutSeconds },
      };
      const parsed = runCommand?.parse(call.input);
      if (!runCommand || !parsed?.ok) throw new Error('the toolbox has no run_command');
      const result = await runCommand.run(parsed.input, { ...options.contextFor(call), signal });
      return { exit: result.exit ?? null, shown: result.ok ? result.output : result.error };
    },
  };
}
