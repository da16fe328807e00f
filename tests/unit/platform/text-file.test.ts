import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, type Encoding, encodeText, lineEndingOf, linesOf } from '../../../src/platform/text-file.ts';
import { anyCharacter } from '../../support/any-character.ts';

const bytesOf = (text: string, encoding: Encoding): Buffer => {
  const encoded = encodeText(text, encoding);
  if (!encoded.ok) throw new Error(`no ${encoded.character}`);
  return encoded.bytes;
};

describe('decodeText', () => {
  it.each<[Encoding, string]>([
    ['utf-8', 'na\u00efve \u2713 \u{1f600}\n'],
    ['utf-8-bom', 'with a mark\r\n'],
    ['utf-16le', 'wide \u2713\n'],
    ['utf-16be', 'wide \u2713\n'],
    ['latin-1', 'd\u00e9j\u00e0 vu\n'],
  ])('knows %s', (encoding, text) => {
    expect(decodeText(bytesOf(text, encoding))).toEqual({ kind: 'text', text, encoding });
  });

  it('takes an empty file for UTF-8 text', () => {
    expect(decodeText(Buffer.alloc(0))).toEqual({ kind: 'text', text: '', encoding: 'utf-8' });
  });

  it.each([
    ['PNG image', Buffer.from('89504e470d0a1a0a0000000d', 'hex')],
    ['program (ELF)', Buffer.from('7f454c4602010100', 'hex')],
    ['SQLite database', Buffer.from('SQLite format 3\0')],
    ['PDF document', Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')],
    ['binary file', Buffer.from([1, 2, 0, 3])],
    ['binary file', Buffer.from([0xff, 1, 2, 3, 4, 5, 6, 7, 8])],
  ])('names a %s', (name, bytes) => {
    expect(decodeText(bytes)).toEqual({ kind: 'binary', name });
  });

  it('gives back, encoded again, the very bytes of whatever it took for text', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint8Array({ maxLength: 40, min: 9 }),
      fc.uint8Array({ maxLength: 20 }).map((rest) => Uint8Array.from([0xff, 0xfe, ...rest])),
      fc.uint8Array({ maxLength: 20 }).map((rest) => Uint8Array.from([0xfe, 0xff, ...rest])),
      fc.uint8Array({ maxLength: 20 }).map((rest) => Uint8Array.from([0xef, 0xbb, 0xbf, ...rest])),
      fc.string({ unit: anyCharacter }).map((text) => Uint8Array.from(Buffer.from(text))),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const before = Buffer.from(given);
        const content = decodeText(before);
        return content.kind !== 'text' || before.equals(bytesOf(content.text, content.encoding));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('encodeText', () => {
  it('names the first character that Latin-1 does not have', () => {
    expect(encodeText('caf\u00e9 \u{1f600} \u2713', 'latin-1')).toEqual({ ok: false, character: '\u{1f600}' });
  });
});

describe('lines', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['a\n\n', ['a', '']],
    ['\n', ['']],
    ['a\rb\n', ['a\rb']],
  ])('of %j are %j', (text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  it('end as most of them do', () => {
    expect(lineEndingOf('a\r\nb\r\nc\n')).toBe('\r\n');
    expect(lineEndingOf('a\r\nb\nc\n')).toBe('\n');
    expect(lineEndingOf('none')).toBe('\n');
  });
});
