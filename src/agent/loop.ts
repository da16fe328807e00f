import type { AssistantMessage, Message, ToolAnswer, ToolCall } from '../model/message.ts';
import type { Effort, Model, ModelPiece, ModelReply } from '../model/model.ts';
import { ModelError } from '../model/model-error.ts';
import { retelling } from '../model/retelling.ts';
import { withoutThinking } from '../model/thinking.ts';
import type { Emit } from '../session/events.ts';
import { sameness } from '../tools/said-before.ts';
import type { Tool, ToolContext, ToolResult } from '../tools/tool.ts';
import type { Room } from './compaction.ts';
import type { Permit } from './permission.ts';
import { tell } from './tell.ts';

export interface LoopOptions {
  model: Model;
  system: readonly string[];
  tools: readonly Tool[];
  effort: Effort;
  /** Tool calls this turn may make, parallel ones counted one by one. */
  maxCalls: number;
  signal: AbortSignal;
  emit: Emit;
  /** What each tool gets to see of the world. */
  contextFor: (call: ToolCall) => ToolContext;
  /** Whether a call may run: judged, asked about, trusted; or played, in a dry run. */
  permit: Permit;
  /** Before a call that may change something: saves the state. Throws when the repository forbids changes. */
  beforeChange: (call: ToolCall) => Promise<string | undefined>;
  /** After a call: what memory has to add to its result, and what must stop the task. */
  afterCall: (call: ToolCall, result: ToolResult) => Promise<{ note?: string; stop?: string }>;
  /** Text on its way into the conversation: secrets taken out, once and for all. */
  redact: (text: string) => string;
  /** A result as it is sent: whole the first time, named when the same was sent before. */
  sendOnce: (call: ToolCall, text: string) => string;
  /** Keeps the conversation within the model's window. */
  room: Room;
  /** Hears that old messages had to be mended: the journal needs them anew. */
  mended: () => void;
  /** Every message that joins the conversation, for the journal. */
  record: (message: Message) => void;
  /** Asked when the calls are used up; true grants as many again. */
  grantMore: (used: number) => Promise<boolean>;
  clock: { now(): Date };
}

/** How a turn of the loop ended. `text` is what the model said last. */
export type LoopEnd = { text: string; calls: number } & (
  | { status: 'done' }
  /** `why`: out of calls, or the same call with the same result three times in a row. */
  | { status: 'capped'; why: 'iterations' | 'loop' }
  | { status: 'refusal' }
  | { status: 'overflow' }
  | { status: 'stopped' }
);

/** Three times the same call with the same result: the model goes round in circles. */
const CIRCLE = 3;
/** How often an empty or cut reply is answered with "go on" before the loop gives up. */
const NUDGES = 2;

/** Ask, act, report back; until the model has nothing left to do. The conversation grows in place. */
export async function runLoop(conversation: Message[], options: LoopOptions): Promise<LoopEnd> {
  const { emit, signal } = options;
  const specs = options.tools.map((tool) => tool.spec);
  const state = { calls: 0, allowed: options.maxCalls, nudges: 0, circle: { key: '', times: 0 } };
  let closing = false;

  const add = (message: Message) => {
    conversation.push(message);
    options.record(message);
  };

  const ask = async (listen: (piece: ModelPiece) => void) => {
    await options.room.make();
    return options.model.ask({
      purpose: 'main',
      system: options.system,
      messages: conversation,
      tools: specs,
      effort: options.effort,
      signal,
      listen,
    });
  };
  /** An answer; where the conversation did not fit, of one that was begun anew, once. */
  const answer = async (): Promise<ModelReply> => {
    // What was heard before is not told again.
    const telling = retelling((piece) => tell(piece, emit));
    try {
      const reply = await ask(telling.listen);
      if (reply.stop !== 'context_overflow' || !(await options.room.overflow())) return reply;
    } catch (error) {
      if (!(error instanceof ModelError && error.tooLong && (await options.room.overflow()))) throw error;
    }
    telling.again();
    const reply = await ask(telling.listen);
    telling.done();
    return reply;
  };

  for (;;) {
    const reply = await answer();
    const { message } = reply;
    if (reply.unthinking) {
      conversation.splice(0, conversation.length, ...conversation.map(withoutThinking));
      options.mended();
    }
    const end = (
      rest: { status: 'done' | 'refusal' | 'overflow' | 'stopped' } | { status: 'capped'; why: 'iterations' | 'loop' },
    ): LoopEnd => ({
      text: message.text,
      calls: state.calls,
      ...rest,
    });
    // Nothing of a refusal or of a reply that the window cut may stay in the conversation.
    if (reply.stop === 'refusal')
      return { ...end({ status: 'refusal' }), text: reply.stopDetail ?? 'The model declined to go on.' };
    if (reply.stop === 'context_overflow') return end({ status: 'overflow' });

    if (isWhole(reply)) {
      add(message);
      options.room.counted(reply.usage);
    }
    if (message.calls.length === 0) {
      const nudge = nudgeFor(reply);
      if (nudge === undefined) return closing ? end({ status: 'capped', why: 'iterations' }) : end({ status: 'done' });
      if (state.nudges++ >= NUDGES)
        return message.text === ''
          ? { ...end({ status: 'stopped' }), text: 'The model sent empty or cut replies.' }
          : end({ status: 'done' });
      if (nudge !== '') add({ role: 'user', text: nudge });
      continue;
    }
    if (closing) {
      // It was told to stop and called again: answered, so that the conversation stays whole, and ended.
      add({ role: 'tools', answers: message.calls.map((call) => failed(call, OUT_OF_CALLS)) });
      return end({ status: 'capped', why: 'iterations' });
    }

    if (state.calls + message.calls.length > state.allowed && (await options.grantMore(state.calls)))
      state.allowed += options.maxCalls;
    const answers: ToolAnswer[] = [];
    let stop: string | undefined;
    try {
      stop = await answerAll(message, answers, options, state);
    } catch (error) {
      // Every call needs an answer, or a chat could not go on after Ctrl-C.
      add({
        role: 'tools',
        answers: [...answers, ...message.calls.slice(answers.length).map((call) => failed(call, CUT_OFF))],
      });
      throw error;
    }
    add({ role: 'tools', answers });
    if (stop !== undefined) return { ...end({ status: 'stopped' }), text: stop };
    if (state.circle.times >= CIRCLE) return end({ status: 'capped', why: 'loop' });
    closing = state.calls >= state.allowed && answers.some((answer) => answer.text === OUT_OF_CALLS);
  }
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

interface LoopState {
  calls: number;
  allowed: number;
  circle: { key: string; times: number };
}

/**
 * Answers every call of a reply, in order. Neighbouring reads run together; all else runs one after the other.
 * Returns why the task must stop, if it must.
 */
async function answerAll(
  message: AssistantMessage,
  answers: ToolAnswer[],
  options: LoopOptions,
  state: LoopState,
): Promise<string | undefined> {
  let stop: string | undefined;
  for (const group of groupReads(message.calls, options.tools)) {
    const room = Math.max(0, state.allowed - state.calls);
    const runnable = stop === undefined ? group.slice(0, room) : [];
    state.calls += runnable.length;
    const done = await Promise.all(runnable.map((call) => perform(call, options)));
    for (const [index, { answer, text, stop: halt }] of done.entries()) {
      answers.push(answer);
      stop ??= halt;
      countCircle(state, runnable[index], text);
    }
    for (const call of group.slice(runnable.length))
      answers.push(failed(call, stop === undefined ? OUT_OF_CALLS : `Not run: ${stop}`));
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

function countCircle(state: LoopState, call: ToolCall | undefined, text: string): void {
  const key = JSON.stringify([call?.name, call?.input, sameness(text)]);
  state.circle = { key, times: key === state.circle.key ? state.circle.times + 1 : 1 };
}

/** One call, from the event that names it to the answer. A refusal is an answer too: the model reads why and tries something else. */
async function perform(
  call: ToolCall,
  options: LoopOptions,
): Promise<{ answer: ToolAnswer; text: string; stop?: string }> {
  const { emit, signal, redact } = options;
  const began = options.clock.now().getTime();
  emit({ type: 'tool.call', id: call.id, name: call.name, input: call.input });
  const result = await attempt(call, options);
  signal.throwIfAborted();
  const { note, stop } = await options.afterCall(call, result);
  const said = redact(result.ok ? result.output : result.error);
  const whole = said.trim() === '' ? '(no output)' : said;
  const text = [options.sendOnce(call, whole), note && redact(note)].filter(Boolean).join('\n\n');
  emit({
    type: 'tool.result',
    id: call.id,
    name: call.name,
    ok: result.ok,
    text,
    changed: result.ok ? [...(result.changed ?? [])] : [],
    ...(result.exit === undefined ? {} : { exit: result.exit }),
    duration_ms: options.clock.now().getTime() - began,
  });
  return {
    answer: { callId: call.id, text, isError: !result.ok },
    text: whole,
    ...(stop === undefined ? {} : { stop }),
  };
}

async function attempt(call: ToolCall, options: LoopOptions): Promise<ToolResult> {
  const tool = options.tools.find(({ spec }) => spec.name === call.name);
  if (!tool)
    return {
      ok: false,
      error: `There is no tool named "${call.name}". The tools are ${options.tools.map(({ spec }) => spec.name).join(', ')}.`,
    };
  if (call.broken !== undefined)
    return { ok: false, error: `Not run: ${call.broken} Send the call again, in smaller pieces if it is long.` };
  const parsed = tool.parse(call.input);
  if (!parsed.ok) return { ok: false, error: parsed.error };
  const leave = await options.permit(call, tool, options.signal);
  if (leave.kind === 'refuse') return { ok: false, error: leave.reason };
  if (leave.kind === 'pretend') return leave.result;
  const refused = tool.effect === 'read' || leave.readOnly ? undefined : await options.beforeChange(call);
  if (refused !== undefined) return { ok: false, error: refused };
  return tool.run(parsed.input, options.contextFor(call));
}

function failed(call: ToolCall, text: string): ToolAnswer {
  return { callId: call.id, text, isError: true };
}
