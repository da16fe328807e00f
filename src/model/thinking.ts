import { type AssistantMessage, isJsonObject, type Json, type Message } from './message.ts';

/** True for a reply that holds thinking which would go back to the server. */
export function hasThinking(message: Message): message is AssistantMessage {
  return message.role === 'assistant' && (message.sealed ?? []).some(isThought);
}

/** The same message without its thinking, for when the server no longer accepts it. */
export function withoutThinking(message: Message): Message {
  if (!hasThinking(message)) return message;
  return { ...message, sealed: (message.sealed ?? []).filter((block) => !isThought(block)) };
}

function isThought(block: Json): boolean {
  return isJsonObject(block) && (block['type'] === 'thinking' || block['type'] === 'redacted_thinking');
}
