import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapReached } from '../../../src/errors.ts';
import {
  createMeter,
  type DayAccount,
  type MeterOptions,
  type UsageRecord,
  withMeter,
} from '../../../src/model/meter.ts';
import type { Usage } from '../../../src/model/model.ts';
import { priceTable } from '../../../src/model/prices.ts';
import { request } from './fake-wire.ts';
import { type Attempt, attempts, overloaded } from './scripted.ts';

function setup(script: Attempt[], options: Partial<MeterOptions> = {}) {
  const records: UsageRecord[] = [];
  const meter = createMeter({ prices: priceTable(), onUsage: (record) => records.push(record), ...options });
  const inner = attempts(...script);
  return { meter, inner, records, model: withMeter(inner, meter) };
}

/** An account of a day that many may share. */
function accountOf(spent: number): DayAccount {
  const notes = [spent];
  return { spent: () => notes.reduce((sum, usd) => sum + usd), note: (usd) => void notes.push(usd) };
}

const CALL: Partial<Usage> = { input: 1000, cacheRead: 20_000, cacheWrite5m: 2000, output: 500 };
// 1,000 × $2 + 20,000 × $0.10 + 2,000 × $2.50 + 500 × $10, a million.
const COST = 0.014;

describe('createMeter', () => {
  it('counts by purpose, by task and in all', async () => {
    const { meter, model, records } = setup([{ usage: CALL }, { usage: CALL }, { usage: CALL }]);
    await model.ask(request());
    await model.ask(request({ purpose: 'review' }));
    meter.startTask();
    await model.ask(request());
    const one = {
      requests: 1,
      inputTokens: 1000,
      cacheReadTokens: 20_000,
      cacheWriteTokens: 2000,
      outputTokens: 500,
      costUsd: COST,
    };
    expect(meter.task()).toEqual(one);
    expect(meter.session()).toMatchObject({ requests: 3, inputTokens: 3000, costUsd: expect.closeTo(3 * COST, 10) });
    expect(meter.byPurpose().get('review')).toEqual(one);
    expect(records.map(({ purpose, costUsd, taskCostUsd }) => [purpose, costUsd, taskCostUsd])).toEqual([
      ['main', COST, COST],
      ['review', COST, 2 * COST],
      ['main', COST, COST],
    ]);
  });

  it('says unknown, not less, when one price is missing', async () => {
    const { meter, model } = setup([{ usage: CALL }, { usage: { ...CALL, output: undefined } }]);
    await model.ask(request());
    await model.ask(request());
    expect(meter.session().costUsd).toBeNull();
    expect(meter.session().outputTokens).toBe(500);
  });

  it('warns once a task, when it costs more than a dollar', async () => {
    const dear = { usage: { output: 60_000 } };
    const { meter, model } = setup([dear, dear, dear, dear, dear]);
    const asked = request();
    await model.ask(asked);
    expect(asked.heard).toEqual([]);
    await model.ask(asked);
    await model.ask(asked);
    expect(asked.heard).toEqual([{ type: 'notice', text: 'This task has cost $1.20 so far.' }]);
    meter.startTask();
    await model.ask(asked);
    await model.ask(asked);
    expect(asked.heard.length).toBe(2);
  });

  it('leaves requests alone when there is no limit', async () => {
    const { model, inner } = setup([{}]);
    await model.ask(request());
    expect(inner.asked[0]?.maxTokens).toBeUndefined();
  });

  it('shrinks the output to what the rest of the budget pays', async () => {
    // 0.1 dollars pay for 10,000 tokens of output, less the worst case of the input.
    const { model, inner } = setup([{}], { maxCostUsd: 0.1 });
    await model.ask(request());
    expect(inner.asked[0]?.maxTokens).toBeGreaterThan(9700);
    expect(inner.asked[0]?.maxTokens).toBeLessThan(9750);
  });

  it('refuses a call that would not get 4,000 tokens of output', async () => {
    const { model, inner, meter } = setup([{ usage: { output: 6200 } }], { maxCostUsd: 0.1 });
    await model.ask(request());
    const error: unknown = await model.ask(request()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CapReached);
    expect(error).toMatchObject({
      kind: 'capped',
      message: expect.stringMatching(
        /^The cost limit of \$0\.10 is reached: \$0\.06 is used up, and the next call could cost up to \$0\.04\.$/,
      ),
      hint: 'Raise --max-cost, then go on with `nex --continue`.',
    });
    expect([inner.asked.length, meter.session().requests]).toEqual([1, 1]);
  });

  it('lets a small call through where a large one would not fit', async () => {
    const { model, inner } = setup([{ usage: { output: 6200 } }, {}], { maxCostUsd: 0.1 });
    await model.ask(request());
    await model.ask(request({ purpose: 'wrap-up', maxTokens: 1024 }));
    expect(inner.asked[1]?.maxTokens).toBe(1024);
  });

  it('counts the day with what was spent before', async () => {
    const { model } = setup([], { maxDayCostUsd: 5, today: () => ({ spent: () => 4.99, note: () => {} }) });
    await expect(model.ask(request())).rejects.toThrow("The day's cost limit of $5.00 is reached: $4.99 is used up");
  });

  it('keeps the account of the day: each call as it is paid, its worst case while it runs', async () => {
    const account = accountOf(1);
    const today = () => account;
    const running: number[] = [];
    const { meter, model } = setup([{ usage: CALL }, { fails: overloaded() }, { usage: CALL }], {
      maxDayCostUsd: 5,
      today,
    });
    await model.ask(request({ listen: () => running.push(account.spent()) }));
    expect(account.spent()).toBeCloseTo(1 + COST, 10);
    await expect(model.ask(request())).rejects.toThrow();
    expect(account.spent()).toBeCloseTo(1 + COST, 10);
    const admission = meter.admit('claude-sonnet-5-5', request());
    expect(account.spent()).toBeGreaterThan(1.3);
    // Of an answer that was cut nobody knows what it cost: its worst case stays.
    const held = account.spent();
    admission.cut({ input: 1000, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 100 });
    expect(account.spent()).toBe(held);
  });

  it('never passes the limit of the day, however many processes ask at once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), (order) => {
        const account = accountOf(0);
        const processes = Array.from({ length: 4 }, () => setup([], { maxDayCostUsd: 1, today: () => account }).meter);
        let paid = 0;
        for (const index of order) {
          try {
            const admission = processes[index]?.admit('claude-sonnet-5-5', request());
            const output = admission?.maxTokens ?? 0;
            paid += (output * 10) / 1e6;
            if (index > 0)
              admission?.settle({ input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output }, undefined);
          } catch (error) {
            expect(error).toBeInstanceOf(CapReached);
          }
        }
        expect(paid).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('counts a long conversation by its bytes, as it is sent', async () => {
    const { model } = setup([{}], { maxCostUsd: 1 });
    // 1 MB of bytes is at most 500,000 tokens: $1.25 to write into the cache.
    await expect(model.ask(request({ messages: [{ role: 'user', text: 'x'.repeat(1_000_000) }] }))).rejects.toThrow(
      CapReached,
    );
  });

  it('cannot keep a limit on a model whose price it does not know', async () => {
    const { meter } = setup([], { maxCostUsd: 1 });
    const message = 'The price of qwen is not known, so a cost limit cannot be kept.';
    expect(() => meter.admit('qwen', request())).toThrow(expect.objectContaining({ kind: 'config', message }));
  });

  it('counts a cut stream: what is known as cost, the rest of its worst case against the limit', async () => {
    const cut: Usage = { input: 1000, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 100 };
    const { model, meter, records } = setup([{ cut, fails: overloaded() }], { maxCostUsd: 0.34 });
    await expect(model.ask(request())).rejects.toThrow('overloaded');
    expect(meter.session().costUsd).toBeCloseTo(0.003, 10);
    expect(records).toMatchObject([{ usage: cut, costUsd: 0.003, cut: true }]);
    // It may have thought for all its 32,000 tokens.
    await expect(model.ask(request())).rejects.toThrow(CapReached);
  });

  it('reserves the worst case of a request that hung without a count, and shows no cost for it', async () => {
    const cut: Usage = { input: undefined, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
    const { model, meter } = setup([{ cut, fails: overloaded() }], { maxCostUsd: 0.34 });
    await expect(model.ask(request())).rejects.toThrow('overloaded');
    expect(meter.session()).toMatchObject({ requests: 0, costUsd: 0 });
    await expect(model.ask(request())).rejects.toThrow(CapReached);
  });

  it('takes nothing for a call that was turned down', async () => {
    const { model, inner } = setup([{ fails: overloaded() }, {}], { maxCostUsd: 0.34 });
    await expect(model.ask(request())).rejects.toThrow('overloaded');
    await model.ask(request());
    expect(inner.asked.map(({ maxTokens }) => maxTokens)).toEqual([32_000, 32_000]);
  });

  it('keeps the worst case of an answer that the server did not count', async () => {
    const { model } = setup([{ usage: { input: undefined } }], { maxCostUsd: 0.34 });
    await model.ask(request());
    await expect(model.ask(request())).rejects.toThrow(CapReached);
  });

  it('is never overshot, whatever calls use and however many run at once', async () => {
    const call = fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      kind: fc.constantFrom('ends', 'cut', 'fails'),
      side: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.array(call, { maxLength: 12 }),
        async (maxCostUsd, calls) => {
          const meter = createMeter({ prices: priceTable(), maxCostUsd });
          const asked = request();
          let billed = 0;
          const open = calls.flatMap(({ share, kind, side }) => {
            try {
              const admission = meter.admit(
                'claude-sonnet-5-5',
                side ? { ...asked, purpose: 'plan', maxTokens: 2048 } : asked,
              );
              const output = Math.floor((admission.maxTokens ?? Infinity) * share);
              // The prompt is far below 100 tokens, all of it written into the cache.
              return [
                { admission, kind, usage: { input: 0, cacheRead: 0, cacheWrite5m: 40, cacheWrite1h: 0, output } },
              ];
            } catch (error) {
              expect(error).toBeInstanceOf(CapReached);
              return [];
            }
          });
          for (const { admission, kind, usage } of open) {
            if (kind !== 'fails') billed += (40 * 2.5 + usage.output * 10) / 1e6;
            if (kind === 'ends') admission.settle(usage, undefined);
            else if (kind === 'cut') admission.cut({ ...usage, output: Math.floor(usage.output / 2) });
            else admission.release();
          }
          expect(billed).toBeLessThanOrEqual(maxCostUsd + 1e-9);
        },
      ),
    );
  });
});
