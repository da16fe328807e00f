import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Message } from '../../../src/model/message.ts';
import { askForJson } from '../../../src/model/structured.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { calls, says, type Turn, thinks, turn } from '../../support/model-server/turns.ts';
import { ask, modelOn, talk } from './talk.ts';

const task: Message = { role: 'user', text: 'Do it.' };
const SCRIPT: Turn[] = [
  turn(thinks(), calls('read_file', { path: 'a' })),
  calls('read_file', { path: 'b' }),
  says('Done.'),
];
const PLAN = z.object({
  steps: z.array(z.object({ title: z.string().min(1), files: z.array(z.string()).max(20).optional() })).max(7),
});

describe('a server that knows less', () => {
  it('is asked once for each thing it does not know', async () => {
    await using server = await startModelServer({
      script: SCRIPT,
      host: { unsupported: ['thinking', 'output_config', 'cache_control'] },
    });
    const replies = await talk(modelOn(server), [task]);
    expect(replies.at(-1)?.message.text).toBe('Done.');
    expect(server.requests.map(({ status }) => status)).toEqual([400, 400, 400, 200, 200, 200]);
  });

  it.each(['openai', 'text'] as const)('may word its errors as %s', async (errors) => {
    await using server = await startModelServer({ script: SCRIPT, host: { errors, unsupported: ['thinking'] } });
    await talk(modelOn(server), [task]);
    expect(server.requests.map(({ status }) => status)).toEqual([400, 200, 200, 200]);
  });

  it('serves a model of others with the minimum', async () => {
    await using server = await startModelServer({
      script: SCRIPT,
      models: { 'qwen3-coder': {} },
      host: {
        unsupported: ['thinking', 'output_config', 'cache_control', 'strict'],
        requestId: false,
        cacheUsage: false,
        signatures: false,
      },
    });
    const replies = await talk(modelOn(server, { id: 'qwen3-coder' }), [task]);
    expect(replies.map(({ stop, requestId }) => [stop, requestId])).toEqual([
      ['tools', undefined],
      ['tools', undefined],
      ['end', undefined],
    ]);
    expect(server.requests.every(({ status }) => status === 200)).toBe(true);
  });
});

describe('structured output', () => {
  const side = {
    purpose: 'plan',
    system: ['Plan.'],
    messages: [task],
    maxTokens: 2048,
    signal: AbortSignal.timeout(30_000),
  } as const;

  it.each(['claude-haiku-5-5', 'claude-sonnet-5-5'])('is asked of %s in the form the API compiles', async (id) => {
    await using server = await startModelServer({ script: [] });
    const plan = await askForJson(modelOn(server, { id }), side, PLAN);
    expect(PLAN.safeParse(plan).success).toBe(true);
    expect(server.requests.length).toBe(1);
  });

  it('falls back to words on a server without it, and mends the answer once', async () => {
    const answers = ['Let me see: {"steps": "none"}', '```json\n{"steps":[{"title":"Read"}]}\n```'];
    await using server = await startModelServer({
      script: [],
      side: () => says(answers.shift() ?? ''),
      host: { unsupported: ['output_config'] },
    });
    expect(await askForJson(modelOn(server), side, PLAN)).toEqual({ steps: [{ title: 'Read' }] });
    expect(server.requests.map(({ status }) => status)).toEqual([400, 200, 200]);
  });

  it.each(['refusal', 'refusal-mid', 'max_tokens'] as const)('has no value after %s', async (kind) => {
    await using server = await startModelServer({ script: [], faults: [{ kind, turn: 'side' }] });
    expect(await askForJson(modelOn(server), side, PLAN)).toBeUndefined();
  });

  it('keeps the light model from thinking beside the loop, and lets it think in it', async () => {
    await using server = await startModelServer({ script: [says('Hi.')] });
    const model = modelOn(server, { id: 'claude-haiku-5-5' });
    await askForJson(model, side, PLAN);
    await model.ask(ask([task]));
    expect(server.requests.map(({ body }) => body['thinking'])).toEqual([
      { type: 'disabled' },
      { type: 'adaptive', display: 'summarized' },
    ]);
  });
});
