/**
 * Bytes a token stands for. Code has more signs and rarer words than prose; both figures are on the low side, since
 * an estimate that is too high wastes a little budget and one that is too low breaks it.
 */
const BYTES_PER_TOKEN = { code: 3.1, prose: 3.9 } as const;

/** How far one measurement may move the correction, and how far it may ever go. */
const TRUST = 0.3;
const LEAST = 0.6;
const MOST = 1.8;

/** Estimated tokens of a text. `factor` corrects for the model in use, see `learnFactor`. */
export function estimateTokens(text: string, kind: 'code' | 'prose' = 'code', factor = 1): number {
  return bytesToTokens(Buffer.byteLength(text), kind, factor);
}

/** The same when only the size in bytes is known. */
export function bytesToTokens(bytes: number, kind: 'code' | 'prose' = 'code', factor = 1): number {
  return Math.ceil((bytes / BYTES_PER_TOKEN[kind]) * factor);
}

/**
 * A better factor after a request whose tokens were estimated (with `factor`) and then counted by the server. Small
 * requests say little and leave it as it is.
 */
export function learnFactor(factor: number, estimated: number, counted: number): number {
  if (estimated < 1000 || counted <= 0) return factor;
  const seen = factor * (counted / estimated);
  return Math.min(MOST, Math.max(LEAST, factor + (seen - factor) * TRUST));
}
