import { describe, expect, it } from 'vitest';
import type { Purpose } from '../../../src/model/model.ts';
import { tallySteps } from '../../../src/session/session-cost.ts';

const call = (purpose: Purpose, cost_usd: number | null, cacheRead = 0) => ({
  type: 'usage' as const,
  purpose,
  model: 'claude-sonnet-5-5',
  usage: { input: 100, cacheRead, cacheWrite5m: 50, cacheWrite1h: 0, output: 10 },
  cost_usd,
  task_cost_usd: null,
});

describe('tallySteps', () => {
  it('adds up the calls by what they were for, the loop first, and an unknown price makes the step unknown', () => {
    const tally = tallySteps();
    for (const event of [call('review', 0.01), call('main', 0.02, 850), call('main', 0.03), call('wrap-up', null)])
      tally.add(event);
    expect(tally.steps()).toEqual([
      { step: 'main', requests: 2, input_tokens: 1150, cache_read_tokens: 850, output_tokens: 20, cost_usd: 0.05 },
      { step: 'review', requests: 1, input_tokens: 150, cache_read_tokens: 0, output_tokens: 10, cost_usd: 0.01 },
      { step: 'wrap-up', requests: 1, input_tokens: 150, cache_read_tokens: 0, output_tokens: 10, cost_usd: null },
    ]);
  });
});
