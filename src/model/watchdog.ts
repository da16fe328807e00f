/** Ends a request that has gone silent. Nothing else would: a stalled stream stays open for ever. */
export interface Watchdog {
  /** Aborts when the silence lasted too long. */
  readonly signal: AbortSignal;
  /** The same response; every chunk of bytes that is read from it counts as a sign of life. Its body ends with `until`. */
  watch(response: Response, until: AbortSignal): Response;
  /** From here on a silence of `ms` is enough. */
  hurry(ms: number): void;
  stop(): void;
}

/**
 * Starts at once, so that waiting for the first byte counts too. It watches bytes and not events: a ping
 * never becomes an event, and a long tool argument may take minutes to become one.
 */
export function startWatchdog(idleMs: number): Watchdog {
  const controller = new AbortController();
  const bark = () => controller.abort();
  let timer = setTimeout(bark, idleMs);
  return {
    signal: controller.signal,
    watch(response, until) {
      timer.refresh();
      const { status, statusText, headers, body } = response;
      const alive = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, out) {
          timer.refresh();
          out.enqueue(chunk);
        },
      });
      return new Response(body?.pipeThrough(alive, { signal: until }), { status, statusText, headers });
    },
    hurry(ms) {
      clearTimeout(timer);
      timer = setTimeout(bark, ms);
    },
    stop: () => clearTimeout(timer),
  };
}
