import { renderMarkdown } from '../ui/markdown.ts';
import type { CliContext } from './context.ts';
import { paintFor } from './looks.ts';
import { showLong } from './pager.ts';

/** Markdown on stdout as text to read, in a pipe, too; through the pager when it is long for the terminal. */
export async function printMarkdown(context: CliContext, text: string, flags: { plain?: boolean } = {}): Promise<void> {
  const { stdout } = context;
  const paint = paintFor(context, stdout, flags);
  const shown = renderMarkdown(text, { paint, columns: () => Math.min(stdout.columns ?? 80, 100) });
  await showLong(context, shown.trimEnd().split('\n'));
}
