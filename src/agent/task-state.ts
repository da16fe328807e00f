import type { ZodType } from 'zod';
import type { AgentChanges } from '../history/agent-changes.ts';
import type { Learned, Learner } from '../memory/learner.ts';
import type { ErrorPatterns, Pattern } from '../memory/pattern.ts';
import type { JsonObject, Message } from '../model/message.ts';
import type { ReviewOutcome, TestsOutcome } from '../session/outcome.ts';
import type { Kept } from './kept.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** The conversation that a task belongs to; a chat's turns share one. */
export interface AgentSession {
  id: string;
  system: string[];
  conversation: Message[];
  /** What earlier conversations of this session leave behind. */
  kept: Kept;
  /** What the server counted last, and how many messages it had counted then. */
  counted?: { tokens: number; messages: number } | undefined;
  /** The session this one goes on from, if any. */
  resumed?: string;
}

export interface TaskRequest {
  task: string;
  /** Text that came through a pipe beside the task. */
  piped: string;
  /** False for `--no-tests`, `--no-review`, `--no-wrap-up`, `--no-commit`. */
  tests: boolean;
  review: boolean;
  wrapUp: boolean;
  commit: boolean;
  /** The shape that the final answer must have; plain words when absent. */
  answer?: AnswerShape;
}

/** A JSON Schema, and what checks a value against it. */
export interface AnswerShape {
  schema: JsonObject;
  check: ZodType;
}

/** What a task gathers on its way; everything else reads it. */
export interface TaskState {
  world: World;
  session: AgentSession;
  request: TaskRequest;
  signal: AbortSignal;
  patterns: ErrorPatterns | undefined;
  learner: Learner | undefined;
  /** That these two are being opened. */
  learning: Promise<void> | undefined;
  /** Lessons that this task completed. */
  fixed: Pattern[];
  refused: Array<{ command: string; rule: string; reason: string }>;
  /** The checklist, when the task has parts. */
  plan: Plan | undefined;
  calls: number;
  text: string;
  /** Files that were changed, once the records are kept; a commit would hide them. */
  files: string[] | undefined;
  tests: TestsOutcome;
  review: ReviewOutcome;
  /** Test commands that failed before anything was changed. */
  redBefore: Set<string>;
}

/** A task that has not begun. */
export function newTaskState(
  world: World,
  session: AgentSession,
  request: TaskRequest,
  signal: AbortSignal,
): TaskState {
  return {
    world,
    session,
    // Planner, reviewer and wrap-up see the task too: secrets in it are taken out here, for all of them.
    request: { ...request, task: world.redact(request.task), piped: world.redact(request.piped) },
    signal,
    patterns: undefined,
    learner: undefined,
    learning: undefined,
    fixed: [],
    refused: [],
    plan: undefined,
    calls: 0,
    text: '',
    files: undefined,
    tests: { status: 'not_run' },
    review: { status: 'not_reviewed', objections: [] },
    redBefore: new Set(),
  };
}

/** Notes the conversation anew, after it was begun anew or mended: a resumed session goes on from this one. */
export function rewriteJournal({ world, session }: TaskState): void {
  session.counted = undefined;
  world.journal.prefix(session.system);
  for (const message of session.conversation) world.journal.message(message);
  world.journal.sync();
}

/** The agent's changes so far: of the overlay in a dry run, else since the first checkpoint. */
export async function changesOf({ world }: TaskState): Promise<AgentChanges> {
  if (world.preview) return world.preview.changes();
  return world.history?.started ? world.history.changes() : { patch: '', files: [] };
}

/** Opens the store of lessons and begins to learn; once a task. */
export function learn(state: TaskState, recalled: readonly Pattern[] = []): Promise<void> {
  const { world, request } = state;
  const open = async () => {
    state.patterns = await world.patterns();
    state.learner = state.patterns && (await world.learner(state.patterns, request.task, recalled));
  };
  state.learning ??= open();
  return state.learning;
}

/** What failing checks print whose status says nothing: behind a pipe, or in a script that swallows it. */
const SIGNS_OF_FAILURE = /\bFAIL|\bnot ok\b|\berror\b|\b[1-9]\d* fail|Traceback|panicked|✖|✗|✕/;

/**
 * Tells the learner of a command's end; returns what it remembers of such a failure. The store is opened at the first
 * one: most tasks have none, and opening it takes as long as many a command.
 */
export async function noteFailure(
  state: TaskState,
  run: { command: string; exit: number | null; output: string },
): Promise<string | undefined> {
  if (run.exit !== 0 || SIGNS_OF_FAILURE.test(run.output)) await learn(state);
  return hear(state, state.learner?.afterCommand(run));
}

/** Tells everybody what the learner brought up or learned; returns its note for the model. */
export function hear(state: TaskState, heard: Learned | undefined): string | undefined {
  for (const pattern of heard?.recalled ?? [])
    state.world.emit({ type: 'error.recalled', ...told(pattern), moment: 'failure' });
  for (const pattern of heard?.learned ?? []) {
    state.fixed.push(pattern);
    state.world.emit({ type: 'error.learned', ...told(pattern) });
  }
  return heard?.note;
}

/** A lesson as events and the wrap-up tell it. */
export function told({ id, whatFailed, whatFixed }: Pattern): { id: number; what_failed: string; what_fixed: string } {
  return { id, what_failed: whatFailed, what_fixed: whatFixed };
}

/** True when an answer ends in a question to the user. */
export function asksBack(text: string): boolean {
  return /\?["'”’)*_`\]]*\s*$/.test(text);
}
