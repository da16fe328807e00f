import { renderMarkdown } from '../ui/markdown.ts';
import type { CliContext } from './context.ts';
import { showLong } from './pager.ts';
import { paintFor } from './screen.ts';

/** Markdown on stdout: rendered for a terminal, through the pager when it is long; as it is for everything else. */
export async function printMarkdown(context: CliContext, text: string, flags: { plain?: boolean } = {}): Promise<void> {
  const { stdout, env } = context;
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (flags.plain === true || stdout.isTTY !== true || env['TERM'] === 'dumb') return void stdout.write(whole);
  const paint = paintFor(context, stdout);
  const shown = renderMarkdown(whole, { paint, columns: () => Math.min(stdout.columns ?? 80, 100) });
  await showLong(context, shown.trimEnd().split('\n'));
}
