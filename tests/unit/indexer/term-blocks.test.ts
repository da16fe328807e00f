import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DamagedIndex } from '../../../src/indexer/bytes.ts';
import { createTermBlockWriter, openTermDirectory } from '../../../src/indexer/term-blocks.ts';

const about = (term: string) => ({ documents: term.length, bytes: Buffer.from(`about ${term}`) });
const stored = (terms: readonly string[]) => {
  const writer = createTermBlockWriter();
  for (const term of terms.toSorted()) writer.add(term, about(term).documents, about(term).bytes);
  return writer.finish();
};
const open = ({ blocks, directory }: { blocks: Buffer; directory: Buffer }) =>
  openTermDirectory(directory, blocks.length, (offset, length) => blocks.subarray(offset, offset + length));

describe('the term dictionary', () => {
  it('finds every term that was written and no other, and gives all of them in order', () => {
    const word = fc.stringMatching(/^[=/]?[a-z0-9é名😀]{1,12}$/u);
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 600 }), word, (terms, stranger) => {
        const dictionary = open(stored(terms));
        for (const term of terms) expect(dictionary.find(term)).toEqual(about(term));
        expect(dictionary.find(stranger) !== undefined).toBe(terms.includes(stranger));
        expect([...dictionary.all()].map(({ term }) => term)).toEqual(terms.toSorted());
      }),
      { numRuns: 60 },
    );
  });

  it('notices a changed byte in a block', () => {
    const written = stored(Array.from({ length: 100 }, (_, index) => `term${index}`));
    written.blocks[written.blocks.length - 1] = (written.blocks.at(-1) ?? 0) ^ 1;
    expect(() => open(written).find('term99')).toThrow(DamagedIndex);
  });

  it('notices a directory that is cut off, or of other blocks', () => {
    const { blocks, directory } = stored(['one', 'two']);
    expect(() => open({ blocks, directory: directory.subarray(0, 10) })).toThrow(DamagedIndex);
    expect(() => open({ blocks, directory: Buffer.alloc(0) })).toThrow(DamagedIndex);
    expect(() => open({ blocks: blocks.subarray(1), directory })).toThrow(DamagedIndex);
  });
});
