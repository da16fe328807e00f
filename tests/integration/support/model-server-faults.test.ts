import Anthropic, { APIError, type ClientOptions } from '@anthropic-ai/sdk';
import { describe, expect, it, vi } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/message.ts';
import type { WireStyle } from '../../support/model-server/events.ts';
import type { Fault } from '../../support/model-server/faults.ts';
import { isObject, textOf } from '../../support/model-server/json.ts';
import type { ModelServerOptions } from '../../support/model-server/options.ts';
import type { SeenRequest } from '../../support/model-server/request.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import {
  calls,
  callsWithJson,
  says,
  stops,
  thinks,
  turn,
  unknownBlock,
  unknownEvent,
} from '../../support/model-server/turns.ts';
import { assistant, contentOf, errorOf, post, type RawAnswer, request, result, user } from './raw-client.ts';

const SAID = 'I will read two files: "naïve.ts" and 日本.ts.';
const script = [
  turn(thinks('why'), says(SAID), calls('read_file', { path: 'naïve "a"\n.ts' }), calls('read_file', { path: 'b.ts' })),
  says('Done.'),
];
const hello = [user('Go.')];
const streamed = request(hello, { stream: true });

function start(fault: Fault | undefined, options: Partial<ModelServerOptions> = {}) {
  return startModelServer({ script, faults: fault === undefined ? [] : [fault], ...options });
}

/** What a raw client gets from a request that meets this fault, and then from the same request again. */
async function met(fault: Fault, body: JsonObject = streamed): Promise<{ answer: RawAnswer; again: RawAnswer }> {
  await using server = await start(fault);
  const answer = await post(server.url, body);
  const again = await post(server.url, body);
  expect(server.requests.map((seen) => seen.fault)).toEqual([String(fault.kind), undefined]);
  expect(again.events.at(-1)?.type).toBe('message_stop');
  return { answer, again };
}

const typesOf = ({ events }: RawAnswer) => events.map(({ type }) => type);

/** The deltas of one type, joined. */
function joined({ events }: RawAnswer, type: string, field: string, index?: number): string {
  return events
    .flatMap(({ data }) => {
      const delta = data['delta'];
      if (!isObject(delta) || delta['type'] !== type) return [];
      return index === undefined || data['index'] === index ? [textOf(delta[field])] : [];
    })
    .join('');
}

function stopOf({ events }: RawAnswer): Json | undefined {
  const delta = events.find(({ type }) => type === 'message_delta')?.data['delta'];
  return isObject(delta) ? delta['stop_reason'] : undefined;
}

describe('an HTTP error', () => {
  it.each<[Fault['kind'], string]>([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [408, 'timeout_error'],
    [409, 'conflict_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    ['500', 'api_error'],
    [502, 'api_error'],
    [503, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ])('%s comes with its type, once', async (kind, type) => {
    const { answer } = await met({ kind, message: 'Not today' });
    expect(errorOf(answer)).toEqual({ status: Number(kind), type, message: 'Not today' });
    expect(answer.headers.get('request-id')).toBe(answer.body['request_id']);
  });

  it.each<[string, Fault, string | null]>([
    ['seconds', { kind: 429, retryAfter: 3600 }, '3600'],
    ['a date', { kind: 429, retryAfter: 'Sat, 21 Nov 2026 10:00:00 GMT' }, 'Sat, 21 Nov 2026 10:00:00 GMT'],
    ['nothing', { kind: 429 }, null],
  ])('names %s as retry-after', async (_name, fault, header) => {
    expect((await met(fault)).answer.headers.get('retry-after')).toBe(header);
  });

  it('can forbid a retry, carry an error code, or be a page', async () => {
    const { answer } = await met({ kind: 529, shouldRetry: false });
    expect(answer.headers.get('x-should-retry')).toBe('false');
    const spend = await met({ kind: 429, errorCode: 'enforced_spend_limit_reached' });
    expect(spend.answer.body['error']).toMatchObject({ details: { error_code: 'enforced_spend_limit_reached' } });
    const page = await met({ kind: 502, html: true });
    expect([page.answer.status, page.answer.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(page.answer.text).toMatch(/^<html>/);
  });

  it('comes as often as it should, and where it should', async () => {
    await using server = await startModelServer({
      script,
      faults: [
        { kind: 529, turn: 0, times: 2 },
        { kind: 500, turn: 1 },
        { kind: 503, turn: 'side' },
      ],
    });
    const statusOf = async (body: JsonObject) => (await post(server.url, body)).status;
    const side = { ...request(hello), tools: [] };
    expect([await statusOf(side), await statusOf(side)]).toEqual([503, 200]);
    expect([await statusOf(request(hello)), await statusOf(request(hello))]).toEqual([529, 529]);
    const first = await post(server.url, request(hello));
    const ids = contentOf(first).flatMap((block) => (isObject(block) && block['id'] ? [textOf(block['id'])] : []));
    const next = request([...hello, assistant(contentOf(first)), user(ids.map((id) => result(id)))]);
    expect([await statusOf(next), await statusOf(next)]).toEqual([500, 200]);
  });
});

describe('a fault of the wire', () => {
  it('resets the connection before any answer', async () => {
    await using server = await start({ kind: 'reset' });
    await expect(post(server.url, streamed)).rejects.toThrow('fetch failed');
    expect(server.requests[0]).toMatchObject({ fault: 'reset' });
    expect(server.requests[0]?.status).toBeUndefined();
  });

  it('breaks the connection in the middle of a stream', async () => {
    const { answer } = await met({ kind: 'reset-mid', after: 'text' });
    expect(answer.broken).toBe(true);
    expect(typesOf(answer).at(-1)).toBe('content_block_delta');
    expect(joined(answer, 'text_delta', 'text')).toBe(SAID.slice(0, 24));
  });

  it.each<[Fault['after'] & string, string]>([
    ['message_start', 'message_start'],
    ['thinking', 'content_block_delta'],
    ['text', 'content_block_delta'],
    ['json', 'content_block_delta'],
    ['tool', 'content_block_stop'],
    ['content', 'content_block_stop'],
    ['message_delta', 'message_delta'],
  ])('ends a stream cleanly after %s', async (after, last) => {
    const { answer, again } = await met({ kind: 'truncate', after });
    expect(answer.broken).toBe(false);
    expect(typesOf(answer).at(-1)).toBe(last);
    const before = typesOf(again).slice(0, answer.events.length);
    expect(typesOf(answer)).toEqual(before);
    expect(answer.events.length).toBeLessThan(again.events.length);
  });

  it('strikes half-way when no place is named', async () => {
    const { answer, again } = await met({ kind: 'truncate' });
    expect(answer.events.length).toBe(Math.floor(again.events.length / 2));
  });

  it('sends an error event, before or after content', async () => {
    const early = (await met({ kind: 'error-event', after: 0 })).answer;
    expect(early.events.map(({ data }) => data)).toEqual([
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' }, request_id: 'req_in_stream' },
    ]);
    const late = (await met({ kind: 'error-event', after: 'text', errorType: 'api_error' })).answer;
    expect(joined(late, 'text_delta', 'text')).not.toBe('');
    expect(late.events.at(-1)?.data).toMatchObject({ error: { type: 'api_error' } });
  });

  it('sends something that is no JSON', async () => {
    const { answer } = await met({ kind: 'garbage', after: 2 });
    expect(answer.text).toMatch(/data: \{"type": "content_blo\n\n$/);
  });

  it.each(['stall', 'silence'] as const)('stays away (%s) until the client gives up', async (kind) => {
    const over = Promise.withResolvers<SeenRequest>();
    await using server = await start({ kind, after: 'text' }, { onAnswered: over.resolve });
    const giveUp = new AbortController();
    const answer = post(server.url, streamed, { signal: giveUp.signal }).catch(() => undefined);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    giveUp.abort();
    await answer;
    expect(await over.promise).toMatchObject({ fault: kind, aborted: true });
  });

  it.each(['stall', 'silence', 'trickle'] as const)('goes on after a %s of some milliseconds', async (kind) => {
    const { answer } = await met({ kind, ms: 1, after: 'message_delta' });
    expect(typesOf(answer).at(-1)).toBe('message_stop');
  });

  it('cuts an answer that is not streamed', async () => {
    await using server = await start(undefined, {
      faults: [{ kind: 'reset-mid' }, { kind: 'garbage' }, { kind: 'stall', ms: 1 }],
    });
    expect((await post(server.url, request(hello))).broken).toBe(true);
    expect((await post(server.url, request(hello))).body).toEqual({});
    expect((await post(server.url, request(hello))).body['stop_reason']).toBe('tool_use');
  });

  it('waits for a turn that has the place it strikes at', async () => {
    await using server = await start(
      { kind: 'truncate', after: 'json' },
      { script: [says('Hi.'), script[0] ?? turn()] },
    );
    const first = await post(server.url, streamed);
    expect(typesOf(first).at(-1)).toBe('message_stop');
    const next = [...hello, assistant('Hi.'), user('Go on.')];
    expect(typesOf(await post(server.url, request(next, { stream: true }))).at(-1)).toBe('content_block_delta');
    expect(server.requests.map(({ fault }) => fault)).toEqual([undefined, 'truncate']);
  });
});

describe('a reply with a fault', () => {
  it.each<[Fault['kind'], string | null]>([
    ['empty', 'end_turn'],
    ['max_tokens', 'max_tokens'],
    ['max_tokens-thinking', 'max_tokens'],
    ['max_tokens-tool', 'max_tokens'],
    ['context-window', 'model_context_window_exceeded'],
    ['refusal', 'refusal'],
    ['refusal-mid', 'refusal'],
    ['pause_turn', 'pause_turn'],
    ['unknown-stop', 'future_reason'],
    ['null-stop', null],
    ['bad-json', 'tool_use'],
    ['cut-json', 'tool_use'],
    ['empty-json', 'tool_use'],
    ['unknown-tool', 'tool_use'],
    ['duplicate-id', 'tool_use'],
    ['no-usage', 'tool_use'],
    ['huge-usage', 'tool_use'],
  ])('%s stops with %s, and is followed by the true turn', async (kind, stop) => {
    const { answer, again } = await met({ kind });
    expect(typesOf(answer).at(-1)).toBe('message_stop');
    expect([stopOf(answer), stopOf(again)]).toEqual([stop, 'tool_use']);
  });

  const blocksOf = (answer: RawAnswer) =>
    answer.events.flatMap(({ data }) => (isObject(data['content_block']) ? [data['content_block']] : []));
  const detailOf = async (kind: Fault['kind']) => (await met({ kind })).answer;

  it('breaks off where it says', async () => {
    expect(blocksOf(await detailOf('empty'))).toEqual([]);
    expect(joined(await detailOf('max_tokens'), 'text_delta', 'text')).toBe(SAID.slice(0, 22));
    const thinking = await detailOf('max_tokens-thinking');
    expect(blocksOf(thinking).map((block) => block['type'])).toEqual(['thinking']);
    // Cut thinking has no signature, so it cannot be sent back.
    expect(thinking.text).not.toContain('signature_delta');
    expect(joined(await detailOf('max_tokens-tool'), 'input_json_delta', 'partial_json')).toBe('{"path":"naïv');
    expect(blocksOf(await detailOf('refusal'))).toEqual([]);
    expect(joined(await detailOf('refusal-mid'), 'text_delta', 'text')).toBe(SAID.slice(0, 22));
  });

  it('says why it was refused', async () => {
    const delta = (await detailOf('refusal')).events.find(({ type }) => type === 'message_delta')?.data['delta'];
    expect(delta).toMatchObject({ stop_details: { type: 'refusal', category: 'cyber' } });
  });

  it('has odd calls', async () => {
    const argumentsOf = async (kind: Fault['kind']) =>
      joined(await detailOf(kind), 'input_json_delta', 'partial_json', 2);
    const bad = await argumentsOf('bad-json');
    expect(() => JSON.parse(bad)).toThrow();
    expect(bad).toMatch(/,\}\}$/);
    expect(await argumentsOf('cut-json')).toBe('{"path":"naïv');
    expect(await argumentsOf('empty-json')).toBe('{}');
    expect(blocksOf(await detailOf('unknown-tool'))[2]).toMatchObject({ name: 'no_such_tool' });
    const [, , one, two] = blocksOf(await detailOf('duplicate-id'));
    expect(one?.['id']).toBe(two?.['id']);
  });

  it('has odd usage', async () => {
    const usageOf = async (kind: Fault['kind']) =>
      (await detailOf(kind)).events.find(({ type }) => type === 'message_delta')?.data['usage'];
    expect(await usageOf('no-usage')).toEqual({});
    expect(await usageOf('huge-usage')).toMatchObject({ input_tokens: 9e15 });
  });

  it('may be kept by the client without moving the script on', async () => {
    await using server = await start({ kind: 'max_tokens' });
    const cut = await post(server.url, request(hello));
    const text = contentOf(cut).filter((block) => isObject(block) && block['type'] === 'text');
    await post(server.url, request([...hello, assistant(text), user('Go on.')]));
    expect(server.requests.map((seen) => seen.turn)).toEqual([0, 0]);
  });

  it('does not count beside the true turn, though both begin with the same words', async () => {
    await using server = await start({ kind: 'max_tokens-tool' });
    const textIn = (answer: RawAnswer) =>
      contentOf(answer).filter((block) => isObject(block) && block['type'] === 'text');
    const cut = await post(server.url, request(hello));
    const kept = [...hello, assistant(textIn(cut)), user('Go on.')];
    const whole = contentOf(await post(server.url, request(kept)));
    const ids = whole.flatMap((block) => (isObject(block) && block['id'] ? [textOf(block['id'])] : []));
    const next = await post(server.url, request([...kept, assistant(whole), user(ids.map((id) => result(id)))]));
    expect(contentOf(next)).toMatchObject([{ text: 'Done.' }]);
  });

  it('that was paused is gone on with as it is', async () => {
    await using server = await start({ kind: 'pause_turn' });
    const paused = await post(server.url, request(hello));
    const next = await post(server.url, request([...hello, assistant(contentOf(paused))]));
    expect(next.body['stop_reason']).toBe('tool_use');
  });

  it('waits for a turn with calls when it is about calls', async () => {
    await using server = await start({ kind: 'bad-json' }, { script: [says('Hi.')] });
    expect((await post(server.url, request(hello))).body['stop_reason']).toBe('end_turn');
    expect(server.requests[0]?.fault).toBeUndefined();
  });

  it('is cut where max_tokens ends', async () => {
    await using server = await start(undefined, { script: [says('word '.repeat(100))] });
    const answer = await post(server.url, request(hello, { max_tokens: 25 }));
    expect(answer.body).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 25 } });
    expect(contentOf(answer)).toMatchObject([{ text: 'word '.repeat(20) }]);
  });
});

describe('the wire', () => {
  const sent = async (wire: WireStyle) => {
    await using server = await start(undefined, { wire });
    return await post(server.url, streamed);
  };
  const pingsIn = (answer: RawAnswer) => typesOf(answer).filter((type) => type === 'ping').length;

  it('has lines that end as asked', async () => {
    expect((await sent({})).text).not.toContain('\r');
    expect((await sent({ crlf: true })).text).not.toMatch(/[^\r]\n/);
  });

  it('has one ping, several, or none', async () => {
    expect(pingsIn(await sent({}))).toBe(1);
    expect(pingsIn(await sent({ pings: 'often' }))).toBeGreaterThan(5);
    expect(pingsIn(await sent({ pings: 'none' }))).toBe(0);
  });

  it('has comments, escapes and unknown events where asked', async () => {
    expect((await sent({ comments: true })).text).toMatch(/^: keep-alive\n/);
    expect((await sent({ ascii: true })).text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(typesOf(await sent({ unknown: true }))).toContain('future_event');
  });
});

const client = (url: string, more: ClientOptions = {}) =>
  new Anthropic({ apiKey: 'test-key', baseURL: url, maxRetries: 0, ...more });
const params = {
  model: 'claude-sonnet-5-5',
  max_tokens: 4096,
  messages: [{ role: 'user' as const, content: 'Go.' }],
  tools: [{ name: 'read_file', input_schema: { type: 'object' as const } }],
};

describe('through the official client', () => {
  it.each<[string, WireStyle]>([
    ['plain', {}],
    ['in CRLF lines', { crlf: true }],
    ['byte by byte', { chunkBytes: 1 }],
    ['in pieces that cut escapes', { pieceChars: 1, ascii: true, chunkBytes: 3 }],
    ['with pings everywhere', { pings: 'often' }],
    ['without pings', { pings: 'none' }],
    ['with comments', { comments: true }],
    ['with events from the future', { unknown: true }],
  ])('a stream means the same %s', async (_name, wire) => {
    await using server = await start(undefined, { wire });
    const message = await client(server.url).messages.stream(params).finalMessage();
    expect(message).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: '' },
        { type: 'text', text: SAID },
        { type: 'tool_use', name: 'read_file', input: { path: 'naïve "a"\n.ts' } },
        { type: 'tool_use', name: 'read_file', input: { path: 'b.ts' } },
      ],
    });
  });

  it('blocks and events from the future pass, and the blocks may be sent back', async () => {
    await using server = await start(undefined, {
      script: [
        turn(says('Hm.'), unknownEvent(), unknownBlock(), calls('read_file', {}, { id: 'call_1' })),
        says('Ok.'),
      ],
    });
    const message = await client(server.url).messages.stream(params).finalMessage();
    expect(message.content.map(({ type }) => String(type))).toEqual(['text', 'future_block', 'tool_use']);
    const content: Json[] = JSON.parse(JSON.stringify(message.content));
    const next = await post(server.url, request([...hello, assistant(content), user([result('call_1')])]));
    expect(contentOf(next)).toMatchObject([{ text: 'Ok.' }]);
  });

  it('arguments that are no JSON arrive as they were written', async () => {
    await using server = await start(undefined, {
      script: [turn(callsWithJson('read_file', '[1, 2'), stops('tool_use'))],
    });
    const answer = await post(server.url, streamed);
    expect(joined(answer, 'input_json_delta', 'partial_json')).toBe('[1, 2');
  });

  it('errors have the classes that the client gives them', async () => {
    await using server = await startModelServer({
      script,
      faults: [
        { kind: 529 },
        { kind: 429, retryAfter: 1 },
        { kind: 'error-event', after: 'text' },
        { kind: 'truncate' },
      ],
    });
    const failure = async () => {
      const error = await client(server.url)
        .messages.stream(params)
        .finalMessage()
        .then(
          () => undefined,
          (e: unknown) => e,
        );
      return error instanceof APIError ? [error.constructor.name, error.status, error.type] : String(error);
    };
    expect(await failure()).toEqual(['OverloadedError', 529, 'overloaded_error']);
    expect(await failure()).toEqual(['RateLimitError', 429, 'rate_limit_error']);
    expect(await failure()).toEqual(['APIError', undefined, 'overloaded_error']);
    expect(await failure()).toMatch(/stream ended without producing/);
  });

  it('a retry of the client gets the turn it asked for', async () => {
    await using server = await start({ kind: 529, shouldRetry: true });
    const retrying = client(server.url, { maxRetries: 1 });
    const message = await retrying.messages.create({ ...params, stream: false });
    expect(message.stop_reason).toBe('tool_use');
    expect(server.requests.map(({ turn: at, status }) => [at, status])).toEqual([
      [0, 529],
      [0, 200],
    ]);
  });
});
