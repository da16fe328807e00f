import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteReader } from '../../../src/indexer/bytes.ts';
import { FIELD_COUNT } from '../../../src/indexer/file-terms.ts';
import { PostingsWriter, readPostings } from '../../../src/indexer/postings.ts';

/** What a segment of some documents says of a term: counts by field of those that have it. */
const list = fc
  .array(fc.option(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: FIELD_COUNT, maxLength: FIELD_COUNT })))
  .map((documents) => documents.map((counts) => (counts?.some((count) => count > 0) ? counts : null)));
type List = Array<number[] | null>;

function written(documents: List): PostingsWriter {
  const writer = new PostingsWriter();
  for (const [document, counts] of documents.entries()) if (counts) writer.add(document, counts);
  return writer;
}

it('gives what was put in, counts up to 255', () => {
  fc.assert(
    fc.property(list, (documents) => {
      const writer = written(documents);
      const read = readPostings(new ByteReader(writer.view()), writer.documents, documents.length);
      const having = [...documents.entries()].flatMap(([document, counts]) => (counts ? [{ document, counts }] : []));
      expect([...read.documents]).toEqual(having.map(({ document }) => document));
      expect([...read.counts]).toEqual(having.flatMap(({ counts }) => counts.map((count) => Math.min(255, count))));
    }),
  );
});

it('appends lists byte for byte as if their documents were put in one by one', () => {
  fc.assert(
    fc.property(fc.array(list, { maxLength: 4 }), (lists) => {
      const appended = new PostingsWriter();
      // What was in it before is forgotten.
      appended.add(7, [1, 0, 0, 0, 0]);
      appended.clear();
      let shift = 0;
      for (const documents of lists) {
        const own = written(documents);
        appended.append(own.view(), own.documents, shift);
        shift += documents.length;
      }
      const whole = written(lists.flat());
      expect([appended.documents, appended.view()]).toEqual([whole.documents, whole.view()]);
    }),
  );
});
