import { describe, expect, it } from 'vitest';
import { objectionsText, reviewDiff } from '../../../src/checks/reviewer.ts';
import { says, scriptedModel, structured } from '../../support/scripted-model.ts';

const signal = new AbortController().signal;
const review = (json: Parameters<typeof structured>[1]) =>
  reviewDiff(scriptedModel(structured('review', json)), 'Fix it.', '+x', signal);

describe('reviewDiff', () => {
  it('sees the task and the diff, and nothing else', async () => {
    const model = scriptedModel(structured('review', { approved: true, summary: 'Fine.', objections: [] }));
    await reviewDiff(model, 'Fix it.', '+const a = 1;', signal);
    const [request] = model.requests;
    expect(request?.messages).toEqual([
      { role: 'user', text: '<task>\nFix it.\n</task>\n\n<diff>\n+const a = 1;\n</diff>' },
    ]);
    expect(request?.tools).toEqual([]);
  });

  it('approves only what was approved without an objection', async () => {
    expect(await review({ approved: true, summary: 'Fine.', objections: [] })).toEqual({
      status: 'approved',
      summary: 'Fine.',
      objections: [],
    });
    const mixed = await review({
      approved: true,
      summary: 'But',
      objections: [{ file: 'a.ts', line: 3, problem: 'It leaks.' }],
    });
    expect(mixed.status).toBe('objections');
  });

  it('gives objections with their places', async () => {
    const found = await review({
      approved: false,
      summary: 'No.',
      objections: [
        { file: 'a.ts', line: 3, problem: 'It leaks.' },
        { file: '', line: 0, problem: 'No test.' },
      ],
    });
    expect(found.objections).toEqual([{ file: 'a.ts', line: 3, problem: 'It leaks.' }, { problem: 'No test.' }]);
    expect(objectionsText(found)).toBe('- a.ts:3: It leaks.\n- No test.');
  });

  it('is "not reviewed" when it cannot be read, says no without a reason, or fails', async () => {
    expect((await review({ verdict: 'ok' })).status).toBe('not_reviewed');
    expect((await review({ approved: false, summary: 'No.', objections: [] })).status).toBe('not_reviewed');
    expect((await reviewDiff(scriptedModel(says('I like it.')), 't', 'd', signal)).status).toBe('not_reviewed');
  });

  it('rejects when it is aborted', async () => {
    await expect(reviewDiff(scriptedModel(), 't', 'd', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
