import { describe, expect, it } from 'vitest';
import { hasParts, planTask } from '../../../src/agent/planner.ts';
import { says, scriptedModel, structured } from '../../support/scripted-model.ts';

const signal = new AbortController().signal;

describe('hasParts', () => {
  it.each([
    ['fix the failing test', false],
    ['The test in test/cart.test.js fails. Find the bug and fix it.', false],
    ['Add a login page, e.g. like the one in src/a.ts', false],
    ['Rename the class and then update the docs', true],
    ['- add a flag\n- document it', true],
    ['1. add a flag\n2. document it', true],
    ['Add a flag. Write its docs. Bump the version.', true],
  ])('%j: %s', (task, parts) => expect(hasParts(task)).toBe(parts));
});

describe('planTask', () => {
  it('gives the steps of the light model, at most seven', async () => {
    const steps = Array.from({ length: 9 }, (_, index) => ({ title: `Step ${index}`, files: [] }));
    const plan = await planTask(scriptedModel(structured('plan', { steps })), 'Do much.', signal);
    expect(plan?.map(({ title }) => title)).toEqual(steps.slice(0, 7).map(({ title }) => title));
  });

  it('is no plan, and no failure, when the answer cannot be read or the call fails', async () => {
    expect(await planTask(scriptedModel(structured('plan', { steps: 'none' })), 'Do.', signal)).toBeUndefined();
    expect(await planTask(scriptedModel(says('hm')), 'Do.', signal)).toBeUndefined();
  });

  it('rejects when it is aborted', async () => {
    await expect(planTask(scriptedModel(), 'Do.', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  });
});
