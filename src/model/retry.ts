import type { Clock } from '../platform/clock.ts';
import type { Model } from './model.ts';
import { ModelError } from './model-error.ts';
import { retelling } from './retelling.ts';

export interface RetryOptions {
  clock: Clock;
  /** From 0 up to 1, as Math.random. */
  random: () => number;
  /** Attempts after the first; 6 when absent. */
  maxRetries?: number;
  /** The longest `retry-after` that is waited for; 5 minutes when absent. */
  maxRetryAfterMs?: number;
  /** Waiting in all where the server does not say how long; about a minute when absent. */
  totalBackoffMs?: number;
}

/**
 * Asks again when a failure may pass: overload, limits, the network, a stream that was cut or fell silent.
 * A turn is repeated whole; what was heard of it is not heard again. Every wait is announced as a `retry`
 * piece and ends at once when the signal aborts. Gives up with a ModelError of kind `later`.
 */
export function withRetry(model: Model, options: RetryOptions): Model {
  const { clock, random, maxRetries = 6, maxRetryAfterMs = 300_000, totalBackoffMs = 60_000 } = options;
  return {
    ...model,
    async ask(request) {
      const telling = request.listen && retelling(request.listen);
      let backoffLeft = totalBackoffMs;
      for (let attempt = 1; ; attempt++) {
        try {
          const reply = await model.ask(telling ? { ...request, listen: telling.listen } : request);
          telling?.done();
          return reply;
        } catch (error) {
          if (request.signal.aborted || !(error instanceof ModelError) || !error.retryable) throw error;
          const asked = error.retryAfterMs ?? 0;
          if (asked > maxRetryAfterMs) throw waitTooLong(error, asked, clock.now());
          // 1, 2, 4 … 32 seconds; up to half of it is left out, so that many clients do not come back together.
          const backoff = Math.min(1000 * 2 ** (attempt - 1) * (1 - random() / 2), backoffLeft);
          if (attempt > maxRetries || (asked === 0 && backoff <= 0)) throw givenUp(error, attempt - 1);
          const waitMs = Math.round(asked > 0 ? asked : backoff);
          if (asked === 0) backoffLeft -= backoff;
          telling?.again();
          request.listen?.({ type: 'retry', attempt, waitMs, reason: error.message });
          await clock.sleep(waitMs, request.signal);
        }
      }
    },
  };
}

function givenUp(error: ModelError, retries: number): ModelError {
  const times = retries === 1 ? 'once' : `${retries} times`;
  return new ModelError('later', `${error.message} Tried again ${times}, without success.`, error, {
    hint: error.hint ?? 'Try again later: `nex --continue` goes on from here.',
    cause: error,
  });
}

function waitTooLong(error: ModelError, waitMs: number, now: Date): ModelError {
  const minutes = Math.ceil(waitMs / 60_000);
  const span = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
  const until = new Date(now.getTime() + waitMs).toISOString().slice(0, 16).replace('T', ' ');
  return new ModelError('later', `${error.message} The server asks to wait ${span}, until ${until} UTC.`, error, {
    hint: 'Go on after that time with `nex --continue`.',
    cause: error,
  });
}
