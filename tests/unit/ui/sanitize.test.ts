import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitize, sanitizer } from '../../../src/ui/sanitize.ts';
import { anyCharacter } from '../../support/any-character.ts';

/** What hostile or merely loud output is made of. */
const fragment = fc.oneof(
  fc.constantFrom(
    '\x1b[31m',
    '\x1b[2J',
    '\x1b[?25l',
    '\x1b[1;1H',
    '\x1b[38:2::1:2:3m',
    '\x9b31m',
    '\x1b]0;title\x07',
    '\x1b]52;c;aGk=\x1b\\',
    '\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\',
    '\x9d0;title\x9c',
    '\x1bPq#0\x1b\\',
    '\x90q\x9c',
    '\x1b_apc\x1b\\',
    '\x9fapc\x9c',
    '\x1b^pm\x1b\\',
    '\x1bXsos\x1b\\',
    '\x1b(0',
    '\x1b#8',
    '\x1bc',
    '\x1b7',
    '\x1b',
    '\x1b[',
    '\x1b]',
    '\x1bP',
    '\x07',
    '\b',
    '\x7f',
    '\x00',
    '\r',
    '\n',
    '\r\n',
    '\t',
    '\v',
    '\f',
    '\x85',
    '\u2028',
    '\u202e',
    '\u2066',
    '\u200b',
    '\ufeff',
    '\u{e0041}',
    '\ud83d',
    '\ude00',
    '👩‍💻',
    '日本',
    'é',
  ),
  fc.string({ unit: anyCharacter, maxLength: 4 }),
);
const hostile = fc.array(fragment, { maxLength: 12 }).map((parts) => parts.join(''));

function inPieces(text: string, cuts: readonly number[]): string {
  const filter = sanitizer();
  const places = [...cuts.map((cut) => cut % (text.length + 1)), 0, text.length].toSorted((a, b) => a - b);
  return places.map((place, index) => filter.push(text.slice(places[index - 1] ?? 0, place))).join('') + filter.end();
}

describe('sanitize', () => {
  it.each([
    ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
    ['colours with colons', '\x1b[38:2::255:0:0mred\x1b[m', 'red'],
    ['cursor moves and clearing', 'a\x1b[2J\x1b[1;1H\x1b[?25lb', 'ab'],
    ['an 8-bit CSI', 'a\x9b31mb', 'ab'],
    ['a window title', '\x1b]0;pwned\x07text', 'text'],
    ['a clipboard write', '\x1b]52;c;cm0gLXJm\x1b\\text', 'text'],
    ['a hyperlink, keeping its words', '\x1b]8;;https://evil.example\x1b\\docs\x1b]8;;\x1b\\', 'docs'],
    ['an 8-bit OSC', '\x9d0;title\x9ctext', 'text'],
    ['DCS', 'a\x1bP1;1|17/17\x1b\\b', 'ab'],
    ['an 8-bit DCS', 'a\x90q\x9cb', 'ab'],
    ['APC', 'a\x1b_Gf=100;AAAA\x1b\\b', 'ab'],
    ['PM and SOS', 'a\x1b^x\x1b\\b\x1bXy\x1b\\c', 'abc'],
    ['character sets and reset', '\x1b(0lqk\x1b(B\x1bc', 'lqk'],
    ['a sequence that was broken off by a line end', 'a\x1b[31\nb', 'a\nb'],
    ['a string that never ends: only its line is lost', 'a\x1b]0;never\nb', 'a\nb'],
    ['a string cut off by another sequence', 'a\x1b]0;t\x1b[31mb', 'ab'],
    ['an escape at the end', 'a\x1b', 'a'],
    ['bell, backspace, delete, null', 'a\x07\b\x7f\0b', 'ab'],
    ['direction overrides and isolates', 'a\u202eb\u2066c\u200f', 'abc'],
    ['zero width and tag characters', 'a\u200b\u2060\ufeff\u{e0041}\u{e007f}b', 'ab'],
    ['a lone surrogate', 'a\ud83db', 'a\ufffdb'],
    ['a lone surrogate at the end', 'a\ud83d', 'a\ufffd'],
  ])('takes out %s', (_, text, clean) => {
    expect(sanitize(text)).toBe(clean);
  });

  it.each([
    ['tabs and line ends', 'a\tb\nc', 'a\tb\nc'],
    ['Windows line ends as line ends', 'a\r\nb\r\r\nc', 'a\nb\nc'],
    ['what a carriage return would overwrite', '10%\r50%\r\x1b[K100%\r\n', '10%\n50%\n100%\n'],
    ['other line ends', 'a\vb\fc\x85d\u2028e', 'a\nb\nc\nd\ne'],
    ['emoji with joiners, combining marks, wide characters', '👩‍💻 é 日本 नमस्ते', '👩‍💻 é 日本 नमस्ते'],
  ])('keeps %s', (_, text, clean) => {
    expect(sanitize(text)).toBe(clean);
  });

  it('gives the same wherever a stream is cut', () => {
    fc.assert(
      fc.property(hostile, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        expect(inPieces(text, cuts)).toBe(sanitize(text));
      }),
    );
  });

  it('leaves nothing that a terminal obeys, and nothing to do twice', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const clean = sanitize(text);
        expect(clean).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        expect(clean.isWellFormed()).toBe(true);
        expect(sanitize(clean)).toBe(clean);
      }),
    );
  });

  it('leaves ordinary text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abc XYZ0189.,:;!?<>[]{}()/\\|~^_`"\'\n\tñß✓…') }), (text) => {
        expect(sanitize(text)).toBe(text);
      }),
    );
  });

  it('starts afresh after the end of a stream', () => {
    const filter = sanitizer();
    filter.push('\x1b]0;never closed');
    filter.end();

    expect(filter.push('text')).toBe('text');
  });
});
