/** What is left of a limit a minute, and when it will be whole again. */
export interface Remaining {
  limit: number;
  left: number;
  /** Milliseconds since 1970. */
  resetsAt: number;
}

/** The limits that a server tells with its answers; undefined where it says nothing. */
export interface RateLimits {
  requests: Remaining | undefined;
  /** Input tokens; what the cache serves does not count. */
  tokens: Remaining | undefined;
}

/** Reads the `anthropic-ratelimit-*` headers; undefined when there are none. */
export function rateLimitsIn(headers: { get(name: string): string | null }): RateLimits | undefined {
  const read = (name: string): Remaining | undefined => {
    const value = (part: string) => headers.get(`anthropic-ratelimit-${name}-${part}`) ?? '';
    const [limit, left] = [Number.parseInt(value('limit'), 10), Number.parseInt(value('remaining'), 10)];
    const resetsAt = Date.parse(value('reset'));
    return [limit, left, resetsAt].some(Number.isNaN) ? undefined : { limit, left, resetsAt };
  };
  const limits = { requests: read('requests'), tokens: read('input-tokens') ?? read('tokens') };
  return limits.requests || limits.tokens ? limits : undefined;
}

/** No wait for a limit is longer: the buckets fill up steadily. */
const LONGEST_MS = 60_000;

/** How long to wait so that a call which adds this many tokens fits, and for the sake of what; undefined when it fits. */
export function waitFor(
  { requests, tokens }: RateLimits,
  adds: number,
  now: number,
): { ms: number; what: string } | undefined {
  const needs: Array<[Remaining | undefined, number, string]> = [
    [requests, 1, 'requests'],
    // A call that is larger than the whole limit would wait for ever.
    [tokens, Math.min(adds, (tokens?.limit ?? 0) / 2), 'input tokens'],
  ];
  const waits = needs.flatMap(([limit, need, what]) =>
    limit && limit.left < need && limit.resetsAt > now
      ? [{ ms: Math.min(limit.resetsAt - now, LONGEST_MS), what }]
      : [],
  );
  return waits.toSorted((a, b) => b.ms - a.ms)[0];
}
