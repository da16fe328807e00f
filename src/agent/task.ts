import { objectionsText, reviewDiff } from '../checks/reviewer.ts';
import { CapReached, Interrupted, NexError } from '../errors.ts';
import type { AgentChanges } from '../history/agent-changes.ts';
import type { Outcome, OutcomeKind } from '../session/outcome.ts';
import { type Conclusion, concludeTask } from './conclude.ts';
import { answerAsJson } from './final-json.ts';
import type { LoopEnd } from './loop.ts';
import { openTurn } from './open-turn.ts';
import { runChecks } from './run-checks.ts';
import { goOn, talk } from './talk.ts';
import { type AgentSession, changesOf, newTaskState, type TaskRequest, type TaskState } from './task-state.ts';
import type { World } from './world.ts';

export interface TaskEnd {
  outcome: Outcome;
  /** Why it did not end well, for the user: a message and a hint. */
  error?: NexError;
}

/** One task, or one turn of a chat, from request to commit. Rejects only on a bug; every expected end is an outcome. */
export function runTask(
  world: World,
  session: AgentSession,
  request: TaskRequest,
  signal: AbortSignal,
): Promise<TaskEnd> {
  const state = newTaskState(world, session, request, signal);
  return performTask(state, () => perform(state));
}

/** The frame of every task: its first and last event, what ends it early, and its outcome. */
export async function performTask(state: TaskState, work: () => Promise<Conclusion>): Promise<TaskEnd> {
  const { world, session, request, signal } = state;
  const began = world.clock.now().getTime();
  world.emit({
    type: 'session.start',
    task: request.task,
    model: world.main.id,
    root: world.root,
    version: world.version,
    pid: world.pid,
    dry_run: world.preview !== undefined,
    ...(session.resumed === undefined ? {} : { resumed: session.resumed }),
  });
  let end: Conclusion;
  try {
    end = await work();
  } catch (error) {
    const known = signal.aborted && signal.reason instanceof NexError ? signal.reason : error;
    if (!(known instanceof NexError)) {
      await world.history?.finish();
      throw error;
    }
    end = { outcome: outcomeOf(known), error: known };
  }
  const files = state.files ?? (await changesOf(state)).files.map(({ path }) => path);
  await world.history?.finish();
  const remote = end.commit === undefined ? undefined : await world.remoteFor(world.history?.base);
  const { costUsd, ...usage } = world.usage();
  const outcome: Outcome = {
    outcome: end.outcome,
    text: state.text,
    ...(world.history?.branch === undefined ? {} : { branch: world.history.branch }),
    ...(world.history?.base === undefined ? {} : { base: world.history.base }),
    ...(end.commit === undefined ? {} : { commit: end.commit }),
    ...(remote === undefined ? {} : { remote }),
    ...(end.uncommitted === undefined ? {} : { uncommitted: end.uncommitted }),
    files,
    tests: state.tests,
    review: state.review,
    refused: state.refused,
    iterations: state.calls,
    usage,
    cost_usd: costUsd,
    duration_ms: world.clock.now().getTime() - began,
    exit_code:
      end.error instanceof Interrupted && end.error.signal !== 'SIGINT'
        ? 143
        : world.exitCode({
            outcome: end.outcome,
            tests: state.tests,
            review: state.review,
            needsPerson: end.needsPerson === true,
          }),
  };
  world.emit({ type: 'session.end', ...outcome });
  world.journal.sync();
  return end.error === undefined ? { outcome } : { outcome, error: end.error };
}

async function perform(state: TaskState): Promise<Conclusion> {
  const { world, request } = state;
  await openTurn(state);
  let end = await talk(state);
  const failure = failureOf(end);
  if (failure) return { outcome: outcomeOf(failure), error: failure };

  if (world.preview) {
    const unfit = end.status === 'done' ? await asWished(state) : undefined;
    return unfit ? { outcome: 'failed', error: unfit } : concludeTask(state);
  }
  let changes = await changesOf(state);
  if (changes.files.length > 0) {
    if (end.status === 'done' && request.tests) end = (await runChecks(state, (note) => goOn(state, note))) ?? end;
    changes = await changesOf(state);
    if (end.status === 'done' && request.review && world.settings.review && changes.files.length > 0)
      end = (await review(state, changes)) ?? end;
  }
  if (end.status === 'capped') {
    const why =
      end.why === 'loop'
        ? 'The same call brought the same result three times in a row.'
        : `The limit of ${world.settings.maxIterations} tool calls is reached.`;
    return {
      outcome: 'capped',
      error: new CapReached(why, '`nex --continue "…"` goes on; `--max-iterations N` allows more.'),
      uncommitted: 'the task is not finished',
    };
  }
  const unfit = await asWished(state);
  if (unfit) return { outcome: 'failed', error: unfit, uncommitted: 'the answer does not fit the schema' };
  return concludeTask(state);
}

/** The answer in the shape that the caller wishes, if any; an error when it cannot be had. */
async function asWished(state: TaskState): Promise<NexError | undefined> {
  return state.request.answer && answerAsJson(state, state.request.answer);
}

/** One independent look at the diff; objections go back to the model once, and what it then made is looked at again. */
async function review(state: TaskState, changes: AgentChanges): Promise<LoopEnd | undefined> {
  const { world, request, signal } = state;
  const look = async (patch: string) => {
    const found = await reviewDiff(world.main, request.task, world.redact(patch), signal);
    state.review = found;
    world.emit({ type: 'review', ...found });
    return found;
  };
  const first = await look(changes.patch);
  if (first.status !== 'objections') return undefined;
  const end = await goOn(
    state,
    `A reviewer who saw only the task and your diff objects:\n${objectionsText(first)}\n\nMend what is right in this. If an objection is wrong, say why in a sentence.`,
  );
  if (end.status !== 'done') return end;
  const now = await changesOf(state);
  if (now.patch === changes.patch) return end;
  const checked = request.tests ? await runChecks(state, (note) => goOn(state, note)) : undefined;
  await look((await changesOf(state)).patch);
  return checked ?? end;
}

function failureOf(end: LoopEnd): NexError | undefined {
  switch (end.status) {
    case 'refusal':
      return new NexError('failed', `The model declined: ${end.text}`, {
        hint: 'Word the task differently, or choose another model with -m.',
      });
    case 'overflow':
      return new NexError('failed', "The conversation no longer fits the model's window.", {
        hint: 'Start a new task that names what is left to do.',
      });
    case 'stopped':
      return new NexError('failed', end.text, {
        hint: '`nex rollback --list` shows every step; `nex --continue` goes on.',
      });
    case 'done':
    case 'capped':
      return undefined;
  }
}

function outcomeOf(error: NexError): OutcomeKind {
  switch (error.kind) {
    case 'usage':
    case 'config':
    case 'failed':
      return 'failed';
    case 'repository':
    case 'refused':
      return 'refused';
    case 'capped':
      return 'capped';
    case 'later':
      return 'later';
    case 'interrupted':
      return 'interrupted';
  }
}
