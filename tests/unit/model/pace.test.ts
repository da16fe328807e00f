import { describe, expect, it } from 'vitest';
import { withPace } from '../../../src/model/pace.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { request } from './fake-wire.ts';
import { attempts } from './scripted.ts';

describe('withPace', () => {
  it.each([0, undefined])('waits for nothing when there is no limit: %s', async (tokensPerMinute) => {
    const clock = manualClock();
    const model = withPace(attempts({ usage: { input: 9e9 } }, {}), { tokensPerMinute, clock });
    await model.ask(request());
    await model.ask(request());
    expect(clock.slept).toEqual([]);
  });

  it('waits, once and visibly, when the server says that its limit is nearly used up', async () => {
    const clock = manualClock();
    const resetsAt = clock.now().getTime() + 20_000;
    const limits = { requests: undefined, tokens: { limit: 30_000, left: 900, resetsAt } };
    const model = withPace(attempts({ usage: { input: 1000 }, limits }, {}, {}), { tokensPerMinute: 0, clock });
    await model.ask(request());
    clock.advance(5000);
    const asked = request();
    await model.ask(asked);
    await model.ask(request());
    expect(clock.slept).toEqual([15_000]);
    expect(asked.heard).toEqual([
      { type: 'notice', text: "Waiting 15 s because the server's limit of input tokens is nearly used up." },
    ]);
  });

  it('lets calls through while the last minute is under the limit', async () => {
    const clock = manualClock();
    const model = withPace(attempts({ usage: { input: 500 } }, { usage: { input: 499 } }), {
      tokensPerMinute: 1000,
      clock,
    });
    await model.ask(request());
    await model.ask(request());
    await model.ask(request());
    expect(clock.slept).toEqual([]);
  });

  it('waits until enough of the last minute is over, and says so', async () => {
    const clock = manualClock();
    const model = withPace(attempts({ usage: { input: 600, cacheWrite5m: 100 } }, { usage: { input: 600 } }), {
      tokensPerMinute: 1000,
      clock,
    });
    await model.ask(request());
    clock.advance(20_000);
    await model.ask(request());
    clock.advance(10_000);
    const asked = request();
    await model.ask(asked);
    // The first call's 700 tokens leave the window 60 s after it: 30 s from now.
    expect(clock.slept).toEqual([30_000]);
    expect(asked.heard).toEqual([{ type: 'notice', text: 'Waiting 30 s to stay under 1000 tokens a minute.' }]);
  });

  it('does not count what came from the cache, nor output', async () => {
    const clock = manualClock();
    const model = withPace(attempts({ usage: { input: 1, cacheRead: 90_000, output: 90_000 } }), {
      tokensPerMinute: 1000,
      clock,
    });
    await model.ask(request());
    await model.ask(request());
    expect(clock.slept).toEqual([]);
  });

  it('ends its wait when told to stop', async () => {
    const stop = new AbortController();
    const model = withPace(attempts({ usage: { input: 5000 } }), { tokensPerMinute: 1000, clock: manualClock() });
    await model.ask(request());
    const reason = new Error('stopped');
    stop.abort(reason);
    await expect(model.ask(request({ signal: stop.signal }))).rejects.toBe(reason);
  });
});
