import { describe, expect, it } from 'vitest';
import { lineMatcher } from '../../../src/tools/search-builtin.ts';
import { BadPattern } from '../../../src/tools/search-engine.ts';

const linesOf = (pattern: string, text: string) => {
  const hits = lineMatcher(pattern)([text]);
  return hits === 'too slow' ? [] : hits.flat().map(({ line }) => line);
};

describe('lineMatcher', () => {
  it('finds lines, and where in them by bytes', () => {
    expect(lineMatcher('b+')(['a\n\u00e9\u00e9bb\nb\n', '', 'none', 'b'])).toEqual([
      [
        { line: 2, column: 5 },
        { line: 3, column: 1 },
      ],
      [],
      [],
      [{ line: 1, column: 1 }],
    ]);
  });

  it.each([
    ['(?i)HELLO', 'say hello\nbye\n', [1]],
    ['[[:digit:]]+$', 'a1\r\nb\r\n', [1]],
    ['^$', 'a\n\nb\n', [2]],
    ['(?P<x>a)b', 'ab\n', [1]],
    ['\\Aab\\z', 'ab\nxab\n', [1]],
    ['\\p{Lu}', 'a\n\u00c9\n', [2]],
    ['a\\-b', 'a-b\n', [1]],
    ['\\\\A', 'x\\A\n', [1]],
    ['(?<=x)y', 'xy\ny\n', [1]],
  ])('reads %s as ripgrep does', (pattern, text, lines) => {
    expect(linesOf(pattern, text)).toEqual(lines);
  });

  it('gives up on a pattern that would take for ever', () => {
    expect(lineMatcher('(a+)+$', 50)([`${'a'.repeat(60)}!`])).toBe('too slow');
  });

  it('says what is wrong with a pattern', () => {
    expect(() => lineMatcher('foo(')).toThrow(BadPattern);
  });
});
