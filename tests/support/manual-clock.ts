import type { Clock } from '../../src/platform/clock.ts';

/** A clock that only moves when something sleeps on it; it remembers how long each sleep was. */
export interface ManualClock extends Clock {
  readonly slept: number[];
  advance(ms: number): void;
}

export function manualClock(start = '2026-01-02T03:04:05.000Z'): ManualClock {
  let time = new Date(start).getTime();
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(time),
    advance: (ms) => {
      time += ms;
    },
    sleep: async (ms, signal) => {
      if (signal?.aborted) throw signal.reason;
      slept.push(ms);
      time += ms;
    },
  };
}
