import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Key, KeyName } from '../../../src/ui/keys.ts';
import { edit, type LineBuffer, lineBuffer, textIn } from '../../../src/ui/line-buffer.ts';

/** The text after these keys, with the cursor as `|`. */
function typed(text: string, ...keys: Array<KeyName | { text: string } | { paste: string }>): string {
  const buffer = keys.reduce<LineBuffer>((now, key) => edit(now, keyOf(key)), lineBuffer(text));
  return `${buffer.text.slice(0, buffer.cursor).join('')}|${buffer.text.slice(buffer.cursor).join('')}`;
}

function keyOf(key: KeyName | { text: string } | { paste: string }): Key {
  if (typeof key === 'string') return { type: 'key', name: key };
  return 'text' in key ? { type: 'text', text: key.text } : { type: 'paste', text: key.paste };
}

describe('a line that is edited', () => {
  it.each<[string, string, Array<KeyName | { text: string } | { paste: string }>, string]>([
    ['text goes in at the cursor', 'ac', ['left', { text: 'b' }], 'ab|c'],
    ['an emoji is one character', 'a👩‍👩‍👧b', ['left', 'backspace'], 'a|b'],
    ['what is typed may join what stands there', 'e', [{ text: '\u0301' }, 'backspace'], '|'],
    ['words are jumped over', 'one two_2 three', ['word-left', 'word-left', 'word-right'], 'one two_2| three'],
    [
      'a word is cut and put back',
      'one two three',
      ['cut-word', 'home', 'insert-cut', { text: ' ' }],
      'three |one two ',
    ],
    ['the rest of a line is cut', 'one\ntwo\nthree', ['up', 'home', 'cut-end'], 'one\n|\nthree'],
    ['at the end of a line its end is cut', 'one\ntwo', ['up', 'end', 'cut-end'], 'one|two'],
    ['the beginning of a line is cut', 'one\ntwo', ['cut-start'], 'one\n|'],
    ['home and end stay on their line', 'one\ntwo', ['up', 'home', { text: '>' }, 'end', { text: '<' }], '>one<|\ntwo'],
    ['up keeps the column where there is one', 'a\nlong line', ['up'], 'a|\nlong line'],
    ['down goes to the end of a shorter line', 'long line\na', ['up', 'end', 'down'], 'long line\na|'],
    ['up from the first line stays', 'one', ['left', 'up'], 'on|e'],
    ['a paste keeps its lines and loses its controls', 'a', [{ paste: 'x\r\ny\x1b[2J\tz\u202e' }], 'ax\ny    z|'],
    ['delete at the end does nothing', 'a', ['delete'], 'a|'],
  ])('%s', (_, text, keys, after) => {
    expect(typed(text, ...keys)).toBe(after);
  });

  it('keeps the cursor inside, and loses nothing that was not cut, whatever is pressed', () => {
    const names = fc.constantFrom<KeyName>(
      'left',
      'right',
      'up',
      'down',
      'home',
      'end',
      'word-left',
      'word-right',
      'newline',
    );
    const anyKey = fc.oneof(
      names.map((name): Key => ({ type: 'key', name })),
      fc
        .string({ unit: 'grapheme', maxLength: 4 })
        .map((text): Key => ({ type: 'text', text: text.replaceAll(/[\n\r]/g, '') })),
    );
    fc.assert(
      fc.property(fc.array(anyKey), (keys) => {
        let buffer = lineBuffer();
        let length = 0;
        for (const key of keys) {
          buffer = edit(buffer, key);
          length += key.type === 'text' ? key.text.length : key.type === 'key' && key.name === 'newline' ? 1 : 0;
          expect(buffer.cursor).toBeGreaterThanOrEqual(0);
          expect(buffer.cursor).toBeLessThanOrEqual(buffer.text.length);
          expect(textIn(buffer)).toHaveLength(length);
        }
      }),
    );
  });
});
