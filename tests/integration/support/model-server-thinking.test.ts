import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../src/model/message.ts';
import { isObject } from '../../support/model-server/json.ts';
import type { ModelServerOptions } from '../../support/model-server/options.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { calls, notes, redacted, says, thinks, turn } from '../../support/model-server/turns.ts';
import { contentOf, converse, errorOf, post, READ_FILE, request, text, user } from './raw-client.ts';

const BINDING = { 'anthropic-beta': 'thinking-binding-controls-2026-08-01' };
const dropBlock: JsonObject = {
  thinking: { type: 'adaptive', block_binding: { prefix_mismatch_behavior: 'drop_block' } },
};

const script = [
  turn(thinks('first'), says('I will look.'), redacted(), calls('read_file', { path: 'a.ts' })),
  turn(thinks('second'), calls('read_file', { path: 'b.ts' }), calls('read_file', { path: 'c.ts' })),
  turn(thinks('third'), says('Done.')),
];

function start(options: Partial<ModelServerOptions> = {}) {
  return startModelServer({ script, allowViolations: true, ...options });
}

/** The conversation after two replies with calls; its assistant messages are 1 and 3. */
async function twoRounds(url: string, more: JsonObject = {}): Promise<Json[]> {
  return converse(url, await converse(url, [user('Fix the bug.')], more), more);
}

/** The same conversation with one message's blocks changed. */
function changed(messages: Json[], at: number, how: (blocks: Json[]) => Json[]): Json[] {
  return messages.map((message, index) =>
    index === at && isObject(message) && Array.isArray(message['content'])
      ? { ...message, content: how(message['content']) }
      : message,
  );
}

const isThinking = (block: Json) => isObject(block) && String(block['type']).endsWith('thinking');

describe('thinking blocks that come back', () => {
  it('are taken when nothing has changed', async () => {
    await using server = await start({ allowViolations: false });
    const messages = await converse(server.url, await twoRounds(server.url));
    expect(messages.at(-1)).toMatchObject({ role: 'assistant', content: [{ type: 'thinking' }, { text: 'Done.' }] });
  });

  it('are taken by a server that was started anew', async () => {
    await using first = await start();
    const messages = await twoRounds(first.url);
    await using second = await start();
    expect((await post(second.url, request(messages))).status).toBe(200);
  });

  it.each<[string, (blocks: Json[]) => Json[], number]>([
    ['one is left out', (blocks) => blocks.slice(1), 2],
    ['the last one is left out', (blocks) => blocks.filter((_, at) => at !== 2), 0],
    ['they change places', ([a, b, c, d]) => [c, b, a, d].flatMap((block) => block ?? []), 0],
    ['one moves behind the call', ([a, b, c, d]) => [a, b, d, c].flatMap((block) => block ?? []), 3],
    ['one is reworded', ([a, ...rest]) => [{ ...(isObject(a) ? a : {}), thinking: 'other' }, ...rest], 0],
  ])('are refused in the latest reply when %s', async (_name, change, at) => {
    await using server = await start();
    const messages = await converse(server.url, [user('Fix the bug.')]);
    const answer = await post(server.url, request(changed(messages, 1, change)));
    const place = at === 2 ? 1 : at;
    expect(errorOf(answer)).toEqual({
      status: 400,
      type: 'invalid_request_error',
      message: `messages.1.content.${place}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.`,
    });
    expect(server.violations).toEqual([expect.stringContaining('rule 36: ')]);
  });

  it('may all be stripped, as a recovery does', async () => {
    await using server = await start({ allowViolations: false });
    const messages = await twoRounds(server.url);
    const bare = [1, 3].reduce(
      (list, at) => changed(list, at, (blocks) => blocks.filter((b) => !isThinking(b))),
      messages,
    );
    const answer = await post(server.url, request(bare));
    expect(contentOf(answer)).toMatchObject([{ type: 'thinking' }, { text: 'Done.' }]);
  });

  it('may lose their oldest ones, but none between others', async () => {
    await using server = await start({ script: [...script.slice(0, 2), ...script.slice(1)] });
    const messages = await converse(server.url, await twoRounds(server.url));
    const without = (at: number) => changed(messages, at, (blocks) => blocks.filter((b) => !isThinking(b)));
    expect((await post(server.url, request(without(1)))).status).toBe(200);
    expect(errorOf(await post(server.url, request(without(3)))).message).toMatch(/removed or moved\.$/);
  });

  it('are refused when they are reworded in an older reply', async () => {
    await using server = await start();
    const messages = changed(await twoRounds(server.url), 1, ([first, ...rest]) => [
      { ...(isObject(first) ? first : {}), thinking: 'other' },
      ...rest,
    ]);
    expect(errorOf(await post(server.url, request(messages))).message).toBe(
      'messages.1.content.0: Invalid `signature` in `thinking` block',
    );
  });

  it.each<[string, (messages: Json[]) => JsonObject, RegExp]>([
    ['system', (messages) => request(messages, { system: 'Today is Monday.' }), /The `system` prompt differs/],
    [
      'tools',
      (messages) => request(messages, { tools: [READ_FILE, { ...READ_FILE, name: 'x' }] }),
      /The `tools` differ/,
    ],
    ['an earlier message', ([, ...rest]) => request([user('Fix the bugs.'), ...rest]), /The messages before/],
    [
      'an old tool result',
      (messages) =>
        request(changed(messages, 2, (blocks) => blocks.map((b) => ({ ...(isObject(b) ? b : {}), content: 'cut' })))),
      /The messages before/,
    ],
  ])('are refused when %s has changed', async (_name, change, hint) => {
    await using server = await start();
    const answer = errorOf(await post(server.url, change(await twoRounds(server.url))));
    expect(answer.status).toBe(400);
    expect(answer.message).toContain(
      'Invalid `signature` in `thinking` block. The block is bound to a different conversation. Remove the block, or set `thinking.block_binding.prefix_mismatch_behavior` to "drop_block".',
    );
    expect(answer.message).toMatch(hint);
    expect(server.violations).toEqual([expect.stringContaining('rule 38: ')]);
  });

  it('do not mind cache markers, effort, or how a text is written', async () => {
    await using server = await start({ allowViolations: false });
    const messages = await twoRounds(server.url);
    const plain = (block: Json) => {
      const { citations: _, caller: __, ...fields } = isObject(block) ? block : {};
      return fields['type'] === 'tool_result' ? { ...fields, is_error: false } : fields;
    };
    const [, ...rest] = [1, 2, 3, 4].reduce((list, at) => changed(list, at, (blocks) => blocks.map(plain)), messages);
    const first = user([text('Fix the bug.', { cache_control: { type: 'ephemeral' } })]);
    const answer = await post(server.url, request([first, ...rest], { output_config: { effort: 'low' } }));
    expect(answer.status).toBe(200);
    expect(rest).not.toEqual(messages.slice(1));
  });

  it('do not miss the blank text that a client has to leave out', async () => {
    await using server = await start({
      script: [turn(says(' '), thinks(), says('Hi.')), says('Bye.')],
      allowViolations: false,
    });
    const [, ...rest] = contentOf(await post(server.url, request([user('Go.')])));
    const next = await post(server.url, request([user('Go.'), { role: 'assistant', content: rest }, user('And?')]));
    expect(contentOf(next)).toMatchObject([{ text: 'Bye.' }]);
  });

  it('are not bound to anything on an old account, unless the request asks for it', async () => {
    await using server = await start({ oldAccount: true });
    const messages = await twoRounds(server.url);
    const moved = request(messages, { system: 'Today is Monday.' });
    expect((await post(server.url, moved)).status).toBe(200);
    const strict = { ...moved, thinking: { type: 'adaptive', block_binding: {} } };
    expect((await post(server.url, strict, { headers: BINDING })).status).toBe(400);
  });

  it('are dropped and listed where the request says so, and later ones stay good', async () => {
    await using server = await start({ allowViolations: false });
    const messages = await twoRounds(server.url);
    const more = { ...dropBlock, system: 'Today is Monday.' };
    const answer = await post(server.url, request(messages, more), { headers: BINDING });
    const drop = (path: string) => ({ type: 'thinking_dropped', path, reason: 'prefix_binding_mismatch' });
    const drops = ['messages.1.content.0', 'messages.1.content.2', 'messages.3.content.0'].map(drop);
    expect(answer.body['input_transformations']).toEqual(drops);

    const later = [...messages, { role: 'assistant', content: contentOf(answer) }, user('Thanks.')];
    const next = await post(server.url, request(later, { ...more, max_tokens: 0 }), { headers: BINDING });
    expect(next.body['input_transformations']).toEqual(drops);
  });

  it('of another model are dropped without a word, and are not paid for', async () => {
    await using server = await start({ allowViolations: false });
    const messages = await twoRounds(server.url);
    const light = request(messages, { model: 'claude-haiku-5-5', max_tokens: 0 });
    const silent = await post(server.url, light);
    expect([silent.status, silent.body['input_transformations']]).toEqual([200, undefined]);
    const bare = [1, 3].reduce(
      (list, at) => changed(list, at, (blocks) => blocks.filter((b) => !isThinking(b))),
      messages,
    );
    await post(server.url, { ...light, messages: bare });
    expect(server.requests.at(-1)?.promptTokens).toBe(server.requests.at(-2)?.promptTokens);

    const told = await post(server.url, light, { headers: BINDING });
    expect(told.body['input_transformations']).toMatchObject([
      { reason: 'model_binding_mismatch' },
      { reason: 'model_binding_mismatch' },
      { reason: 'model_binding_mismatch' },
    ]);
  });
});

describe('what the model thinks', () => {
  const shown = async (thinking: JsonObject, more: JsonObject = {}, headers: Record<string, string> = {}) => {
    await using server = await startModelServer({ script: [turn(thinks('why'), notes('so far'), calls('read_file'))] });
    const answer = await post(server.url, request([user('Go.')], { thinking, ...more }), { headers });
    return contentOf(answer)
      .filter(isThinking)
      .map((block) => isObject(block) && block['thinking']);
  };

  it('is hidden by default, and readable when summarized', async () => {
    expect(await shown({ type: 'adaptive' })).toEqual(['', '']);
    expect(await shown({ type: 'adaptive', display: 'summarized' })).toEqual(['why', 'so far']);
  });

  it('shows its progress updates alone when asked for updates, or between tools', async () => {
    const beta = { 'anthropic-beta': 'thinking-display-updates-2026-08-18' };
    expect(await shown({ type: 'adaptive', display: 'updates' }, {}, beta)).toEqual(['', 'so far']);
    expect(await shown({ type: 'between_tools' })).toEqual(['so far']);
  });

  it('is absent from the light model when disabled or when a tool is forced', async () => {
    const light = { model: 'claude-haiku-5-5' };
    expect(await shown({ type: 'disabled' }, light)).toEqual([]);
    expect(await shown({ type: 'adaptive' }, { ...light, tool_choice: { type: 'any' } })).toEqual([]);
    expect(await shown({ type: 'adaptive', display: 'summarized' }, light)).toEqual(['why']);
  });
});
