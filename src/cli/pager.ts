import { spawn } from 'node:child_process';
import type { CliContext } from './context.ts';

/**
 * Shows lines; in a terminal that is too low for them through a pager: `$NEX_PAGER`, `$PAGER`, or less. A script gets
 * them straight. `cat` or an empty value turns paging off.
 */
export async function showLong(context: CliContext, lines: readonly string[]): Promise<void> {
  const text = lines.map((line) => `${line}\n`).join('');
  const pager = pagerFor(context);
  if (pager === undefined || lines.length < (context.stdout.rows ?? 24) || !(await throughPager(pager, context, text)))
    context.stdout.write(text);
}

function pagerFor({ env, stdin, stdout }: CliContext): string | undefined {
  if (stdout.isTTY !== true || stdin.isTTY !== true || env['TERM'] === 'dumb') return undefined;
  const pager = env['NEX_PAGER'] ?? env['PAGER'] ?? 'less';
  return pager.trim() === '' || pager.trim() === 'cat' ? undefined : pager;
}

/** False when the pager could not be started: then the text is shown without it. */
function throughPager(pager: string, { env }: CliContext, text: string): Promise<boolean> {
  return new Promise((done) => {
    // The user's own words in a shell, as git does it; -F leaves at once when all fits, -R keeps the colours.
    const child = spawn(pager, {
      shell: true,
      env: { ...env, LESS: env['LESS'] ?? 'FRX', LV: env['LV'] ?? '-c' },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    // Ctrl-C belongs to the pager meanwhile.
    const listeners = process.listeners('SIGINT');
    process.removeAllListeners('SIGINT').on('SIGINT', () => undefined);
    const finish = (shown: boolean) => {
      process.removeAllListeners('SIGINT');
      for (const listener of listeners) process.on('SIGINT', listener);
      done(shown);
    };
    // Whoever leaves before the end has read enough.
    child.stdin?.on('error', () => undefined);
    child.on('error', () => finish(false));
    child.on('close', (code) => finish(code !== 126 && code !== 127));
    child.stdin?.end(text);
  });
}
