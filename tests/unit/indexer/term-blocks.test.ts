import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter, DamagedIndex } from '../../../src/indexer/bytes.ts';
import { openTermDirectory, writeTermBlocks } from '../../../src/indexer/term-blocks.ts';

const list = (text: string) => {
  const bytes = new ByteWriter();
  bytes.text(text);
  return { bytes, documents: text.length };
};
const stored = (terms: readonly string[]) =>
  writeTermBlocks(new Map(terms.map((term) => [term, list(`about ${term}`)])));
const open = ({ blocks, directory }: { blocks: Buffer; directory: Buffer }) =>
  openTermDirectory(directory, (offset, length) => blocks.subarray(offset, offset + length));

describe('the term dictionary', () => {
  it('finds every term that was written and no other', () => {
    const word = fc.stringMatching(/^[=/]?[a-z0-9é名😀]{1,12}$/u);
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 200 }), word, (terms, stranger) => {
        const dictionary = open(stored(terms));
        for (const term of terms) {
          expect(dictionary.find(term)).toEqual({
            documents: `about ${term}`.length,
            bytes: list(`about ${term}`).bytes.view(),
          });
        }
        expect(dictionary.find(stranger) !== undefined).toBe(terms.includes(stranger));
      }),
      { numRuns: 60 },
    );
  });

  it('notices a changed byte in a block', () => {
    const written = stored(Array.from({ length: 100 }, (_, index) => `term${index}`));
    written.blocks[written.blocks.length - 1] = (written.blocks.at(-1) ?? 0) ^ 1;
    expect(() => open(written).find('term99')).toThrow(DamagedIndex);
  });

  it('notices a directory that is cut off', () => {
    const { blocks, directory } = stored(['one', 'two']);
    expect(() => open({ blocks, directory: directory.subarray(0, 10) })).toThrow(DamagedIndex);
    expect(() => open({ blocks, directory: Buffer.alloc(0) })).toThrow(DamagedIndex);
  });
});
