import type { Clock } from '../platform/clock.ts';
import type { AgentEvent, Emit, Listener } from '../session/events.ts';

/** Stamps events with time and session and hands them to every listener. Listeners may join later. */
export function createEmitter(session: string, clock: Clock): { emit: Emit; add(listener: Listener): void } {
  const listeners: Listener[] = [];
  return {
    add: (listener) => void listeners.push(listener),
    emit: (event: AgentEvent) => {
      const stamped = { ...event, time: clock.now().toISOString(), session };
      for (const listener of listeners) listener(stamped);
    },
  };
}
