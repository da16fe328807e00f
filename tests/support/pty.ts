import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { type TerminalScreen, terminalScreen } from './terminal-screen.ts';

/** A real terminal comes from script(1) of util-linux, which most Linux systems have. */
export const hasTerminal =
  process.platform === 'linux' && spawnSync('script', ['--version']).stdout?.includes('util-linux') === true;

const program = resolve(import.meta.dirname, '..', '..', 'dist', 'nex.js');

export interface InTerminal {
  cwd: string;
  env: Readonly<Record<string, string>>;
  columns?: number;
  rows?: number;
}

/** Nothing that a test waits for takes this long. */
const PATIENCE_MS = 30_000;

/** The built program in a terminal, and somebody who looks at it and types. */
export interface TerminalRun extends AsyncDisposable {
  readonly screen: TerminalScreen;
  /** Everything that was written, as it came. */
  readonly written: string;
  /** Waits until the lines from where the last keys were typed show this, blanks at their ends left out. Rejects when the program ends before. */
  sees(pattern: RegExp): Promise<void>;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** The exit status. */
  readonly ended: Promise<number>;
}

/** Starts `nex …args` at that size. */
export function inTerminal(args: readonly string[], { cwd, env, columns = 80, rows = 24 }: InTerminal): TerminalRun {
  const quoted = [process.execPath, program, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  // The terminal's own name comes first, so that its size can be changed from outside.
  const command = `stty cols ${columns} rows ${rows}; printf 'TTY%s\\n' "$(tty)"; exec ${quoted}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { ...env, SHELL: '/bin/sh', TERM: env['TERM'] ?? 'xterm-256color' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const screen = terminalScreen(columns, rows);
  let written = '';
  let tty: string | undefined;
  let from = 0;
  let over = false;
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    if (tty === undefined) {
      const named = /TTY(\S+)\r\n/.exec(written);
      if (!named) return;
      tty = named[1];
      screen.write(written.slice(named.index + named[0].length));
    } else screen.write(text);
    for (const look of waiting) look();
  });
  const ended = new Promise<number>((done) => {
    child.on('close', (status) => {
      over = true;
      for (const look of waiting) look();
      done(status ?? -1);
    });
  });

  return {
    screen,
    ended,
    get written() {
      return written;
    },
    sees: (pattern) =>
      new Promise((seen, lost) => {
        const look = () => {
          const found = pattern.test(screen.lines().slice(from).join('\n'));
          if (!found && !over) return;
          finish();
          if (found) seen();
          else lost(new Error(`Ended without ${pattern}; the screen was:\n${screen.lines().join('\n')}`));
        };
        const finish = () => {
          clearTimeout(patience);
          waiting.delete(look);
        };
        // So that a test that waits in vain says what it saw.
        const patience = setTimeout(() => {
          finish();
          lost(new Error(`Waited in vain for ${pattern}; the screen is:\n${screen.lines().join('\n')}`));
        }, PATIENCE_MS);
        waiting.add(look);
        look();
      }),
    type(keys) {
      from = screen.cursor.row;
      child.stdin.write(keys);
    },
    resize(wide, high) {
      screen.resize(wide, high);
      spawnSync('stty', ['-F', tty ?? '', 'cols', String(wide), 'rows', String(high)]);
    },
    async [Symbol.asyncDispose]() {
      if (!over) child.kill('SIGKILL');
      await ended;
    },
  };
}
