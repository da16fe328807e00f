import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../../src/model/message.ts';
import { asciiJson, type StreamEvent, type WireStyle } from './events.ts';
import { type Fault, statusOf } from './faults.ts';
import { errorBody, errorTypeOf } from './refusal.ts';
import type { SeenRequest } from './request.ts';

/** A fault of the wire, and how many events are sent before it strikes. */
export interface Strike {
  fault: Fault;
  after: number;
}

/** Waits for so long, or until nobody is there any more; undefined waits for that alone. */
export async function waitFor(ms: number | undefined, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  if (ms !== undefined) return sleep(ms, undefined, { signal }).catch(() => undefined);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

/** Sends the events, and plays the fault on the way. `signal` aborts when either side is gone. */
export async function stream(
  response: ServerResponse,
  events: readonly StreamEvent[],
  style: WireStyle,
  strike: Strike | undefined,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, event] of events.entries()) {
    if (strike?.after === index && (await struck(response, strike.fault, style, signal))) return;
    if (signal.aborted) return;
    const bytes = Buffer.from(textOf(event, style));
    const trickles = strike?.fault.kind === 'trickle' && index >= strike.after;
    const size = trickles ? 1 : (style.chunkBytes ?? bytes.length);
    // Each write becomes a chunk of its own, and a client's parser reports chunks one by one.
    for (let at = 0; at < bytes.length; at += size) {
      response.write(bytes.subarray(at, at + size));
      if (trickles) await waitFor(strike.fault.ms ?? 1000, signal);
      if (signal.aborted) return;
    }
  }
  if (strike?.after === events.length && (await struck(response, strike.fault, style, signal))) return;
  response.end();
}

/** True when the fault ended the stream. */
async function struck(response: ServerResponse, fault: Fault, style: WireStyle, signal: AbortSignal): Promise<boolean> {
  switch (fault.kind) {
    case 'reset-mid':
      // What was written so far still reaches the client; a plain destroy might drop it.
      response.socket?.destroySoon();
      return true;
    case 'truncate':
      response.end();
      return true;
    case 'garbage':
      response.end('event: content_block_delta\ndata: {"type": "content_blo\n\n');
      return true;
    case 'error-event': {
      const type = fault.errorType ?? 'overloaded_error';
      const data: JsonObject = errorBody(type, fault.message ?? 'Overloaded', 'req_in_stream');
      response.end(textOf({ type: 'error', data }, style));
      return true;
    }
    case 'stall':
      await waitFor(fault.ms, signal);
      return signal.aborted;
    default:
      return false;
  }
}

function textOf({ type, data }: StreamEvent, style: WireStyle): string {
  const json = JSON.stringify(data);
  const lines = [`event: ${type}`, `data: ${style.ascii ? asciiJson(json) : json}`, '', ''];
  return (style.comments ? [': keep-alive', ''] : []).concat(lines).join(style.crlf ? '\r\n' : '\n');
}

/** Plays the faults that take the place of a reply; false for the others. */
export async function playedInstead(
  fault: Fault,
  seen: SeenRequest,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<boolean> {
  const status = statusOf(fault);
  if (status !== undefined) {
    seen.answeredAt = Date.now();
    seen.status = status;
    sendFault(fault, status, response);
    return true;
  }
  if (fault.kind === 'reset') {
    response.socket?.resetAndDestroy();
    return true;
  }
  if (fault.kind === 'silence') {
    await waitFor(fault.ms, signal);
    return signal.aborted;
  }
  return false;
}

function sendFault(fault: Fault, status: number, response: ServerResponse): void {
  if (fault.retryAfter !== undefined) response.setHeader('retry-after', String(fault.retryAfter));
  if (fault.shouldRetry !== undefined) response.setHeader('x-should-retry', String(fault.shouldRetry));
  if (fault.html) {
    response.writeHead(status, { 'content-type': 'text/html' });
    response.end(`<html><body><h1>${status} ${fault.message ?? 'Bad Gateway'}</h1></body></html>`);
    return;
  }
  const details = fault.errorCode === undefined ? undefined : { error_code: fault.errorCode };
  const type = fault.errorType ?? errorTypeOf(status);
  const body = errorBody(
    type,
    fault.message ?? `A played ${type}`,
    String(response.getHeader('request-id') ?? ''),
    details,
  );
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** A reply in one piece. Faults of the stream become what they would be here: a body that is cut, or stays away. */
export async function sendWhole(
  response: ServerResponse,
  message: JsonObject,
  strike: Strike | undefined,
  signal: AbortSignal,
): Promise<void> {
  const text = JSON.stringify(message);
  const kind = strike?.fault.kind;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  if (kind === 'reset-mid' || kind === 'truncate') {
    response.write(text.slice(0, text.length / 2));
    response.socket?.destroySoon();
    return;
  }
  if (kind === 'stall') await waitFor(strike?.fault.ms, signal);
  response.end(kind === 'garbage' ? text.replace(/.$/, ' ') : text);
}
