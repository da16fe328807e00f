import { createTermTable, FIELD_COUNT, type TermTable } from './file-terms.ts';
import type { ParsedFile } from './parser.ts';
import { HIGHEST, PostingsWriter } from './postings.ts';
import { type SegmentDocument, type SegmentRow, writeSegment } from './segment-file.ts';
import { writeSymbols } from './stored-symbols.ts';
import type { TermList } from './term-blocks.ts';

/** Collects parsed files and writes them as one segment. */
export interface SegmentWriter {
  readonly documents: number;
  add(document: SegmentDocument, text: string, parsed: ParsedFile): void;
  /** Writes the file; the writer must not be used again. */
  write(file: string): void;
}

/** `table` may be one that other segments were counted with: it knows their words already. */
export function createSegmentWriter(table: TermTable = createTermTable()): SegmentWriter {
  const rows: SegmentRow[] = [];
  const hits = createHits();
  return {
    get documents() {
      return rows.length;
    },
    add(document, text, parsed) {
      const id = rows.length;
      const lengths = table.count(document.path, text, parsed, (term, counts, from) =>
        hits.add(term, id, counts, from),
      );
      const { path, language, size, hash } = document;
      rows.push({ path, language, size, hash, lengths, symbols: writeSymbols(parsed.symbols) });
    },
    write(file) {
      writeSegment(file, rows, hits.lists(table.terms));
    },
  };
}

/**
 * Which terms stand in which documents, one after the other as they come. In three arrays for all of them, instead of
 * a list for each term: there are tens of thousands of terms, and most of them stand in one document.
 */
function createHits() {
  let terms = new Uint32Array(1 << 14);
  let documents = new Uint32Array(1 << 14);
  let counts = new Uint8Array(FIELD_COUNT << 14);
  let size = 0;

  function grow(): void {
    const [oldTerms, oldDocuments, oldCounts] = [terms, documents, counts];
    terms = new Uint32Array(oldTerms.length * 2);
    terms.set(oldTerms);
    documents = new Uint32Array(oldDocuments.length * 2);
    documents.set(oldDocuments);
    counts = new Uint8Array(oldCounts.length * 2);
    counts.set(oldCounts);
  }

  return {
    add(term: number, document: number, own: Uint32Array, from: number): void {
      if (size === terms.length) grow();
      terms[size] = term;
      documents[size] = document;
      for (let field = 0; field < FIELD_COUNT; field++)
        counts[size * FIELD_COUNT + field] = Math.min(HIGHEST, own[from + field] ?? 0);
      size++;
    },
    /** The list of each term, in the order of the terms; its bytes are valid until the next one. */
    *lists(names: readonly string[]): Generator<{ term: string } & TermList> {
      // Sorted by term in one pass over them, documents stay in order.
      const ends = new Uint32Array(names.length + 1);
      for (let at = 0; at < size; at++) ends[(terms[at] ?? 0) + 1] = (ends[(terms[at] ?? 0) + 1] ?? 0) + 1;
      const used: number[] = [];
      for (let term = 0; term < names.length; term++) {
        if (ends[term + 1] !== 0) used.push(term);
        ends[term + 1] = (ends[term + 1] ?? 0) + (ends[term] ?? 0);
      }
      const starts = ends.slice();
      const order = new Uint32Array(size);
      for (let at = 0; at < size; at++) {
        const term = terms[at] ?? 0;
        const place = ends[term] ?? 0;
        order[place] = at;
        ends[term] = place + 1;
      }
      used.sort((a, b) => ((names[a] ?? '') < (names[b] ?? '') ? -1 : 1));
      const list = new PostingsWriter();
      for (const term of used) {
        list.clear();
        for (let place = starts[term] ?? 0; place < (starts[term + 1] ?? 0); place++) {
          const at = order[place] ?? 0;
          list.add(documents[at] ?? 0, counts, at * FIELD_COUNT);
        }
        yield { term: names[term] ?? '', documents: list.documents, bytes: list.view() };
      }
    },
  };
}
