import { NexError } from '../errors.ts';
import type { ToolCall } from '../model/message.ts';
import type { Preview } from '../session/previews.ts';
import type { Tool } from '../tools/tool.ts';
import { concludeTask } from './conclude.ts';
import { perform } from './perform.ts';
import { askUncovered, historyOf, performing, permitFor } from './talk.ts';
import { performTask, type TaskEnd } from './task.ts';
import type { TaskState } from './task-state.ts';

/**
 * Does what a dry run showed: writes its files, merged with what the user changed there since, all or none; runs its
 * commands; and ends like any task, with the tests left to its commands. Each file and command is judged again.
 * Nothing is asked of a model.
 */
export function applyPreview(state: TaskState, preview: Preview): Promise<TaskEnd> {
  return performTask(state, async () => {
    if (preview.files.length > 0) await writePlanned(state, preview);
    for (const [index, command] of preview.commands.entries()) await runPlanned(state, command, index);
    state.text = `Applied the dry run ${preview.id}.`;
    return concludeTask(state);
  });
}

async function writePlanned(state: TaskState, { id, files }: Preview): Promise<void> {
  const { world, signal } = state;
  const tool = toolNamed(state, 'write_file');
  const permit = permitFor(state);
  const history = historyOf(state);
  const calls = files.map(({ path, after }): ToolCall => {
    const content = Buffer.from(after, 'base64').toString('utf8');
    return { id: `apply-${path}`, name: 'write_file', input: { path, content } };
  });
  for (const call of calls) {
    const leave = await permit(call, tool, signal);
    if (leave.kind === 'refuse') throw new NexError('refused', `Nothing was changed. ${leave.reason}`);
  }
  await history.checkpoint(
    { tool: 'apply', detail: id },
    files.map(({ path }) => path),
  );
  for (const call of calls) {
    const refused = await askUncovered(state, call);
    if (refused !== undefined) throw new NexError('refused', `Nothing was changed. ${refused}`);
  }
  const conflicts = await history.write(
    files.map(({ path, before, after }) => ({
      path,
      before: before === undefined ? undefined : Buffer.from(before, 'base64'),
      after: Buffer.from(after, 'base64'),
    })),
  );
  if (conflicts.length > 0) {
    const told = conflicts.map(({ path, reason }) => `${path} (${reason})`).join(', ');
    throw new NexError('repository', `The project moved on since the dry run, so nothing was written: ${told}.`, {
      hint: 'Make the dry run again: nex --dry-run "task".',
    });
  }
  for (const { id: callId, input } of calls) {
    const path = String(input['path']);
    const text = `Wrote ${path}.`;
    world.emit({ type: 'tool.call', id: callId, name: 'write_file', input });
    world.emit({
      type: 'tool.result',
      id: callId,
      name: 'write_file',
      ok: true,
      text,
      changed: [path],
      duration_ms: 0,
    });
  }
}

async function runPlanned(state: TaskState, command: string, index: number): Promise<void> {
  const call: ToolCall = { id: `apply-${index + 1}`, name: 'run_command', input: { command } };
  // There is no conversation that could have had the same result before.
  const { stop } = await perform(call, { ...performing(state), sendOnce: (_, text) => text });
  state.calls += 1;
  if (stop !== undefined) throw new NexError('repository', stop);
}

function toolNamed({ world }: TaskState, name: string): Tool {
  const tool = world.tools.find(({ spec }) => spec.name === name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool;
}
