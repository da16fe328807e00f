import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import { NexError } from '../errors.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { cutOff, notAStream, oddEnd, silent, unreachable } from './connection-error.ts';
import { createFeatureMemory, FEATURES, type Feature, type FeatureMemory, featuresNamedIn } from './features.ts';
import { type AssistantMessage, isJsonObject, type Json, type JsonObject, type Message } from './message.ts';
import type { Model, ModelReply, ModelRequest } from './model.ts';
import { type CallPlace, ModelError, rejected } from './model-error.ts';
import { rateLimitsIn } from './rate-limits.ts';
import { hasThinking } from './thinking.ts';
import { startWatchdog, type Watched } from './watchdog.ts';
import { createReplyReader, type ReplyReader } from './wire-reply.ts';
import { isClaude, type WireRequest, wireRequest } from './wire-request.ts';

export interface AnthropicOptions {
  /** The model's id, as the server knows it. */
  id: string;
  /** Sent to the server of `baseUrl` and nowhere else. A server without keys gets any text. */
  credential: { kind: 'apiKey' | 'authToken'; value: string };
  /** Another server that speaks the Messages API; with or without `/v1` at its end. */
  baseUrl?: string;
  /** Milliseconds without a byte after which a request is given up. */
  idleTimeoutMs: number;
  /** How requests reach it; Node's own `fetch` when left out. */
  fetch?: typeof fetch;
  /** Shared by all models of a process, so that a rejected feature is tried once. */
  features?: FeatureMemory;
  clock?: Clock;
}

/** Where requests go unless the user names another server. */
export const API = 'https://api.anthropic.com';

/** How long a connection may stay open after the answer's end before it is closed. */
const AFTERGLOW_MS = 250;

/** Complaints about thinking blocks that no longer fit the conversation they came from. */
const MISFIT =
  /bound to a different conversation|Invalid `?signature`?|blocks in the latest assistant message cannot be modified/i;

/**
 * A model behind the Messages API. One call is one answer: nothing is retried here, but for what another form
 * of the same request mends: a feature that the server does not know is dropped, and thinking that the server
 * no longer accepts is left out. The reply then says so (`unthinking`): the conversation is its owner's to mend.
 */
export function createAnthropicModel(options: AnthropicOptions): Model {
  const { id, credential, clock = systemClock } = options;
  const baseUrl = options.baseUrl === undefined ? API : rootOf(options.baseUrl);
  const host = hostOf(baseUrl);
  const memory = options.features ?? createFeatureMemory();
  const unthinking = new WeakSet<AssistantMessage>();
  const client = clientFor(options, baseUrl);
  const place = (): CallPlace => ({ host, model: id, secret: credential.value, now: clock.now() });

  /** Every feature for Claude on any host, the bare minimum for all other models. */
  const features = (): Set<Feature> => new Set(isClaude(id) ? FEATURES : []).difference(memory.rejected(host, id));

  const send = async (request: ModelRequest, wire: WireRequest): Promise<ModelReply> => {
    const watchdog = startWatchdog(options.idleTimeoutMs);
    const reader = createReplyReader({ model: id, takenIds: idsIn(request.messages), listen: request.listen });
    let answering = false;
    try {
      const signal = AbortSignal.any([request.signal, watchdog.signal]);
      // Not `messages.create`: blocks go back as they came, also those that the SDK has no types for, and it
      // writes to the console by itself.
      // As text, with its type: the SDK then need not ask what kind of body it is, which would load Node's fetch.
      const body = JSON.stringify(wire.body);
      const headers = { 'content-type': 'application/json' };
      const response = await client.post('/v1/messages', { body, headers, stream: true, signal }).asResponse();
      answering = true;
      const contentType = response.headers.get('content-type') ?? '';
      if (contentType !== '' && !contentType.includes('event-stream')) {
        await response.body?.cancel();
        throw notAStream(place(), contentType);
      }
      for await (const event of eventsOf(watchdog.watch(response, signal), reader, place)) {
        request.signal.throwIfAborted();
        reader.push(event);
        // Read on to the end of the stream, so that the connection can be used again.
        if (reader.whole) watchdog.hurry(AFTERGLOW_MS);
      }
      if (!reader.whole) throw cutOff(place());
      const requestId = response.headers.get('request-id') ?? undefined;
      const reply = reader.reply();
      // Of Claude every reason is known: one that is not may stand for anything, and nothing of the reply is acted on.
      // Other servers have reasons of their own, or none.
      if (reply.stop === 'unknown' && isClaude(id)) throw oddEnd(place(), reply.stopDetail, requestId);
      const limits = rateLimitsIn(response.headers);
      return {
        ...reply,
        ...(requestId === undefined ? {} : { requestId }),
        ...(limits === undefined ? {} : { limits }),
        ...(wire.prompted ? { prompted: true } : {}),
      };
    } catch (error) {
      // An answer that began, or a request that hung, may have been paid for.
      if (answering || request.signal.aborted || watchdog.signal.aborted) request.onCut?.(reader.spent());
      if (request.signal.aborted) throw request.signal.reason;
      if (watchdog.signal.aborted) throw silent(place(), options.idleTimeoutMs);
      throw explained(error, place());
    } finally {
      watchdog.stop();
    }
  };

  /** True when the same request in another form may pass: without a feature, or without old thinking. */
  const mend = (error: unknown, request: ModelRequest, { used }: WireRequest, without: Set<Feature>): boolean => {
    if (!(error instanceof ModelError) || (error.status !== 400 && error.status !== 422)) return false;
    const said = error.said ?? '';
    if (MISFIT.test(said)) {
      const misfits = request.messages.filter(hasThinking).filter((message) => !unthinking.has(message));
      if (misfits.length === 0) return false;
      for (const message of misfits) unthinking.add(message);
      request.listen?.({
        type: 'notice',
        text: 'The server no longer accepts the thinking of earlier replies; it is left out from here on.',
      });
      return true;
    }
    const named = error.tooLong || error.spendLimit ? [] : featuresNamedIn(said).filter((feature) => used.has(feature));
    for (const feature of named) {
      without.add(feature);
      // A complaint about one schema says nothing about the next.
      if (feature !== 'format' || !/schema/i.test(said)) memory.reject(host, id, feature);
    }
    return named.length > 0;
  };

  return {
    id,
    async ask(request) {
      const without = new Set<Feature>();
      // Each round leaves out what the round before had sent, so it comes to an end.
      for (;;) {
        request.signal.throwIfAborted();
        const wire = wireRequest(request, { model: id, features: features().difference(without), unthinking });
        try {
          const reply = await send(request, wire);
          return request.messages.some((message) => hasThinking(message) && unthinking.has(message))
            ? { ...reply, unthinking: true }
            : reply;
        } catch (error) {
          if (!mend(error, request, wire, without)) throw error;
        }
      }
    },
  };
}

/** A client of the SDK that sends the key to this server and nowhere else, and writes nothing to the console. */
export function clientFor(
  { credential, fetch }: Pick<AnthropicOptions, 'credential' | 'fetch'>,
  baseURL: string,
): BaseAnthropic {
  const { kind, value } = credential;
  return new BaseAnthropic({
    baseURL,
    ...(kind === 'apiKey' ? { apiKey: value } : { authToken: value }),
    // Gateways made for older versions of the API look for the key here.
    ...(kind === 'apiKey' && baseURL !== API ? { defaultHeaders: { 'x-api-key': value } } : {}),
    // A redirect would carry key and code to an address that the user did not choose.
    fetchOptions: { redirect: 'manual' },
    ...(fetch === undefined ? {} : { fetch }),
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
  });
}

/** The events of a stream as JSON. What breaks on the way, and errors that the server sends as events, become ModelErrors. */
async function* eventsOf(response: Watched, reader: ReplyReader, place: () => CallPlace): AsyncGenerator<JsonObject> {
  // Of a response the SDK reads the body alone, and takes any iterable of bytes.
  const messages = Stream.rawEvents(response as unknown as Response);
  // Not for-await: what the caller throws while it handles an event is none of the connection's errors.
  const next = async () => {
    try {
      return await messages.next();
    } catch (error) {
      if (reader.whole) return undefined; // Nothing was left to come.
      throw cutOff(place(), error);
    }
  };
  try {
    for (let item = await next(); item && !item.done; item = await next()) {
      const { event: name, data } = item.value;
      if (data === '' || data === '[DONE]') continue;
      const event = parse(data);
      if (name === 'error' || (isJsonObject(event) && event['type'] === 'error')) {
        throw rejected({ status: undefined, body: event ?? data, headers: response.headers }, place());
      }
      if (event === undefined) throw cutOff(place());
      if (isJsonObject(event)) yield event;
    }
  } finally {
    await messages.return();
  }
}

function parse(data: string): Json | undefined {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** The SDK's errors in our words; anything else is a bug and stays as it is. */
export function explained(error: unknown, place: CallPlace): unknown {
  // The SDK drops the cause of a timeout.
  if (error instanceof BaseAnthropic.APIConnectionTimeoutError) return unreachable({ code: 'ETIMEDOUT' }, place);
  if (error instanceof BaseAnthropic.APIConnectionError) return unreachable(error.cause ?? error, place);
  if (error instanceof BaseAnthropic.APIError) {
    return rejected({ status: error.status, body: error.error ?? error.message, headers: error.headers }, place, error);
  }
  return error;
}

/** The address without what the SDK appends. */
export function rootOf(baseUrl: string): string {
  return baseUrl.trim().replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
}

/** The host of an address. Throws NexError 'config' for what is none. */
export function hostOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.host;
  throw new NexError('config', `The base URL "${baseUrl}" is not a web address.`, {
    hint: 'It looks like http://localhost:11434.',
  });
}

function idsIn(messages: readonly Message[]): Set<string> {
  return new Set(
    messages.flatMap((message) => (message.role === 'assistant' ? message.calls.map(({ id }) => id) : [])),
  );
}
