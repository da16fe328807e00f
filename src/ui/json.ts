import type { Listener, StampedEvent } from '../session/events.ts';

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

/** The stamp comes first. The end has the same keys always: what there is not is null. */
function published(event: StampedEvent): object {
  const { type, time, session, ...rest } = event;
  if (event.type !== 'session.end') return { type, time, session, ...rest };
  const { outcome, text, branch = null, commit = null } = event;
  return { type, time, session, outcome, text, branch, commit, ...rest };
}
