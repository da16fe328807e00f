import type { Clock } from '../platform/clock.ts';
import type { Model } from './model.ts';
import { type RateLimits, waitFor } from './rate-limits.ts';

const WINDOW_MS = 60_000;

/**
 * Holds calls back, for two reasons. The user's: the last minute used up `tokensPerMinute` input tokens (0 or
 * undefined is no limit); a call that goes over it is let through, and the next ones wait for it. The server's: it
 * said that its own limits are nearly used up, and asking now would only bring an error. What the cache served does
 * not count, as it does not for the API.
 */
export function withPace(model: Model, options: { tokensPerMinute: number | undefined; clock: Clock }): Model {
  const { tokensPerMinute: limit, clock } = options;
  const now = () => clock.now().getTime();
  let used: Array<{ at: number; tokens: number }> = [];
  let server: RateLimits | undefined;
  /** What the last call added to the conversation; the next one is taken to be alike. */
  let added = 0;

  /** Milliseconds until the last minute is under the limit again. */
  const ownWait = (): number => {
    used = used.filter(({ at }) => at > now() - WINDOW_MS);
    let sum = used.reduce((total, { tokens }) => total + tokens, 0);
    for (const { at, tokens } of limit ? used : []) {
      if (sum < (limit ?? 0)) break;
      sum -= tokens;
      if (sum < (limit ?? 0)) return at + WINDOW_MS - now();
    }
    return 0;
  };

  return {
    ...model,
    async ask(request) {
      const hold = async (ms: number, why: string) => {
        request.listen?.({ type: 'notice', text: `Waiting ${Math.ceil(ms / 1000)} s ${why}.` });
        await clock.sleep(ms, request.signal);
      };
      for (let ms = ownWait(); ms > 0; ms = ownWait()) await hold(ms, `to stay under ${limit} tokens a minute`);
      const full = server && waitFor(server, added, now());
      // Once: what was said is out of date afterwards, and the answer brings news.
      server = undefined;
      if (full) await hold(full.ms, `because the server's limit of ${full.what} is nearly used up`);
      const reply = await model.ask(request);
      const { input = 0, cacheWrite5m, cacheWrite1h } = reply.usage;
      added = input + cacheWrite5m + cacheWrite1h;
      server = reply.limits;
      if (limit) used.push({ at: now(), tokens: added });
      return reply;
    },
  };
}
