import { join } from 'node:path';
import { messageOf, NexError } from '../errors.ts';
import type { ToolCall } from '../model/message.ts';
import { randomHex } from '../platform/crypto.ts';
import { openWorkspace } from '../platform/disk-workspace.ts';
import { overlayOn } from '../platform/overlay.ts';
import { lookInto } from '../platform/project-look.ts';
import type { Shell } from '../platform/shell.ts';
import { systemShell } from '../platform/system-shell.ts';
import type { Workspace } from '../platform/workspace.ts';
import { isSecretPath } from '../safety/secret-paths.ts';
import type { Redactor } from '../safety/secrets.ts';
import type { Emit } from '../session/events.ts';
import { filesOf } from '../session/journal.ts';
import { SaidBefore } from '../tools/said-before.ts';
import { SeenFiles } from '../tools/seen-files.ts';
import type { Tool, ToolContext } from '../tools/tool.ts';
import { createToolbox } from '../tools/toolbox.ts';
import type { CliContext } from './context.ts';
import type { Project } from './project.ts';

/** What a task acts with: the tools, the files and the shell below them, and what the conversation saw of both. */
export interface Hands {
  workspace: Workspace;
  shell: Shell;
  tools: readonly Tool[];
  seen: SeenFiles;
  contextFor(call: ToolCall): ToolContext;
  /** What a call answers, in short where it stands elsewhere in the conversation. */
  sendOnce(call: ToolCall, text: string): string;
  /** Calls from now on stop with this signal. */
  stopWith(signal: AbortSignal): void;
  /** A conversation begins anew, and has seen nothing. */
  forget(): void;
  /** Ends what still runs. */
  close(): void;
}

/** Opens the project's files and a shell. Throws NexError 'usage' when an added folder is not there. */
export async function openHands(
  { env, signal }: CliContext,
  { root, nexDir }: Project,
  options: { sessionId: string; dryRun: boolean; addDirs: readonly string[]; redactor: Redactor; emit: Emit },
): Promise<Hands> {
  const { sessionId, dryRun, addDirs, redactor, emit } = options;
  const disk = await openWorkspace({ root, added: addDirs }).catch((error: unknown) => {
    if (addDirs.length === 0) throw error;
    throw new NexError('usage', messageOf(error), { hint: 'Give --add-dir a folder that can be read.', cause: error });
  });
  const workspace = dryRun ? overlayOn(disk) : disk;
  const shell = systemShell({ env, marker: randomHex(8) });
  // A second Ctrl-C ends the process at once; what it had started must not outlive it.
  const kill = () => shell.kill();
  process.on('exit', kill);
  const seen = new SeenFiles();
  const saidBefore = new SaidBefore();
  const { read: originalOf } = lookInto(root);
  let stop = signal;
  return {
    workspace,
    shell,
    tools: createToolbox({ env, ripgrep: env['NEX_RG'] }),
    seen,
    contextFor: (call) => ({
      workspace,
      shell,
      seen,
      signal: stop,
      emitOutput: (text) => emit({ type: 'tool.output', id: call.id, text }),
      outputFilter: () => redactor.filter(),
      spoolFile: (name) => (dryRun ? undefined : join(filesOf(join(nexDir, 'sessions'), sessionId), name)),
      restore: (text, path) => redactor.restore(text, originalOf(path)),
      isSecret: isSecretPath,
    }),
    sendOnce: (call, text) => saidBefore.shorten(describeCall(call), text),
    stopWith: (next) => {
      stop = next;
    },
    forget: () => {
      seen.clear();
      saidBefore.clear();
    },
    close: () => {
      kill();
      process.off('exit', kill);
    },
  };
}

/** A call in a few words, for a result that stands elsewhere in the conversation. */
function describeCall({ name, input }: ToolCall): string {
  const what = [input['command'], input['path'], input['pattern']].find((value) => typeof value === 'string');
  return typeof what === 'string' ? `${name} \`${what.slice(0, 80)}\`` : name;
}
