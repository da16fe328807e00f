/** What is read of a response that is being watched. */
export interface Watched {
  headers: Headers;
  body: AsyncIterable<Uint8Array>;
}

/** Ends a request that has gone silent. Nothing else would: a stalled stream stays open for ever. */
export interface Watchdog {
  /** Aborts when the silence lasted too long. */
  readonly signal: AbortSignal;
  /** The same answer; every chunk of bytes that is read from it counts as a sign of life. Its body ends with `until`. */
  watch(response: Response, until: AbortSignal): Watched;
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
      return { headers: response.headers, body: alive(response.body ?? [], until, () => timer.refresh()) };
    },
    hurry(ms) {
      clearTimeout(timer);
      timer = setTimeout(bark, ms);
    },
    stop: () => clearTimeout(timer),
  };
}

/** The same bytes, heard of one by one. Not left to the stream itself: one that hangs does not hear of the signal. */
async function* alive(
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  until: AbortSignal,
  hear: () => void,
): AsyncGenerator<Uint8Array> {
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const end = () => ended.reject(until.reason);
  until.addEventListener('abort', end, { once: true });
  const chunks = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body[Symbol.iterator]();
  try {
    until.throwIfAborted();
    for (;;) {
      const next = Promise.resolve(chunks.next());
      // When the signal is first, nobody waits for this piece any more.
      next.catch(() => {});
      const { done, value } = await Promise.race([next, ended.promise]);
      if (done) return;
      hear();
      yield value;
    }
  } finally {
    until.removeEventListener('abort', end);
    // Not awaited: a stream that hangs would hold up its own end.
    void Promise.resolve(chunks.return?.()).catch(() => {});
  }
}
