import type { Message } from '../model/message.ts';
import type { ReviewOutcome, TestsOutcome } from './outcome.ts';
import type { Changes, LearnerPort, RecalledPattern, World } from './world.ts';

/** The conversation that a task belongs to; a chat's turns share one. */
export interface AgentSession {
  id: string;
  system: string[];
  conversation: Message[];
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
}

/** What a task gathers on its way; everything else reads it. */
export interface TaskState {
  world: World;
  session: AgentSession;
  request: TaskRequest;
  signal: AbortSignal;
  learner: LearnerPort | undefined;
  fixed: RecalledPattern[];
  refused: Array<{ command: string; rule: string; reason: string }>;
  calls: number;
  text: string;
  tests: TestsOutcome;
  review: ReviewOutcome;
  /** Test commands that failed before anything was changed. */
  redBefore: Set<string>;
}

/** The agent's changes so far: of the overlay in a dry run, else since the first checkpoint. */
export async function changesOf({ world }: TaskState): Promise<Changes> {
  if (world.preview) return world.preview.changes();
  return world.history?.started ? world.history.changes() : { patch: '', files: [] };
}

/** Tells the learner of a command's end; returns what it remembers of such a failure. */
export function noteFailure(
  state: TaskState,
  run: { command: string; exit: number | null; output: string },
): string | undefined {
  const heard = state.learner?.afterCommand(run);
  if (heard?.recalled) state.world.emit({ type: 'error.recalled', ...heard.recalled, moment: 'failure' });
  if (heard?.learned) {
    state.fixed.push(heard.learned);
    state.world.emit({ type: 'error.learned', ...heard.learned });
  }
  return heard?.note;
}

/** True when an answer ends in a question to the user. */
export function asksBack(text: string): boolean {
  return /\?["'”’)*_`\]]*\s*$/.test(text);
}
