import type { Json, JsonObject } from '../../../src/model/message.ts';
import { blocksOf, isObject, joinedText, objectsOf, textOf } from './json.ts';
import type { ModelRules } from './models.ts';

/** Tokens of one request, as the reply's usage told them. */
export interface SeenUsage {
  input: number;
  cacheRead: number;
  /** Both lifetimes together. */
  cacheWrite: number;
  cacheWrite1h: number;
  /** Thinking included. */
  output: number;
}

/** A call to `POST /v1/messages`, refused ones included. The fields after `raw` fill in while it is answered. */
export interface SeenRequest {
  /** 1 for the first one. */
  readonly seq: number;
  /** How many replies of this server the conversation holds; so a repeated request has the same turn. */
  readonly turn: number;
  /** True for the calls beside the main conversation: structured output asked for, or no tools brought. */
  readonly side: boolean;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly arrivedAt: number;
  answeredAt?: number;
  endedAt?: number;
  /** Tokens of the whole prompt, read from cache or not; 0 for a request that was refused. */
  promptTokens: number;
  usage?: SeenUsage;
  /** HTTP status; absent while nothing was sent. */
  status?: number;
  /** The fault that was played. */
  fault?: string;
  /** Why it was refused. */
  refusal?: string;
  /** True when the client went away before the answer was complete. */
  aborted?: boolean;
}

export interface AskedMessage {
  role: string;
  /** Its place in `messages`. */
  index: number;
  blocks: readonly JsonObject[];
  fields: JsonObject;
}

/** A request whose outer shape is sound. */
export interface Asked {
  counting: boolean;
  version: string;
  betas: ReadonlySet<string>;
  body: JsonObject;
  model: string;
  rules: ModelRules;
  tools: readonly JsonObject[];
  system: readonly JsonObject[];
  messages: readonly AskedMessage[];
}

export function messagesOf(body: JsonObject): AskedMessage[] {
  return objectsOf(body['messages']).map((fields, index) => ({
    role: textOf(fields['role']),
    index,
    blocks: blocksOf(fields['content']),
    fields,
  }));
}

/** Consecutive messages of one role: the API reads them as one. */
export function runsOf(messages: readonly AskedMessage[]): AskedMessage[][] {
  const runs: AskedMessage[][] = [];
  for (const message of messages) {
    const run = runs.at(-1);
    if (run?.[0]?.role === message.role) run.push(message);
    else runs.push([message]);
  }
  return runs;
}

export function thinkingTypeOf(asked: Asked): string {
  const thinking = asked.body['thinking'];
  return (isObject(thinking) && textOf(thinking['type'])) || 'adaptive';
}

export function effortOf({ body, rules }: Asked): string {
  return textOf(outputConfigOf(body)['effort']) || rules.defaultEffort;
}

/** The schema of the structured output that a request asks for. */
export function schemaOf(body: JsonObject): JsonObject | undefined {
  for (const holder of [body['output_config'], { format: body['output_format'] ?? null }]) {
    const format = isObject(holder) ? holder['format'] : undefined;
    if (isObject(format) && isObject(format['schema'])) return format['schema'];
  }
  return undefined;
}

/** The system prompt as one text. */
export function systemTextOf(request: { body: JsonObject }): string {
  return joinedText(blocksOf(request.body['system']));
}

/** The text of the last user message; '' when it holds tool results alone. */
export function lastUserTextOf(request: { body: JsonObject }): string {
  return joinedText(messagesOf(request.body).findLast(({ role }) => role === 'user')?.blocks ?? []);
}

/** The tool results of the last user message, in order. */
export function resultsOf(request: { body: JsonObject }): Array<{ id: string; text: string; isError: boolean }> {
  const blocks = messagesOf(request.body).findLast(({ role }) => role === 'user')?.blocks ?? [];
  return blocks
    .filter((block) => block['type'] === 'tool_result')
    .map((block) => ({
      id: textOf(block['tool_use_id']),
      text: joinedText(blocksOf(block['content'])),
      isError: block['is_error'] === true,
    }));
}

export function toolNamesOf(request: { body: JsonObject }): string[] {
  return objectsOf(request.body['tools']).map((tool) => textOf(tool['name']));
}

/** True for a call beside the main conversation: it asks for structured output, or brings no tools. */
export function isSideCall(body: JsonObject): boolean {
  return schemaOf(body) !== undefined || objectsOf(body['tools']).length === 0;
}

/** The values of `output_config` other than null. */
export function outputConfigOf(body: JsonObject): Record<string, Json> {
  const config = body['output_config'];
  return isObject(config) ? Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null)) : {};
}
