import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askForJson } from '../../../src/model/structured.ts';
import { request } from './fake-wire.ts';
import { type Attempt, attempts, overloaded } from './scripted.ts';

const PLAN = z.object({ steps: z.array(z.string()) });

async function ask(...script: Attempt[]) {
  const model = attempts(...script);
  const { tools, heard, ...side } = request({ purpose: 'plan' });
  return { value: await askForJson(model, side, PLAN), asked: model.asked };
}

describe('askForJson', () => {
  it('asks with the schema and without tools, and gives back the value', async () => {
    const { value, asked } = await ask({ text: '{"steps":["a"]}' });
    expect(value).toEqual({ steps: ['a'] });
    expect([asked[0]?.tools, asked[0]?.format]).toEqual([
      [],
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { steps: { type: 'array', items: { type: 'string' } } },
        required: ['steps'],
      },
    ]);
  });

  it.each([
    '```json\n{"steps":["a"]}\n```',
    'Here it is:\n```\n{"steps":["a"]}\n```\nGood luck!',
    'Sure. {"steps":["a"]} Done.',
    '<think>maybe {"steps":[]}?</think>{"steps":["a"]}',
  ])('finds the value in %j', async (text) => {
    expect((await ask({ text, prompted: true })).value).toEqual({ steps: ['a'] });
  });

  it.each(['refusal', 'max_tokens', 'context_overflow', 'pause'] as const)(
    'has no value when the reply ended by %s',
    async (stop) => {
      const { value, asked } = await ask({ text: '{"steps":["a"]}', stop, prompted: true });
      expect([value, asked.length]).toEqual([undefined, 1]);
    },
  );

  it('has no value, and asks no second time, when a server with structured output gave something else', async () => {
    const { value, asked } = await ask({ text: '{"step":"a"}' });
    expect([value, asked.length]).toEqual([undefined, 1]);
  });

  it('lets the model mend an answer that was asked for in words, once', async () => {
    const { value, asked } = await ask(
      { text: '{"steps":"a"}', prompted: true },
      { text: '{"steps":["a"]}', prompted: true },
    );
    expect(value).toEqual({ steps: ['a'] });
    expect(asked[1]?.messages).toEqual([
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: '{"steps":"a"}', calls: [] },
      {
        role: 'user',
        text: expect.stringMatching(
          /^That could not be used: .*steps[\s\S]*\nAnswer again with the JSON value alone\.$/s,
        ),
      },
    ]);
    const hopeless = await ask(
      { text: 'no', prompted: true },
      { text: 'never', prompted: true },
      { text: '{"steps":[]}' },
    );
    expect([hopeless.value, hopeless.asked.length]).toEqual([undefined, 2]);
  });

  it('lets failures of the model through', async () => {
    await expect(ask({ fails: overloaded() })).rejects.toThrow('overloaded');
  });
});
