import { renderMarkdown } from '../ui/markdown.ts';
import type { CliContext } from './context.ts';
import { paintFor } from './screen.ts';

/** Markdown on stdout: rendered for a terminal, as it is for everything else. */
export function printMarkdown(context: CliContext, text: string, flags: { plain?: boolean } = {}): void {
  const { stdout, env } = context;
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (flags.plain === true || stdout.isTTY !== true || env['TERM'] === 'dumb') return void stdout.write(whole);
  const paint = paintFor(context, stdout);
  stdout.write(renderMarkdown(whole, { paint, columns: () => Math.min(stdout.columns ?? 80, 100) }));
}
