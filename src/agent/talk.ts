import { NexError } from '../errors.ts';
import type { Message, ToolCall } from '../model/message.ts';
import type { ToolResult } from '../tools/tool.ts';
import { createRoom } from './compaction.ts';
import { type LoopEnd, runLoop } from './loop.ts';
import { createPermit } from './permission.ts';
import { tickOff } from './plan.ts';
import { asksBack, changesOf, hear, noteFailure, rewriteJournal, type TaskState } from './task-state.ts';

/** Adds a user message to the conversation and the journal; secrets are taken out here, once and for all. */
export function say({ world, session }: TaskState, text: string): void {
  const message: Message = { role: 'user', text: world.redact(text) };
  session.conversation.push(message);
  world.journal.message(message);
}

/** Adds what the model must hear and lets it go on. */
export async function goOn(state: TaskState, note: string): Promise<LoopEnd> {
  say(state, note);
  return talk(state);
}

/** Runs the loop; a question at its end that a person can answer is put to them. */
export async function talk(state: TaskState): Promise<LoopEnd> {
  const { world, session, signal } = state;
  const permit = createPermit({
    judge: world.judge,
    asker: world.asker,
    emit: world.emit,
    trusted: world.trusted,
    refused: state.refused,
    dryRun: world.preview,
  });
  for (;;) {
    // While the model thinks there is time for what the first checkpoint will need.
    if (!world.history?.started) setImmediate(() => void world.history?.prepare());
    const end = await runLoop(session.conversation, {
      model: world.main,
      system: session.system,
      tools: world.tools,
      effort: world.settings.effort,
      maxCalls: Math.max(0, world.settings.maxIterations - state.calls),
      signal,
      emit: world.emit,
      contextFor: world.contextFor,
      permit,
      beforeChange: (call) => beforeChange(state, call),
      afterCall: (call, result) => afterCall(state, call, result),
      redact: world.redact,
      sendOnce: world.sendOnce,
      record: (message) => {
        world.journal.message(message);
        if (message.role === 'assistant' && state.plan) tickOff(state.plan, message.text, world.emit);
        if (message.role === 'tools') world.journal.sync();
      },
      grantMore: (used) => grantMore(state, used),
      room: createRoom(state),
      mended: () => rewriteJournal(state),
      clock: world.clock,
    });
    state.calls += end.calls;
    state.text = end.text;
    if (
      end.status !== 'done' ||
      !asksBack(end.text) ||
      world.preview ||
      !world.asker.present ||
      (await changesOf(state)).files.length > 0
    )
      return end;
    const reply = await world.asker.ask(
      { kind: 'text', id: `question-${state.calls}`, text: 'Your answer (empty to leave it)' },
      signal,
    );
    if (!reply.said) return end;
    say(state, reply.said);
  }
}

async function grantMore({ world, signal }: TaskState, used: number): Promise<boolean> {
  if (!world.asker.present || world.yes) return false;
  const more = world.settings.maxIterations;
  const { answer } = await world.asker.ask(
    {
      kind: 'confirm',
      id: `more-${used}`,
      text: `The limit of ${more} tool calls is reached. Allow ${more} more?`,
      fallback: false,
    },
    signal,
  );
  return answer === 'yes';
}

/** Saves the state before a call that may change something. Throws NexError 'repository' where nothing may be changed. */
export async function beforeChange({ world }: TaskState, call: ToolCall): Promise<void> {
  if (world.preview) return;
  if (!world.history) {
    throw new NexError('repository', 'This folder is not in a git repository, so a change could not be undone.', {
      hint: 'Run `git init` first; questions and `--dry-run` work without.',
    });
  }
  const { path, command } = call.input;
  const detail = typeof command === 'string' ? command : typeof path === 'string' ? path : '';
  await world.history.checkpoint(
    { tool: call.name, detail: world.redact(detail) },
    typeof path === 'string' ? [path] : [],
  );
}

async function afterCall(
  state: TaskState,
  call: ToolCall,
  result: ToolResult,
): Promise<{ note?: string; stop?: string }> {
  const { world, learner } = state;
  // Not awaited: the state after a change is saved while the model thinks.
  if (world.history?.started) void world.history.settle();
  const said = world.redact(result.ok ? result.output : result.error);
  const { command, path } = call.input;
  if (call.name === 'write_file' && typeof path === 'string')
    return withNote(heardOfEdit(state, path, result.ok, said));
  if (call.name !== 'run_command' || typeof command !== 'string' || result.exit === undefined) return {};
  if (!world.history?.started && result.exit !== 0) state.redBefore.add(command.trim());
  const moved = world.history?.started ? await world.history.movedRefs() : undefined;
  if (moved) world.emit({ type: 'notice', level: 'warning', text: moved.sentence });
  const note = learner && noteFailure(state, { command, exit: result.exit, output: said });
  return { ...withNote(note), ...(moved?.stop ? { stop: moved.sentence } : {}) };
}

function heardOfEdit(state: TaskState, path: string, ok: boolean, said: string): string | undefined {
  if (ok) state.learner?.afterEdit({ path, patch: said });
  return ok ? undefined : hear(state, state.learner?.afterFailedEdit({ path, error: said }));
}

function withNote(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}
