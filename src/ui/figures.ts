import type { TaskUsage } from '../session/outcome.ts';

/** Tokens as people read them: `840`, `12.3k`, `1.2M`. */
export function tokens(count: number): string {
  if (count < 1000) return String(count);
  if (count < 999_950) return `${(count / 1000).toFixed(1)}k`;
  return `${(count / 1_000_000).toFixed(1)}M`;
}

/** The size of files: `840 bytes`, `12 kB`, `3.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte');
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** US dollars; a price that is not known is never shown as zero. */
export function money(usd: number | null): string {
  if (usd === null) return 'unknown';
  if (usd > 0 && usd < 0.0005) return '<$0.001';
  return usd > 0 && usd < 0.1 ? `$${usd.toFixed(3)}` : `$${usd.toFixed(2)}`;
}

/** A span of time: `0.4 s`, `42 s`, `1 min 4 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `12.3k tokens in (87 % from cache), 1.2k out`. */
export function usageLine(usage: Omit<TaskUsage, 'requests'>): string {
  const input = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const share = input === 0 ? 0 : Math.floor((100 * usage.cacheReadTokens) / input);
  return `${tokens(input)} tokens in${share > 0 ? ` (${share} % from cache)` : ''}, ${tokens(usage.outputTokens)} out`;
}
