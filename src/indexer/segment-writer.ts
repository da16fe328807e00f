import { createTermTable } from './file-terms.ts';
import type { ParsedFile } from './parser.ts';
import { PostingsWriter } from './postings.ts';
import { type SegmentDocument, type SegmentRow, writeSegment } from './segment-file.ts';
import { writeSymbols } from './stored-symbols.ts';

/** Collects parsed files and writes them as one segment. */
export interface SegmentWriter {
  readonly documents: number;
  add(document: SegmentDocument, text: string, parsed: ParsedFile): void;
  /** Writes the file; the writer must not be used again. */
  write(file: string): void;
}

export function createSegmentWriter(): SegmentWriter {
  const rows: SegmentRow[] = [];
  const table = createTermTable();
  const postings: PostingsWriter[] = [];
  return {
    get documents() {
      return rows.length;
    },
    add(document, text, parsed) {
      const id = rows.length;
      const lengths = table.count(document.path, text, parsed, (term, counts) => {
        let list = postings[term];
        if (!list) postings[term] = list = new PostingsWriter();
        list.add(id, counts);
      });
      const { path, language, size, hash } = document;
      rows.push({ path, language, size, hash, lengths, symbols: writeSymbols(parsed.symbols) });
    },
    write(file) {
      const known = table.terms.map((term, number) => ({ term, number })).filter(({ number }) => postings[number]);
      known.sort((a, b) => (a.term < b.term ? -1 : 1));
      writeSegment(file, rows, lists());

      function* lists() {
        for (const { term, number } of known) {
          const list = postings[number];
          if (list) yield { term, documents: list.documents, bytes: list.view() };
        }
      }
    },
  };
}
