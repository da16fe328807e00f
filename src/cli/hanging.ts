import { sanitize } from '../ui/sanitize.ts';
import { wrap } from '../ui/wrap.ts';
import type { CliContext } from './context.ts';

/** How wide a line may be: the terminal's width, or 80 where there is none. */
export function columnsOf({ stdout }: CliContext): number {
  return Math.max(40, stdout.columns ?? 80);
}

/** A paragraph behind a word: `first` stands before its first line, as many blanks before the others. */
export function hanging(first: string, text: string, columns: number): string[] {
  return wrap([{ text: sanitize(text).replace(/\s+/g, ' ') }], columns, {
    first: [{ text: first }],
    rest: [{ text: ' '.repeat(first.length) }],
  });
}
