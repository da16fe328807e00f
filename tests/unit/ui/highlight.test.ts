import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { highlighter } from '../../../src/ui/highlight.ts';
import { createPaint } from '../../../src/ui/paint.ts';

const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
const paint = {
  ...createPaint(1),
  dim: tag('c'),
  string: tag('s'),
  keyword: tag('k'),
  number: tag('n'),
  good: tag('+'),
  bad: tag('-'),
  accent: tag('@'),
};

function highlight(language: string, ...lines: string[]): string[] {
  return lines.map(highlighter(language, paint));
}

describe('highlighter', () => {
  it.each([
    ['ts', 'const a1 = "x // y" + 42; // end', '<k>const</k> a1 = <s>"x // y"</s> + <n>42</n>; <c>// end</c>'],
    ['TypeScript', "return 'it\\'s'", "<k>return</k> <s>'it\\'s'</s>"],
    ['js', 'a = `never closed', 'a = <s>`never closed</s>'],
    ['py', 'def f(x): # note', '<k>def</k> f(x): <c># note</c>'],
    ['sh', 'echo $# "a#b"', '<k>echo</k> $# <s>"a#b"</s>'],
    ['sql', "SELECT 'it''s' -- all", "<k>SELECT</k> <s>'it''s'</s> <c>-- all</c>"],
    ['json', '{ "a": true, "b": 1.5 }', '{ <s>"a"</s>: <k>true</k>, <s>"b"</s>: <n>1.5</n> }'],
    ['diff', '+added', '<+>+added</+>'],
    ['diff', '@@ -1 +1 @@', '<@>@@ -1 +1 @@</@>'],
    ['', 'const a', 'const a'],
    ['brainfuck', 'const a', 'const a'],
  ])('paints %s: %s', (language, line, painted) => {
    expect(highlight(language, line)).toEqual([painted]);
  });

  it('knows that a comment goes on over lines', () => {
    expect(highlight('c', 'int x; /* one', 'two "', 'three */ return 1;', '/**/ if')).toEqual([
      'int x; <c>/* one</c>',
      '<c>two "</c>',
      '<c>three */</c> <k>return</k> <n>1</n>;',
      '<c>/**/</c> <k>if</k>',
    ]);
  });

  it('paints nothing without colour', () => {
    expect(highlighter('ts', createPaint(0))('const a = "x";')).toBe('const a = "x";');
  });

  it('changes nothing but the paint', () => {
    const code = fc.string({ unit: fc.constantFrom(...'ab1"\'`#/*-\\ $', 'const', 'ß', '日'), maxLength: 40 });
    fc.assert(
      fc.property(fc.array(code), fc.constantFrom('ts', 'py', 'sql', 'json', 'diff', ''), (lines, language) => {
        const painted = lines.map(highlighter(language, createPaint(1)));
        expect(painted.map((line) => line.replaceAll(/\x1b\[\d+m/g, ''))).toEqual(lines);
      }),
    );
  });
});
