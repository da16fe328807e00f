import type { JsonObject } from '../../../src/model/message.ts';
import type { Place } from './faults.ts';
import { textOf } from './json.ts';
import type { Item, Reply } from './reply.ts';

/** How the stream looks on the wire. None of it may matter to a client. */
export interface WireStyle {
  /** Lines end in CRLF. */
  crlf?: boolean;
  /** Sent in pieces of so many bytes, which cuts characters and escapes apart. */
  chunkBytes?: number;
  /** Characters in a delta; 24 when absent. 1 cuts the escapes in tool arguments apart. */
  pieceChars?: number;
  /** Everything beyond ASCII is escaped, in the events and in the tool arguments. */
  ascii?: boolean;
  pings?: 'once' | 'often' | 'none';
  /** Comment lines between events, as proxies send to keep a connection open. */
  comments?: boolean;
  /** Events and deltas of types from the future. */
  unknown?: boolean;
}

export interface StreamEvent {
  type: string;
  data: JsonObject;
}

/** A reply as the events of its stream. `message` is the message without content; `usage` the final one. */
export function eventsOf(reply: Reply, message: JsonObject, usage: JsonObject, style: WireStyle): StreamEvent[] {
  const events: StreamEvent[] = [];
  const add = (type: string, data: JsonObject = {}) => events.push({ type, data: { type, ...data } });
  const ping = style.pings ?? 'once';

  add('message_start', { message: { ...message, usage: startUsage(usage) } });
  let index = 0;
  for (const item of reply.items) {
    if (item.kind === 'event') {
      events.push({ type: textOf(item.event['type']) || 'message', data: item.event });
      continue;
    }
    add('content_block_start', { index, content_block: startOf(item) });
    if (ping === 'often' || (ping === 'once' && index === 0)) add('ping');
    if (style.unknown) add('content_block_delta', { index, delta: { type: 'future_delta', value: 1 } });
    for (const delta of deltasOf(item, style)) {
      add('content_block_delta', { index, delta });
      if (ping === 'often') add('ping');
    }
    add('content_block_stop', { index });
    if (style.unknown) add('future_event', { value: { nested: true } });
    index += 1;
  }
  add('message_delta', {
    delta: { stop_reason: reply.stop, stop_sequence: null, stop_details: reply.stopDetails },
    usage,
  });
  add('message_stop');
  return events;
}

/** At the start one output token is counted; without any usage there is nothing to count. */
function startUsage(usage: JsonObject): JsonObject {
  return usage['output_tokens'] === undefined ? usage : { ...usage, output_tokens: 1 };
}

function startOf({ block }: Item & { kind: 'block' }): JsonObject {
  if (block['type'] === 'tool_use') return { ...block, input: {} };
  if (block['type'] === 'text') return { ...block, text: '' };
  if (block['type'] === 'thinking') return { ...block, thinking: '', signature: '' };
  return block;
}

function deltasOf(item: Item & { kind: 'block' }, style: WireStyle): JsonObject[] {
  const { block } = item;
  const size = style.pieceChars ?? 24;
  if (item.json !== undefined) {
    const json = style.ascii ? asciiJson(item.json) : item.json;
    const pieces = item.deltas ?? piecesOf(json, size);
    return ['', ...pieces].map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
  }
  if (block['type'] === 'text') {
    const pieces = item.deltas ?? piecesOf(textOf(block['text']), size);
    return pieces.map((text) => ({ type: 'text_delta', text }));
  }
  if (block['type'] === 'thinking') {
    const deltas: JsonObject[] = piecesOf(textOf(block['thinking']), size).map((thinking) => ({
      type: 'thinking_delta',
      thinking,
    }));
    const signature = textOf(block['signature']);
    return signature === '' ? deltas : [...deltas, { type: 'signature_delta', signature }];
  }
  return [];
}

function piecesOf(text: string, size: number): string[] {
  const characters = [...text];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += size) pieces.push(characters.slice(at, at + size).join(''));
  return pieces;
}

/** JSON text with everything beyond ASCII escaped, as some servers write it. */
export function asciiJson(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** How many events come before a place; undefined when the stream has no such place. */
export function countBefore(events: readonly StreamEvent[], after: number | Place | undefined): number | undefined {
  if (after === undefined) return Math.floor(events.length / 2);
  if (typeof after === 'number') return Math.min(after, events.length);
  const deltaAt = (type: string) =>
    events.findIndex(({ data }) => {
      const delta = data['delta'];
      return typeof delta === 'object' && delta !== null && 'type' in delta && delta['type'] === type;
    });
  const tools = events.flatMap(({ data }) => {
    const block = data['content_block'];
    const isCall = typeof block === 'object' && block !== null && 'type' in block && block['type'] === 'tool_use';
    return isCall ? [data['index']] : [];
  });
  const at = {
    message_start: () => 0,
    thinking: () => Math.max(deltaAt('thinking_delta'), deltaAt('signature_delta')),
    text: () => deltaAt('text_delta'),
    // The first delta is empty: the one after it is the first to say something.
    json: () => (deltaAt('input_json_delta') === -1 ? -1 : deltaAt('input_json_delta') + 1),
    tool: () =>
      events.findIndex(({ type, data }) => type === 'content_block_stop' && tools.includes(data['index'] ?? -1)),
    content: () => events.findIndex(({ type }) => type === 'message_delta') - 1,
    message_delta: () => events.findIndex(({ type }) => type === 'message_delta'),
  }[after]();
  return at === -1 ? undefined : at + 1;
}
