import { describe, expect, it } from 'vitest';
import { type Plan, planEvent, planText, tickOff } from '../../../src/agent/plan.ts';
import { recorder } from '../../support/recorder.ts';

const planOf = (...titles: string[]): Plan => ({
  steps: titles.map((title) => ({ title, files: title === 'Add' ? ['a.ts', 'b.ts'] : [] })),
  done: new Set(),
});

describe('planText', () => {
  it('is a numbered list with files, and says what is done', () => {
    const plan = planOf('Add', 'Test');
    expect(planText(plan)).toBe('1. Add (a.ts, b.ts)\n2. Test');
    plan.done.add(1);
    expect(planText(plan)).toBe('1. [done] Add (a.ts, b.ts)\n2. Test');
  });
});

describe('tickOff', () => {
  it.each([
    ['Step 1 done.', [1]],
    ['The file is there.\n\n**Step 2 done.** Now the docs.', [2]],
    ['- step 1: done\n- step 2: done', [1, 2]],
    ['Step 1 is finished', [1]],
    ['Step 7 done.', []],
    ['I will see when step 1 is done.', []],
    ['Step 1 comes first.', []],
  ])('%j ticks off %j', (said, done) => {
    const plan = planOf('Add', 'Test');
    tickOff(plan, said, () => {});
    expect([...plan.done]).toEqual(done);
  });

  it('tells each finished step once, with the whole list', () => {
    const plan = planOf('Add', 'Test');
    const { events, emit } = recorder();
    tickOff(plan, 'Step 2 done.', emit);
    tickOff(plan, 'Step 2 done.', emit);
    expect(events).toEqual([planEvent(plan, 2)]);
    expect(events[0]).toMatchObject({ finished: 2, steps: [{ done: false }, { done: true }] });
  });
});
