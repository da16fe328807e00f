import type { JsonObject } from '../../../src/model/message.ts';
import { blocksOf, canonicalOf, joinedText, textOf } from './json.ts';
import { messagesOf } from './request.ts';

/** What the server remembers of its own replies, so that it recognises them in later requests. */
export interface Issued {
  /**
   * Remembers a reply. `counts: false` for one that a fault has spoilt: the turn it stands for is still to come.
   * `paused` when the client is to send the conversation again with this reply at its end.
   */
  add(content: readonly JsonObject[], options: { counts: boolean; paused: boolean }): void;
  /** How many of its replies a request's conversation holds. */
  turnOf(body: JsonObject): number;
  isPaused(blocks: readonly JsonObject[]): boolean;
  /** True for a block of an unknown type that came from here. */
  isOwn(block: JsonObject): boolean;
}

export function issuedReplies(): Issued {
  const counted = new Set<string>();
  const paused = new Set<string>();
  const unknown = new Set<string>();
  return {
    add(content, options) {
      for (const mark of marksOf(content)) {
        if (options.counts) counted.add(mark);
        if (options.paused) paused.add(mark);
      }
      for (const block of content) unknown.add(canonicalOf(block));
    },
    turnOf: (body) =>
      messagesOf(body).filter(
        ({ role, fields }) =>
          role === 'assistant' && marksOf(blocksOf(fields['content'])).some((mark) => counted.has(mark)),
      ).length,
    isPaused: (blocks) => marksOf(blocks).some((mark) => paused.has(mark)),
    isOwn: (block) => unknown.has(canonicalOf(block)),
  };
}

/**
 * What a reply is recognised by. A client may strip its thinking or rebuild it from text and calls, so any one of
 * its calls, its signatures or its whole text is enough.
 */
function marksOf(content: readonly JsonObject[]): string[] {
  const marks: string[] = [];
  for (const block of content) {
    if (block['type'] === 'tool_use') marks.push(`call ${textOf(block['id'])}`);
    if (textOf(block['signature']) !== '') marks.push(`signature ${textOf(block['signature'])}`);
    if (block['type'] === 'redacted_thinking') marks.push(`data ${textOf(block['data'])}`);
  }
  const text = joinedText(content).trim();
  // The text of a reply with calls may be short and common ("Let me look."): its calls say who said it.
  if (text !== '' && !content.some((block) => block['type'] === 'tool_use')) marks.push(`text ${text}`);
  return marks;
}
