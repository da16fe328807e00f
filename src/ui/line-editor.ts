import { StringDecoder } from 'node:string_decoder';
import type { ControllingTerminal } from '../platform/terminal.ts';
import { type Complete, type Entry, newEntry, press } from './entry.ts';
import { keyReader } from './keys.ts';
import type { Paint } from './paint.ts';
import { cut, widthOf } from './width.ts';

export interface EditorOptions {
  paint: Paint;
  /** Earlier entries, oldest first. */
  history: readonly string[];
  complete: Complete;
  /** Lines below the text that say what it may become; they go when it is entered. */
  hints(text: string): readonly string[];
  signal: AbortSignal;
  /** Keys that were pressed before: they count as pressed now. */
  typed: string;
}

/** How an entry ended; `rest` was typed behind it. */
export type EditorEnd = { kind: 'entered'; text: string; rest: string } | { kind: 'interrupted' } | { kind: 'ended' };

const SIGN = '› ';

/**
 * One entry from a terminal, edited in place: several lines, history, completion. It draws over its own lines only,
 * and leaves the cursor on a line of its own. Rejects with the signal's reason when it aborts.
 */
export function readEntry(terminal: ControllingTerminal, options: EditorOptions): Promise<EditorEnd> {
  const { input, output } = terminal;
  const { signal, hints, complete, paint, history } = options;
  const keys = keyReader();
  const decoder = new StringDecoder('utf8');
  let entry: Entry = newEntry(history);
  let drawn: Frame = { lines: [], row: 0, column: 0 };

  const draw = (shown: Entry, below: readonly string[]) => {
    const next = frameOf(shown, below, terminal, paint);
    output.write(`${backTo(drawn, terminal.columns())}${next.lines.join('\r\n')}${cursorTo(next)}`);
    drawn = next;
  };
  const redraw = () => draw(entry, hints(entry.buffer.text.join('')));

  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const finish = (settle: () => void, leave = false) => {
      input.off('data', hear);
      input.off('end', end);
      input.off('close', end);
      terminal.onResize?.(undefined);
      signal.removeEventListener('abort', stop);
      // The hints go; what was typed stays as it is. Nothing stays of an entry that was left.
      if (leave) output.write(backTo(drawn, terminal.columns()));
      else draw({ ...entry, search: undefined, buffer: { ...entry.buffer, cursor: entry.buffer.text.length } }, []);
      output.write(`${leave ? '' : '\r\n'}\x1b[?2004l`);
      terminal.raw?.(false);
      input.pause();
      settle();
    };
    const stop = () => finish(() => reject(signal.reason));
    const end = () => finish(() => resolve({ kind: 'ended' }), true);
    const take = (text: string): boolean => {
      const pressed = keys.push(text);
      for (const [index, key] of pressed.entries()) {
        const done = press(entry, key, complete);
        if (done.kind === 'typing') {
          entry = done.entry;
          if (done.clear) {
            output.write('\x1b[H\x1b[2J');
            drawn = { lines: [], row: 0, column: 0 };
          }
          continue;
        }
        const rest = pressed
          .slice(index + 1)
          .map((later) => (later.type === 'key' ? (later.name === 'enter' ? '\r' : '') : later.text));
        finish(() => resolve(done.kind === 'entered' ? { ...done, rest: rest.join('') } : done), done.kind === 'ended');
        return true;
      }
      return false;
    };
    const hear = (bytes: Buffer) => {
      if (!take(decoder.write(bytes))) redraw();
    };

    terminal.raw?.(true);
    output.write('\x1b[?2004h');
    terminal.onResize?.(redraw);
    signal.addEventListener('abort', stop, { once: true });
    redraw();
    if (options.typed !== '' && take(options.typed)) return;
    if (options.typed !== '') redraw();
    input.on('data', hear);
    input.on('end', end);
    input.on('close', end);
    input.resume();
  });
}

/** What was drawn, and where in it the cursor stands. */
interface Frame {
  lines: readonly string[];
  row: number;
  column: number;
}

function frameOf(
  { buffer, search }: Entry,
  below: readonly string[],
  terminal: ControllingTerminal,
  paint: Paint,
): Frame {
  const columns = Math.max(20, terminal.columns());
  const sign = search === undefined ? SIGN : `search ${cut(search, columns - 12)}${SIGN}`;
  const indent = search === undefined ? ' '.repeat(SIGN.length) : '';
  // A column is left free, so that the cursor behind the last character stays on the line.
  const room = (row: number) => Math.max(1, columns - 1 - widthOf(row === 0 ? sign : indent));
  const rows: string[] = [''];
  let width = 0;
  let cursor = { row: 0, column: 0 };
  const next = () => {
    rows.push('');
    width = 0;
  };
  for (const [index, character] of [...buffer.text, ''].entries()) {
    const wide = character === '\n' ? 0 : widthOf(character);
    if (width + wide > room(rows.length - 1)) next();
    if (index === buffer.cursor) cursor = { row: rows.length - 1, column: width };
    if (character === '\n') next();
    else rows[rows.length - 1] += character;
    width += wide;
  }
  const tall = Math.max(1, (terminal.rows?.() ?? 24) - 1 - below.length);
  const from = Math.max(0, Math.min(cursor.row - tall + 1, rows.length - tall));
  const first = Math.min(from, cursor.row);
  const shown = rows.slice(first, first + tall).map((text, index) => {
    const row = first + index;
    return row === 0 ? `${paint.accent(paint.strong(sign.trimEnd()))} ${text}` : `${indent}${text}`;
  });
  return {
    lines: [...shown, ...below.map((line) => cut(line, columns - 1)).map(paint.dim)],
    row: cursor.row - first,
    column: cursor.column + widthOf(cursor.row === 0 ? sign : indent),
  };
}

/** To the first line of what was drawn, and away with it. A terminal that became narrower has folded its lines. */
function backTo({ lines, row }: Frame, columns: number): string {
  const above = lines
    .slice(0, row)
    .reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(bare(line)) / columns)), 0);
  return `${above > 0 ? `\x1b[${above}A` : ''}\r\x1b[J`;
}

function cursorTo({ lines, row, column }: Frame): string {
  const up = lines.length - 1 - row;
  return `${up > 0 ? `\x1b[${up}A` : ''}\r${column > 0 ? `\x1b[${column}C` : ''}`;
}

function bare(line: string): string {
  return line.replaceAll(/\x1b\[[\d;]*m/g, '');
}
