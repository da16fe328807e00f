import type { Listener, StampedEvent } from '../agent/events.ts';

/** Where lines go; a stream will do. */
export interface Sink {
  write(text: string): unknown;
}

/** Every event as one line of JSON. Live pieces are left out: the whole follows. */
export function jsonLines(out: Sink): Listener {
  return (event) => {
    if ('delta' in event) return;
    out.write(`${JSON.stringify(published(event))}\n`);
  };
}

/** The end of the session as one JSON object, and nothing before it. */
export function jsonEnd(out: Sink): Listener {
  return (event) => {
    if (event.type === 'session.end') out.write(`${JSON.stringify(published(event))}\n`);
  };
}

/** The end has the same keys always, in the same order: what there is not is null. */
function published(event: StampedEvent): object {
  if (event.type !== 'session.end') {
    const { type, time, session, ...rest } = event;
    return { type, time, session, ...rest };
  }
  const {
    type,
    time,
    session,
    outcome,
    text,
    branch = null,
    commit = null,
    files,
    tests,
    review,
    refused,
    iterations,
    usage,
    ...rest
  } = event;
  const { cost_usd, duration_ms, exit_code, ...more } = rest;
  return {
    type,
    time,
    session,
    outcome,
    text,
    branch,
    commit,
    files,
    tests,
    review,
    refused,
    iterations,
    usage,
    cost_usd,
    duration_ms,
    exit_code,
    ...more,
  };
}
