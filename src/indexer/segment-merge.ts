import { ByteReader } from './bytes.ts';
import { FIELD_COUNT } from './file-terms.ts';
import { PostingsWriter, readPostings } from './postings.ts';
import { type SegmentRow, writeSegment } from './segment-file.ts';
import type { Segment } from './segment-reader.ts';
import type { TermList } from './term-blocks.ts';

/** A segment, and which of its documents go on living. */
export interface MergePart {
  segment: Segment;
  isAlive: (document: number) => boolean;
}

/**
 * Writes the living documents of some segments as one, in the order of `parts`; no file of the project is read. A
 * query reads as much per segment as per term, so few large segments are what makes it quick. Throws DamagedIndex.
 */
export function mergeSegments(parts: readonly MergePart[], file: string): void {
  const rows: SegmentRow[] = [];
  const numbers = parts.map(({ segment, isAlive }) => {
    const own = new Int32Array(segment.count).fill(-1);
    for (let document = 0; document < segment.count; document++) {
      if (!isAlive(document)) continue;
      own[document] = rows.length;
      // A copy: what a row's symbols point into is let go of with the next chunk.
      const row = segment.row(document);
      rows.push({ ...row, symbols: Uint8Array.from(row.symbols) });
    }
    return own;
  });
  writeSegment(file, rows, mergedTerms(parts, numbers));
}

function* mergedTerms(
  parts: readonly MergePart[],
  numbers: readonly Int32Array[],
): Generator<{ term: string } & TermList> {
  const cursors = parts.map(({ segment }, index) => {
    const terms = segment.terms();
    return { index, segment, terms, now: terms.next() };
  });
  // Where nothing is dead, numbers only move up and lists are copied.
  const shifts = parts.map(({ segment }, index) => {
    const own = numbers[index];
    return own?.every((number) => number >= 0) === true && segment.count > 0 ? own[0] : undefined;
  });
  const merged = new PostingsWriter();
  for (;;) {
    let lowest: string | undefined;
    for (const { now } of cursors)
      if (!now.done && (lowest === undefined || now.value.term < lowest)) lowest = now.value.term;
    if (lowest === undefined) return;
    merged.clear();
    for (const cursor of cursors) {
      if (cursor.now.done || cursor.now.value.term !== lowest) continue;
      const { documents: listed, bytes } = cursor.now.value;
      const shift = shifts[cursor.index];
      if (shift !== undefined) merged.append(bytes, listed, shift);
      else {
        const { documents, counts } = readPostings(new ByteReader(bytes), listed, cursor.segment.count);
        for (const [position, document] of documents.entries()) {
          const number = numbers[cursor.index]?.[document] ?? -1;
          if (number >= 0) merged.add(number, counts, position * FIELD_COUNT);
        }
      }
      cursor.now = cursor.terms.next();
    }
    if (merged.documents > 0) yield { term: lowest, documents: merged.documents, bytes: merged.view() };
  }
}
