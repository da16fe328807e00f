import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Key, keyReader } from '../../../src/ui/keys.ts';

function keysOf(...pieces: string[]): Key[] {
  const reader = keyReader();
  return pieces.flatMap((piece) => reader.push(piece));
}

describe('the keys of a terminal', () => {
  it.each([
    ['\r', 'enter'],
    ['\n', 'newline'],
    ['\x1b\r', 'newline'],
    ['\x1b[13;2u', 'newline'],
    ['\x1b[A', 'up'],
    ['\x1bOB', 'down'],
    ['\x1b[1;5D', 'word-left'],
    ['\x1bf', 'word-right'],
    ['\x1b[3~', 'delete'],
    ['\x1b[H', 'home'],
    ['\x1b[4~', 'end'],
    ['\x7f', 'backspace'],
    ['\x17', 'cut-word'],
    ['\x03', 'interrupt'],
    ['\x04', 'end-of-input'],
    ['\x12', 'search'],
  ])('%j is %s', (bytes, name) => {
    expect(keysOf(bytes)).toEqual([{ type: 'key', name }]);
  });

  it('takes a paste as one, whatever is in it', () => {
    expect(keysOf('a\x1b[200~one\r\ntwo\x1b[A\x03\x1b[201~b')).toEqual([
      { type: 'text', text: 'a' },
      { type: 'paste', text: 'one\r\ntwo\x1b[A\x03' },
      { type: 'text', text: 'b' },
    ]);
  });

  it('drops sequences that it does not know whole', () => {
    expect(keysOf('a\x1b[5;7Rb\x1b[?1;2cc\x1b[15~d\x1bqe')).toEqual([{ type: 'text', text: 'abcde' }]);
  });

  it('reads the same however the bytes were cut', () => {
    const piece = fc.constantFrom(
      'a',
      'é',
      '日本',
      '👩‍👩‍👧',
      '\r',
      '\x1b[A',
      '\x1b[1;5C',
      '\x1bOF',
      '\x1b\r',
      '\x7f',
      '\x1b[200~x\ny\x1b[201~',
      '\x1b[99~',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.integer({ min: 1, max: 4 })), (parts, sizes) => {
        const text = parts.join('');
        const cuts: string[] = [];
        let at = 0;
        for (const size of sizes) {
          cuts.push(text.slice(at, at + size));
          at += size;
        }
        cuts.push(text.slice(at));
        expect(joined(keysOf(...cuts))).toEqual(joined(keysOf(text)));
      }),
    );
  });
});

/** Text that came in two pieces is the same text. */
function joined(keys: readonly Key[]): Key[] {
  const all: Key[] = [];
  for (const key of keys) {
    const last = all.at(-1);
    if (key.type === 'text' && last?.type === 'text')
      all[all.length - 1] = { type: 'text', text: last.text + key.text };
    else all.push(key);
  }
  return all;
}
