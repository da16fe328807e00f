import type { Json, JsonObject } from '../../../src/model/message.ts';
import type { ModelPiece, ModelRequest } from '../../../src/model/model.ts';

/** What a server answers to one request: a stream of events, an error, or whatever is written out here. */
export type Answer = Response | Error | ((sent: JsonObject, signal: AbortSignal) => Response | Promise<Response>);

export interface FakeFetch {
  fetch: typeof fetch;
  /** The bodies that were sent, in order. */
  bodies: JsonObject[];
  requests: Array<{ url: string; headers: Headers; redirect: string | undefined }>;
}

/** A network that gives these answers in this order. */
export function fakeFetch(...answers: Answer[]): FakeFetch {
  const bodies: JsonObject[] = [];
  const requests: FakeFetch['requests'] = [];
  return {
    bodies,
    requests,
    fetch: async (input, init) => {
      const body: JsonObject = JSON.parse(String(init?.body));
      bodies.push(body);
      requests.push({ url: String(input), headers: new Headers(init?.headers), redirect: init?.redirect });
      const answer = answers.shift();
      if (answer === undefined) throw new Error('no answer left');
      if (answer instanceof Error) throw answer;
      return typeof answer === 'function' ? answer(body, init?.signal ?? new AbortController().signal) : answer;
    },
  };
}

/** Events as the server writes them. */
export function sse(events: readonly JsonObject[]): string {
  return events.map((event) => `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`).join('');
}

/** A 200 with these bytes, in as many chunks as are given. */
export function stream(...chunks: Array<string | Uint8Array>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'request-id': 'req_1' } });
}

/** A stream that says this much and then waits; it ends only by the signal. */
export function stalled(signal: AbortSignal, text: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (text !== '') controller.enqueue(new TextEncoder().encode(text));
      signal.addEventListener('abort', () => controller.error(signal.reason), { once: true });
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** An HTTP error as the API words it. */
export function failure(
  status: number,
  type: string,
  message: string,
  more: { headers?: Record<string, string>; code?: string } = {},
): Response {
  const details = more.code === undefined ? {} : { details: { error_code: more.code } };
  const body = { type: 'error', error: { type, message, ...details }, request_id: 'req_9' };
  const headers = { 'content-type': 'application/json', 'request-id': 'req_9', ...more.headers };
  return new Response(JSON.stringify(body), { status, headers });
}

const USAGE: JsonObject = {
  input_tokens: 10,
  cache_read_input_tokens: 200,
  cache_creation_input_tokens: 30,
  cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
  output_tokens: 1,
};

export function start(usage: Json = USAGE): JsonObject {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', content: [], usage };
  return { type: 'message_start', message };
}

/** A block with its deltas, and its end. */
export function block(index: number, content: JsonObject, ...deltas: JsonObject[]): JsonObject[] {
  return [
    { type: 'content_block_start', index, content_block: content },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

export function text(index: number, ...pieces: string[]): JsonObject[] {
  return block(index, { type: 'text', text: '' }, ...pieces.map((piece) => ({ type: 'text_delta', text: piece })));
}

export function thinking(index: number, signature: string, ...pieces: string[]): JsonObject[] {
  return block(
    index,
    { type: 'thinking', thinking: '', signature: '' },
    ...pieces.map((piece) => ({ type: 'thinking_delta', thinking: piece })),
    { type: 'signature_delta', signature },
  );
}

export function call(index: number, id: string, name: string, ...json: string[]): JsonObject[] {
  return block(
    index,
    { type: 'tool_use', id, name, input: {} },
    ...json.map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
  );
}

export function end(reason: string | null, more: JsonObject = {}, usage: Json = { output_tokens: 40 }): JsonObject[] {
  return [
    { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null, ...more }, usage },
    { type: 'message_stop' },
  ];
}

/** A whole answer in words. */
export function said(words: string): string {
  return sse([start(), ...text(0, words), ...end('end_turn')]);
}

/** A request of the main loop that says hello. */
export function request(more: Partial<ModelRequest> = {}): ModelRequest & { heard: ModelPiece[] } {
  const heard: ModelPiece[] = [];
  return {
    purpose: 'main',
    system: ['You are nex.'],
    messages: [{ role: 'user', text: 'Hello' }],
    tools: [],
    signal: new AbortController().signal,
    listen: (piece) => heard.push({ ...piece }),
    ...more,
    heard,
  };
}
