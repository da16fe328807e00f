import { isJsonObject, type Message, type ToolAnswer, type ToolCall } from '../model/message.ts';
import type { ToolSpec } from '../model/model.ts';
import type { AgentEvent, StampedEvent } from './events.ts';

/** What a conversation stands on; a new one begins a conversation anew. */
export interface Prefix {
  model: string;
  system: readonly string[];
  tools: readonly ToolSpec[];
}

/**
 * A line of a journal: an event, or what a session is resumed from. `altered` marks a message in which
 * secrets were found only here, so that it is not what the model has signed.
 */
export type JournalLine =
  | { type: 'event'; event: StampedEvent }
  | { type: 'prefix'; prefix: Prefix }
  | { type: 'message'; message: Message; altered: boolean }
  | { type: 'name'; name: string }
  /** What the wrap-up made of the session. */
  | { type: 'summary'; summary: string };

/** The line as text, without its line end. The type stands first, so that a reader can skip by the first bytes. */
export function writeLine(line: JournalLine, redact: (text: string) => string = (text) => text): string {
  switch (line.type) {
    case 'event': {
      const { type, time, session, ...rest } = line.event;
      return redacted({ type, time, session, ...rest }, redact);
    }
    case 'prefix':
      return redacted({ type: 'prefix', ...line.prefix }, redact);
    case 'message': {
      const altered = line.altered || redacted(line.message, redact) !== JSON.stringify(line.message);
      return redacted({ type: 'message', ...(altered ? { altered } : {}), message: line.message }, redact);
    }
    case 'name':
      return redacted({ type: 'name', name: line.name }, redact);
    case 'summary':
      return redacted({ type: 'summary', summary: line.summary }, redact);
  }
}

/** JSON with every string rewritten but those a provider sealed: a changed byte there would void them. */
function redacted(value: object, redact: (text: string) => string): string {
  return JSON.stringify(value, function (this: unknown, key: string, item: unknown) {
    return typeof item === 'string' && !isSeal(this, key) ? redact(item) : item;
  });
}

function isSeal(holder: unknown, key: string): boolean {
  if (!isJsonObject(holder)) return false;
  return (
    (holder['type'] === 'thinking' && key === 'signature') || (holder['type'] === 'redacted_thinking' && key === 'data')
  );
}

/** A line read back; undefined when it is torn or not one of ours. */
export function readLine(text: string): JournalLine | undefined {
  const value = parse(text);
  if (!isJsonObject(value)) return undefined;
  switch (value['type']) {
    case 'prefix':
      return isPrefix(value)
        ? { type: 'prefix', prefix: { model: value.model, system: value.system, tools: value.tools } }
        : undefined;
    case 'message': {
      const message: unknown = value['message'];
      return isMessage(message) ? { type: 'message', message, altered: value['altered'] === true } : undefined;
    }
    case 'name':
      return typeof value['name'] === 'string' ? { type: 'name', name: value['name'] } : undefined;
    case 'summary':
      return typeof value['summary'] === 'string' ? { type: 'summary', summary: value['summary'] } : undefined;
    default:
      return isStampedEvent(value) ? { type: 'event', event: value } : undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // A line cut by a crash; the caller counts it.
  }
}

const EVENT_TYPES: Record<AgentEvent['type'], true> = {
  'session.start': true,
  context: true,
  plan: true,
  text: true,
  thinking: true,
  'tool.call': true,
  approval: true,
  'tool.output': true,
  'tool.result': true,
  usage: true,
  retry: true,
  notice: true,
  'error.recalled': true,
  'error.learned': true,
  tests: true,
  review: true,
  diff: true,
  commit: true,
  'session.end': true,
};

/** Looks at the stamp only: what else an event holds was written by nex itself. */
function isStampedEvent(value: unknown): value is StampedEvent {
  return (
    isJsonObject(value) &&
    typeof value['type'] === 'string' &&
    Object.hasOwn(EVENT_TYPES, value['type']) &&
    typeof value['time'] === 'string' &&
    typeof value['session'] === 'string'
  );
}

function isPrefix(value: unknown): value is Prefix {
  return (
    isJsonObject(value) &&
    typeof value['model'] === 'string' &&
    listOf(value['system'], isText) &&
    listOf(value['tools'], isToolSpec)
  );
}

function isToolSpec(value: unknown): value is ToolSpec {
  return isJsonObject(value) && isText(value['name']) && isText(value['description']) && isJsonObject(value['schema']);
}

function isMessage(value: unknown): value is Message {
  if (!isJsonObject(value)) return false;
  switch (value['role']) {
    case 'user':
      return isText(value['text']);
    case 'tools':
      return listOf(value['answers'], isAnswer);
    case 'assistant':
      return (
        isText(value['text']) &&
        listOf(value['calls'], isCall) &&
        (value['sealed'] === undefined || Array.isArray(value['sealed']))
      );
    default:
      return false;
  }
}

function isCall(value: unknown): value is ToolCall {
  return (
    isJsonObject(value) &&
    isText(value['id']) &&
    isText(value['name']) &&
    isJsonObject(value['input']) &&
    (value['broken'] === undefined || isText(value['broken']))
  );
}

function isAnswer(value: unknown): value is ToolAnswer {
  return (
    isJsonObject(value) && isText(value['callId']) && isText(value['text']) && typeof value['isError'] === 'boolean'
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function listOf<Item>(value: unknown, is: (item: unknown) => item is Item): value is Item[] {
  return Array.isArray(value) && value.every(is);
}
