import type { AssistantMessage, Message, ToolAnswer, ToolCall } from '../model/message.ts';
import type { Effort, Model, ModelPiece, ModelReply } from '../model/model.ts';
import { ModelError } from '../model/model-error.ts';
import { retelling } from '../model/retelling.ts';
import { withoutThinking } from '../model/thinking.ts';
import { sameness } from '../tools/said-before.ts';
import type { Tool } from '../tools/tool.ts';
import type { Room } from './compaction.ts';
import { type PerformOptions, perform, unperformed } from './perform.ts';
import { tell } from './tell.ts';

export interface LoopOptions extends PerformOptions {
  model: Model;
  system: readonly string[];
  effort: Effort;
  /** Tool calls this turn may make, parallel ones counted one by one. */
  maxCalls: number;
  /** Keeps the conversation within the model's window. */
  room: Room;
  /** Hears that old messages had to be mended: the journal needs them anew. */
  mended: () => void;
  /** Every message that joins the conversation, for the journal. */
  record: (message: Message) => void;
  /** Asked when the calls are used up; true grants as many again. */
  grantMore: (used: number) => Promise<boolean>;
}

/** How a turn of the loop ended. `text` is what the model said last. */
export type LoopEnd = { text: string; calls: number } & Ending;

type Ending =
  | { status: 'done' }
  /** `why`: out of calls, or the same call with the same result three times in a row. */
  | { status: 'capped'; why: 'iterations' | 'loop' }
  | { status: 'refusal' }
  | { status: 'overflow' }
  | { status: 'stopped' };

/** An end that has something else to say than the model's last words. */
type End = Ending & { text?: string };

/** Three times the same call with the same result: the model goes round in circles. */
const CIRCLE = 3;
/** How often an empty or cut reply is answered with "go on" before the loop gives up. */
const NUDGES = 2;

interface LoopState {
  conversation: Message[];
  options: LoopOptions;
  /** Made, and allowed so far. */
  calls: number;
  allowed: number;
  nudges: number;
  /** The last call with its result, and how often it came in a row. */
  circle: { key: string; times: number };
  /** The calls are used up, and the model was told to sum up. */
  closing: boolean;
}

/** Ask, act, report back; until the model has nothing left to do. The conversation grows in place. */
export async function runLoop(conversation: Message[], options: LoopOptions): Promise<LoopEnd> {
  const state: LoopState = {
    conversation,
    options,
    calls: 0,
    allowed: options.maxCalls,
    nudges: 0,
    circle: { key: '', times: 0 },
    closing: false,
  };
  for (;;) {
    const reply = await ask(state);
    const { message } = reply;
    const end = keep(state, reply) ?? (message.calls.length === 0 ? hear(state, reply) : await act(state, message));
    if (end) return { text: message.text, calls: state.calls, ...end };
  }
}

/** A reply of the model; where the conversation did not fit, to one that was begun anew, once. */
async function ask(state: LoopState): Promise<ModelReply> {
  const { emit, room } = state.options;
  // What was heard before is not told again.
  const telling = retelling((piece) => tell(piece, emit));
  try {
    const reply = await askOnce(state, telling.listen);
    if (reply.stop !== 'context_overflow' || !(await room.overflow())) return reply;
  } catch (error) {
    if (!(error instanceof ModelError && error.tooLong && (await room.overflow()))) throw error;
  }
  telling.again();
  const reply = await askOnce(state, telling.listen);
  telling.done();
  return reply;
}

async function askOnce({ conversation, options }: LoopState, listen: (piece: ModelPiece) => void): Promise<ModelReply> {
  await options.room.make();
  return options.model.ask({
    purpose: 'main',
    system: options.system,
    messages: conversation,
    tools: options.tools.map((tool) => tool.spec),
    effort: options.effort,
    signal: options.signal,
    listen,
  });
}

/** Adds a reply to the conversation, where nothing of a refusal or of a reply that the window cut may stay. */
function keep(state: LoopState, reply: ModelReply): End | undefined {
  const { conversation, options } = state;
  if (reply.unthinking) {
    conversation.splice(0, conversation.length, ...conversation.map(withoutThinking));
    options.mended();
  }
  if (reply.stop === 'refusal') return { status: 'refusal', text: reply.stopDetail ?? 'The model declined to go on.' };
  if (reply.stop === 'context_overflow') return { status: 'overflow' };
  if (isWhole(reply)) {
    add(state, reply.message);
    options.room.counted(reply.usage);
  }
  return undefined;
}

/** A reply without calls is the end, unless it is empty or cut: then the model is told to go on. */
function hear(state: LoopState, reply: ModelReply): End | undefined {
  const nudge = nudgeFor(reply);
  if (nudge === undefined) return state.closing ? { status: 'capped', why: 'iterations' } : { status: 'done' };
  if (state.nudges++ >= NUDGES)
    return reply.message.text === ''
      ? { status: 'stopped', text: 'The model sent empty or cut replies.' }
      : { status: 'done' };
  if (nudge !== '') add(state, { role: 'user', text: nudge });
  return undefined;
}

/** Calls are carried out and answered; no end, unless something must stop the loop. */
async function act(state: LoopState, { calls }: AssistantMessage): Promise<End | undefined> {
  if (state.closing) {
    // It was told to stop and called again: answered, so that the conversation stays whole, and ended.
    add(state, { role: 'tools', answers: calls.map((call) => unperformed(call, OUT_OF_CALLS)) });
    return { status: 'capped', why: 'iterations' };
  }
  const { maxCalls, grantMore } = state.options;
  if (state.calls + calls.length > state.allowed && (await grantMore(state.calls))) state.allowed += maxCalls;
  const answers: ToolAnswer[] = [];
  let stop: string | undefined;
  try {
    stop = await answerAll(calls, answers, state);
  } finally {
    // Every call needs an answer, or a chat could not go on after Ctrl-C.
    const cut = calls.slice(answers.length).map((call) => unperformed(call, CUT_OFF));
    add(state, { role: 'tools', answers: [...answers, ...cut] });
  }
  state.closing = state.calls >= state.allowed && answers.some((answer) => answer.text === OUT_OF_CALLS);
  if (stop !== undefined) return { status: 'stopped', text: stop };
  return state.circle.times >= CIRCLE ? { status: 'capped', why: 'loop' } : undefined;
}

function add({ conversation, options }: LoopState, message: Message): void {
  conversation.push(message);
  options.record(message);
}

const OUT_OF_CALLS =
  'Not run: the limit of tool calls for this task is reached. Sum up in words what is done and what is left; call no more tools.';

const CUT_OFF =
  'Not finished: the task was stopped here. What a running command did is not known; look before you run it again.';

/** A reply whose thinking was cut before it was signed cannot be sent back. */
function isWhole({ stop, message }: ModelReply): boolean {
  return stop !== 'max_tokens' || message.text !== '' || message.calls.length > 0;
}

/** What to say to a reply without calls that is no answer; '' to send the conversation again, undefined when it is one. */
function nudgeFor({ stop, message }: ModelReply): string | undefined {
  switch (stop) {
    case 'pause':
      return '';
    case 'max_tokens':
      return 'Your last reply was cut off by the output limit. Go on from there, in smaller steps.';
    case 'end':
    case 'tools':
    case 'unknown':
    case 'refusal':
    case 'context_overflow':
      return message.text.trim() === ''
        ? 'Your last reply was empty. Go on with the task, or say in a sentence that it is done.'
        : undefined;
  }
}

/**
 * Answers every call of a reply, in order. Neighbouring reads run together; all else runs one after the other.
 * Returns why the task must stop, if it must.
 */
async function answerAll(
  calls: readonly ToolCall[],
  answers: ToolAnswer[],
  state: LoopState,
): Promise<string | undefined> {
  let stop: string | undefined;
  for (const group of groupReads(calls, state.options.tools)) {
    const room = Math.max(0, state.allowed - state.calls);
    const runnable = stop === undefined ? group.slice(0, room) : [];
    state.calls += runnable.length;
    const done = await Promise.all(runnable.map((call) => perform(call, state.options)));
    for (const [index, { answer, said, stop: halt }] of done.entries()) {
      answers.push(answer);
      stop ??= halt;
      countCircle(state, runnable[index], said);
    }
    for (const call of group.slice(runnable.length))
      answers.push(unperformed(call, stop === undefined ? OUT_OF_CALLS : `Not run: ${stop}`));
  }
  return stop;
}

function groupReads(calls: readonly ToolCall[], tools: readonly Tool[]): ToolCall[][] {
  const reads = (call: ToolCall) => tools.find((tool) => tool.spec.name === call.name)?.effect === 'read';
  const groups: ToolCall[][] = [];
  for (const call of calls) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && reads(call) && reads(before)) last.push(call);
    else groups.push([call]);
  }
  return groups;
}

function countCircle(state: LoopState, call: ToolCall | undefined, said: string): void {
  const key = JSON.stringify([call?.name, call?.input, sameness(said)]);
  state.circle = { key, times: key === state.circle.key ? state.circle.times + 1 : 1 };
}
