import type { JsonObject } from '../../../src/model/message.ts';

/**
 * A piece of what the model says in one reply. The server numbers, signs and streams it; `deltas`, where given,
 * are the exact pieces it is streamed in.
 */
export type Part =
  | { part: 'text'; text: string; deltas?: readonly string[] }
  /** `note` is a progress update: thinking that stays readable when other thinking is not. */
  | { part: 'thinking'; text: string; note: boolean }
  | { part: 'redacted' }
  /** `json` is streamed instead of the input, valid or not; `id` instead of one of the server's own. */
  | { part: 'call'; name: string; input: JsonObject; json?: string; id?: string; deltas?: readonly string[] }
  /** A block that no client knows; it is sent whole in its start event. */
  | { part: 'unknown'; block: JsonObject }
  /** An event that no client knows, between two blocks. */
  | { part: 'event'; event: JsonObject }
  | { part: 'stop'; reason: string | null; details?: JsonObject };

/** One reply of the model. */
export type Turn = Part | readonly Part[];

/** Several pieces as one reply; no pieces at all is an empty reply. */
export function turn(...parts: readonly Part[]): Turn {
  return parts;
}

/** A text block. */
export function says(text: string, more: { deltas?: readonly string[] } = {}): Part {
  return { part: 'text', text, ...more };
}

/** A thinking block. The client sees its text only when it asked to (`display: summarized`). */
export function thinks(text = 'Let me think about this.'): Part {
  return { part: 'thinking', text, note: false };
}

/** A progress update between tool calls, which comes as a thinking block. */
export function notes(text: string): Part {
  return { part: 'thinking', text, note: true };
}

/** A thinking block whose content is encrypted. */
export function redacted(): Part {
  return { part: 'redacted' };
}

/** A tool call. */
export function calls(
  name: string,
  input: JsonObject = {},
  more: { id?: string; deltas?: readonly string[] } = {},
): Part {
  return { part: 'call', name, input, ...more };
}

/** A tool call whose arguments stream as this text: not valid, cut, or no object. */
export function callsWithJson(name: string, json: string): Part {
  return { part: 'call', name, input: {}, json };
}

/** A content block of a type from the future. */
export function unknownBlock(block: JsonObject = { type: 'future_block', text: 'from the future' }): Part {
  return { part: 'unknown', block };
}

/** A stream event of a type from the future. */
export function unknownEvent(event: JsonObject = { type: 'future_event' }): Part {
  return { part: 'event', event };
}

/** Ends the reply with this stop reason instead of the natural one (`tool_use` after calls, else `end_turn`). */
export function stops(reason: string | null, details?: JsonObject): Part {
  return { part: 'stop', reason, ...(details === undefined ? {} : { details }) };
}

export function partsOf(said: Turn): readonly Part[] {
  return 'part' in said ? [said] : said;
}
