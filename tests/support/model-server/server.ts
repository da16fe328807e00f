import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { JsonObject } from '../../../src/model/message.ts';
import { type AnsweringModel, answeringModel } from './answer.ts';
import { type Arrival, arrivalOf } from './arrival.ts';
import { modelInfo } from './models.ts';
import type { ModelServerOptions } from './options.ts';
import { errorBody, Refusal, refuse } from './refusal.ts';
import type { SeenRequest } from './request.ts';
import { checkHeaders } from './rules-request.ts';

/** A Messages API on loopback that plays a script, and refuses what the real one would refuse. */
export interface ModelServer extends AsyncDisposable {
  /** The base URL, without `/v1`. */
  readonly url: string;
  readonly port: number;
  /** The calls to `/v1/messages`, in the order of their arrival. */
  readonly requests: readonly SeenRequest[];
  /** All other calls, as `GET /v1/models`. */
  readonly otherCalls: readonly string[];
  /** What requests did that the API forbids, in words. */
  readonly violations: readonly string[];
  /** Ends all connections. Throws when there are violations that the options do not allow; only once. */
  close(): Promise<void>;
}

/** Resolves when the server listens. */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const model = answeringModel(options);
  const requests: SeenRequest[] = [];
  const otherCalls: string[] = [];
  const violations: Array<{ item: number; text: string }> = [];
  const closing = new AbortController();
  let calls = 0;
  const desk: Desk = {
    model,
    options,
    note: (refusal, where) => {
      if (refusal.item === undefined) return;
      violations.push({ item: refusal.item, text: `${where}: rule ${refusal.item}: ${refusal.message}` });
    },
    requests,
  };

  const server = createServer((incoming, response) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const path = new URL(incoming.url ?? '/', 'http://loopback').pathname;
    const call = `${incoming.method} ${path}`;
    calls += 1;
    if (options.host?.requestId !== false) response.setHeader('request-id', `req_${String(calls).padStart(6, '0')}`);
    if (call !== 'POST /v1/messages') otherCalls.push(call);
    handle(call, incoming, response, desk, AbortSignal.any([gone.signal, closing.signal])).catch((error: unknown) => {
      const refusal = refusalIn(error);
      desk.note(refusal, call);
      sendRefusal(response, refusal, options);
    });
  });
  // A client's connection that breaks is nothing to report.
  server.on('clientError', (_error, socket) => socket.destroy());
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

  const close = async () => {
    if (closing.signal.aborted) return;
    closing.abort();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    const { allowViolations = false } = options;
    if (allowViolations === true) return;
    const broken = violations.filter(({ item }) => allowViolations === false || !allowViolations.includes(item));
    if (broken.length > 0) {
      throw new Error(`The Messages API would have refused:\n${broken.map(({ text }) => `- ${text}`).join('\n')}`);
    }
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    otherCalls,
    get violations() {
      return violations.map(({ text }) => text);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What the handlers share. */
interface Desk {
  model: AnsweringModel;
  options: ModelServerOptions;
  note(refusal: Refusal, where: string): void;
  requests: SeenRequest[];
}

async function handle(
  call: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  desk: Desk,
  signal: AbortSignal,
): Promise<void> {
  const { model, options } = desk;
  const { host = {} } = options;
  const arrival = await arrivalOf(incoming);
  if (arrival === undefined) return;
  response.setHeader('anthropic-ratelimit-requests-limit', '1000');
  response.setHeader('anthropic-ratelimit-requests-remaining', '999');
  switch (call) {
    case 'POST /v1/messages':
      return converse(arrival, response, desk, signal);
    case 'POST /v1/messages/count_tokens':
      if (host.countTokens === false) break;
      if (arrival.flaw !== undefined) throw arrival.flaw;
      return send(response, 200, { input_tokens: model.count(arrival.body, arrival.headers) });
    case 'GET /':
    case 'HEAD /':
      return send(response, 200, {});
  }
  if (host.models === false || !/^GET \/v1\/models(\/|$)/.test(call)) refuse(undefined, 'Not found', 404);
  checkHeaders(arrival.headers, { keys: options.keys, strictBetas: false });
  send(response, 200, modelsAnswer(decodeURIComponent(call.slice('GET /v1/models/'.length)), model));
}

/** One call to `/v1/messages`, from its arrival to the end of its answer. */
async function converse(
  { headers, raw, body, flaw }: Arrival,
  response: ServerResponse,
  { model, options, requests, note }: Desk,
  signal: AbortSignal,
): Promise<void> {
  const seen: SeenRequest = {
    seq: requests.length + 1,
    turn: model.turnOf(body),
    side: model.isSide(body),
    body,
    headers,
    raw,
    bytes: Buffer.byteLength(raw),
    arrivedAt: Date.now(),
    promptTokens: 0,
  };
  requests.push(seen);
  try {
    if (flaw !== undefined) throw flaw;
    await model.answer(seen, response, signal);
    if (signal.aborted && !response.writableEnded) seen.aborted = true;
  } catch (error) {
    const refusal = refusalIn(error);
    seen.status = refusal.status;
    seen.refusal = refusal.message;
    note(refusal, `request ${seen.seq} (${seen.side ? 'side call' : `turn ${seen.turn}`})`);
    sendRefusal(response, refusal, options);
  } finally {
    seen.endedAt = Date.now();
    options.onAnswered?.(seen);
  }
}

/** A script that throws is a mistake too: the client is told at once, and the test must not pass. */
function refusalIn(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(0, `the script failed: ${error instanceof Error ? error.stack : String(error)}`);
}

function modelsAnswer(id: string, { models }: AnsweringModel): JsonObject {
  if (id === '') {
    const listed = Object.entries(models).filter(([, rules]) => rules.lifecycle !== 'retired');
    const data = listed.map(([name, rules]) => modelInfo(name, rules));
    return { data, has_more: false, first_id: listed[0]?.[0] ?? null, last_id: listed.at(-1)?.[0] ?? null };
  }
  const rules = models[id];
  return rules === undefined ? refuse(undefined, `model: ${id}`, 404) : modelInfo(id, rules);
}

function send(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendRefusal(response: ServerResponse, refusal: Refusal, options: ModelServerOptions): void {
  if (response.headersSent) return void response.destroy();
  if (options.host?.errors === 'text') {
    response.writeHead(refusal.status, { 'content-type': 'text/plain' });
    return void response.end(refusal.message);
  }
  const id = String(response.getHeader('request-id') ?? '');
  const body =
    options.host?.errors === 'openai'
      ? { error: { code: refusal.status, message: refusal.message, type: refusal.type } }
      : errorBody(refusal.type, refusal.message, id);
  send(response, refusal.status, body);
}
