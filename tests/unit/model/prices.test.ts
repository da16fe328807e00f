import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Usage } from '../../../src/model/model.ts';
import { costOf, maxTokensOf, priceTable, retiredOn, successorOf, worstCaseOf } from '../../../src/model/prices.ts';

const MAIN = 'claude-sonnet-5-5';
const LIGHT = 'claude-haiku-5-5';

function usage(more: Partial<Usage>): Usage {
  return { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, ...more };
}

describe('costOf', () => {
  const million = 1_000_000;
  const kinds = [
    { input: million },
    { output: million },
    { cacheWrite5m: million },
    { cacheWrite1h: million },
    { cacheRead: million },
  ] satisfies Array<Partial<Usage>>;

  it('knows the five prices of the main model', () => {
    expect(kinds.map((kind) => costOf(MAIN, usage(kind), priceTable()))).toEqual([2, 10, 2.5, 4, 0.1]);
  });

  it('prices every token of a light call by its whole prompt', () => {
    const small = { input: 100_000, output: 1000 };
    expect(costOf(LIGHT, usage(small), priceTable())).toBeCloseTo(0.0105, 10);
    expect(costOf(LIGHT, usage({ ...small, cacheRead: 1 }), priceTable())).toBeCloseTo(0.0525, 6);
    expect(kinds.map((kind) => costOf(LIGHT, usage(kind), priceTable()))).toEqual([0.5, 0.5, 0.625, 1, 0.05]);
  });

  it('is unknown, never zero, for unknown models and uncounted tokens', () => {
    expect(costOf('qwen', usage({ input: 5 }), priceTable())).toBeNull();
    expect(costOf(MAIN, { ...usage({}), input: undefined }, priceTable())).toBeNull();
    expect(costOf(MAIN, { ...usage({}), output: undefined }, priceTable())).toBeNull();
    expect(costOf('constructor', usage({}), priceTable())).toBeNull();
  });

  it("takes the user's own prices", () => {
    const table = priceTable({
      qwen: { input: 1, output: 2 },
      half: { input: 1 },
      [MAIN]: { output: 20 },
      [LIGHT]: { cache_read: 0.5 },
    });
    expect(kinds.map((kind) => costOf('qwen', usage(kind), table))).toEqual([1, 2, 1.25, 2, 1]);
    expect(kinds.map((kind) => costOf(MAIN, usage(kind), table))).toEqual([2, 20, 2.5, 4, 0.1]);
    expect(kinds.map((kind) => costOf(LIGHT, usage(kind), table))).toEqual([0.5, 0.5, 0.625, 1, 0.5]);
    expect(costOf('half', usage({ input: 1 }), table)).toBeNull();
  });
});

describe('worstCaseOf', () => {
  it('is never less than what a call can cost', () => {
    const tokens = fc.nat({ max: 200_000 });
    fc.assert(
      fc.property(
        fc.constantFrom(MAIN, LIGHT),
        tokens,
        tokens,
        tokens,
        tokens,
        (model, input, cacheRead, cacheWrite5m, output) => {
          const worst = worstCaseOf(model, { input: input + cacheRead + cacheWrite5m, output }, priceTable());
          const cost = costOf(model, usage({ input, cacheRead, cacheWrite5m, output }), priceTable());
          expect((worst ?? 0) - (cost ?? Infinity)).toBeGreaterThan(-1e-9);
        },
      ),
    );
  });

  it('is unknown for unknown models', () => {
    expect(worstCaseOf('qwen', { input: 1, output: 1 }, priceTable())).toBeNull();
  });
});

describe('the table of models', () => {
  it('knows when models were retired, and what does their work now', () => {
    expect([retiredOn('claude-sonnet-4-20250514'), retiredOn('claude-3-5-haiku-20241022'), retiredOn(MAIN)]).toEqual([
      '2026-06-15',
      '2026-02-19',
      undefined,
    ]);
    expect([
      successorOf('claude-opus-4-20250514'),
      successorOf('claude-3-haiku-20240307'),
      successorOf('qwen'),
    ]).toEqual([MAIN, LIGHT, undefined]);
  });

  it('limits output by purpose and by what the model can do', () => {
    expect(maxTokensOf(MAIN, { purpose: 'main' })).toBe(32_000);
    expect(maxTokensOf(MAIN, { purpose: 'review' })).toBe(8000);
    expect(maxTokensOf(LIGHT, { purpose: 'plan', maxTokens: 1_000_000 })).toBe(128_000);
    expect(maxTokensOf('qwen', { purpose: 'plan', maxTokens: 1_000_000 })).toBe(1_000_000);
  });
});
