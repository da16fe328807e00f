import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import { BaseAnthropic } from '@anthropic-ai/sdk/client';
import { Messages } from '@anthropic-ai/sdk/resources/messages/messages';
import { describe, expect, it, vi } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/message.ts';
import { isObject } from '../../support/model-server/json.ts';
import { lastUserTextOf, resultsOf, systemTextOf, toolNamesOf } from '../../support/model-server/request.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { calls, redacted, says, stops, thinks, turn } from '../../support/model-server/turns.ts';
import { tempProject } from '../../support/temp-project.ts';
import { assistant, contentOf, converse, errorOf, HEADERS, post, request, result, text, user } from './raw-client.ts';

const hello = [user('Go.')];

describe('a scripted conversation', () => {
  const script = [
    turn(says('One moment.'), calls('read_file', { path: 'a.ts' })),
    turn(calls('read_file', { path: 'b.ts' }), calls('read_file', { path: 'c.ts' })),
    says('All done.'),
  ];

  it('is played turn by turn', async () => {
    await using server = await startModelServer({ script });
    let messages: Json[] = hello;
    for (let at = 0; at < 3; at++) messages = await converse(server.url, messages);
    expect(messages).toMatchObject([
      { content: 'Go.' },
      { content: [{ text: 'One moment.' }, { input: { path: 'a.ts' } }] },
      { content: [{ type: 'tool_result' }] },
      { content: [{ input: { path: 'b.ts' } }, { input: { path: 'c.ts' } }] },
      { content: [{ type: 'tool_result' }, { type: 'tool_result' }] },
      { content: [{ text: 'All done.' }] },
    ]);
    expect(server.requests.map(({ seq, turn: at, status }) => ({ seq, at, status }))).toEqual([
      { seq: 1, at: 0, status: 200 },
      { seq: 2, at: 1, status: 200 },
      { seq: 3, at: 2, status: 200 },
    ]);
  });

  it('answers a repeated request with the same turn, to the byte', async () => {
    await using server = await startModelServer({ script });
    const messages = await converse(server.url, hello);
    const [first, second] = [await post(server.url, request(messages)), await post(server.url, request(messages))];
    expect(contentOf(second)).toEqual(contentOf(first));
    expect(contentOf(first)).toMatchObject([{ input: { path: 'b.ts' } }, { input: { path: 'c.ts' } }]);
  });

  it('knows its replies again when only their text or their calls came back', async () => {
    await using server = await startModelServer({ script: [...script.slice(0, 1), says('Ready.'), says('Bye.')] });
    const first = contentOf(await post(server.url, request(hello)));
    const bare = first.filter((block) => isObject(block) && block['type'] === 'tool_use');
    const id = isObject(bare[0]) ? String(bare[0]['id']) : '';
    const second = [...hello, assistant(bare), user([result(id)])];
    await post(server.url, request(second));
    await post(server.url, request([...second, assistant(' Ready. '), user('And?')]));
    expect(server.requests.map((seen) => seen.turn)).toEqual([0, 1, 2]);
  });

  it('can be a function of the request', async () => {
    await using server = await startModelServer({
      script: async (seen) =>
        says(
          [systemTextOf(seen), lastUserTextOf(seen), toolNamesOf(seen), resultsOf(seen).length, seen.turn].join(' | '),
        ),
    });
    const answer = await post(server.url, request([user([text('Go'), text('!')])], { system: 'Be kind.' }));
    expect(contentOf(answer)).toMatchObject([{ text: 'Be kind. | Go! | read_file | 0 | 0' }]);
  });

  it('shows results as the client sent them', async () => {
    await using server = await startModelServer({
      script: [calls('read_file', {}, { id: 'call_1' }), says('Ok.')],
    });
    const first = contentOf(await post(server.url, request(hello)));
    await post(
      server.url,
      request([...hello, assistant(first), user([result('call_1', { content: [text('no')], is_error: true })])]),
    );
    expect(server.requests.map(resultsOf)).toEqual([[], [{ id: 'call_1', text: 'no', isError: true }]]);
  });

  it('that is longer than its script fails the test', async () => {
    const server = await startModelServer({ script: [says('Hi.')] });
    const messages = [...(await converse(server.url, hello)), user('More')];
    expect(errorOf(await post(server.url, request(messages)))).toMatchObject({ status: 400 });
    await expect(server.close()).rejects.toThrow('the script has 1 turns, and turn 1 was asked for');
  });

  it('whose script throws fails the test', async () => {
    const server = await startModelServer({
      script: () => {
        throw new Error('no such step');
      },
    });
    expect(errorOf(await post(server.url, request(hello)))).toMatchObject({
      status: 400,
      message: expect.stringContaining('no such step'),
    });
    await expect(server.close()).rejects.toThrow('no such step');
  });
});

describe('calls beside the conversation', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: {
      title: { type: 'string' },
      steps: { type: 'array', items: { $ref: '#/$defs/step' }, minItems: 1 },
      level: { enum: ['low', 'high'] },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      hidden: { type: 'string' },
    },
    required: ['title', 'steps', 'level', 'note'],
    additionalProperties: false,
    $defs: {
      step: {
        type: 'object',
        properties: { ready: { type: 'boolean' }, count: { type: 'integer' } },
        required: ['ready', 'count'],
        additionalProperties: false,
      },
    },
  };
  const planner = { ...request([user('Plan.')]), output_config: { format: { type: 'json_schema', schema } } };

  it('get the smallest value that fits their schema', async () => {
    await using server = await startModelServer({ script: [] });
    const [block] = contentOf(await post(server.url, planner));
    expect(JSON.parse(isObject(block) ? String(block['text']) : '')).toEqual({
      title: 'ok',
      steps: [{ ready: false, count: 0 }],
      level: 'low',
      note: null,
    });
    expect(contentOf(await post(server.url, { ...request([user('Sum up.')]), tools: [] }))).toMatchObject([
      { text: 'Done.' },
    ]);
  });

  it('are answered by a function of their own, where it wants to', async () => {
    await using server = await startModelServer({
      script: [],
      side: (seen) => (lastUserTextOf(seen) === 'Plan.' ? turn(thinks(), says('{}')) : undefined),
    });
    expect(contentOf(await post(server.url, planner))).toMatchObject([{ type: 'thinking' }, { text: '{}' }]);
    expect(contentOf(await post(server.url, { ...request([user('Other')]), tools: [] }))).toMatchObject([
      { text: 'Done.' },
    ]);
  });

  it('run beside each other and beside a turn, without moving the script', async () => {
    await using server = await startModelServer({ script: [says('Main.'), says('Next.')] });
    const [main, ...side] = await Promise.all(
      [request(hello), planner, planner, planner].map((body) => post(server.url, body)),
    );
    const answers = [main, ...side].flatMap((answer) => answer ?? []);
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(main && contentOf(main)).toMatchObject([{ text: 'Main.' }]);
    expect(server.requests.filter(({ side }) => side)).toHaveLength(3);
    expect(new Set(answers.map(({ headers }) => headers.get('request-id'))).size).toBe(4);
  });

  it('can be told apart in another way', async () => {
    await using server = await startModelServer({ script: [says('Main.')], isSide: () => false });
    expect(contentOf(await post(server.url, planner))).toMatchObject([{ text: 'Main.' }]);
  });
});

describe('the server', () => {
  it('names every broken rule when it is closed, once', async () => {
    const server = await startModelServer({ script: [] });
    await post(server.url, request([]));
    await post(server.url, request(hello, { banana: 1 }), { path: '/v1/messages/count_tokens' });
    await expect(server.close()).rejects.toThrow(
      'The Messages API would have refused:\n- request 1 (turn 0): rule 8: messages: at least one message is required\n- POST /v1/messages/count_tokens: rule 5: max_tokens: Extra inputs are not permitted',
    );
    await expect(server.close()).resolves.toBeUndefined();
  });

  it('closes in silence where these rules, or all of them, may be broken', async () => {
    for (const allowViolations of [true, [8]]) {
      const server = await startModelServer({ script: [], allowViolations });
      await post(server.url, request([]));
      await expect(server.close()).resolves.toBeUndefined();
    }
    const server = await startModelServer({ script: [], allowViolations: [9] });
    await post(server.url, request([]));
    await expect(server.close()).rejects.toThrow('rule 8');
  });

  it('closes while a request is still open', async () => {
    const server = await startModelServer({ script: [], faults: [{ kind: 'silence' }] });
    const open = post(server.url, request(hello)).catch(() => 'broken');
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    await server.close();
    expect(await open).toBe('broken');
  });

  it('does not blame a client that leaves in the middle of its request', async () => {
    await using server = await startModelServer({ script: [] });
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /v1/messages HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"mod');
    socket.end();
    await once(socket.resume(), 'close');
    expect([server.requests, server.violations]).toEqual([[], []]);
  });

  it('takes only the keys it was given, and does not blame the client for others', async () => {
    await using server = await startModelServer({ script: () => says('Hi.'), keys: ['good'] });
    const status = async (headers: Record<string, string>) =>
      (await post(server.url, request(hello), { headers })).status;
    expect(await status({ authorization: 'Bearer good' })).toBe(200);
    expect(await status({ authorization: 'Bearer bad' })).toBe(401);
    // Of two keys x-api-key counts.
    expect(await status({ authorization: 'Bearer good', 'x-api-key': 'bad' })).toBe(401);
  });

  it('remembers requests whole, and what they used', async () => {
    await using server = await startModelServer({ script: [says('Hello there.')] });
    const body = request(hello);
    await post(server.url, body, { headers: { 'user-agent': 'test/1' } });
    const [seen] = server.requests;
    expect(seen).toMatchObject({ body, raw: JSON.stringify(body), bytes: JSON.stringify(body).length, side: false });
    expect(seen?.headers).toMatchObject({ ...HEADERS, 'user-agent': 'test/1' });
    expect(seen?.usage).toEqual({ input: seen?.promptTokens, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0, output: 3 });
  });

  it('lists its models and answers at its root', async () => {
    await using server = await startModelServer({ script: [], models: { local: { window: 32_000 } } });
    const client = new Anthropic({ apiKey: 'k', baseURL: server.url });
    const ids: string[] = [];
    for await (const { id } of client.models.list()) ids.push(id);
    expect(ids).toContain('claude-sonnet-5-5');
    expect(ids).not.toContain('claude-sonnet-4-20250514');
    expect(await client.models.retrieve('local')).toMatchObject({ id: 'local', max_input_tokens: 32_000 });
    expect(await client.models.retrieve('claude-haiku-5-5')).toMatchObject({
      capabilities: { thinking: { types: { disabled: { supported: true }, between_tools: { supported: false } } } },
    });
    await expect(client.models.retrieve('claude-banana')).rejects.toThrow('404');
    expect((await fetch(server.url, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${server.url}/v1/v1/messages`, { method: 'POST' })).status).toBe(404);
    expect(server.otherCalls).toEqual([
      'GET /v1/models',
      'GET /v1/models/local',
      'GET /v1/models/claude-haiku-5-5',
      'GET /v1/models/claude-banana',
      'HEAD /',
      'POST /v1/v1/messages',
    ]);
  });

  it('can be a simpler server that speaks the same API', async () => {
    await using server = await startModelServer({
      script: () => turn(thinks(), says('Hi.')),
      models: { local: {} },
      host: {
        unsupported: ['thinking', 'cache_control', 'strict'],
        requestId: false,
        cacheUsage: false,
        signatures: false,
        countTokens: false,
        models: false,
        errors: 'openai',
      },
    });
    const body = request(hello, { model: 'local' });
    const refusedFor = async (more: JsonObject) => (await post(server.url, { ...body, ...more })).body['error'];
    expect(await refusedFor({ thinking: { type: 'adaptive' } })).toEqual({
      code: 400,
      type: 'invalid_request_error',
      message: 'thinking: Extra inputs are not permitted',
    });
    expect(
      await refusedFor({ messages: [user([text('Hi', { cache_control: { type: 'ephemeral' } })])] }),
    ).toMatchObject({
      message: 'messages.0.content.0.cache_control: Extra inputs are not permitted',
    });
    const answer = await post(server.url, body);
    expect(Object.keys(isObject(answer.body['usage']) ? answer.body['usage'] : {})).toEqual([
      'input_tokens',
      'output_tokens',
    ]);
    expect(contentOf(answer)).toMatchObject([{ type: 'thinking', signature: '' }, { text: 'Hi.' }]);
    expect(
      (await post(server.url, { ...body, messages: [...hello, assistant(contentOf(answer)), user('More')] })).status,
    ).toBe(200);
    expect(answer.headers.get('request-id')).toBeNull();
    expect((await post(server.url, body, { path: '/v1/messages/count_tokens' })).status).toBe(404);
    expect((await fetch(`${server.url}/v1/models`, { headers: HEADERS })).status).toBe(404);
  });

  it('streams to the slim client what the whole answer holds', async () => {
    const script = () =>
      turn(thinks(), redacted(), says('Héllo.'), calls('read_file', { path: 'a' }), stops('tool_use'));
    await using server = await startModelServer({ script });
    const slim = new BaseAnthropic({ apiKey: 'k', baseURL: server.url, maxRetries: 0 });
    const messages = new Messages(slim);
    const params = {
      model: 'claude-sonnet-5-5',
      max_tokens: 1000,
      messages: [{ role: 'user' as const, content: 'Go.' }],
      tools: [{ name: 'read_file', input_schema: { type: 'object' as const } }],
    };
    const whole = await messages.create(params);
    const streamed = await messages.stream(params).finalMessage();
    const shapeOf = (message: typeof whole) =>
      message.content.map((block) => ({ ...block, signature: undefined, data: undefined }));
    expect(shapeOf(streamed)).toEqual(shapeOf(whole));
    expect(streamed.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
    });
  });
});

describe('the server as a program', () => {
  const main = fileURLToPath(new URL('../../support/model-server/main.ts', import.meta.url));
  const turns = new URL('../../support/model-server/turns.ts', import.meta.url).href;

  it('plays a script file, logs its requests, and ends with what was broken', async () => {
    using project = tempProject({
      'script.ts': `import { says } from '${turns}';
        export default [says('From a file.')];
        export const side = () => says('Beside.');`,
    });
    const log = project.path('log.jsonl');
    const child = spawn(
      process.execPath,
      [main, '--script', project.path('script.ts'), '--log', log, '--bodies', '--faults', '[{"kind":529}]'],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const exit = once(child, 'exit');
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
    });
    const [line] = await once(createInterface(child.stdout), 'line');
    const { url }: { url: string } = JSON.parse(String(line));

    expect((await post(url, request(hello))).status).toBe(529);
    expect(contentOf(await post(url, request(hello)))).toMatchObject([{ text: 'From a file.' }]);
    expect(contentOf(await post(url, { ...request(hello), tools: [] }))).toMatchObject([{ text: 'Beside.' }]);
    expect((await post(url, request([]))).status).toBe(400);
    child.kill('SIGTERM');
    expect(await exit).toEqual([1, null]);
    expect(errors).toMatch(/rule 8: messages: at least one message is required/);

    const lines = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((entry): JsonObject => JSON.parse(entry));
    expect(lines).toMatchObject([
      { seq: 1, turn: 0, status: 529, fault: '529', body: { max_tokens: 4096 } },
      { seq: 2, turn: 0, status: 200, side: false, usage: { output: 3 } },
      { seq: 3, status: 200, side: true },
      { seq: 4, status: 400, refusal: 'messages: at least one message is required' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('test-key');
  });
});
