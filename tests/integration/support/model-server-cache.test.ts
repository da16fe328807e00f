import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/message.ts';
import type { ModelServerOptions } from '../../support/model-server/options.ts';
import { type ModelServer, startModelServer } from '../../support/model-server/server.ts';
import { says } from '../../support/model-server/turns.ts';
import { assistant, post, READ_FILE, request, text, user } from './raw-client.ts';

const mark = (ttl: '5m' | '1h' = '5m'): JsonObject => ({ cache_control: { type: 'ephemeral', ttl } });
/** Text of about so many tokens that no other text shares a prefix with. */
const long = (name: string, tokens: number) => `${name} ${'word'.repeat(tokens)}`;

function start(options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  return startModelServer({ script: () => says('Hello.'), ...options });
}

/** What the cache did for one request. */
async function used(server: ModelServer, body: JsonObject) {
  const answer = await post(server.url, body);
  if (answer.status !== 200) throw new Error(answer.text);
  const seen = server.requests.at(-1);
  if (seen?.usage === undefined) throw new Error('no usage');
  const { input, cacheRead, cacheWrite, cacheWrite1h } = seen.usage;
  expect(input + cacheRead + cacheWrite).toBe(seen.promptTokens);
  return { input, read: cacheRead, write: cacheWrite, write1h: cacheWrite1h };
}

const system = (name: string, ttl: '5m' | '1h' = '5m') => ({ system: [text(long(name, 600), mark(ttl))] });

describe('the prompt cache', () => {
  it('reads what the request before has written, and tells it in usage', async () => {
    await using server = await start();
    const body = request([user('Hi')], system('a'));
    const first = await used(server, body);
    expect(first).toMatchObject({ read: 0, write1h: 0 });
    expect(first.write).toBeGreaterThan(600);
    const answer = await post(server.url, body);
    expect(answer.body['usage']).toMatchObject({
      input_tokens: first.input,
      cache_read_input_tokens: first.write,
      cache_creation_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    });
  });

  it('does nothing without a marker', async () => {
    await using server = await start();
    const body = request([user(long('a', 600))]);
    await used(server, body);
    expect(await used(server, body)).toMatchObject({ read: 0, write: 0 });
  });

  it('leaves a prefix below 512 tokens alone', async () => {
    await using server = await start();
    const bodyOf = (tokens: number) => request([user([text(long(`${tokens}`, tokens), mark())])], { tools: [] });
    // The block's own JSON counts too, and is less than 20 tokens.
    expect(await used(server, bodyOf(490))).toMatchObject({ write: 0 });
    expect((await used(server, bodyOf(512))).write).toBeGreaterThanOrEqual(512);
  });

  it('has another least prefix where the test says so', async () => {
    await using server = await start({ minCacheTokens: 1 });
    expect((await used(server, request([user([text('Hi', mark())])]))).write).toBeGreaterThan(0);
  });

  it('follows a conversation that grows, with an automatic marker', async () => {
    await using server = await start();
    const auto = mark();
    const first = await used(server, request([user(long('a', 600))], auto));
    const second = await used(server, request([user(long('a', 600)), assistant('Yes.'), user('Go on')], auto));
    expect(first).toMatchObject({ input: 0, read: 0 });
    expect(second).toMatchObject({ input: 0, read: first.write });
  });

  it('looks back 20 blocks from a marker, and no further', async () => {
    const turns = async (blocks: number, further: JsonObject = {}) => {
      await using server = await start();
      const head = text(long('a', 600), mark());
      await used(server, request([user([head])]));
      const more = Array.from({ length: blocks - 1 }, (_, at) => text(`Part ${at}`));
      return await used(server, request([user([{ ...head, ...further }, ...more, text('end', mark())])]));
    };
    const bare = { cache_control: null };
    expect((await turns(19, bare)).read).toBeGreaterThan(600);
    expect((await turns(20, bare)).read).toBe(0);
    // A second marker that stays where the last one was keeps the hit.
    expect((await turns(40)).read).toBeGreaterThan(600);
  });

  it('splits writes by lifetime', async () => {
    await using server = await start();
    const body = request([user([text(long('b', 100), mark())])], system('a', '1h'));
    const { input, write, write1h } = await used(server, body);
    expect(input).toBe(0);
    expect(write1h).toBeGreaterThan(600);
    expect(write - write1h).toBeGreaterThan(100);
    expect(write - write1h).toBeLessThan(150);
  });

  it('forgets an entry after its lifetime, counted from its last use', async () => {
    let minutes = 0;
    await using server = await start({ now: () => minutes * 60_000 });
    const short = request([user('Hi')], system('a'));
    const durable = request([user('Hi')], system('b', '1h'));
    const readAt = async (time: number, body: JsonObject) => {
      minutes = time;
      return (await used(server, body)).read > 0;
    };
    expect(await readAt(0, short)).toBe(false);
    expect(await readAt(4, short)).toBe(true);
    expect(await readAt(8, short)).toBe(true);
    expect(await readAt(14, short)).toBe(false);
    expect(await readAt(20, durable)).toBe(false);
    expect(await readAt(79, durable)).toBe(true);
    expect(await readAt(140, durable)).toBe(false);
  });

  it.each<[string, JsonObject, Array<'tools' | 'system' | 'messages'>]>([
    ['nothing', {}, ['tools', 'system', 'messages']],
    ['the tools', { tools: [{ ...READ_FILE, ...mark(), description: long('other', 600) }] }, []],
    ['the system prompt', { system: [text(long('other', 600), mark())] }, ['tools']],
    ['the tool choice', { tool_choice: { type: 'none' } }, ['tools', 'system']],
    ['parallel calls', { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }, ['tools', 'system']],
    ['the kind of thinking', { thinking: { type: 'between_tools' } }, ['tools', 'system']],
    ['the effort', { output_config: { effort: 'low' } }, ['tools', 'system']],
    [
      'the output format',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } } } },
      ['tools', 'system'],
    ],
    ['the model', { model: 'claude-haiku-5-5' }, []],
    [
      'a default that is spelled out',
      { tool_choice: { type: 'auto' }, output_config: { effort: 'high' } },
      ['tools', 'system', 'messages'],
    ],
    [
      'how thinking is displayed',
      { thinking: { type: 'adaptive', display: 'summarized' } },
      ['tools', 'system', 'messages'],
    ],
  ])('after a change of %s still reads what lies before it', async (_name, change, kept) => {
    await using server = await start();
    const base = request([user([text(long('message', 600), mark())])], {
      tools: [{ ...READ_FILE, ...mark(), description: long('tool', 600) }],
      system: [text(long('system', 600), mark())],
    });
    const { write } = await used(server, base);
    const { read } = await used(server, { ...base, ...change });
    // The three parts are of one size, give or take their JSON.
    expect(Math.round(read / (write / 3))).toBe(kept.length);
  });

  it('counts an image anywhere as another conversation', async () => {
    await using server = await start();
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } };
    const messages = (more: Json[]) => [user([text(long('a', 600), mark()), ...more])];
    await used(server, request(messages([])));
    expect((await used(server, request(messages([image])))).read).toBe(0);
  });

  it('can be read only after the reply that wrote it has begun', async () => {
    const arrived: Array<() => void> = [];
    const both = new Promise<void>((resolve) => {
      arrived.push(() => arrived.length === 3 && resolve());
    });
    await using server = await start({
      script: async () => {
        arrived.push(() => undefined);
        arrived[0]?.();
        await both;
        return says('Hello.');
      },
    });
    const body = request([user('Hi')], system('a'));
    await Promise.all([post(server.url, body), post(server.url, body)]);
    expect(server.requests.map(({ usage }) => usage?.cacheRead)).toEqual([0, 0]);
    expect((await used(server, body)).read).toBeGreaterThan(600);
  });

  it('is not filled by a request that got an error', async () => {
    await using server = await start({ faults: [{ kind: 529 }] });
    const body = request([user('Hi')], system('a'));
    expect((await post(server.url, body)).status).toBe(529);
    expect((await used(server, body)).read).toBe(0);
  });

  it('can be warmed without any output', async () => {
    await using server = await start();
    const body = request([user('Hi')], system('a'));
    const warm = await post(server.url, { ...body, max_tokens: 0 });
    expect(warm.body).toMatchObject({ content: [], stop_reason: 'max_tokens', usage: { output_tokens: 0 } });
    expect((await used(server, body)).read).toBeGreaterThan(600);
  });

  it('counts the same tokens as count_tokens', async () => {
    await using server = await start();
    const { max_tokens: _, ...body } = request([user(long('a', 700))], system('b'));
    const counted = await post(server.url, body, { path: '/v1/messages/count_tokens' });
    await used(server, { ...body, max_tokens: 10 });
    expect(counted.body).toEqual({ input_tokens: server.requests[0]?.promptTokens });
  });

  it('counts a prompt that is too long to be sent', async () => {
    await using server = await start({ models: { small: { window: 100 } } });
    const body = { model: 'small', messages: [user(long('a', 200))] };
    const counted = await post(server.url, body, { path: '/v1/messages/count_tokens' });
    expect(counted.body['input_tokens']).toBeGreaterThan(200);
  });
});
