import { NexError } from '../errors.ts';
import type { TaskHistory } from '../history/task-history.ts';
import { uncoveredBy } from '../history/uncovered.ts';
import type { Message, ToolCall } from '../model/message.ts';
import type { Judgement } from '../safety/policy.ts';
import type { ToolResult } from '../tools/tool.ts';
import { createRoom } from './compaction.ts';
import { type LoopEnd, runLoop } from './loop.ts';
import type { PerformOptions } from './perform.ts';
import { askAbout, createPermit, type Permit } from './permission.ts';
import { tickOff } from './plan.ts';
import { asksBack, changesOf, hear, learn, noteFailure, rewriteJournal, type TaskState } from './task-state.ts';

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

/** Decides on the calls of this task. */
export function permitFor({ world, refused }: TaskState): Permit {
  const { judge, asker, emit, trusted, preview } = world;
  return createPermit({ judge, asker, emit, trusted, refused, dryRun: preview });
}

/** What carrying out a call takes in this task. */
export function performing(state: TaskState): PerformOptions {
  const { world, signal } = state;
  return {
    tools: world.tools,
    signal,
    emit: world.emit,
    contextFor: world.contextFor,
    permit: permitFor(state),
    beforeChange: (call) => beforeChange(state, call),
    afterCall: (call, result) => afterCall(state, call, result),
    redact: world.redact,
    sendOnce: world.sendOnce,
    clock: world.clock,
  };
}

/** Runs the loop; a question at its end that a person can answer is put to them. */
export async function talk(state: TaskState): Promise<LoopEnd> {
  const { world, session, signal } = state;
  const perform = performing(state);
  for (;;) {
    // While the model thinks there is time for what the first checkpoint will need.
    setImmediate(() => {
      if (!world.history?.started) void world.history?.prepare();
    });
    const end = await runLoop(session.conversation, {
      ...perform,
      model: world.main,
      system: session.system,
      effort: world.settings.effort,
      maxCalls: Math.max(0, world.settings.maxIterations - state.calls),
      record: (message) => {
        world.journal.message(message);
        if (message.role === 'assistant' && state.plan) tickOff(state.plan, message.text, world.emit);
        if (message.role === 'tools') world.journal.sync();
      },
      grantMore: (used) => grantMore(state, used),
      room: createRoom(state),
      mended: () => rewriteJournal(state),
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

/**
 * Saves the state before a call that may change something, and asks where the call would touch what no saved state
 * holds; answers why it may not run, for the model. Throws NexError 'repository' where nothing may be changed.
 */
async function beforeChange(state: TaskState, call: ToolCall): Promise<string | undefined> {
  const { world } = state;
  if (world.preview) return undefined;
  const { path, command } = call.input;
  const detail = typeof command === 'string' ? command : typeof path === 'string' ? path : '';
  await historyOf(state).checkpoint(
    { tool: call.name, detail: world.redact(detail) },
    typeof path === 'string' ? [path] : [],
  );
  return askUncovered(state, call);
}

/** The history that makes a change undoable. Throws NexError 'repository' where there is none. */
export function historyOf({ world }: TaskState): TaskHistory {
  if (world.history) return world.history;
  throw new NexError('repository', 'This folder is not in a git repository, so a change could not be undone.', {
    hint: 'Run `git init` first; questions and `--dry-run` work without.',
  });
}

/** Asks about a call that would touch what the last checkpoint does not hold; answers why it may not run. */
export async function askUncovered(state: TaskState, call: ToolCall): Promise<string | undefined> {
  const { world } = state;
  const { path, command } = call.input;
  const touched = typeof path === 'string' ? { path } : { command: typeof command === 'string' ? command : '' };
  const lost = uncoveredBy(touched, world.history?.notCovered ?? [], world.root);
  if (!lost) return undefined;
  const judgement: Judgement = {
    verdict: 'ask',
    rule: 'history.not-covered',
    category: 'history',
    reason: `${lost.path} is ${lost.reason}, so no checkpoint holds it: what happens to it cannot be undone`,
    parts: [],
    readOnly: false,
  };
  const asking = { asker: world.asker, emit: world.emit, refused: state.refused };
  return (await askAbout(asking, call, judgement, state.signal))?.reason;
}

async function afterCall(
  state: TaskState,
  call: ToolCall,
  result: ToolResult,
): Promise<{ note?: string; stop?: string }> {
  const { world } = state;
  // Not awaited: the state after a change is saved while the model thinks.
  if (world.history?.started) void world.history.settle();
  const said = world.redact(result.ok ? result.output : result.error);
  const { command, path } = call.input;
  if (call.name === 'write_file' && typeof path === 'string')
    return withNote(await heardOfEdit(state, path, result.ok, said));
  if (call.name !== 'run_command' || typeof command !== 'string' || result.exit === undefined) return {};
  if (!world.history?.started && result.exit !== 0) state.redBefore.add(command.trim());
  const moved = world.history?.started ? await world.history.movedRefs() : undefined;
  if (moved) world.emit({ type: 'notice', level: 'warning', text: moved.sentence });
  const note = await noteFailure(state, { command, exit: result.exit, output: said });
  return { ...withNote(note), ...(moved?.stop ? { stop: moved.sentence } : {}) };
}

async function heardOfEdit(state: TaskState, path: string, ok: boolean, said: string): Promise<string | undefined> {
  if (ok) state.learner?.afterEdit({ path, patch: said });
  else await learn(state);
  return ok ? undefined : hear(state, state.learner?.afterFailedEdit({ path, error: said }));
}

function withNote(note: string | undefined): { note?: string } {
  return note === undefined ? {} : { note };
}
