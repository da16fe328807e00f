import { isJsonObject, type Json, type JsonObject, type ToolCall } from './message.ts';
import type { ModelPiece, ModelReply, StopReason, Usage } from './model.ts';

/** Puts the events of one answer together, and tells what can be heard on the way. */
export interface ReplyReader {
  push(event: JsonObject): void;
  /** True once the server said that the answer is complete. */
  readonly whole: boolean;
  /** The answer; only to be asked for when it is whole. */
  reply(): Omit<ModelReply, 'requestId' | 'prompted'>;
  /** What it used so far, the output estimated from what arrived. */
  spent(): Usage;
}

interface Block {
  /** As the server began it, filled up by its deltas. */
  json: JsonObject;
  /** A call's arguments as they stream in: pieces of JSON text. */
  partial: string;
  closed: boolean;
}

/** Ids of calls must be unique in a conversation; some servers count from one in every answer. */
const ID_ENDING = '_again';

/** `takenIds` are the ids of the calls that the conversation holds already. */
export function createReplyReader(options: {
  model: string;
  takenIds: ReadonlySet<string>;
  listen: ((piece: ModelPiece) => void) | undefined;
}): ReplyReader {
  const { listen } = options;
  const blocks: Block[] = [];
  const open = new Map<Json | undefined, Block>();
  const ids = new Set(options.takenIds);
  let model = options.model;
  let stop: JsonObject = {};
  let counted: JsonObject = {};
  let finalOutput: number | undefined;
  let heard = 0;
  let whole = false;

  const count = (usage: Json | undefined) => {
    if (!isJsonObject(usage)) return;
    // Cumulative, and null or absent where nothing is new: overwritten, never added up.
    counted = { ...counted, ...Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)) };
  };

  const startBlock = (index: Json | undefined, start: JsonObject) => {
    const json = { ...start };
    if (json['type'] === 'tool_use') {
      json['id'] = freshId(json['id'], ids);
      listen?.({ type: 'call', name: textOf(json['name']) });
    }
    const block = { json, partial: '', closed: false };
    blocks.push(block);
    open.set(index, block);
    // Some servers send the whole text with the start.
    const kind = spokenKind(json);
    if (kind && textOf(json[kind]) !== '') listen?.({ type: kind, text: textOf(json[kind]) });
  };

  const addDelta = (block: Block, delta: JsonObject) => {
    const { json } = block;
    switch (delta['type']) {
      case 'text_delta':
        return addText(json, 'text', textOf(delta['text']));
      case 'thinking_delta':
        return addText(json, 'thinking', textOf(delta['thinking']));
      case 'signature_delta':
        json['signature'] = textOf(delta['signature']);
        return;
      case 'citations_delta':
        json['citations'] = [...(Array.isArray(json['citations']) ? json['citations'] : []), delta['citation'] ?? null];
        return;
      case 'input_json_delta': {
        const piece = textOf(delta['partial_json']);
        heard += piece.length;
        block.partial += piece;
        return;
      }
    }
  };

  const addText = (json: JsonObject, kind: 'text' | 'thinking', piece: string) => {
    heard += piece.length;
    json[kind] = textOf(json[kind]) + piece;
    if (piece !== '') listen?.({ type: kind, text: piece });
  };

  return {
    push(event) {
      switch (event['type']) {
        case 'message_start': {
          const message = event['message'];
          if (!isJsonObject(message)) return;
          model = textOf(message['model']) || model;
          count(message['usage']);
          return;
        }
        case 'content_block_start':
          if (isJsonObject(event['content_block'])) startBlock(event['index'], event['content_block']);
          return;
        case 'content_block_delta': {
          const block = open.get(event['index']);
          if (block && isJsonObject(event['delta'])) addDelta(block, event['delta']);
          return;
        }
        case 'content_block_stop': {
          const block = open.get(event['index']);
          if (!block) return;
          open.delete(event['index']);
          block.closed = true;
          const kind = spokenKind(block.json);
          const text = kind ? textOf(block.json[kind]) : '';
          if (kind && text.trim() !== '') listen?.({ type: 'block', kind, text });
          return;
        }
        case 'message_delta':
          if (isJsonObject(event['delta'])) stop = { ...stop, ...event['delta'] };
          count(event['usage']);
          if (isJsonObject(event['usage'])) finalOutput = numberOf(event['usage']['output_tokens']) ?? finalOutput;
          return;
        case 'message_stop':
          whole = true;
          return;
      }
    },
    get whole() {
      return whole;
    },
    spent: () => ({ ...usageOf(counted), output: finalOutput ?? Math.ceil(heard / 2) }),
    reply() {
      const { reason, detail, cut } = stopOf(stop);
      const calls = blocks.filter(({ json }) => json['type'] === 'tool_use').map((block) => callOf(block, cut));
      const texts = blocks.filter(({ json }) => json['type'] === 'text').map(({ json }) => textOf(json['text']));
      return {
        message: {
          role: 'assistant',
          text: texts.filter((text) => text.trim() !== '').join('\n\n'),
          calls,
          sealed: blocks.map(({ json }) => json),
        },
        stop: reason,
        ...(detail === '' ? {} : { stopDetail: detail }),
        usage: { ...usageOf(counted), output: finalOutput },
        model,
      };
    },
  };
}

/** Reads a call's arguments. Unreadable ones leave an empty input behind, so that the block can be sent back. */
function callOf(block: Block, cut: string | undefined): ToolCall {
  const { json, partial, closed } = block;
  let input = isJsonObject(json['input']) ? json['input'] : {};
  let broken = cut ?? (closed ? undefined : 'The call was not sent to its end.');
  if (partial.trim() !== '') {
    input = {};
    try {
      const parsed: Json = JSON.parse(partial);
      if (isJsonObject(parsed)) input = parsed;
      else broken ??= 'Its input is not a JSON object.';
    } catch (error) {
      broken ??= `Its input is not valid JSON (${error instanceof Error ? error.message : 'unreadable'}).`;
    }
  }
  json['input'] = input;
  return { id: textOf(json['id']), name: textOf(json['name']), input, ...(broken === undefined ? {} : { broken }) };
}

/** `cut` says why no call of the answer may run. */
function stopOf(stop: JsonObject): { reason: StopReason; detail: string; cut?: string } {
  const name = textOf(stop['stop_reason']);
  switch (name) {
    case 'end_turn':
    case 'stop_sequence':
      return { reason: 'end', detail: '' };
    case 'tool_use':
      return { reason: 'tools', detail: '' };
    case 'max_tokens':
      return {
        reason: 'max_tokens',
        detail: '',
        cut: 'The reply was cut by the output limit, so the call may not be whole.',
      };
    case 'model_context_window_exceeded':
      return {
        reason: 'context_overflow',
        detail: '',
        cut: 'The reply was cut by the context window, so the call may not be whole.',
      };
    case 'pause_turn':
      return { reason: 'pause', detail: '' };
    case 'refusal': {
      const details = isJsonObject(stop['stop_details']) ? stop['stop_details'] : {};
      const detail = textOf(details['explanation']) || textOf(details['category']);
      return { reason: 'refusal', detail, cut: 'The reply was withdrawn.' };
    }
    default:
      return { reason: 'unknown', detail: name };
  }
}

function usageOf(counted: JsonObject): Omit<Usage, 'output'> {
  const writes = numberOf(counted['cache_creation_input_tokens']) ?? 0;
  const split = isJsonObject(counted['cache_creation']) ? counted['cache_creation'] : {};
  const cacheWrite1h = numberOf(split['ephemeral_1h_input_tokens']) ?? 0;
  return {
    input: numberOf(counted['input_tokens']),
    cacheRead: numberOf(counted['cache_read_input_tokens']) ?? 0,
    cacheWrite5m: numberOf(split['ephemeral_5m_input_tokens']) ?? Math.max(0, writes - cacheWrite1h),
    cacheWrite1h,
  };
}

/** The id as it came, or one that the conversation does not hold yet. */
function freshId(given: Json | undefined, taken: Set<string>): string {
  let id = textOf(given) || 'call';
  while (taken.has(id)) id += ID_ENDING;
  taken.add(id);
  return id;
}

function spokenKind(block: JsonObject): 'text' | 'thinking' | undefined {
  const type = block['type'];
  return type === 'text' || type === 'thinking' ? type : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
