import type { Clock } from '../platform/clock.ts';
import type { Model } from './model.ts';

const WINDOW_MS = 60_000;

/**
 * Holds calls back while the last minute used up `tokensPerMinute` input tokens; what the cache served does not
 * count, as it does not for the API. A call that goes over the limit is let through, and the next ones wait for
 * it. 0 or undefined is no limit.
 */
export function withPace(model: Model, options: { tokensPerMinute: number | undefined; clock: Clock }): Model {
  const { tokensPerMinute: limit, clock } = options;
  if (!limit) return model;
  let used: Array<{ at: number; tokens: number }> = [];

  /** Milliseconds until the last minute is under the limit again. */
  const waitMs = (): number => {
    const now = clock.now().getTime();
    used = used.filter(({ at }) => at > now - WINDOW_MS);
    let sum = used.reduce((total, { tokens }) => total + tokens, 0);
    for (const { at, tokens } of used) {
      if (sum < limit) break;
      sum -= tokens;
      if (sum < limit) return at + WINDOW_MS - now;
    }
    return 0;
  };

  return {
    ...model,
    async ask(request) {
      for (let ms = waitMs(); ms > 0; ms = waitMs()) {
        request.listen?.({
          type: 'notice',
          text: `Waiting ${Math.ceil(ms / 1000)} s to stay under ${limit} tokens a minute.`,
        });
        await clock.sleep(ms, request.signal);
      }
      const reply = await model.ask(request);
      const { input = 0, cacheWrite5m, cacheWrite1h } = reply.usage;
      used.push({ at: clock.now().getTime(), tokens: input + cacheWrite5m + cacheWrite1h });
      return reply;
    },
  };
}
