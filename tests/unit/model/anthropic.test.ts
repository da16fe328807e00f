import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NexError } from '../../../src/errors.ts';
import { type AnthropicOptions, createAnthropicModel } from '../../../src/model/anthropic.ts';
import { createFeatureMemory } from '../../../src/model/features.ts';
import type { AssistantMessage, JsonObject, Message } from '../../../src/model/message.ts';
import type { Usage } from '../../../src/model/model.ts';
import { ModelError } from '../../../src/model/model-error.ts';
import {
  type Answer,
  call,
  end,
  failure,
  fakeFetch,
  request,
  said,
  sse,
  stalled,
  start,
  stream,
  text,
} from './fake-wire.ts';

const KEY = 'sk-ant-secret-0123456789';

function model(answers: Answer[], options: Partial<AnthropicOptions> = {}) {
  const wire = fakeFetch(...answers);
  const created = createAnthropicModel({
    id: 'claude-sonnet-5-5',
    credential: { kind: 'apiKey', value: KEY },
    idleTimeoutMs: 5000,
    fetch: wire.fetch,
    ...options,
  });
  return { ...wire, ask: created.ask };
}

/** A server that never answers. */
const hanging: Answer = (_, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));

async function failureOf(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ModelError);
  if (!(error instanceof ModelError)) throw error;
  return error;
}

/** Which of the fields beyond the minimum each request had. */
function fieldsOf(bodies: readonly JsonObject[]): string[] {
  return bodies.map((body) => {
    const { thinking, output_config: config } = body;
    const cached = JSON.stringify(body).includes('cache_control');
    return [cached && 'cache', thinking && 'thinking', config && Object.keys(config).join('+')]
      .filter(Boolean)
      .join(' ');
  });
}

describe('createAnthropicModel', () => {
  it('sends the key to the address it was given, and answers with what the server said', async () => {
    const { ask, requests } = model([stream(said('Hi.'))]);
    const asked = request();
    expect(await ask(asked)).toEqual({
      message: { role: 'assistant', text: 'Hi.', calls: [], sealed: [{ type: 'text', text: 'Hi.' }] },
      stop: 'end',
      usage: { input: 10, cacheRead: 200, cacheWrite5m: 30, cacheWrite1h: 0, output: 40 },
      model: 'claude-sonnet-5-5',
      requestId: 'req_1',
    });
    expect(asked.heard).toEqual([
      { type: 'text', text: 'Hi.' },
      { type: 'block', kind: 'text', text: 'Hi.' },
    ]);
    const [sent] = requests;
    expect(sent?.url).toBe('https://api.anthropic.com/v1/messages');
    expect([sent?.headers.get('authorization'), sent?.headers.get('x-api-key')]).toEqual([`Bearer ${KEY}`, null]);
    expect(sent?.headers.get('anthropic-version')).toBe('2026-10-21');
    expect(sent?.redirect).toBe('manual');
  });

  it.each(['http://localhost:1234', 'http://localhost:1234/', 'http://localhost:1234/v1', 'http://localhost:1234/v1/'])(
    'finds the messages under the base URL %s',
    async (baseUrl) => {
      const { ask, requests } = model([stream(said('Hi.'))], { baseUrl });
      await ask(request());
      expect(requests[0]?.url).toBe('http://localhost:1234/v1/messages');
    },
  );

  it('gives other servers the key where older gateways look for it, but a token only as a bearer', async () => {
    const headersFor = async (kind: 'apiKey' | 'authToken') => {
      const { ask, requests } = model([stream(said('Hi.'))], {
        baseUrl: 'http://localhost:1234',
        credential: { kind, value: KEY },
      });
      await ask(request());
      return [requests[0]?.headers.get('authorization'), requests[0]?.headers.get('x-api-key')];
    };
    expect(await headersFor('apiKey')).toEqual([`Bearer ${KEY}`, KEY]);
    expect(await headersFor('authToken')).toEqual([`Bearer ${KEY}`, null]);
  });

  it('says so when the base URL is no web address', () => {
    expect(() => model([], { baseUrl: 'localhost' })).toThrow(NexError);
    expect(() => model([], { baseUrl: 'file:///etc/passwd' })).toThrow('"file:///etc/passwd" is not a web address');
  });

  it('follows no redirect', async () => {
    const elsewhere = new Response(null, { status: 307, headers: { location: 'https://elsewhere.example' } });
    const { ask, requests } = model([elsewhere]);
    const error = await failureOf(ask(request()));
    expect([error.message, error.retryable, requests.length]).toEqual([
      'The API redirects to another address.',
      false,
      1,
    ]);
  });

  it('reads a stream alike wherever it is split, with CRLF lines, comments and pings', async () => {
    const wire = said('Grüße 🙂')
      .replaceAll('\n', '\r\n')
      .replace('event: content', ': hm\r\nevent: ping\r\ndata: {"type":"ping"}\r\n\r\nevent: content');
    const bytes = new TextEncoder().encode(wire);
    for (const size of [1, 2, 3, 7, 50]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.slice(index * size, (index + 1) * size),
      );
      const { message } = await model([stream(...chunks)]).ask(request());
      expect(message.text).toBe('Grüße 🙂');
    }
  });

  it('takes a stream without event lines, and the end mark of other vendors', async () => {
    const bare = said('Hi.').replaceAll(/^event: .*\n/gm, '');
    expect((await model([stream(bare, 'data: [DONE]\n\n')]).ask(request())).message.text).toBe('Hi.');
  });

  it.each([
    ['at once', ''],
    ['after the start', sse([start()])],
    ['in a text', sse([start(), ...text(0, 'Hel').slice(0, -1)])],
    ['after a whole call', sse([start(), ...call(0, 'a', 'write_file', '{}')])],
    ['before the last event', sse([start(), ...text(0, 'Hello'), ...end('end_turn').slice(0, 1)])],
    ['in an event', said('Hello').slice(0, -20)],
  ])('never takes a stream for an answer that ended %s', async (_, cut) => {
    const error = await failureOf(model([stream(cut)]).ask(request()));
    expect([error.kind, error.retryable, error.message]).toEqual([
      'later',
      true,
      'The answer of api.anthropic.com broke off in the middle.',
    ]);
  });

  it('never takes half a stream for an answer, wherever it was cut', async () => {
    const bytes = new TextEncoder().encode(
      sse([start(), ...text(0, 'Hello'), ...call(1, 'a', 'x', '{"a":"é"}'), ...end('tool_use')]),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 2 }), async (length) => {
        const error = await failureOf(model([stream(bytes.slice(0, length))]).ask(request()));
        expect([error.kind, error.retryable]).toEqual(['later', true]);
      }),
    );
  });

  it('takes a broken connection and unreadable events for a cut', async () => {
    const torn = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new TypeError('terminated')),
    });
    const answer = new Response(torn, { headers: { 'content-type': 'text/event-stream' } });
    expect((await failureOf(model([answer]).ask(request()))).retryable).toBe(true);
    expect((await failureOf(model([stream(sse([start()]), 'event: x\ndata: {"a\n\n')]).ask(request()))).retryable).toBe(
      true,
    );
  });

  it('treats an error inside a stream as what its type stands for', async () => {
    const failed = (type: string) =>
      stream(sse([start(), ...text(0, 'Hel').slice(0, -1), { type: 'error', error: { type, message: 'Overloaded' } }]));
    const overloaded = await failureOf(model([failed('overloaded_error')]).ask(request()));
    expect([overloaded.status, overloaded.kind, overloaded.retryable]).toEqual([529, 'later', true]);
    const refused = await failureOf(model([failed('authentication_error')]).ask(request()));
    expect([refused.status, refused.kind, refused.retryable]).toEqual([401, 'failed', false]);
    const strange = await failureOf(model([stream('event: error\ndata: not JSON\n\n')]).ask(request()));
    expect([strange.status, strange.retryable]).toEqual([500, true]);
  });

  it('does not take a page for a stream', async () => {
    let left = false;
    const endless = new ReadableStream<Uint8Array>({
      cancel() {
        left = true;
      },
    });
    const page = new Response(endless, { headers: { 'content-type': 'text/html' } });
    const error = await failureOf(model([page]).ask(request()));
    expect([error.kind, error.retryable, error.message]).toEqual([
      'failed',
      false,
      'api.anthropic.com does not speak the Messages API: it answered with text/html.',
    ]);
    expect(left).toBe(true);
  });

  it('gives up on a server that falls silent, before its first byte and in the middle', async () => {
    const deaf = new ReadableStream<Uint8Array>({ pull: () => new Promise<never>(() => {}) });
    const silences: Answer[] = [
      (_, signal) => stalled(signal, ''),
      (_, signal) => stalled(signal, sse([start(), ...text(0, 'Hel').slice(0, -1)])),
      new Response(deaf, { headers: { 'content-type': 'text/event-stream' } }),
      hanging,
    ];
    for (const silence of silences) {
      const error = await failureOf(model([silence], { idleTimeoutMs: 20 }).ask(request()));
      expect([error.kind, error.retryable, error.message]).toEqual(['later', true, 'The API sent nothing for 0 s.']);
    }
  });

  it('waits for as long as bytes come, though no event does', async () => {
    const drip: Answer = () => {
      const left = [...`: ${'.'.repeat(8)}\n\n`];
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 15));
          const next = left.shift();
          controller.enqueue(new TextEncoder().encode(next ?? said('Hi.')));
          if (next === undefined) controller.close();
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
    expect((await model([drip], { idleTimeoutMs: 100 }).ask(request())).message.text).toBe('Hi.');
  });

  it('is done when the server says so, even when the connection stays open', async () => {
    const { ask } = model([(_, signal) => stalled(signal, said('Hi.'))], { idleTimeoutMs: 60_000 });
    expect((await ask(request())).message.text).toBe('Hi.');
  });

  it('stops at once when told to, and rejects with the reason given', async () => {
    const stop = new AbortController();
    const reason = new Error('the user pressed Ctrl-C');
    const before = AbortSignal.abort(reason);
    await expect(model([]).ask(request({ signal: before }))).rejects.toBe(reason);

    let pieces = 0;
    const listen = () => {
      pieces += 1;
      stop.abort(reason);
    };
    const whole: Answer = (_, signal) => stalled(signal, said('Hi.'));
    await expect(model([whole]).ask(request({ signal: stop.signal, listen }))).rejects.toBe(reason);
    expect(pieces).toBe(1);
  });

  it('tells what a cut answer has used, and nothing when the server turned the request down', async () => {
    const spent = async (answer: Answer) => {
      const usages: Usage[] = [];
      await failureOf(model([answer], { idleTimeoutMs: 20 }).ask(request({ onCut: (usage) => usages.push(usage) })));
      return usages;
    };
    expect(await spent(stream(sse([start(), ...text(0, '1234').slice(0, -1)])))).toEqual([
      { input: 10, cacheRead: 200, cacheWrite5m: 30, cacheWrite1h: 0, output: 2 },
    ]);
    expect(await spent((_, signal) => stalled(signal, ''))).toEqual([
      { input: undefined, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 },
    ]);
    expect(await spent(hanging)).toMatchObject([{ input: undefined }]);
    expect(await spent(failure(529, 'overloaded_error', 'Overloaded'))).toEqual([]);
    expect(
      await spent(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) })),
    ).toEqual([]);
  });

  it('hangs up on a stream that it does not read to its end', async () => {
    let hungUp = 0;
    const endless = (first: string) => {
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode(first)),
        cancel() {
          hungUp += 1;
        },
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    };
    const listen = () => {
      throw new Error('a bug');
    };
    await expect(model([endless(said('Hi.'))]).ask(request({ listen }))).rejects.toThrow('a bug');
    await failureOf(model([endless('event: error\ndata: {}\n\n')]).ask(request()));
    await failureOf(model([endless('event: x\ndata: {"\n\n')]).ask(request()));
    expect(hungUp).toBe(3);
  });

  it('lets its own mistakes and those of a listener fly as they are', async () => {
    const bug = new RangeError('a bug');
    const listen = () => {
      throw bug;
    };
    await expect(model([stream(said('Hi.'))]).ask(request({ listen }))).rejects.toBe(bug);
  });

  describe('features', () => {
    const rejects = (field: string) =>
      failure(400, 'invalid_request_error', `${field}: Extra inputs are not permitted`);

    it('drops what a server does not know, one after the other, and remembers it', async () => {
      const changes: unknown[] = [];
      const features = createFeatureMemory({}, (all) => changes.push(all));
      const { ask, bodies } = model(
        [
          rejects('thinking'),
          rejects('tools.0.cache_control'),
          rejects('output_config'),
          stream(said('Hi.')),
          stream(said('Hi.')),
        ],
        { baseUrl: 'http://proxy.local', features },
      );
      await ask(request({ effort: 'low' }));
      await ask(request({ effort: 'low' }));
      expect(fieldsOf(bodies)).toEqual(['cache thinking effort', 'cache effort', 'effort', '', '']);
      expect(changes.at(-1)).toEqual({ 'proxy.local claude-sonnet-5-5': ['thinking', 'cache', 'effort'] });
    });

    it('begins with what was known before', async () => {
      const features = createFeatureMemory({
        'proxy.local claude-sonnet-5-5': ['thinking', 'effort', 'no-such-feature'],
      });
      const { ask, bodies } = model([stream(said('Hi.'))], { baseUrl: 'http://proxy.local', features });
      await ask(request({ effort: 'low' }));
      expect(fieldsOf(bodies)).toEqual(['cache']);
    });

    it('reads complaints that come as a list', async () => {
      const detail = [{ loc: ['body', 'thinking'], msg: 'Extra inputs are not permitted', type: 'extra_forbidden' }];
      const complaint = new Response(JSON.stringify({ detail }), {
        status: 422,
        headers: { 'content-type': 'application/json' },
      });
      const { ask, bodies } = model([complaint, stream(said('Hi.'))], { baseUrl: 'http://proxy.local' });
      await ask(request());
      expect(fieldsOf(bodies)).toEqual(['cache thinking', 'cache']);
    });

    it('reads complaints that are written as raw JSON, which nobody is shown', async () => {
      const message =
        "[{'type': 'extra_forbidden', 'loc': ('body', 'thinking'), 'msg': 'Extra inputs are not permitted'}]";
      const { ask, bodies } = model([
        failure(400, 'BadRequestError', message),
        failure(400, 'BadRequestError', message),
      ]);
      const error = await failureOf(ask(request()));
      expect(fieldsOf(bodies)).toEqual(['cache thinking', 'cache']);
      expect(error.message).toBe('The API did not accept the request (400, request req_9).');
    });

    it('never sends the same request twice: a complaint about something else is the answer', async () => {
      const { ask, bodies } = model([
        failure(400, 'invalid_request_error', 'max_tokens: Input should be greater than 0'),
      ]);
      const error = await failureOf(ask(request()));
      expect([error.kind, error.message, bodies.length]).toEqual([
        'failed',
        'The API did not accept the request (400, request req_9): max_tokens: Input should be greater than 0',
        1,
      ]);
      const again = model([rejects('thinking'), rejects('thinking')]);
      expect((await failureOf(again.ask(request()))).status).toBe(400);
      expect(again.bodies.length).toBe(2);
    });

    it('starts with the minimum for models of others', async () => {
      const { ask, bodies } = model([stream(said('Hi.'))], { id: 'qwen3-coder', baseUrl: 'http://localhost:11434' });
      await ask(request({ effort: 'high' }));
      expect(Object.keys(bodies[0] ?? {})).toEqual(['model', 'max_tokens', 'system', 'messages', 'stream']);
    });

    it('asks in words for a schema that the server cannot compile, this once only', async () => {
      const format = { type: 'object', properties: {} };
      const features = createFeatureMemory();
      const { ask, bodies } = model(
        [
          failure(400, 'invalid_request_error', 'output_config.format.schema: too complex'),
          stream(said('{}')),
          stream(said('{}')),
        ],
        { features },
      );
      expect((await ask(request({ purpose: 'plan', format }))).prompted).toBe(true);
      expect((await ask(request({ purpose: 'plan', format }))).prompted).toBeUndefined();
      expect(fieldsOf(bodies)).toEqual(['thinking format', 'thinking', 'thinking format']);
    });
  });

  describe('thinking that no longer fits', () => {
    const reply = (signature: string): AssistantMessage => ({
      role: 'assistant',
      text: 'Yes.',
      calls: [],
      sealed: [
        { type: 'thinking', thinking: 'hm', signature },
        { type: 'text', text: 'Yes.' },
      ],
    });
    const user: Message = { role: 'user', text: 'Go on.' };
    const misfit = () =>
      failure(
        400,
        'invalid_request_error',
        'messages.1.content.0: Invalid `signature` in `thinking` block. The block is bound to a different conversation.',
      );
    const signaturesIn = (body: JsonObject | undefined) =>
      [...JSON.stringify(body).matchAll(/"signature":"(\w+)"/g)].map((match) => match[1]);

    it('is left out of what was said so far, once and for all, and later thinking is kept', async () => {
      const { ask, bodies } = model([misfit(), stream(said('Hi.')), stream(said('Hi.'))]);
      const messages = [user, reply('old1'), user, reply('old2'), user];
      const asked = request({ messages });
      await ask(asked);
      await ask(request({ messages: [...messages, reply('new'), user] }));
      expect(bodies.map(signaturesIn)).toEqual([['old1', 'old2'], [], ['new']]);
      expect(asked.heard.filter(({ type }) => type === 'notice')).toEqual([
        {
          type: 'notice',
          text: 'The server no longer accepts the thinking of earlier replies; it is left out from here on.',
        },
      ]);
      expect(messages[1]).toEqual(reply('old1'));
    });

    it('is tried once: a second complaint is the answer', async () => {
      const { ask, bodies } = model([misfit(), misfit()]);
      const error = await failureOf(ask(request({ messages: [user, reply('old'), user] })));
      expect([error.status, bodies.length]).toEqual([400, 2]);
    });
  });

  it('never shows a key, though the server repeats it', async () => {
    const { ask } = model([failure(403, 'permission_error', `key ${KEY} and sk-ant-other-key-1234567890 may not`)]);
    const error = await failureOf(ask(request()));
    expect(error.message).toBe('The key may not use claude-sonnet-5-5: key … and … may not');
    expect(JSON.stringify([error.message, error.hint, error.said])).not.toContain('sk-ant');
  });
});
