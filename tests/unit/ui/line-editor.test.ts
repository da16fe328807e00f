import { PassThrough, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ControllingTerminal } from '../../../src/platform/terminal.ts';
import { readEntry } from '../../../src/ui/line-editor.ts';
import { createPaint } from '../../../src/ui/paint.ts';
import { terminalScreen } from '../../support/terminal-screen.ts';

/** An editor on a small terminal; `type` waits until the keys are drawn. */
function editor({ columns = 30, rows = 10, history = [] as string[], typed = '', before = '' } = {}) {
  const screen = terminalScreen(columns, rows);
  screen.write(before);
  const input = new PassThrough();
  const modes: boolean[] = [];
  let size = columns;
  let resized: (() => void) | undefined;
  const terminal: ControllingTerminal = {
    input,
    output: new Writable({
      write(chunk, _encoding, done) {
        screen.write(String(chunk));
        done();
      },
    }),
    isTTY: true,
    columns: () => size,
    rows: () => rows,
    raw: (on) => void modes.push(on),
    onResize: (listener) => {
      resized = listener;
    },
    close: () => undefined,
  };
  const stop = new AbortController();
  const end = readEntry(terminal, {
    paint: createPaint(0),
    history,
    complete: () => '/help',
    hints: (text) => (text.startsWith('/') ? ['  /help  this list'] : []),
    signal: stop.signal,
    typed,
  });
  return {
    screen,
    end,
    stop,
    modes,
    type: async (keys: string | Buffer) => {
      input.write(keys);
      await new Promise(setImmediate);
    },
    resize: (to: number) => {
      size = to;
      resized?.();
    },
  };
}

describe('the line editor', () => {
  it('draws what is typed, folded, and leaves it standing', async () => {
    const { screen, type, end, modes } = editor({ before: 'above\r\n' });
    await type('fix the 日本語 test, and then say what was wrong');
    expect(screen.lines()).toEqual(['above', '› fix the 日本語 test, and th', '  en say what was wrong']);
    expect(screen.cursor).toMatchObject({ row: 2, column: 23 });

    await type('\x01\x1b[C\x1b[C\x1b[Cx');
    expect(screen.cursor).toMatchObject({ row: 1, column: 6 });
    await type('\r');

    expect(await end).toEqual({ kind: 'entered', text: 'fixx the 日本語 test, and then say what was wrong', rest: '' });
    expect(screen.lines()).toEqual(['above', '› fixx the 日本語 test, and t', '  hen say what was wrong']);
    expect(screen.cursor).toMatchObject({ row: 3, column: 0 });
    expect(screen.unknown).toEqual([]);
    expect(modes).toEqual([true, false]);
  });

  it('shows hints below, and takes them away', async () => {
    const { screen, type, end } = editor();
    await type('/h');
    expect(screen.lines()).toEqual(['› /h', '  /help  this list']);
    expect(screen.cursor).toMatchObject({ row: 0, column: 4 });
    await type('\t\r');
    expect(screen.lines()).toEqual(['› /help']);
    expect(await end).toMatchObject({ text: '/help' });
  });

  it('takes a pasted text of many lines as one entry', async () => {
    const { screen, type, end } = editor();
    await type('\x1b[200~one\rtwo\x1b[201~');
    expect(screen.lines()).toEqual(['› one', '  two']);
    await type('\r');
    expect(await end).toMatchObject({ text: 'one\ntwo' });
  });

  it('reads characters whose bytes come one by one', async () => {
    const { type, end } = editor();
    for (const byte of Buffer.from('é日👩‍👧')) await type(Buffer.from([byte]));
    await type('\r');
    expect(await end).toMatchObject({ text: 'é日👩‍👧' });
  });

  it('shows the lines around the cursor when there are more than the screen has', async () => {
    const { screen, type, end } = editor({ rows: 5 });
    await type(`\x1b[200~${Array.from({ length: 9 }, (_, index) => `line ${index + 1}`).join('\n')}\x1b[201~`);
    expect(screen.lines()).toEqual(['  line 6', '  line 7', '  line 8', '  line 9']);
    await type('\x1b[A'.repeat(8));
    expect(screen.lines()).toEqual(['› line 1', '  line 2', '  line 3', '  line 4']);
    await type('\r');
    expect(await end).toMatchObject({ kind: 'entered' });
  });

  it('draws again at a new width', async () => {
    const { screen, type, resize, end } = editor();
    await type('a text of one line');
    resize(20);
    expect(screen.lines()).toEqual(['› a text of one line'.slice(0, 19), '  e']);
    await type('\r');
    await end;
  });

  it('starts with what was typed before, and hands on what was typed behind', async () => {
    const first = editor({ typed: 'one\rtwo' });
    expect(await first.end).toEqual({ kind: 'entered', text: 'one', rest: 'two' });
    const { screen, type, end } = editor({ typed: 'two' });
    expect(screen.lines()).toEqual(['› two']);
    await type('\r');
    expect(await end).toMatchObject({ text: 'two' });
  });

  it('says when it was left, and when it was stopped', async () => {
    const left = editor();
    await left.type('\x04');
    expect(await left.end).toEqual({ kind: 'ended' });

    const stopped = editor();
    const end = expect(stopped.end).rejects.toThrow('stop');
    stopped.stop.abort(new Error('stop'));
    await end;
    expect(stopped.modes).toEqual([true, false]);
  });
});
