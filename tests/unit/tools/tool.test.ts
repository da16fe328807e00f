import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { NexError } from '../../../src/errors.ts';
import { defineTool, type ToolContext, wholeNumber } from '../../../src/tools/tool.ts';

/** Only the signal of a context matters here. */
const contextWith = (signal: AbortSignal): ToolContext => ({ signal }) as unknown as ToolContext;
const context = contextWith(new AbortController().signal);

const throwing = (error: unknown) =>
  defineTool({
    name: 'throwing',
    description: 'Throws.',
    effect: 'read',
    input: z.object({}),
    run: async () => {
      throw error;
    },
  });

describe('a tool', () => {
  it('never throws at the model: what goes wrong is a result', async () => {
    expect(await throwing(new Error('The disk is gone.')).run({}, context)).toEqual({
      ok: false,
      error: 'The disk is gone.',
    });
  });

  it('adds what can be done about it', async () => {
    const error = new NexError('failed', 'It is too long.', { hint: 'Make it shorter.' });
    expect(await throwing(error).run({}, context)).toEqual({ ok: false, error: 'It is too long. Make it shorter.' });
  });

  it('rejects when the caller has given up, whatever else went wrong', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(throwing(new Error('other')).run({}, contextWith(signal))).rejects.toThrow('stopped');
  });
});

describe('wholeNumber', () => {
  it('is a plain integer in the schema', () => {
    const tool = defineTool({
      name: 'x',
      description: '',
      effect: 'read',
      input: z.object({ n: wholeNumber().optional() }),
      run: async () => ({ ok: true, output: '' }),
    });
    expect(tool.spec.schema).toEqual({ type: 'object', properties: { n: { type: 'integer' } } });
  });

  it.each([
    [5, true],
    ['12', true],
    ['-3', true],
    [1.5, false],
    ['many', false],
    [{}, false],
  ])('takes %j: %s', (value, taken) => {
    expect(wholeNumber().safeParse(value).success).toBe(taken);
  });
});
