import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { clustersOf, cut, widthOf } from '../../../src/ui/width.ts';

describe('widthOf', () => {
  it('agrees with the reference for single characters', () => {
    const wrong: string[] = [];
    // All where widths differ from one to the next, samples of the large blocks that are of one kind.
    const dense = (code: number) =>
      code < 0x3300 || (code >= 0xfb00 && code < 0x10000) || (code >= 0x1f000 && code < 0x1fc00);
    for (let code = 0x20; code < 0x40000; code += dense(code) ? 1 : 17) {
      const character = String.fromCodePoint(code);
      if (!/\p{Assigned}/u.test(character) || (code >= 0xd800 && code < 0xe000)) continue;
      if (widthOf(character) !== stringWidth(character)) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it.each([
    '',
    'abc',
    '日本語',
    '한국어',
    'é',
    'e\u0301',
    '👩‍💻',
    '👍🏽',
    '👨‍👩‍👧‍👦',
    '🇩🇪',
    '❤',
    '❤️',
    '⚠',
    '⚠️',
    '✅',
    '1️⃣',
    '⌚',
    '⌚︎',
    'नमस्ते',
    'กำ',
    'ﾊﾟ',
    '؀123',
    '● read_file ✓',
    '→ a',
    '│ ─',
  ])('agrees with the reference for %j', (text) => {
    expect(widthOf(text)).toBe(stringWidth(text));
  });

  it('adds up: beside a space, a text is as wide as alone', () => {
    const word = fc
      .array(fc.constantFrom('a', 'ß', '日', '👩‍💻', '🇩🇪', '한', '…'), { maxLength: 6 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(widthOf(`${left} ${right}`)).toBe(widthOf(left) + 1 + widthOf(right));
      }),
    );
  });
});

describe('clustersOf', () => {
  it('keeps together what a person sees as one', () => {
    expect([...clustersOf('a👩‍💻e\u0301日')]).toEqual(['a', '👩‍💻', 'e\u0301', '日']);
  });
});

describe('cut', () => {
  it.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['👩‍💻👩‍💻', 3, '👩‍💻…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('cuts %j to %i columns', (text, columns, short) => {
    expect(cut(text, columns)).toBe(short);
  });
});
