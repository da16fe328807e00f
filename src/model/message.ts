/** JSON as the model's side sends and receives it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** True for an object, false for a list, null and anything plain. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A tool call of the model. `input` is what it sent, checked by nobody yet. */
export interface ToolCall {
  id: string;
  name: string;
  input: JsonObject;
  /** Set when the input could not be read as a JSON object; the call must then not run. */
  broken?: string;
}

/** What became of a tool call, as the model reads it. `text` is never empty. */
export interface ToolAnswer {
  callId: string;
  text: string;
  isError: boolean;
}

/**
 * One message of a conversation. A conversation only ever grows: thinking blocks are bound to everything
 * before them, so an old message that changes by a byte makes the API refuse the rest.
 */
export type Message = { role: 'user'; text: string } | AssistantMessage | { role: 'tools'; answers: ToolAnswer[] };

export interface AssistantMessage {
  role: 'assistant';
  /** The text blocks joined; what a person would read. */
  text: string;
  calls: ToolCall[];
  /**
   * The provider's blocks exactly as they came, thinking and unknown ones included. They go back unchanged;
   * only the wire adapter reads them. Absent in hand-made messages: text and calls say it all.
   */
  sealed?: Json[];
}
