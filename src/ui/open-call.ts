import type { TextFilter } from '../platform/shell.ts';
import type { AgentEvent } from '../session/events.ts';
import { sanitizer } from './sanitize.ts';
import { describeCall } from './tool-lines.ts';

/** A call whose result is not known yet. */
export interface OpenCall {
  label: string;
  /** Whether the line that names it was printed. */
  named: boolean;
  clean: TextFilter;
  /** The last lines of its output, the very last one unfinished. */
  tail: string[];
  /** Whether a person is asked about it, in a question that names it. */
  asked: boolean;
  /** What a person said instead of a yes. */
  said: string | undefined;
}

export function openCall({ name, input }: Extract<AgentEvent, { type: 'tool.call' }>): OpenCall {
  return {
    label: describeCall(name, input),
    named: false,
    clean: sanitizer(),
    tail: [],
    asked: false,
    said: undefined,
  };
}
