import { PURPOSES, type Purpose } from '../model/model.ts';
import type { AgentEvent } from './events.ts';

/** What the calls of one kind cost in a session. */
export interface StepCost {
  step: Purpose;
  requests: number;
  /** All of the prompts, what was read from the cache included. */
  input_tokens: number;
  cache_read_tokens: number;
  output_tokens: number;
  /** Null when a price is unknown. */
  cost_usd: number | null;
}

/** Adds up the calls of a session by what they were for. */
export function tallySteps(): { add(event: Extract<AgentEvent, { type: 'usage' }>): void; steps(): StepCost[] } {
  const found = new Map<Purpose, StepCost>();
  return {
    add({ purpose: step, usage, cost_usd }) {
      const sum = found.get(step) ?? {
        step,
        requests: 0,
        input_tokens: 0,
        cache_read_tokens: 0,
        output_tokens: 0,
        cost_usd: 0,
      };
      found.set(step, {
        step,
        requests: sum.requests + 1,
        input_tokens: sum.input_tokens + (usage.input ?? 0) + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h,
        cache_read_tokens: sum.cache_read_tokens + usage.cacheRead,
        output_tokens: sum.output_tokens + (usage.output ?? 0),
        cost_usd: sum.cost_usd === null || cost_usd === null ? null : sum.cost_usd + cost_usd,
      });
    },
    steps: () => PURPOSES.flatMap((purpose) => found.get(purpose) ?? []),
  };
}
