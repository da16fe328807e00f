import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NexError } from '../../../src/errors.ts';
import { ModelError } from '../../../src/model/model-error.ts';
import { withRetry } from '../../../src/model/retry.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { request } from './fake-wire.ts';
import { type Attempt, attempts, overloaded } from './scripted.ts';

function setup(script: Attempt[], random = () => 0) {
  const clock = manualClock();
  const inner = attempts(...script);
  return { clock, inner, model: withRetry(inner, { clock, random }) };
}

const failing = (times: number, fails: Error = overloaded()): Attempt[] =>
  Array.from({ length: times }, () => ({ fails }));

describe('withRetry', () => {
  it('asks again after 1, 2, 4 … seconds, and says so each time', async () => {
    const { model, clock } = setup(failing(3));
    const asked = request();
    expect((await model.ask(asked)).message.text).toBe('Done.');
    expect(clock.slept).toEqual([1000, 2000, 4000]);
    expect(asked.heard).toEqual(
      [1000, 2000, 4000].map((waitMs, index) => ({
        type: 'retry',
        attempt: index + 1,
        waitMs,
        reason: 'The API is overloaded.',
      })),
    );
  });

  it('gives up after six retries and about a minute', async () => {
    const { model, clock, inner } = setup(failing(7));
    const error: unknown = await model.ask(request()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'later',
      status: 529,
      message: 'The API is overloaded. Tried again 6 times, without success.',
      hint: 'Try again later: `nex --continue` goes on from here.',
    });
    expect([inner.asked.length, clock.slept.length]).toEqual([7, 6]);
    expect(clock.slept).toEqual([1000, 2000, 4000, 8000, 16_000, 29_000]);
  });

  it('succeeds with the seventh attempt', async () => {
    expect((await setup(failing(6)).model.ask(request())).message.text).toBe('Done.');
  });

  it('spreads its waits, but never waits longer than it said', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 6, maxLength: 6 }),
        async (randoms) => {
          const left = [...randoms];
          const { model, clock } = setup(failing(6), () => left.shift() ?? 0);
          await model.ask(request());
          for (const [index, ms] of clock.slept.entries()) {
            expect(ms).toBeGreaterThanOrEqual(Math.min(500 * 2 ** index, 28_000));
            expect(ms).toBeLessThanOrEqual(1000 * 2 ** index);
          }
          expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(60_003);
        },
      ),
    );
  });

  it('waits as long as the server asks to', async () => {
    const { model, clock } = setup([
      { fails: overloaded({ retryAfterMs: 30_000 }) },
      { fails: overloaded({ retryAfterMs: 300_000 }) },
    ]);
    await model.ask(request());
    expect(clock.slept).toEqual([30_000, 300_000]);
  });

  it('gives up at once when that is too long, and says until when', async () => {
    const { model, clock } = setup([{ fails: overloaded({ retryAfterMs: 3_600_000 }) }]);
    const error: unknown = await model.ask(request()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'later',
      message: 'The API is overloaded. The server asks to wait 60 minutes, until 2026-01-02 04:04 UTC.',
      hint: 'Go on after that time with `nex --continue`.',
    });
    expect(clock.slept).toEqual([]);
  });

  it('does not repeat what cannot work', async () => {
    const denied = new ModelError('failed', 'No.', { retryable: false, status: 401 });
    const bug = new TypeError('a bug');
    const other = new NexError('capped', 'Enough.');
    for (const error of [denied, bug, other]) {
      const { model, inner } = setup([{ fails: error }]);
      await expect(model.ask(request())).rejects.toBe(error);
      expect(inner.asked.length).toBe(1);
    }
  });

  it('ends its wait when told to stop', async () => {
    const stop = new AbortController();
    const reason = new Error('stopped');
    const { model, inner } = setup(failing(1));
    const asked = request({ signal: stop.signal, listen: () => stop.abort(reason) });
    await expect(model.ask(asked)).rejects.toBe(reason);
    expect(inner.asked.length).toBe(1);
  });

  it('keeps everything else of the model', () => {
    expect(setup([]).model.id).toBe('claude-sonnet-5-5');
  });

  it('says all of an answer that is shorter than what was heard before', async () => {
    const { model } = setup([
      { pieces: [{ type: 'text', text: 'Hello' }], fails: overloaded() },
      { pieces: [{ type: 'text', text: 'Hell' }] },
    ]);
    const asked = request();
    await model.ask(asked);
    expect(asked.heard.at(-1)).toEqual({ type: 'text', text: 'Hell' });
  });

  it('does not say twice what was heard of a failed attempt', async () => {
    const { model } = setup([
      { pieces: [{ type: 'text', text: 'Hello w' }], fails: overloaded() },
      {
        pieces: [
          { type: 'text', text: 'Hello' },
          { type: 'text', text: ' world.' },
          { type: 'block', kind: 'text', text: 'Hello world.' },
        ],
      },
    ]);
    const asked = request();
    await model.ask(asked);
    expect(asked.heard).toEqual([
      { type: 'text', text: 'Hello w' },
      { type: 'retry', attempt: 1, waitMs: 1000, reason: 'The API is overloaded.' },
      { type: 'text', text: 'orld.' },
      { type: 'block', kind: 'text', text: 'Hello world.' },
    ]);
  });
});
