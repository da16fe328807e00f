import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepOutput } from '../../../src/platform/kept-output.ts';

describe('keepOutput', () => {
  it('keeps short output whole', () => {
    const kept = keepOutput(100, undefined);
    kept.add('one\ntw');
    kept.add('o\n');
    expect(kept.end()).toEqual({ output: 'one\ntwo\n', lines: 2 });
  });

  it('counts a last line without a newline', () => {
    const kept = keepOutput(100, undefined);
    kept.add('one\ntwo');
    expect(kept.end()).toEqual({ output: 'one\ntwo', lines: 2 });
  });

  it('keeps both ends of long output and says what is missing in between', () => {
    const kept = keepOutput(8, undefined);
    for (const piece of ['ab\n', 'cd\nef\n', 'gh\nij\n']) kept.add(piece);
    expect(kept.end()).toEqual({ output: 'ab\nc' + '\nij\n', lines: 5, omitted: { at: 4, characters: 7, lines: 2 } });
  });

  it('gives the same, however the text is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 1, max: 50 }), (pieces, keep) => {
        const inPieces = keepOutput(keep, undefined);
        for (const piece of pieces) inPieces.add(piece);
        const atOnce = keepOutput(keep, undefined);
        const text = pieces.join('');
        atOnce.add(text);
        const kept = inPieces.end();
        expect(kept).toEqual(atOnce.end());
        const half = Math.ceil(keep / 2);
        const expected = text.length <= keep ? text : text.slice(0, half) + text.slice(text.length - (keep - half));
        expect(kept.output).toBe(expected.toWellFormed());
      }),
    );
  });
});
