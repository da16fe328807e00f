import type { ToolAnswer, ToolCall } from '../model/message.ts';
import type { Emit } from '../session/events.ts';
import type { Tool, ToolContext, ToolResult } from '../tools/tool.ts';
import type { Permit } from './permission.ts';

/** What carrying out a call takes. */
export interface PerformOptions {
  tools: readonly Tool[];
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
  clock: { now(): Date };
}

/** What came of a call: the answer for the model, the whole of what was said, and why the task must stop, if it must. */
export interface Performed {
  answer: ToolAnswer;
  said: string;
  stop?: string;
}

/** One call, from the event that names it to the answer. A refusal is an answer too: the model reads why and tries something else. */
export async function perform(call: ToolCall, options: PerformOptions): Promise<Performed> {
  const { emit, signal, redact } = options;
  emit({ type: 'tool.call', id: call.id, name: call.name, input: call.input });
  const { result, ms } = await attempt(call, options);
  signal.throwIfAborted();
  const { note, stop } = await options.afterCall(call, result);
  const output = redact(result.ok ? result.output : result.error);
  const said = output.trim() === '' ? '(no output)' : output;
  const text = [options.sendOnce(call, said), note && redact(note)].filter(Boolean).join('\n\n');
  emit({
    type: 'tool.result',
    id: call.id,
    name: call.name,
    ok: result.ok,
    text,
    changed: result.ok ? [...(result.changed ?? [])] : [],
    ...(result.exit === undefined ? {} : { exit: result.exit }),
    duration_ms: ms,
  });
  return { answer: { callId: call.id, text, isError: !result.ok }, said, ...(stop === undefined ? {} : { stop }) };
}

/** What a call gives, and for how long its tool ran: a person's time to answer a question is none of it. */
async function attempt(call: ToolCall, options: PerformOptions): Promise<{ result: ToolResult; ms: number }> {
  const without = (result: ToolResult) => ({ result, ms: 0 });
  const notRun = (error: string) => without({ ok: false, error });
  const tool = options.tools.find(({ spec }) => spec.name === call.name);
  if (!tool) {
    const names = options.tools.map(({ spec }) => spec.name).join(', ');
    return notRun(`There is no tool named "${call.name}". The tools are ${names}.`);
  }
  if (call.broken !== undefined)
    return notRun(`Not run: ${call.broken} Send the call again, in smaller pieces if it is long.`);
  const parsed = tool.parse(call.input);
  if (!parsed.ok) return notRun(parsed.error);
  const leave = await options.permit(call, tool, options.signal);
  if (leave.kind === 'refuse') return notRun(leave.reason);
  if (leave.kind === 'pretend') return without(leave.result);
  const refused = tool.effect === 'read' || leave.readOnly ? undefined : await options.beforeChange(call);
  if (refused !== undefined) return notRun(refused);
  const began = options.clock.now().getTime();
  const result = await tool.run(parsed.input, options.contextFor(call));
  return { result, ms: options.clock.now().getTime() - began };
}

/** The answer to a call that did not run. */
export function unperformed(call: ToolCall, why: string): ToolAnswer {
  return { callId: call.id, text: why, isError: true };
}
