import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { createPaint } from '../../../src/ui/paint.ts';
import { fold, type Span, wrap } from '../../../src/ui/wrap.ts';

const paint = createPaint(1);
const span: fc.Arbitrary<Span> = fc.record({
  text: fc.string({ unit: fc.constantFrom('a', 'b', ' ', 'ß', '日', '、', '👩‍💻', 'e\u0301', '-'), maxLength: 30 }),
  style: fc.constantFrom(undefined, paint.strong, paint.code),
});
const spans = fc.array(span, { maxLength: 6 });
const columns = fc.integer({ min: 4, max: 60 });

const bare = (text: string) => text.replaceAll(/\x1b\[\d+m/g, '');
const visible = (text: string) => bare(text).replaceAll(' ', '');

describe('wrap', () => {
  it.each([
    ['between words', 'one two three', 8, ['one two', 'three']],
    ['where a word just fits', 'one two', 7, ['one two']],
    ['inside a word only when it is longer than a line', 'a abcdefghij', 5, ['a', 'abcde', 'fghij']],
    ['between wide characters', '日本語のテスト', 7, ['日本語', 'のテス', 'ト']],
    ['not before a closing sign', '日本語。', 6, ['日本', '語。']],
    ['keeping the blanks at the beginning', '  one two', 7, ['  one', 'two']],
    ['without blanks at the end of a line', 'one      two', 5, ['one', 'two']],
    ['nothing into one empty line', '', 10, ['']],
  ])('breaks %s', (_, text, width, lines) => {
    expect(wrap([{ text }], width)).toEqual(lines);
  });

  it('puts one thing before the first line and another before the rest', () => {
    expect(wrap([{ text: 'one two three' }], 9, { first: [{ text: '• ' }], rest: [{ text: '  ' }] })).toEqual([
      '• one two',
      '  three',
    ]);
  });

  it('paints each line for itself, so that no escape spans two', () => {
    expect(wrap([{ text: 'one ' }, { text: 'two three', style: paint.strong }, { text: ' four' }], 8)).toEqual([
      'one \x1b[1mtwo\x1b[22m',
      '\x1b[1mthree\x1b[22m',
      'four',
    ]);
  });

  it('never makes a line wider than asked, and loses nothing but blanks', () => {
    fc.assert(
      fc.property(spans, columns, (spans, columns) => {
        const lines = wrap(spans, columns);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(visible(lines.join(''))).toBe(visible(spans.map(({ text }) => text).join('')));
      }),
    );
  });

  it('decides on each line before the next begins', () => {
    fc.assert(
      fc.property(spans, spans, columns, (before, after, columns) => {
        const early = wrap(before, columns).slice(0, -1);
        expect(wrap([...before, { text: ' ' }, ...after], columns).slice(0, early.length)).toEqual(early);
      }),
    );
  });
});

describe('fold', () => {
  it('breaks wherever a line is full and keeps every blank', () => {
    expect(fold([{ text: 'ab  cd ' }], 4, { first: [{ text: '| ' }], rest: [{ text: ': ' }] })).toEqual([
      '| ab',
      ':   ',
      ': cd',
      ':  ',
    ]);
  });

  it('loses nothing at all', () => {
    fc.assert(
      fc.property(spans, columns, (spans, columns) => {
        const lines = fold(spans, columns);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
        expect(bare(lines.join(''))).toBe(spans.map(({ text }) => text).join(''));
      }),
    );
  });
});
