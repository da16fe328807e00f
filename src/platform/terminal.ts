import { closeSync, openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';

/** The terminal that a person sits at, also when stdin and stdout are pipes. */
export interface ControllingTerminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** False for streams that only stand in for a terminal: lines are then read without editing. */
  isTTY: boolean;
  columns(): number;
  rows?(): number;
  /** Hears of a new size; undefined ends it. */
  onResize?(listener: (() => void) | undefined): void;
  /** Keys one by one and unseen, Ctrl-C among them; or lines, which the terminal edits and shows itself. */
  raw?(on: boolean): void;
  /** Takes what was typed before now out of the line, unread. */
  forgetTyped?(): Promise<void>;
  close(): void;
}

/** What was typed arrives at once; a person's next key does not. */
const TYPED_MS = 20;
const CTRL_C = 0x03;

/** Opens the controlling terminal; undefined when there is none, as in CI, under cron or after `setsid`. */
export function openControllingTerminal(platform: NodeJS.Platform = process.platform): ControllingTerminal | undefined {
  const [readFrom, writeTo] = platform === 'win32' ? ['\\\\.\\CONIN$', '\\\\.\\CONOUT$'] : ['/dev/tty', '/dev/tty'];
  const opened: number[] = [];
  try {
    const open = (path: string) => {
      const file = openSync(path, 'r+');
      opened.push(file);
      return file;
    };
    const input = new ReadStream(open(readFrom));
    const output = new WriteStream(open(writeTo));
    let size = { columns: output.columns, rows: output.rows };
    let onResize: (() => void) | undefined;
    // A stream knows the size at which it was opened.
    const measure = () => {
      const now = new WriteStream(openSync(writeTo, 'r+'));
      size = { columns: now.columns, rows: now.rows };
      now.destroy();
      onResize?.();
    };
    process.on('SIGWINCH', measure);
    // A terminal that is closed under us ends questions by itself; it must not end the task.
    input.on('error', () => undefined);
    output.on('error', () => undefined);
    return {
      input,
      output,
      isTTY: true,
      columns: () => size.columns || 80,
      rows: () => size.rows || 24,
      onResize: (listener) => {
        onResize = listener;
      },
      raw: (on) => void input.setRawMode(on),
      forgetTyped: () => forgetTyped(input),
      close() {
        process.off('SIGWINCH', measure);
        input.destroy();
        output.destroy();
      },
    };
  } catch {
    // Nobody is there to be asked; what could be opened is closed again.
    for (const file of opened) closeSync(file);
    return undefined;
  }
}

/** Raw, or only whole lines would come; a Ctrl-C among them still counts. */
async function forgetTyped(input: ReadStream): Promise<void> {
  const forget = (bytes: Buffer) => {
    if (bytes.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
  };
  input.setRawMode(true);
  input.on('data', forget);
  await new Promise((resolve) => setTimeout(resolve, TYPED_MS));
  input.off('data', forget);
  input.pause();
  input.setRawMode(false);
}

/** What the environment says of colour. */
export interface ColorWishes {
  NO_COLOR?: string | undefined;
  FORCE_COLOR?: string | undefined;
  TERM?: string | undefined;
  COLORTERM?: string | undefined;
}

/**
 * How much colour to show: none, 16, 256, all. `FORCE_COLOR` wins over `NO_COLOR`, as in Node; both win over
 * what the terminal can do.
 */
export function colorLevel(
  { NO_COLOR, FORCE_COLOR, TERM = '', COLORTERM = '' }: ColorWishes,
  isTTY: boolean,
): 0 | 1 | 2 | 3 {
  switch (FORCE_COLOR) {
    case undefined:
      break;
    case '0':
    case 'false':
      return 0;
    case '2':
      return 2;
    case '3':
      return 3;
    default:
      return 1;
  }
  if (NO_COLOR !== undefined && NO_COLOR !== '') return 0;
  if (!isTTY || TERM === 'dumb') return 0;
  if (COLORTERM === 'truecolor' || COLORTERM === '24bit') return 3;
  return /256(?:color)?$/.test(TERM) ? 2 : 1;
}

/**
 * Whether links can be put behind words (OSC 8). Terminals do not say, and those that cannot may print rubbish: so
 * only where they are known to. `FORCE_HYPERLINK` decides otherwise. tmux hands them on only if told to.
 */
export function showsLinks(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  const forced = env['FORCE_HYPERLINK'];
  if (forced !== undefined && forced !== '') return forced !== '0';
  if (!isTTY || env['TMUX'] !== undefined || env['STY'] !== undefined) return false;
  return (
    /^(?:iTerm\.app|WezTerm|vscode|ghostty|Hyper|Tabby|rio)$/.test(env['TERM_PROGRAM'] ?? '') ||
    /^(?:xterm-kitty|xterm-ghostty|alacritty|foot)/.test(env['TERM'] ?? '') ||
    Number(env['VTE_VERSION'] ?? 0) >= 5000 ||
    env['WT_SESSION'] !== undefined ||
    env['KONSOLE_VERSION'] !== undefined
  );
}
