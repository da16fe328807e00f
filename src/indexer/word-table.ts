import { isWordSign } from './terms.ts';

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
// compound + 2, or 1 for none; how often it was read, by where.
const ONE = 0;
const TWO = 1;
const TERMS = 2;
const ALONE = 3;
const READ = 4;
const ROW = 8;
const COUNT_BITS = 4;

/**
 * Two hashes of 32 bits stand for a word: comparing its letters each time would take as long as all the rest. `split`
 * gives fewer than 16 terms; `alone` the compound of a word that has no parts.
 */
export function createWordTable(
  split: (word: string) => readonly number[],
  alone: (word: string) => number | undefined,
): WordTable {
  let slots = new Int32Array(1 << 14); // number of a word + 1; 0 is free
  let rows = new Int32Array(ROW << 13);
  let size = 0;
  const terms: number[] = [];
  const present: number[] = [];

  function grow(): void {
    const grown = new Int32Array(rows.length * 2);
    grown.set(rows);
    rows = grown;
    slots = new Int32Array(slots.length * 2);
    for (let number = 0; number < size; number++) place(number);
  }

  /** Notes in a free slot where a word's row is. */
  function place(number: number): void {
    let free = (rows[number * ROW + ONE] ?? 0) & (slots.length - 1);
    while (slots[free] !== 0) free = (free + 1) & (slots.length - 1);
    slots[free] = number + 1;
  }

  /** The row of a word, or -1. */
  function find(one: number, two: number): number {
    const mask = slots.length - 1;
    let slot = one & mask;
    let row = ((slots[slot] ?? 0) - 1) * ROW;
    while (row >= 0 && (rows[row + ONE] !== one || rows[row + TWO] !== two)) {
      slot = (slot + 1) & mask;
      row = ((slots[slot] ?? 0) - 1) * ROW;
    }
    return row < 0 ? -1 : row;
  }

  function add(word: string, one: number, two: number): number {
    if ((size + 1) * ROW === rows.length) grow();
    const row = size * ROW;
    const own = split(word);
    rows[row + ONE] = one;
    rows[row + TWO] = two;
    rows[row + TERMS] = (terms.length << COUNT_BITS) | own.length;
    terms.push(...own);
    place(size++);
    return row;
  }

  function count(row: number, where: number): void {
    const read = row + READ;
    if (((rows[read] ?? 0) | (rows[read + 1] ?? 0) | (rows[read + 2] ?? 0) | (rows[read + 3] ?? 0)) === 0)
      present.push(row);
    rows[read + where] = (rows[read + where] ?? 0) + 1;
  }

  // Words that were met for the first time: start, end, hashes. They are learned behind the loop that is run over
  // every byte, which would else be compiled again with all that takes whenever a rare case turns up in it.
  let unknown: number[] = [];
  function learn(text: string, where: number): void {
    const met = unknown;
    unknown = [];
    for (let at = 0; at < met.length; at += 4) {
      const [start = 0, end = 0, one = 0, two = 0] = met.slice(at, at + 4);
      const row = find(one, two);
      count(row < 0 ? add(text.slice(start, end), one, two) : row, where);
    }
  }

  return {
    read(text, from, to, where) {
      let start = -1;
      let one = 0;
      let two = 0;
      for (let index = from; index <= to; index++) {
        const code = index < to ? text.charCodeAt(index) : 0;
        if (isWordSign(code)) {
          if (start < 0) {
            start = index;
            one = 0;
            two = 0;
          }
          one = (Math.imul(one, 31) + code) | 0;
          two = Math.imul(two ^ code, 0x01000193);
        } else if (start >= 0) {
          if (index - start > 1) {
            const row = find(one, two);
            if (row < 0) unknown.push(start, index, one, two);
            else count(row, where);
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
      const known = find(one, two);
      const row = known < 0 ? add(name, one, two) : known;
      count(row, DEFINED);
      if (rows[row + ALONE] === 0) rows[row + ALONE] = (alone(name) ?? -1) + 2;
    },
    flush(put) {
      for (const row of present) {
        const body = rows[row + READ + WRITTEN] ?? 0;
        const comments = rows[row + READ + COMMENTED] ?? 0;
        const defined = rows[row + READ + DEFINED] ?? 0;
        const names = (rows[row + READ + NAMED] ?? 0) + defined;
        const packed = rows[row + TERMS] ?? 0;
        const first = packed >>> COUNT_BITS;
        const last = first + (packed & ((1 << COUNT_BITS) - 1));
        for (let at = first; at < last; at++) put(terms[at] ?? 0, body, comments, names);
        if (defined > 0 && (rows[row + ALONE] ?? 0) > 1) put((rows[row + ALONE] ?? 0) - 2, 0, 0, defined);
        rows.fill(0, row + READ, row + ROW);
      }
      present.length = 0;
    },
  };
}

/** Whether a name is one word as text has them; those of a single letter are passed over there. */
export function isWord(name: string): boolean {
  for (let index = 0; index < name.length; index++) if (!isWordSign(name.charCodeAt(index))) return false;
  return name.length > 1;
}
