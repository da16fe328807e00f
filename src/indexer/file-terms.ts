import { stem } from '../platform/stem.ts';
import type { ParsedFile } from './parser.ts';
import { compound, isTerm, isWordSign, splitIdentifier, termsOf } from './terms.ts';

/** Where in a file a term stands, from the most telling place to the least. */
export const FIELDS = ['stem', 'folder', 'names', 'comments', 'body'] as const;
export const FIELD_COUNT = FIELDS.length;

const STEM = 0;
const FOLDER = 1;
const NAMES = 2;
const COMMENTS = 3;
const BODY = 4;

/**
 * Counts terms, file by file, and gives each term a number. This is run over every byte of a project, so words are
 * found in a hash table by their signs in place, without making a string of each.
 */
export interface TermTable {
  /** Terms by their number. */
  readonly terms: readonly string[];
  /**
   * Counts a file's terms; `hear` gets each of them, and where in an array that is used again its counts by field
   * begin. Returns the number of terms by field, all occurrences.
   */
  count(path: string, text: string, parsed: ParsedFile, hear: HearTerm): number[];
}

export type HearTerm = (term: number, counts: Uint32Array, from: number) => void;

export function createTermTable(): TermTable {
  const terms: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (term: string): number => {
    const known = numbers.get(term);
    if (known !== undefined) return known;
    numbers.set(term, terms.length);
    return terms.push(term) - 1;
  };
  const words = createWordTable(
    (word) => termsOf(word).map(numberOf),
    (word) => {
      const parts = splitIdentifier(word);
      return parts.length === 1 ? numberOf(compound(parts)) : undefined;
    },
  );

  // Counts of the file at hand by term and field, and which terms it has.
  let counts = new Uint32Array(FIELD_COUNT << 14);
  const present: number[] = [];
  const lengths = new Float64Array(FIELD_COUNT);
  /** Where a term's counts begin. */
  const rowOf = (term: number): number => {
    const row = term * FIELD_COUNT;
    while (row + FIELD_COUNT > counts.length) {
      const grown = new Uint32Array(counts.length * 2);
      grown.set(counts);
      counts = grown;
    }
    let any = 0;
    for (let field = row; field < row + FIELD_COUNT; field++) any |= counts[field] ?? 0;
    if (any === 0) present.push(term);
    return row;
  };
  const put = (field: number, term: number, times: number) => {
    const place = rowOf(term) + field;
    counts[place] = (counts[place] ?? 0) + times;
    lengths[field] = (lengths[field] ?? 0) + times;
  };
  const putWord = (term: number, body: number, comments: number, names: number) => {
    const row = rowOf(term);
    counts[row + BODY] = (counts[row + BODY] ?? 0) + body;
    counts[row + COMMENTS] = (counts[row + COMMENTS] ?? 0) + comments;
    counts[row + NAMES] = (counts[row + NAMES] ?? 0) + names;
    lengths[BODY] = (lengths[BODY] ?? 0) + body;
    lengths[COMMENTS] = (lengths[COMMENTS] ?? 0) + comments;
    lengths[NAMES] = (lengths[NAMES] ?? 0) + names;
  };

  return {
    terms,
    count(path, text, parsed, hear) {
      lengths.fill(0);
      let end = 0;
      for (const [from, to] of parsed.comments) {
        if (from >= end) {
          words.read(text, end, from, WRITTEN);
          end = to;
        }
        words.read(text, from, to, COMMENTED);
      }
      words.read(text, end, text.length, WRITTEN);
      for (const { name, docstring } of parsed.symbols) {
        words.read(docstring, 0, docstring.length, COMMENTED);
        // Most often one word, and known from where it is defined.
        if (isWord(name)) words.read(name, 0, name.length, DEFINED);
        else {
          for (const term of termsOf(name)) put(NAMES, numberOf(term), 1);
          const parts = splitIdentifier(name);
          if (parts.length === 1) put(NAMES, numberOf(compound(parts)), 1);
        }
      }
      for (const name of parsed.names) words.read(name, 0, name.length, NAMED);
      words.flush(putWord);
      const { folders, name } = pathWords(path);
      for (const folder of folders) for (const term of termsOf(folder)) put(FOLDER, numberOf(term), 1);
      for (const term of [...name.filter(isTerm).map(stem), stemTerm(path)]) put(STEM, numberOf(term), 1);

      for (const term of present) {
        const row = term * FIELD_COUNT;
        hear(term, counts, row);
        counts.fill(0, row, row + FIELD_COUNT);
      }
      present.length = 0;
      return [...lengths];
    },
  };
}

/** Where a word was read. */
const WRITTEN = 0;
const COMMENTED = 1;
const NAMED = 2;
/** As the whole name of a definition: one of a single word counts as a compound, too. */
const DEFINED = 3;

/** Words seen so far with the terms they stand for, and how often each was read since the last flush. */
interface WordTable {
  read(text: string, from: number, to: number, where: number): void;
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
function createWordTable(
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
    for (let number = 0; number < size; number++) {
      let free = (rows[number * ROW + ONE] ?? 0) & (slots.length - 1);
      while (slots[free] !== 0) free = (free + 1) & (slots.length - 1);
      slots[free] = number + 1;
    }
  }

  function add(word: string, one: number, two: number, slot: number): number {
    const number = size++;
    const row = number * ROW;
    const own = split(word);
    rows[row + ONE] = one;
    rows[row + TWO] = two;
    rows[row + TERMS] = (terms.length << COUNT_BITS) | own.length;
    terms.push(...own);
    slots[slot] = number + 1;
    if (size * ROW === rows.length) grow();
    return number;
  }

  function count(text: string, start: number, end: number, one: number, two: number, where: number): void {
    const mask = slots.length - 1;
    let slot = one & mask;
    let number = (slots[slot] ?? 0) - 1;
    while (number >= 0 && (rows[number * ROW + ONE] !== one || rows[number * ROW + TWO] !== two)) {
      slot = (slot + 1) & mask;
      number = (slots[slot] ?? 0) - 1;
    }
    if (number < 0) number = add(text.slice(start, end), one, two, slot);
    const row = number * ROW;
    const read = row + READ;
    if (((rows[read] ?? 0) | (rows[read + 1] ?? 0) | (rows[read + 2] ?? 0) | (rows[read + 3] ?? 0)) === 0)
      present.push(number);
    rows[read + where] = (rows[read + where] ?? 0) + 1;
    if (where === DEFINED && rows[row + ALONE] === 0) rows[row + ALONE] = (alone(text.slice(start, end)) ?? -1) + 2;
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
          if (index - start > 1) count(text, start, index, one, two, where);
          start = -1;
        }
      }
    },
    flush(put) {
      for (const number of present) {
        const row = number * ROW;
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
function isWord(name: string): boolean {
  for (let index = 0; index < name.length; index++) if (!isWordSign(name.charCodeAt(index))) return false;
  return name.length > 1;
}

/** File names that say no more than the folder they stand in. */
const NAMELESS = /^(?:index|mod|__init__|__main__|main|lib|init|package|default)$/;

/** The folders of a path and the words of its file name; a nameless file goes by its folder's name. */
function pathWords(path: string): { folders: string[]; name: string[] } {
  const folders = path.split('/');
  const file = folders.pop() ?? '';
  const bare = file.replace(/^\./, '').replace(/\..*$/, '');
  const folder = folders.at(-1);
  const name = NAMELESS.test(bare.toLowerCase()) && folder !== undefined ? folder : bare;
  return { folders, name: splitIdentifier(name) };
}

/** The term that stands for a whole file name: `/userservice` for `user_service.py`. */
const stemTerm = (path: string) => `/${pathWords(path).name.join('')}`;
