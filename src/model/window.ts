import type { Model } from './model.ts';
import { maxTokensOf } from './prices.ts';

/** Shares of a small window: what is sent at most, and what is left for the answer. */
const PROMPT = 0.7;
const ANSWER = 0.2;

/** A model whose window the user told: no call asks for more output than fits beside its prompt. */
export function withWindow(model: Model, window: number | undefined): Model {
  if (window === undefined) return model;
  const most = Math.max(1, Math.floor(window * ANSWER));
  return {
    ...model,
    ask: (request) => model.ask({ ...request, maxTokens: Math.min(maxTokensOf(model.id, request), most) }),
  };
}

/**
 * Tokens at which a conversation is begun anew: what the user chose, but before a longer prompt is priced higher
 * (as long as twice the code that is sent fits), and within the window in any case.
 */
export function compactAtWithin(
  chosen: number,
  limits: { contextBudget: number; cheapUpTo: number; window: number | undefined },
): number {
  const cheap = Math.max(Math.floor(limits.cheapUpTo * PROMPT), 2 * limits.contextBudget);
  return Math.min(chosen, cheap, Math.floor((limits.window ?? Infinity) * PROMPT));
}
