import type { AssistantMessage, JsonObject, Message } from './message.ts';
import type { RateLimits } from './rate-limits.ts';

/** A tool as the model is told about it. */
export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of type `object`. */
  schema: JsonObject;
}

export type Effort = 'low' | 'medium' | 'high';

/** What a call is for: the loop itself, or one of the calls beside it. Figures are kept apart by it. */
export const PURPOSES = ['main', 'summary', 'plan', 'review', 'wrap-up'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** True for calls on the conversation itself: they share its cache, so they must be sent in the same form. */
export function isConversation(purpose: Purpose): boolean {
  return purpose === 'main' || purpose === 'summary';
}

export interface ModelRequest {
  purpose: Purpose;
  /** Blocks of the system prompt, in order, byte-stable within a session. */
  system: readonly string[];
  messages: readonly Message[];
  tools: readonly ToolSpec[];
  effort?: Effort;
  /** At most this many output tokens, thinking included; the model's own default when absent. */
  maxTokens?: number;
  /** Asks for an answer that is JSON of this schema (structured output). */
  format?: JsonObject;
  signal: AbortSignal;
  /** Hears the answer while it streams. A repeated attempt does not say again what was already said. */
  listen?: (piece: ModelPiece) => void;
  /**
   * Hears what an answer that broke off had used by then; called right before the promise rejects, and not for
   * requests that the server turned down. `input` is undefined when the server had not counted yet, `output` is
   * an estimate from what had arrived.
   */
  onCut?: (usage: Usage) => void;
}

/** What can be heard while a model answers. */
export type ModelPiece =
  | { type: 'text'; text: string }
  | { type: 'thinking'; text: string }
  /** The text or thinking block that was streaming is complete; `text` is the whole of it. */
  | { type: 'block'; kind: 'text' | 'thinking'; text: string }
  /** A call begins to stream in; its input is not known yet. */
  | { type: 'call'; name: string }
  | { type: 'retry'; attempt: number; waitMs: number; reason: string }
  | { type: 'notice'; text: string };

export type StopReason =
  | 'end' // the model is done
  | 'tools' // it wants tools to run
  | 'max_tokens' // cut by the output limit: no call of this reply may run
  | 'refusal' // nothing of the reply may be kept
  | 'pause' // send the conversation again, with this reply in it
  | 'context_overflow' // cut by the window
  | 'unknown';

/** Tokens of one call, as the API counts them. Undefined where the server did not say. */
export interface Usage {
  /** Input neither read from nor written to the cache. */
  input: number | undefined;
  cacheRead: number;
  /** Writes that live 5 minutes and 1 hour. */
  cacheWrite5m: number;
  cacheWrite1h: number;
  /** Thinking included. */
  output: number | undefined;
}

/** Tokens of the prompt and the answer together; undefined when the server did not count them. */
export function totalOf(usage: Usage): number | undefined {
  const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = usage;
  return input === undefined ? undefined : input + cacheRead + cacheWrite5m + cacheWrite1h + (output ?? 0);
}

export interface ModelReply {
  message: AssistantMessage;
  stop: StopReason;
  /** What a refusal said, or an unknown stop reason's name. */
  stopDetail?: string;
  usage: Usage;
  /** The model that answered, as the server names it. */
  model: string;
  requestId?: string;
  /** What the server said of its limits. */
  limits?: RateLimits;
  /** Set when `format` could only be asked for in words, because the server has no structured output. */
  prompted?: true;
  /** Set when the server no longer accepted the thinking of earlier replies: it must not be sent again. */
  unthinking?: true;
}

/** A model: the wire itself, or a wrapper around another (retry, pace, meter). */
export interface Model {
  readonly id: string;
  /** Rejects with NexError, or with the signal's reason when aborted. Never resolves with a half answer. */
  ask(request: ModelRequest): Promise<ModelReply>;
}
