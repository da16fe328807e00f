import type { Json, JsonObject } from '../../../src/model/message.ts';
import { digest, isObject, textOf, tokensOf } from './json.ts';
import type { CacheUse } from './prompt-cache.ts';
import { type Asked, thinkingTypeOf } from './request.ts';
import { type Part, partsOf, type Turn } from './turns.ts';

/** Something that is streamed: a content block, or an event that is none. */
export type Item =
  | {
      kind: 'block';
      /** The block as a complete reply holds it; thinking is signed later. */
      block: JsonObject;
      tokens: number;
      /** The arguments of a call as they are streamed. */
      json?: string;
      deltas?: readonly string[];
      /** True when the block breaks off: cut thinking gets no signature. */
      cut?: boolean;
    }
  | { kind: 'event'; event: JsonObject };

export interface Reply {
  items: readonly Item[];
  stop: string | null;
  stopDetails: JsonObject | null;
  /** False when something broke the turn off, so that it is still to come. */
  whole: boolean;
}

/** A turn in the form this request gets it: ids given, thinking shown or hidden as the request asks. */
export function render(said: Turn, asked: Asked, idSeed: string): Reply {
  const parts = partsOf(said);
  const items = parts.flatMap((part, index) => itemOf(part, asked, `toolu_${digest(idSeed, String(index))}`) ?? []);
  const stop = parts.findLast((part) => part.part === 'stop');
  const wantsTools = items.some((item) => item.kind === 'block' && item.block['type'] === 'tool_use');
  return {
    items,
    stop: stop ? stop.reason : wantsTools ? 'tool_use' : 'end_turn',
    stopDetails: stop?.details ?? null,
    whole: true,
  };
}

function itemOf(part: Part, asked: Asked, id: string): Item | undefined {
  switch (part.part) {
    case 'text':
      return { ...textItem(part.text), ...(part.deltas === undefined ? {} : { deltas: part.deltas }) };
    case 'thinking':
      return thinkingItem(part.text, part.note, asked);
    case 'redacted':
      return thinks(asked) ? { kind: 'block', block: { type: 'redacted_thinking', data: '' }, tokens: 16 } : undefined;
    case 'call': {
      const block = {
        type: 'tool_use',
        id: part.id ?? id,
        name: part.name,
        input: part.input,
        caller: { type: 'direct' },
      };
      const json = part.json ?? JSON.stringify(part.input);
      const tokens = tokensOf(part.name) + tokensOf(json);
      return { kind: 'block', block, tokens, json, ...(part.deltas === undefined ? {} : { deltas: part.deltas }) };
    }
    case 'unknown':
      return { kind: 'block', block: part.block, tokens: tokensOf(JSON.stringify(part.block)) };
    case 'event':
      return { kind: 'event', event: part.event };
    case 'stop':
      return undefined;
  }
}

export function textItem(text: string): Item {
  return { kind: 'block', block: { type: 'text', text, citations: null }, tokens: tokensOf(text) };
}

/** Thinking as the request wants to see it; undefined where this model and request bring none. */
export function thinkingItem(text: string, note: boolean, asked: Asked): Item | undefined {
  if (!thinks(asked) || (note && !asked.rules.notes)) return undefined;
  const between = thinkingTypeOf(asked) === 'between_tools';
  if (between && !note) return undefined;
  const thinking = asked.body['thinking'];
  const display = (isObject(thinking) && textOf(thinking['display'])) || 'omitted';
  const shown = display === 'summarized' || (note && (between || display === 'updates'));
  return {
    kind: 'block',
    block: { type: 'thinking', thinking: shown ? text : '', signature: '' },
    tokens: tokensOf(text),
  };
}

/** A reply to a forced tool call has no thinking, nor has one with thinking turned off. */
function thinks(asked: Asked): boolean {
  const choice = asked.body['tool_choice'];
  const forced = isObject(choice) && (choice['type'] === 'any' || choice['type'] === 'tool');
  return !forced && thinkingTypeOf(asked) !== 'disabled';
}

/** The reply as far as this many tokens reach; cut in the middle of a block like the real one. */
export function limited(reply: Reply, tokens: number): Reply {
  if (reply.items.reduce((sum, item) => sum + tokensIn(item), 0) <= tokens) return reply;
  const items: Item[] = [];
  let left = tokens;
  for (const item of reply.items) {
    if (tokensIn(item) > left) {
      if (left > 0) items.push(cutItem(item, left / Math.max(1, tokensIn(item))));
      break;
    }
    items.push(item);
    left -= tokensIn(item);
  }
  return { items, stop: 'max_tokens', stopDetails: null, whole: false };
}

function tokensIn(item: Item): number {
  return item.kind === 'block' ? item.tokens : 0;
}

/** The first `share` (0 to 1) of a block, at least one character of it. */
export function cutItem(item: Item, share: number): Item {
  if (item.kind === 'event') return item;
  const cut = (text: string) => [...text].slice(0, Math.max(1, Math.floor([...text].length * share))).join('');
  const { block } = item;
  const tokens = Math.max(1, Math.floor(item.tokens * share));
  if (item.json !== undefined) {
    return { kind: 'block', block: { ...block, input: {} }, tokens, json: cut(item.json), cut: true };
  }
  if (block['type'] === 'thinking') {
    return { kind: 'block', block: { ...block, thinking: cut(textOf(block['thinking'])) }, tokens, cut: true };
  }
  return block['type'] === 'text' ? textItem(cut(textOf(block['text']))) : item;
}

export function blocksIn(reply: Reply): JsonObject[] {
  return reply.items.flatMap((item) => (item.kind === 'block' ? [item.block] : []));
}

/** Tokens of a reply: all of them, and the share that is thinking. */
export function outputTokens(reply: Reply): { all: number; thinking: number } {
  const sums = { all: 0, thinking: 0 };
  for (const item of reply.items) {
    if (item.kind === 'event') continue;
    sums.all += item.tokens;
    if (textOf(item.block['type']).endsWith('thinking')) sums.thinking += item.tokens;
  }
  // Even an empty reply costs the tokens that end it; one that only warms the cache costs none.
  if (sums.all === 0 && reply.stop === 'end_turn') sums.all = 3;
  return sums;
}

/** What a reply cost, in the API's words. `cacheFields: false` leaves out what simple servers do not know. */
export function usageOf(use: CacheUse, output: { all: number; thinking: number }, cacheFields: boolean): JsonObject {
  const plain: Record<string, Json> = { input_tokens: use.input, output_tokens: output.all };
  if (!cacheFields) return { ...plain, input_tokens: use.input + use.read + use.write5m + use.write1h };
  return {
    ...plain,
    cache_creation_input_tokens: use.write5m + use.write1h,
    cache_read_input_tokens: use.read,
    cache_creation: { ephemeral_5m_input_tokens: use.write5m, ephemeral_1h_input_tokens: use.write1h },
    output_tokens_details: { thinking_tokens: output.thinking },
    service_tier: 'standard',
  };
}
