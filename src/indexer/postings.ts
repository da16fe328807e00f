import { ByteReader, ByteWriter, DamagedIndex } from './bytes.ts';
import { FIELD_COUNT } from './file-terms.ts';

/** Where a term stands: document numbers, rising, and FIELD_COUNT counts for each of them. */
export interface Postings {
  documents: Uint32Array;
  counts: Uint32Array;
}

const MASKS = 1 << FIELD_COUNT;
/** Scores are saturated long before: a higher count says no more. */
export const HIGHEST = 255;

/** Writes the list of one term: distance to the document before, which fields have the term, how often. */
export class PostingsWriter {
  readonly #bytes = new ByteWriter(8);
  #last = -1;
  documents = 0;

  /** Documents must come in rising order. */
  add(document: number, counts: ArrayLike<number>, from = 0): void {
    let mask = 0;
    let plain = true;
    for (let field = 0; field < FIELD_COUNT; field++) {
      const count = counts[from + field] ?? 0;
      if (count > 0) mask |= 1 << field;
      if (count > 1) plain = false;
    }
    // Most words stand once in each of their places: one bit says so.
    this.#bytes.number(((document - this.#last - 1) * MASKS + mask) * 2 + (plain ? 1 : 0));
    if (!plain) {
      for (let field = 0; field < FIELD_COUNT; field++) {
        const count = counts[from + field] ?? 0;
        if (count > 0) this.#bytes.number(Math.min(HIGHEST, count));
      }
    }
    this.#last = document;
    this.documents++;
  }

  /** Adds a list as it was written, its documents moved up by `shift`. Throws DamagedIndex. */
  append(list: Uint8Array, listed: number, shift: number): void {
    if (listed === 0) return;
    const reader = new ByteReader(list);
    let document = shift - 1;
    let rest = 0;
    for (let index = 0; index < listed; index++) {
      const head = reader.number();
      document += Math.floor(head / (2 * MASKS)) + 1;
      // Only the first distance depends on what stands before the list.
      if (index === 0) this.#bytes.number((document - this.#last - 1) * 2 * MASKS + (head % (2 * MASKS)));
      if (head % 2 === 0)
        for (let mask = (head >> 1) % MASKS; mask !== 0; mask &= mask - 1) {
          const count = reader.number();
          if (index === 0) this.#bytes.number(count);
        }
      if (index === 0) rest = reader.at;
    }
    this.#bytes.raw(list.subarray(rest, reader.at));
    this.#last = document;
    this.documents += listed;
  }

  /** Begins a new list; what `view` gave is written over. */
  clear(): void {
    this.#bytes.clear();
    this.#last = -1;
    this.documents = 0;
  }

  view(): Buffer {
    return this.#bytes.view();
  }
}

/** Reads a list of `listed` documents out of `count`. Throws DamagedIndex. */
export function readPostings(bytes: ByteReader, listed: number, count: number): Postings {
  if (listed > count) throw new DamagedIndex('a term stands in more files than there are');
  const documents = new Uint32Array(listed);
  const counts = new Uint32Array(listed * FIELD_COUNT);
  let document = -1;
  for (let index = 0; index < listed; index++) {
    const head = bytes.number();
    const plain = head % 2 === 1;
    const rest = Math.floor(head / 2);
    document += Math.floor(rest / MASKS) + 1;
    if (document >= count) throw new DamagedIndex('a term stands in a file that is not there');
    documents[index] = document;
    for (let field = 0; field < FIELD_COUNT; field++) {
      if (rest & (1 << field)) counts[index * FIELD_COUNT + field] = plain ? 1 : bytes.number();
    }
  }
  return { documents, counts };
}
