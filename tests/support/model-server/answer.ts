import type { ServerResponse } from 'node:http';
import type { JsonObject } from '../../../src/model/message.ts';
import { type Accepted, examine, type House } from './conformance.ts';
import { countBefore, eventsOf, type StreamEvent } from './events.ts';
import { type Fault, faultQueue, spoilt } from './faults.ts';
import { findUnsupported } from './host.ts';
import { issuedReplies } from './issued.ts';
import { type ModelTable, modelTable } from './models.ts';
import type { ModelServerOptions } from './options.ts';
import { type CacheUse, promptCache, promptTokens } from './prompt-cache.ts';
import { refuse } from './refusal.ts';
import { blocksIn, limited, outputTokens, type Reply, render, usageOf } from './reply.ts';
import { isSideCall, type SeenRequest, type SeenUsage, schemaOf } from './request.ts';
import { sample } from './sample.ts';
import { signed } from './signatures.ts';
import { says, stops, type Turn } from './turns.ts';
import { playedInstead, type Strike, sendWhole, stream, waitFor } from './wire.ts';

/** The model behind the server: it judges requests, and answers those that are sound. */
export interface AnsweringModel {
  readonly models: ModelTable;
  turnOf(body: JsonObject): number;
  isSide(body: JsonObject): boolean;
  /** Throws a `Refusal` before anything is sent. `signal` aborts when the client is gone. */
  answer(seen: SeenRequest, response: ServerResponse, signal: AbortSignal): Promise<void>;
  /** Tokens of a prompt; throws a `Refusal`. */
  count(body: JsonObject, headers: Readonly<Record<string, string>>): number;
}

export function answeringModel(options: ModelServerOptions): AnsweringModel {
  const host = options.host ?? {};
  const issued = issuedReplies();
  const house: House = {
    models: modelTable(options.models),
    keys: options.keys,
    strictBetas: options.strictBetas ?? false,
    oldAccount: options.oldAccount ?? false,
    signatures: host.signatures ?? true,
    issued,
  };
  const cache = promptCache(options.now ?? Date.now);
  const faults = faultQueue(options.faults ?? []);

  const judge = (body: JsonObject, headers: Readonly<Record<string, string>>, counting: boolean): Accepted => {
    const field = findUnsupported(body, host.unsupported ?? []);
    if (field !== undefined) refuse(undefined, `${field}: Extra inputs are not permitted`);
    return examine(body, headers, house, counting);
  };

  const answer = async (seen: SeenRequest, response: ServerResponse, signal: AbortSignal) => {
    const accepted = judge(seen.body, seen.headers, false);
    const { asked, parts } = accepted;
    seen.promptTokens = promptTokens(parts);
    const fault = faults.take(seen);
    if (fault !== undefined) {
      seen.fault = String(fault.kind);
      if (await playedInstead(fault, seen, response, signal)) return;
    }
    const cached = cache.look(parts, options.minCacheTokens ?? asked.rules.minCacheTokens);
    const draft = draftOf(await saidBy(options, seen), accepted, { seq: seen.seq, use: cached.use, fault, options });
    if (fault !== undefined && draft.fault === undefined) {
      faults.giveBack(fault);
      delete seen.fault;
    }
    await waitFor(options.latencyMs ?? 0, signal);
    if (signal.aborted) return;

    cached.commit();
    issued.add(draft.content, { counts: draft.counts, paused: draft.stop === 'pause_turn' });
    seen.answeredAt = Date.now();
    seen.status = 200;
    seen.usage = draft.usage;
    if (seen.body['stream'] === true) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
      await stream(response, draft.events, options.wire ?? {}, draft.strike, signal);
    } else {
      await sendWhole(response, draft.message, draft.strike, signal);
    }
  };

  return {
    models: house.models,
    turnOf: issued.turnOf,
    isSide: options.isSide ?? isSideCall,
    answer,
    count: (body, headers) => promptTokens(judge(body, headers, true).parts),
  };
}

/** What the script has the model say. */
async function saidBy(options: ModelServerOptions, seen: SeenRequest): Promise<Turn> {
  // Without room for output the request only warms the cache.
  if (seen.body['max_tokens'] === 0) return stops('max_tokens');
  if (seen.side) {
    const schema = schemaOf(seen.body);
    return (await options.side?.(seen)) ?? says(schema === undefined ? 'Done.' : JSON.stringify(sample(schema)));
  }
  const { script } = options;
  if (typeof script === 'function') return script(seen);
  return script[seen.turn] ?? refuse(0, `the script has ${script.length} turns, and turn ${seen.turn} was asked for`);
}

/** A reply that is ready to be sent, whole or as a stream. */
interface Draft {
  content: readonly JsonObject[];
  stop: string | null;
  counts: boolean;
  usage: SeenUsage;
  message: JsonObject;
  events: readonly StreamEvent[];
  /** The fault in it; undefined when there was no place for it. */
  fault: Fault | undefined;
  strike: Strike | undefined;
}

interface DraftOptions {
  seq: number;
  use: CacheUse;
  fault: Fault | undefined;
  options: ModelServerOptions;
}

function draftOf(said: Turn, accepted: Accepted, { seq, use, fault, options }: DraftOptions): Draft {
  const { asked, parts, thinking } = accepted;
  const { host = {}, wire = {} } = options;
  const plain = limited(render(said, asked, parts.at(-1)?.key ?? ''), Number(asked.body['max_tokens']));
  const odd = fault === undefined ? plain : spoilt(plain, fault, asked);
  if (odd === undefined) return draftOf(said, accepted, { seq, use, fault: undefined, options });

  const id = `msg_${String(seq).padStart(6, '0')}`;
  const reply = host.signatures === false ? odd : signedReply(odd, accepted, id);
  const output = outputTokens(reply);
  const usage = oddUsage(usageOf(use, output, host.cacheUsage ?? true), fault);
  const head: JsonObject = { id, type: 'message', role: 'assistant', model: asked.model, container: null };
  if (asked.betas.has('thinking-binding-controls-2026-08-01')) {
    head['input_transformations'] = thinking.dropped.map(({ path, reason }) => ({
      type: 'thinking_dropped',
      path,
      reason,
    }));
  }
  const stop = (reason: string | null, details: JsonObject | null) => ({
    stop_reason: reason,
    stop_sequence: null,
    stop_details: details,
  });
  const events = eventsOf(reply, { ...head, content: [], ...stop(null, null) }, usage, wire);
  const after = fault && countBefore(events, fault.after ?? (fault.kind === 'trickle' ? 0 : undefined));
  if (fault !== undefined && after === undefined) {
    return draftOf(said, accepted, { seq, use, fault: undefined, options });
  }
  return {
    content: blocksIn(reply),
    stop: reply.stop,
    counts: reply.whole,
    usage: {
      input: use.input,
      cacheRead: use.read,
      cacheWrite: use.write5m + use.write1h,
      cacheWrite1h: use.write1h,
      output: output.all,
    },
    message: { ...head, content: blocksIn(reply), ...stop(reply.stop, reply.stopDetails), usage },
    events,
    fault,
    strike: fault === undefined || after === undefined ? undefined : { fault, after },
  };
}

function signedReply(reply: Reply, { asked, thinking }: Accepted, id: string): Reply {
  const blocks = signed(blocksIn(reply), asked, id, thinking.last);
  const items = reply.items.map((item) => {
    if (item.kind === 'event') return item;
    const block = blocks.shift() ?? item.block;
    // Thinking that breaks off is not signed: it cannot be sent back.
    return item.cut ? item : { ...item, block };
  });
  return { ...reply, items };
}

function oddUsage(usage: JsonObject, fault: Fault | undefined): JsonObject {
  if (fault?.kind === 'no-usage') return {};
  return fault?.kind === 'huge-usage' ? { ...usage, input_tokens: 9e15, output_tokens: 9e15 } : usage;
}
