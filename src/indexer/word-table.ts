import { isWordSign, WORD_SIGNS } from './terms.ts';

/** Where a word was read. */
export const WRITTEN = 0;
export const COMMENTED = 1;
export const NAMED = 2;
/** As the whole name of a definition: one without parts counts as a compound, too. */
const DEFINED = 3;

/** Words seen so far with the terms they stand for, and how often each was read since the last flush. */
export interface WordTable {
  read(text: string, from: number, to: number, where: number): void;
  /** Reads a word that is the name of a definition. */
  define(name: string): void;
  flush(put: (term: number, body: number, comments: number, names: number) => void): void;
}

// What is kept of a word, in one row: two hashes; where its terms begin and, in four bits, how many they are; its
// compound + 2, or 1 for none.
const ONE = 0;
const TWO = 1;
const TERMS = 2;
const ALONE = 3;
const ROW = 4;
const COUNT_BITS = 4;
// Of a word of the file at hand: its hashes, its row, and how often it was read, by where.
const KNOWN = 2;
const READ = 3;
const OWN_ROW = 8;

/**
 * Two hashes of 32 bits stand for a word: comparing its letters each time would take as long as all the rest. What is
 * read is looked up among the words of the file at hand, which fit into the nearest cache of a processor; all words
 * are asked once for each of those. `split` gives fewer than 16 terms; `alone` the compound of a word without parts.
 */
export function createWordTable(
  split: (word: string) => readonly number[],
  alone: (word: string) => number | undefined,
): WordTable {
  const all = createRows(1 << 13, ROW);
  const own = createRows(1 << 10, OWN_ROW);
  const terms: number[] = [];

  /** The row of a word among all; a new one for a word that was never met. */
  function know(word: () => string, one: number, two: number): number {
    const known = all.find(one, two);
    if (known >= 0) return known;
    const parts = split(word());
    const row = all.add(one, two);
    all.rows[row + TERMS] = (terms.length << COUNT_BITS) | parts.length;
    terms.push(...parts);
    return row;
  }

  /** The row of a word among those of the file at hand. */
  function meet(word: () => string, one: number, two: number): number {
    const met = own.find(one, two);
    if (met >= 0) return met;
    const known = know(word, one, two);
    const row = own.add(one, two);
    own.rows[row + KNOWN] = known;
    return row;
  }

  // Words that the file did not have before: start, end, hashes. They are learned behind the loop that is run over
  // every byte, which would else be compiled again with all that takes whenever a rare case turns up in it.
  let unknown: number[] = [];
  function learn(text: string, where: number): void {
    const met = unknown;
    unknown = [];
    for (let at = 0; at < met.length; at += 4) {
      const word = () => text.slice(met[at] ?? 0, met[at + 1] ?? 0);
      const read = meet(word, met[at + 2] ?? 0, met[at + 3] ?? 0) + READ + where;
      own.rows[read] = (own.rows[read] ?? 0) + 1;
    }
  }

  return {
    read(text, from, to, where) {
      const { rows } = own;
      let start = -1;
      let one = 0;
      let two = 0;
      for (let index = from; index <= to; index++) {
        const code = index < to ? text.charCodeAt(index) : 0;
        if (code < 128 ? WORD_SIGNS[code] === 1 : isWordSign(code)) {
          if (start < 0) {
            start = index;
            one = 0;
            two = 0;
          }
          one = (Math.imul(one, 31) + code) | 0;
          two = Math.imul(two ^ code, 0x01000193);
        } else if (start >= 0) {
          if (index - start > 1) {
            const row = own.find(one, two);
            if (row < 0) unknown.push(start, index, one, two);
            else rows[row + READ + where] = (rows[row + READ + where] ?? 0) + 1;
          }
          start = -1;
        }
      }
      if (unknown.length > 0) learn(text, where);
    },
    define(name) {
      let one = 0;
      let two = 0;
      for (let index = 0; index < name.length; index++) {
        one = (Math.imul(one, 31) + name.charCodeAt(index)) | 0;
        two = Math.imul(two ^ name.charCodeAt(index), 0x01000193);
      }
      const row = meet(() => name, one, two);
      own.rows[row + READ + DEFINED] = (own.rows[row + READ + DEFINED] ?? 0) + 1;
      const known = (own.rows[row + KNOWN] ?? 0) + ALONE;
      if (all.rows[known] === 0) all.rows[known] = (alone(name) ?? -1) + 2;
    },
    flush(put) {
      const { rows } = own;
      for (let row = 0; row < own.end; row += OWN_ROW) {
        const body = rows[row + READ + WRITTEN] ?? 0;
        const comments = rows[row + READ + COMMENTED] ?? 0;
        const defined = rows[row + READ + DEFINED] ?? 0;
        const names = (rows[row + READ + NAMED] ?? 0) + defined;
        const known = rows[row + KNOWN] ?? 0;
        const packed = all.rows[known + TERMS] ?? 0;
        const first = packed >>> COUNT_BITS;
        const last = first + (packed & ((1 << COUNT_BITS) - 1));
        for (let at = first; at < last; at++) put(terms[at] ?? 0, body, comments, names);
        const compound = all.rows[known + ALONE] ?? 0;
        if (defined > 0 && compound > 1) put(compound - 2, 0, 0, defined);
      }
      own.clear();
    },
  };
}

/** Rows of numbers that begin with two hashes, one behind the other, and where each is by its first hash. */
interface Rows {
  readonly rows: Int32Array;
  /** Behind the last row. */
  readonly end: number;
  /** Where the row of these hashes begins, or -1. */
  find(one: number, two: number): number;
  /** Begins a row, all else in it 0. What `rows` gave before is not valid any more. */
  add(one: number, two: number): number;
  clear(): void;
}

function createRows(capacity: number, width: number): Rows {
  // By a hash, where its row begins + 1; 0 is free. Their number is a power of two.
  let slots = new Int32Array(capacity * 2);
  let rows = new Int32Array(capacity * width);
  let end = 0;
  function place(row: number): void {
    const mask = slots.length - 1;
    let free = (rows[row + ONE] ?? 0) & mask;
    while (slots[free] !== 0) free = (free + 1) & mask;
    slots[free] = row + 1;
  }
  return {
    get rows() {
      return rows;
    },
    get end() {
      return end;
    },
    find(one, two) {
      const mask = slots.length - 1;
      let slot = one & mask;
      let row = (slots[slot] ?? 0) - 1;
      while (row >= 0 && (rows[row + ONE] !== one || rows[row + TWO] !== two)) {
        slot = (slot + 1) & mask;
        row = (slots[slot] ?? 0) - 1;
      }
      return row;
    },
    add(one, two) {
      if (end + width > rows.length) {
        const grown = new Int32Array(rows.length * 2);
        grown.set(rows);
        rows = grown;
        slots = new Int32Array(slots.length * 2);
        for (let row = 0; row < end; row += width) place(row);
      }
      const row = end;
      end += width;
      rows[row + ONE] = one;
      rows[row + TWO] = two;
      place(row);
      return row;
    },
    clear() {
      // What one large file needed is not filled with zeros for every other one.
      if (rows.length > capacity * width) {
        slots = new Int32Array(capacity * 2);
        rows = new Int32Array(capacity * width);
      } else {
        slots.fill(0);
        rows.fill(0, 0, end);
      }
      end = 0;
    },
  };
}

/** Whether a name is one word as text has them; those of a single letter are passed over there. */
export function isWord(name: string): boolean {
  for (let index = 0; index < name.length; index++) if (!isWordSign(name.charCodeAt(index))) return false;
  return name.length > 1;
}
