import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chained, plainOutput } from '../../../src/tools/plain-output.ts';

const plain = (...pieces: string[]): string => {
  const filter = plainOutput();
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
};

describe('plainOutput', () => {
  it.each([
    ['colours', '\x1b[1;31mred\x1b[0m\n', 'red\n'],
    ['titles', '\x1b]0;evil title\x07text\n', 'text\n'],
    ['links', '\x1b]8;;http://x\x1b\\name\x1b]8;;\x1b\\\n', 'name\n'],
    ['device strings', '\x1bPq#0\x1b\\x\n', 'x\n'],
    ['eight-bit sequences', '\u009b31mred\n', 'red\n'],
    ['other controls', 'a\0b\x07c\x7f\n', 'abc\n'],
    ['charset switches', '\x1b(Bx\n', 'x\n'],
  ])('drops %s', (_, given, expected) => {
    expect(plain(given)).toBe(expected);
  });

  it('shrinks progress to what would stand there at last', () => {
    expect(plain('10%\r50%\r100%\ndone\n')).toBe('100%\ndone\n');
    expect(plain('one\x1b[2K\x1b[1Gtwo\n')).toBe('two\n');
    expect(plain('working |\b/\b-\b done\n')).toBe('working  done\n');
  });

  it('takes Windows line endings for line endings', () => {
    expect(plain('a\r\nb\r\r\n')).toBe('a\nb\n');
  });

  it('does not lose a line that ends in a carriage return', () => {
    expect(plain('last\r')).toBe('last');
  });

  it('keeps tabs and letters of all languages', () => {
    expect(plain('\tna\u00efve \u4f60\u597d \u{1f600}\n')).toBe('\tna\u00efve \u4f60\u597d \u{1f600}\n');
  });

  it('does not let an unfinished sequence eat the following lines', () => {
    expect(plain('\x1b]0;never ended\nnext\n')).toBe('\nnext\n');
  });

  it('passes whole lines at once and holds an unfinished one', () => {
    const filter = plainOutput();
    expect([filter.push('a\nb'), filter.push('c\n'), filter.push('d'), filter.end()]).toEqual(['a\n', 'bc\n', '', 'd']);
  });

  it('does not hold an endless line', () => {
    const filter = plainOutput();
    expect(filter.push('x'.repeat(100_000)).length).toBeGreaterThan(90_000);
  });

  it('keeps the number of lines and gives the same however the text is cut into pieces', () => {
    const piece = fc.string({
      unit: fc.constantFrom('a', 'b', '\n', '\r', '\b', '\x1b', '[', '3', '1', 'm', ']', '\x07', '\0', 'K', ' '),
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        expect(plain(...pieces)).toBe(plain(text));
        expect(plain(text).split('\n').length).toBe(text.split('\n').length);
      }),
      { numRuns: 500 },
    );
  });
});

it('chained sends all text through both filters', () => {
  const stars = { push: (text: string) => text.replaceAll('secret', '***'), end: () => '!' };
  const both = chained(plainOutput(), stars);
  expect(both.push('sec\x1b[31mret\nrest') + both.end()).toBe('***\nrest!');
});
