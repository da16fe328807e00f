import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throughConditionals } from '../../../src/indexer/languages/conditionals.ts';

const lines = (text: string) =>
  throughConditionals(text)
    .split('\n')
    .map((line) => line.trimEnd());

describe('throughConditionals', () => {
  it('keeps branches that are whole, and one of those that are not', () => {
    expect(lines('#if A\nint a;\n#else\nint b;\n#endif')).toEqual(['', 'int a;', '', 'int b;', '']);
    expect(lines('#if A\nif (a) {\n#elif B\nif (b) {\n#else\n{\n#endif\n}')).toEqual([
      '',
      'if (a) {',
      '',
      '',
      '',
      '',
      '',
      '}',
    ]);
    // Half a head before it: the branches cannot follow each other.
    expect(lines('bool F()\n#if A\n=> true;\n#else\n=> false;\n#endif')).toEqual([
      'bool F()',
      '',
      '=> true;',
      '',
      '',
      '',
    ]);
  });

  it('decides from the inside to the outside', () => {
    const text = 'int x;\n#if A\n#if B\nvoid f() {\n#else\nvoid g() {\n#endif\n}\n#else\nint h;\n#endif';
    expect(lines(text)).toEqual(['int x;', '', '', 'void f() {', '', '', '', '}', '', 'int h;', '']);
  });

  it('counts no brackets of comments and strings, and keeps comments and directives', () => {
    const text = '#if A // {\nputs("{"); /* { */\n#else\n#define X 1\nputs("}");\n#endif';
    expect(lines(text)).toEqual(['      // {', 'puts("{"); /* { */', '', '#define X 1', 'puts("}");', '']);
  });

  it('reads what no condition keeps out', () => {
    const dead = { dead: /^#if 0/ };
    expect(throughConditionals('#if 0\nold(\n#else\nnew();\n#endif', dead).trim()).toBe('new();');
  });

  it('keeps every offset and line, whatever the text', () => {
    const words = fc.constantFrom(
      '#if A\n',
      '#else\n',
      '#elif\n',
      '#endif\n',
      '#',
      '{',
      '}',
      '"',
      "'",
      '/*',
      '*/',
      '//',
      '\\\n',
      '\r\n',
      'a;',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const result = throughConditionals(text, { others: /^#/ });
        expect(result.replace(/[^\r\n]/g, ' ')).toBe(text.replace(/[^\r\n]/g, ' '));
      }),
    );
  });
});
