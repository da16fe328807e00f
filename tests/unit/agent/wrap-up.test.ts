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
      subject: 'fix: the total of the cart',
      decisions: [{ decision: 'use cents everywhere', reasoning: 'floats lose them' }],
      lessons: [],
    });
  });

  it('keeps a decision that the answer names as one, though the light model saw none; no other', async () => {
    const answer =
      'I used a loop because reduce hides it.\n\n**Decision:** amounts stay in cents because floats round.';
    const records = { summary: 'x', subject: 'fix: x', decisions: [], lessons: [] };
    const kept = await wrapUp(scriptedModel(structured('wrap-up', records)), { ...finished, answer }, signal);
    expect(kept.decisions).toEqual([{ decision: 'amounts stay in cents', reasoning: 'floats round.' }]);
  });

  it('works without a model: from the task, the files and the decisions that the answer states', async () => {
    expect(await wrapUp(undefined, finished, signal)).toEqual({
      summary: 'Please fix the total of the cart.',
      subject: 'fix: the total of the cart',
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

  it.each([
    [
      'I chose Map over a plain object because keys may be numbers.',
      'I chose Map over a plain object',
      'keys may be numbers',
    ],
    [
      'Done.\n- Decided to keep node 18 support, since CI still runs it (ci.yml:3).',
      'Decided to keep node 18 support',
      'CI still runs it (ci.yml:3)',
    ],
    ['All green. We went with `zod` to avoid a second parser.', 'We went with `zod`', 'a second parser'],
  ])('finds the decision in the answer %j', async (answer, decision, reasoning) => {
    const { decisions } = await wrapUp(undefined, { ...finished, answer }, signal);
    expect(decisions).toEqual([{ decision, reasoning }]);
  });

  it.each([
    'Fixed the total (src/cart.ts:5). All tests pass.',
    'The test failed because the quantity was left out.',
    'I picked up where the last run ended.',
  ])('finds no decision in the answer %j', async (answer) => {
    expect((await wrapUp(undefined, { ...finished, answer }, signal)).decisions).toEqual([]);
  });

  it('falls back when the call fails', async () => {
    const model = scriptedModel(new Error('overloaded'));
    expect(await wrapUp(model, finished, signal)).toEqual(await wrapUp(undefined, finished, signal));
  });

  it.each(['x', 'é', '漢', '🙂', 'word '])('sends at most 1,500 tokens, however much of %j there is', async (unit) => {
    const long = {
      task: unit.repeat(5_000),
      answer: unit.repeat(20_000),
      files: Array.from({ length: 200 }, () => ({ path: unit.repeat(300), added: 1, removed: 1, status: 'modified' })),
      fixed: Array.from({ length: 50 }, (_, id) => ({
        id,
        what_failed: unit.repeat(300),
        what_fixed: unit.repeat(300),
      })),
    };
    const model = scriptedModel(new Error('overloaded'));
    await wrapUp(model, long, signal);
    const [request] = model.requests;
    const sent = JSON.stringify([request?.system, request?.messages, request?.format]);
    // Three bytes a token is what the estimate for code takes; words and other scripts have more.
    expect(Buffer.byteLength(sent) / 3).toBeLessThanOrEqual(1_500);
    expect(sent).not.toContain('\ufffd');
  });
});
