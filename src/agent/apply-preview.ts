import { NexError } from '../errors.ts';
import type { ToolCall } from '../model/message.ts';
import type { Workspace } from '../platform/workspace.ts';
import type { Preview } from '../session/previews.ts';
import { concludeTask } from './conclude.ts';
import { createPermit } from './permission.ts';
import { beforeChange } from './talk.ts';
import { performTask, type TaskEnd } from './task.ts';
import { noteFailure, type TaskState } from './task-state.ts';

/** Files of a preview that are no longer as the dry run saw them. */
export async function movedFiles(workspace: Workspace, preview: Preview): Promise<string[]> {
  const moved: string[] = [];
  for (const { path, before, after } of preview.files) {
    const now =
      (await workspace.stat(path)) === undefined ? undefined : (await workspace.read(path)).toString('base64');
    if (now !== before && now !== after) moved.push(path);
  }
  return moved;
}

/**
 * Does what a dry run showed: writes its files, runs its commands (each judged again), and ends like any task,
 * with the tests left to its commands. Nothing is asked of a model.
 */
export function applyPreview(state: TaskState, workspace: Workspace, preview: Preview): Promise<TaskEnd> {
  return performTask(state, async () => {
    for (const { path, after } of preview.files) {
      const call: ToolCall = { id: `apply-${path}`, name: 'write_file', input: { path } };
      state.world.emit({ type: 'tool.call', ...call });
      await beforeChange(state, call);
      await workspace.write(path, Buffer.from(after, 'base64'));
      state.world.emit({
        type: 'tool.result',
        id: call.id,
        name: call.name,
        ok: true,
        text: `Wrote ${path}.`,
        changed: [path],
        duration_ms: 0,
      });
    }
    for (const [index, command] of preview.commands.entries()) await runPlanned(state, command, index);
    state.text = `Applied the dry run ${preview.id}.`;
    return concludeTask(state);
  });
}

async function runPlanned(state: TaskState, command: string, index: number): Promise<void> {
  const { world, signal } = state;
  const tool = world.tools.find(({ spec }) => spec.name === 'run_command');
  const call: ToolCall = { id: `apply-${index + 1}`, name: 'run_command', input: { command } };
  const parsed = tool?.parse(call.input);
  if (!tool || !parsed?.ok)
    throw new NexError('failed', `The command \`${command}\` cannot be run.`, { hint: 'Make the dry run again.' });
  const permit = createPermit({
    judge: world.judge,
    asker: world.asker,
    emit: world.emit,
    trusted: world.trusted,
    refused: state.refused,
    dryRun: undefined,
  });
  const began = world.clock.now().getTime();
  world.emit({ type: 'tool.call', id: call.id, name: call.name, input: call.input });
  const leave = await permit(call, tool, signal);
  if (leave.kind === 'run' && !leave.readOnly) await beforeChange(state, call);
  const result = leave.kind === 'run' ? await tool.run(parsed.input, world.contextFor(call)) : undefined;
  const text = world.redact(
    result === undefined ? (leave.kind === 'refuse' ? leave.reason : '') : result.ok ? result.output : result.error,
  );
  state.calls += 1;
  if (result?.exit !== undefined) noteFailure(state, { command, exit: result.exit, output: text });
  world.emit({
    type: 'tool.result',
    id: call.id,
    name: call.name,
    ok: result?.ok === true,
    text,
    changed: [],
    ...(result?.exit === undefined ? {} : { exit: result.exit }),
    duration_ms: world.clock.now().getTime() - began,
  });
}
