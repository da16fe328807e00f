import type { AgentSession } from '../agent/task-state.ts';
import { estimateTokens, learnFactor } from '../context/tokens.ts';
import type { Message } from '../model/message.ts';
import type { Usage } from '../model/model.ts';
import type { Tool } from '../tools/tool.ts';

/** How far the server's count of tokens is from the estimate by bytes, learned as it answers. */
export function createTokenFactor(
  session: AgentSession,
  tools: readonly Tool[],
): { now(): number; learn(usage: Usage): void } {
  let factor = 1;
  return {
    now: () => factor,
    learn({ input, cacheRead, cacheWrite5m, cacheWrite1h }) {
      // The first request of a turn is the one whose size was estimated; what the server counts corrects the next.
      if (session.conversation.at(-1)?.role !== 'user') return;
      const sent = [session.system, tools.map(({ spec }) => spec), session.conversation.map(withoutSeal)];
      const counted = (input ?? 0) + cacheRead + cacheWrite5m + cacheWrite1h;
      factor = learnFactor(factor, estimateTokens(JSON.stringify(sent), 'code', factor), counted);
    },
  };
}

/** A message as text counts it: its words and calls, not the provider's copy of them. */
function withoutSeal(message: Message): Message {
  if (message.role !== 'assistant') return message;
  return { role: message.role, text: message.text, calls: message.calls };
}
