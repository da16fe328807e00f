import type { Model, ModelPiece, ModelReply, ModelRequest, Usage } from '../../../src/model/model.ts';
import { ModelError } from '../../../src/model/model-error.ts';
import type { RateLimits } from '../../../src/model/rate-limits.ts';

/** One attempt: what is heard of it, and how it ends. */
export interface Attempt {
  pieces?: ModelPiece[];
  fails?: Error;
  text?: string;
  usage?: Partial<Usage>;
  /** Told right before it fails. */
  cut?: Usage;
  prompted?: true;
  limits?: RateLimits;
  stop?: ModelReply['stop'];
}

/** A model that makes these attempts in this order and remembers what it was asked. */
export function attempts(...script: Attempt[]): Model & { asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    id: 'claude-sonnet-5-5',
    asked,
    async ask(request) {
      asked.push(request);
      const { pieces = [], fails, text = 'Done.', usage, cut, prompted, limits, stop = 'end' } = script.shift() ?? {};
      for (const piece of pieces) request.listen?.(piece);
      if (cut) request.onCut?.(cut);
      if (fails) throw fails;
      return {
        message: { role: 'assistant', text, calls: [] },
        stop,
        usage: { input: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, ...usage },
        model: 'claude-sonnet-5-5',
        ...(prompted ? { prompted } : {}),
        ...(limits ? { limits } : {}),
      };
    },
  };
}

export function overloaded(more: { retryAfterMs?: number } = {}): ModelError {
  return new ModelError('later', 'The API is overloaded.', { retryable: true, status: 529, ...more });
}
