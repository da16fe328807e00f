import { describe, expect, it } from 'vitest';
import { bodiesOf } from '../../../src/indexer/bodies/bodies-of.ts';
import { languageOfPath } from '../../../src/indexer/languages/all.ts';

const SIZE = 1 << 17;

/** Lines that differ, as many as make a large file. */
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const BRACES = [
  ...['/*', '/**/', '// \\\n', '"\\', '{x();', 'f(', 'f([{', 'return ', 'case a:', 'f(/**/)', '= {', '#if x\n'],
  '#define A\n'.repeat(100_000),
  '#define A /*\n'.repeat(100_000),
  `${'{'.repeat(200_000)}/*a*/${'}'.repeat(200_000)}`,
];
const ECMA = [
  ...[`\`\${`, `\`\${a}\``, '/ ', '/[/', '<a>', '<a b="">', '</a>', '<a>{', '<T,>(', 'a<b>', 'a<', '? ', '?:'],
  ...['a ? b : '],
  ...['=>', '()=>{', 'x => ', 'async ', 'function(){', 'class A{', 'let a: {', 'type a = ', 'i++\n', 'a!', '}else{'],
  ...['f(/**/)', 'f(a, b, c, d, e, f, g, h, i, j);\n', 'f(a, b, c, d, e, f, g, h, i, j)', '/*', '"\\', 'as '],
  `${'f('.repeat(2000)}/*a*/${')'.repeat(2000)}`,
  `${'<a>'.repeat(2000)}/*a*/${'</a>'.repeat(2000)}`,
  lines(10_000, (index) => (index % 2 ? 'f(a, b, c, d, e, f, g, h, i, j);' : 'const g = () => {};')),
];

/** How a function begins and ends, and what may stand in it over and over: units that are repeated, or long texts. */
const HOSTILE: Record<string, readonly [begin: string, end: string, units: readonly string[]]> = {
  'a.c': ['int f(void) {\n', '}', BRACES],
  'a.cpp': [
    'int f() {\n',
    '}',
    [...BRACES, 'R"(', 'R"a(', "1'", 'template<', 'operator(', 'using a', 'namespace ', 'int a(){} ;'],
  ],
  'A.java': ['class A { int f() {\n', '}}', [...BRACES, '"""', '"""\\', 'record(']],
  'A.cs': ['class A { int f() {\n', '}}', [...BRACES, '$"{', '@"', '$@"{{', '"""a', '=>', '// a\r']],
  'a.go': ['package a\nfunc f() {\n', '}', [...BRACES, 'func ', 'x.(type)']],
  'a.rs': ['fn f() {\n', '}', [...BRACES, 'r#"', 'r##', "'a", '/*/', '///\n']],
  'a.php': ['<?php\nfunction f() {\n', '}', [...BRACES, '?>', '<<<', '# ?\n', `//${'?'.repeat(4 * SIZE)}x\n`]],
  'a.js': ['function f() {\n', '}', ECMA],
  'a.tsx': ['function f() {\n', '}', ECMA],
  'a.py': [
    'def f():\n',
    '',
    [
      ...[
        'f"{',
        'f"{\'',
        '"""',
        '"""a"""',
        "'''",
        'if x:\n',
        'def a():\n',
        ' def a():\n',
        'x = [',
        '@a\n',
        '#\n',
        '"\\\n',
      ],
      lines(1000, (index) => `${' '.repeat(index)}def a():`),
      `x = ${'"""of more signs than the least"""'.repeat(15_000)}`,
    ],
  ],
  'a.rb': [
    'def f\n',
    '\nend',
    [
      ...['%w(', '%q{', '"#{', '#{', 'x <<A\n', '<<~A ', '<<"A" ', '/ ', '?a', ':a ', 'def a\n'],
      ...['def a; end\n', 'end\n'],
      ...['if x\n', 'x do |a|', 'x do\n', 'begin\n', '=begin\n=end\n', '#\n', 'A =', 'A \\\n=', 'if attr_'],
      ...['é', 'é ', '|'],
      '\u00a0'.repeat(4 * SIZE),
      lines(60_000, (index) => `x <<A${index}`),
      `f(${'<<A, '.repeat(50_000)})\n${'x\n'.repeat(50_000)}A\n`,
      `f(<<A)\n<<${'#{'.repeat(200_000)}\nA\n`,
      lines(1000, (index) => `${' '.repeat(index)}if x`),
    ],
  ],
};
const COMMON = Array.from('"\'`()[]{}<>/\\?%#$@:;,=.+-*&|!a0 \t\n\r\u00a0');

/** Whether they follow each other within the text, none of them empty. */
const areInOrder = (spans: ReadonlyArray<readonly [number, number]>, { length }: string) =>
  spans.every(([from, to], index) => from < to && to <= length && from >= (spans[index - 1]?.[1] ?? 0));

describe('what of a text the grammar need not see', () => {
  // Where the work grew by the square of the size, or by the depth on the stack, these would not come to an end.
  it.each(Object.entries(HOSTILE))('is found in %s of a large text that means harm', (path, [begin, end, units]) => {
    const language = languageOfPath(path);
    if (typeof language !== 'object' || !language.bodies) throw new Error(`${path} has no bodies`);
    for (const unit of [...COMMON, ...units]) {
      const text = begin + unit.repeat(Math.ceil(SIZE / unit.length)) + end;
      const { insides, comments, starts } = bodiesOf(language.bodies, text);
      const about = JSON.stringify(unit.slice(0, 40));
      expect(areInOrder(insides, text), about).toBe(true);
      expect(areInOrder(comments, text), about).toBe(true);
      expect(
        starts.every((start) => start === undefined || (start >= 0 && start < text.length)),
        about,
      ).toBe(true);
    }
  });
});
