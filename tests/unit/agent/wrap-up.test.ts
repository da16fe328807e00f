import { describe, expect, it } from 'vitest';
import { type Finished, wrapUp } from '../../../src/agent/wrap-up.ts';
import { scriptedModel, structured } from '../../support/scripted-model.ts';

const signal = new AbortController().signal;
const finished: Finished = {
  task: 'Please fix the total of the cart.',
  answer: 'Done.\n\nDecision: use cents everywhere because floats lose them',
  files: [{ path: 'src/cart.ts', added: 1, removed: 1, status: 'modified' }],
  fixed: [{ id: 7, what_failed: '350 !== 800', what_fixed: 'src/cart.ts' }],
};

describe('wrapUp', () => {
  it('takes what the light model says', async () => {
    const records = {
      summary: 'Fixed the total.',
      subject: 'fix: count the quantity',
      decisions: [{ decision: 'cents', reasoning: 'floats' }],
      lessons: [{ id: 7, what_fixed: 'Multiply by the quantity.' }],
    };
    expect(await wrapUp(scriptedModel(structured('wrap-up', records)), finished, signal)).toEqual(records);
  });

  it('has a fallback for each part that is unusable', async () => {
    const odd = {
      summary: '  ',
      subject: 'Changed the cart',
      decisions: [{ decision: ' ', reasoning: '' }],
      lessons: [
        { id: 99, what_fixed: 'x' },
        { id: 7, what_fixed: ' ' },
      ],
    };
    expect(await wrapUp(scriptedModel(structured('wrap-up', odd)), finished, signal)).toEqual({
      summary: 'Please fix the total of the cart.',
      subject: 'fix: fix the total of the cart',
      decisions: [],
      lessons: [],
    });
  });

  it('works without a model: from the task, the files and the decisions that the answer states', async () => {
    expect(await wrapUp(undefined, finished, signal)).toEqual({
      summary: 'Please fix the total of the cart.',
      subject: 'fix: fix the total of the cart',
      decisions: [{ decision: 'use cents everywhere', reasoning: 'floats lose them' }],
      lessons: [],
    });
  });

  it.each([
    ['docs', 'Explain the flags', 'README.md'],
    ['test', 'Cover the parser', 'tests/parser.test.ts'],
    ['feat', 'Add a login page', 'src/login.ts'],
    ['fix', 'Repair the crash', 'src/login.ts'],
  ])('the fallback subject is %s: for %j', async (kind, task, path) => {
    const { subject } = await wrapUp(
      undefined,
      { ...finished, task, files: [{ path, added: 1, removed: 0, status: 'modified' }] },
      signal,
    );
    expect(subject.startsWith(`${kind}: `)).toBe(true);
  });

  it('keeps a subject to one line of 72 characters whatever the task is', async () => {
    const { subject } = await wrapUp(undefined, { ...finished, task: `Add\n${'very '.repeat(40)}much` }, signal);
    expect(subject).not.toContain('\n');
    expect(subject.length).toBeLessThanOrEqual(72);
  });

  it('falls back when the call fails, and sends at most 1,500 tokens', async () => {
    const long = {
      ...finished,
      task: 't'.repeat(5000),
      answer: 'a'.repeat(20_000),
      files: Array.from({ length: 200 }, () => ({ path: 'p'.repeat(60), added: 1, removed: 1, status: 'modified' })),
    };
    const model = scriptedModel(new Error('overloaded'));
    expect((await wrapUp(model, long, signal)).lessons).toEqual([]);
    const [request] = model.requests;
    expect(Buffer.byteLength(JSON.stringify([request?.system, request?.messages])) / 4).toBeLessThanOrEqual(1500);
  });
});
