import type { AgentEvent, Emit } from '../../src/session/events.ts';

/** Hears every event and keeps it. */
export interface Recorder {
  readonly emit: Emit;
  readonly events: AgentEvent[];
  /** The events of one type, in order. */
  of<Type extends AgentEvent['type']>(type: Type): Array<Extract<AgentEvent, { type: Type }>>;
  /** The types of all events, in order, live pieces left out. */
  types(): Array<AgentEvent['type']>;
}

export function recorder(): Recorder {
  const events: AgentEvent[] = [];
  return {
    emit: (event) => {
      events.push(event);
    },
    events,
    of: <Type extends AgentEvent['type']>(type: Type) =>
      events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type),
    types: () => events.filter((event) => !('delta' in event)).map((event) => event.type),
  };
}
