import type { Json, JsonObject } from '../../../src/model/message.ts';
import { isObject, textOf } from '../../support/model-server/json.ts';

/** What came back, byte for byte and read. */
export interface RawAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The body when it is a JSON object, else {}. */
  body: JsonObject;
  events: Array<{ type: string; data: JsonObject }>;
  /** Set when the connection broke before the body was complete. */
  broken: boolean;
}

export const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'anthropic-version': '2026-10-21',
  authorization: 'Bearer test-key',
};

export const READ_FILE: JsonObject = {
  name: 'read_file',
  description: 'Read a file.',
  input_schema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

/** A sound request of the main conversation. */
export function request(messages: Json[], more: JsonObject = {}): JsonObject {
  return { model: 'claude-sonnet-5-5', max_tokens: 4096, tools: [READ_FILE], messages, ...more };
}

/** Posts a body as it is; a header of '' is left out. */
export async function post(
  url: string,
  body: JsonObject | string,
  options: { headers?: Record<string, string>; path?: string; signal?: AbortSignal } = {},
): Promise<RawAnswer> {
  const headers = Object.fromEntries(
    Object.entries({ ...HEADERS, ...options.headers }).filter(([, value]) => value !== ''),
  );
  const response = await fetch(`${url}${options.path ?? '/v1/messages'}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const decoder = new TextDecoder();
  let text = '';
  let broken = false;
  try {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  } catch {
    broken = true;
  }
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: jsonOf(text),
    events: eventsOf(text),
    broken,
  };
}

function jsonOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function eventsOf(text: string): Array<{ type: string; data: JsonObject }> {
  return text
    .replaceAll('\r\n', '\n')
    .split('\n\n')
    .flatMap((record) => {
      const type = /^event: (.*)$/m.exec(record)?.[1];
      const data = /^data: (.*)$/m.exec(record)?.[1];
      return type === undefined || data === undefined ? [] : [{ type, data: jsonOf(data) }];
    });
}

/** The type and message of an error answer. */
export function errorOf({ status, body }: RawAnswer): { status: number; type: string; message: string } {
  const error = body['error'];
  return isObject(error)
    ? { status, type: textOf(error['type']), message: textOf(error['message']) }
    : { status, type: '', message: '' };
}

/** The content of a complete reply, to be sent back as it is. */
export function contentOf({ body }: RawAnswer): Json[] {
  return Array.isArray(body['content']) ? body['content'] : [];
}

/** Sends a request and returns the conversation with the reply, and results for its calls, at its end. */
export async function converse(url: string, messages: Json[], more: JsonObject = {}): Promise<Json[]> {
  const answer = await post(url, request(messages, more));
  if (answer.status !== 200) throw new Error(answer.text);
  const content = contentOf(answer);
  const results = content
    .filter(isObject)
    .flatMap((block) =>
      block['type'] === 'tool_use'
        ? [{ type: 'tool_result', tool_use_id: block['id'] ?? '', content: 'text of the file' }]
        : [],
    );
  const next: Json[] = [...messages, { role: 'assistant', content }];
  return results.length === 0 ? next : [...next, { role: 'user', content: results }];
}

export function user(content: Json): JsonObject {
  return { role: 'user', content };
}

export function assistant(content: Json): JsonObject {
  return { role: 'assistant', content };
}

export function text(value: string, more: JsonObject = {}): JsonObject {
  return { type: 'text', text: value, ...more };
}

export function call(id: string, more: JsonObject = {}): JsonObject {
  return { type: 'tool_use', id, name: 'read_file', input: { path: 'a.ts' }, ...more };
}

export function result(id: string, more: JsonObject = {}): JsonObject {
  return { type: 'tool_result', tool_use_id: id, content: 'text of the file', ...more };
}
