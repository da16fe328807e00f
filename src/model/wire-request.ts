import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import type { Feature } from './features.ts';
import { type AssistantMessage, isJsonObject, type Json, type JsonObject, type Message } from './message.ts';
import { isConversation, type ModelRequest } from './model.ts';
import { maxTokensOf } from './prices.ts';

export interface WireOptions {
  model: string;
  /** What may be used of the API beyond the minimum. */
  features: ReadonlySet<Feature>;
  /** Replies whose thinking the server no longer accepts; it is left out of them. */
  unthinking: WeakSet<AssistantMessage>;
}

export interface WireRequest {
  body: JsonObject;
  /** The features that the body makes use of. */
  used: ReadonlySet<Feature>;
  /** The format is asked for in words. */
  prompted: boolean;
}

/**
 * A request as the Messages API takes it. The same request gives the same bytes, and a conversation that grew
 * gives the old bytes and more: only the cache markers move, which neither the cache nor the signatures of
 * thinking blocks mind.
 */
export function wireRequest(request: ModelRequest, options: WireOptions): WireRequest {
  const used = new Set<Feature>();
  const use = (feature: Feature) => options.features.has(feature) && used.add(feature).size > 0;

  const messages = request.messages
    .map((message) => wireMessage(message, options))
    .filter(({ content }) => content.length > 0);
  const system: JsonObject[] = request.system.filter(isVisible).map((text) => ({ type: 'text', text }));
  const tools: JsonObject[] = request.tools.map(({ name, description, schema }) => ({
    name,
    description,
    input_schema: schema,
  }));
  // A call beside the loop is made once: writing its prompt into the cache would only cost.
  if (isConversation(request.purpose) && use('cache')) {
    mark(tools);
    mark(system);
    for (const message of rollingPositions(messages)) mark(message.content);
  }

  const config: JsonObject = {};
  if (request.effort !== undefined && use('effort')) config['effort'] = request.effort;
  const schema = request.format && (options.features.has('format') ? supportedSchema(request.format) : undefined);
  if (schema && use('format')) config['format'] = { type: 'json_schema', schema };
  const prompted = request.format !== undefined && schema === undefined;
  if (prompted && request.format) askInWords(messages, request.format);

  return {
    used,
    prompted,
    body: {
      model: options.model,
      max_tokens: maxTokensOf(options.model, request),
      ...(system.length === 0 ? {} : { system }),
      ...(tools.length === 0 ? {} : { tools }),
      ...(use('thinking') ? { thinking: thinkingFor(options.model, request) } : {}),
      ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
      messages: messages.map(({ role, content }) => ({ role, content })),
      stream: true,
    },
  };
}

interface WireMessage {
  role: 'user' | 'assistant';
  content: JsonObject[];
}

function wireMessage(message: Message, options: WireOptions): WireMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: isVisible(message.text) ? [{ type: 'text', text: message.text }] : [] };
    case 'tools':
      return {
        role: 'user',
        content: message.answers.map(({ callId, text, isError }) => ({
          type: 'tool_result',
          tool_use_id: callId,
          content: text,
          ...(isError ? { is_error: true } : {}),
        })),
      };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.sealed ? sealedBlocks(message, message.sealed, options) : ownBlocks(message),
      };
  }
}

function ownBlocks({ text, calls }: AssistantMessage): JsonObject[] {
  const uses = calls.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }));
  return isVisible(text) ? [{ type: 'text', text }, ...uses] : uses;
}

/** What the model sent, as it sent it; but for the blocks that the API gives and does not take. */
function sealedBlocks(
  message: AssistantMessage,
  sealed: readonly Json[],
  { model, unthinking }: WireOptions,
): JsonObject[] {
  return sealed.filter(isJsonObject).filter((block) => {
    switch (block['type']) {
      case 'text':
        return typeof block['text'] === 'string' && isVisible(block['text']);
      case 'thinking':
        // A reply cut in mid-thought has no signature yet. Servers of other models sign nothing at all.
        return !unthinking.has(message) && (Boolean(block['signature']) || !isClaude(model));
      case 'redacted_thinking':
        return !unthinking.has(message);
      default:
        return true;
    }
  });
}

/**
 * The newest message of ours, and the newest one of the request before. A lookup goes back 20 blocks from a
 * marker, so after a turn with many parallel calls only the old position finds what was written there.
 */
function rollingPositions(messages: readonly WireMessage[]): WireMessage[] {
  const newest = messages.findLastIndex(({ role }) => role === 'user');
  const reply = messages.findLastIndex(({ role }) => role === 'assistant');
  const previous = messages.findLastIndex(({ role }, index) => role === 'user' && index < reply);
  return [...new Set([previous, newest])].flatMap((index) => messages[index] ?? []);
}

function mark(blocks: JsonObject[]): void {
  const last = blocks.at(-1);
  if (last) blocks[blocks.length - 1] = { ...last, cache_control: { type: 'ephemeral' } };
}

export function isClaude(model: string): boolean {
  return model.startsWith('claude-');
}

/** The main models think whenever they like; a light one need not, for a call beside the loop. */
function thinkingFor(model: string, { purpose }: ModelRequest): JsonObject {
  if (!isConversation(purpose) && model.startsWith('claude-haiku-')) return { type: 'disabled' };
  return { type: 'adaptive', display: 'summarized' };
}

/** The schema within the subset that structured output knows, the rest told in its descriptions; undefined when it cannot be. */
function supportedSchema(schema: JsonObject): JsonObject | undefined {
  try {
    return transformJSONSchema(schema);
  } catch {
    return undefined; // A schema without a type: words will do.
  }
}

function askInWords(messages: WireMessage[], schema: JsonObject): void {
  const text = `Answer with one JSON value that fits this JSON Schema, and with nothing else:\n${JSON.stringify(schema)}`;
  messages.findLast(({ role }) => role === 'user')?.content.push({ type: 'text', text });
}

function isVisible(text: string): boolean {
  return text.trim() !== '';
}
