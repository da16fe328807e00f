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
   * Counts a file's terms; `hear` gets each of them with its count by field, in an array that is used again.
   * Returns the number of terms by field, all occurrences.
   */
  count(path: string, text: string, parsed: ParsedFile, hear: (term: number, counts: Uint32Array) => void): number[];
}

export function createTermTable(): TermTable {
  const terms: string[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (term: string): number => {
    const known = numbers.get(term);
    if (known !== undefined) return known;
    numbers.set(term, terms.length);
    return terms.push(term) - 1;
  };
  const words = createWordTable((word) => termsOf(word).map(numberOf));

  // Counts of the file at hand by term and field, and which terms it has.
  let counts = new Uint32Array(FIELD_COUNT << 14);
  const present: number[] = [];
  let lengths: number[] = [];
  const put = (field: number, term: number, times: number) => {
    const start = term * FIELD_COUNT;
    if (start + FIELD_COUNT > counts.length) {
      const grown = new Uint32Array(counts.length * 2);
      grown.set(counts);
      counts = grown;
    }
    if (!holds(counts, start)) present.push(term);
    counts[start + field] = (counts[start + field] ?? 0) + times;
    lengths[field] = (lengths[field] ?? 0) + times;
  };
  const putAll = (field: number, found: readonly string[]) => {
    for (const term of found) put(field, numberOf(term), 1);
  };

  return {
    terms,
    count(path, text, parsed, hear) {
      lengths = [0, 0, 0, 0, 0];
      let end = 0;
      for (const [from, to] of parsed.comments) {
        if (from < end) continue;
        words.read(text, end, from);
        end = to;
      }
      words.read(text, end, text.length);
      words.flush((term, times) => put(BODY, term, times));
      for (const [from, to] of parsed.comments) words.read(text, from, to);
      for (const { docstring } of parsed.symbols) words.read(docstring, 0, docstring.length);
      words.flush((term, times) => put(COMMENTS, term, times));

      for (const { name } of parsed.symbols) {
        putAll(NAMES, termsOf(name));
        const parts = splitIdentifier(name);
        if (parts.length === 1) put(NAMES, numberOf(compound(parts)), 1);
      }
      for (const name of parsed.names) words.read(name, 0, name.length);
      words.flush((term, times) => put(NAMES, term, times));
      const { folders, name } = pathWords(path);
      for (const folder of folders) putAll(FOLDER, termsOf(folder));
      putAll(STEM, [...name.filter(isTerm).map(stem), stemTerm(path)]);

      for (const term of present) {
        const own = counts.subarray(term * FIELD_COUNT, (term + 1) * FIELD_COUNT);
        hear(term, own);
        own.fill(0);
      }
      present.length = 0;
      return lengths;
    },
  };
}

function holds(counts: Uint32Array, start: number): boolean {
  for (let field = 0; field < FIELD_COUNT; field++) if (counts[start + field] !== 0) return true;
  return false;
}

/** Words seen so far with the terms they stand for, and how often each occurred since the last flush. */
interface WordTable {
  read(text: string, from: number, to: number): void;
  flush(hear: (term: number, times: number) => void): void;
}

function createWordTable(split: (word: string) => readonly number[]): WordTable {
  let slots = new Int32Array(1 << 14); // number of a word + 1; 0 is free
  // Two hashes of 32 bits stand for a word: comparing its letters each time would take as long as all the rest.
  let first = new Int32Array(1 << 13);
  let second = new Int32Array(1 << 13);
  let times = new Uint32Array(1 << 13);
  const stands: Array<readonly number[]> = [];
  const present: number[] = [];

  function grow(): void {
    const twice = (old: Int32Array) => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    first = twice(first);
    second = twice(second);
    const counted = new Uint32Array(times.length * 2);
    counted.set(times);
    times = counted;
    slots = new Int32Array(slots.length * 2);
    for (let number = 0; number < stands.length; number++) {
      let free = (first[number] ?? 0) & (slots.length - 1);
      while (slots[free] !== 0) free = (free + 1) & (slots.length - 1);
      slots[free] = number + 1;
    }
  }

  function add(word: string, one: number, two: number, slot: number): number {
    const number = stands.push(split(word)) - 1;
    first[number] = one;
    second[number] = two;
    slots[slot] = number + 1;
    if (stands.length === first.length) grow();
    return number;
  }

  function count(text: string, start: number, end: number, one: number, two: number): void {
    const mask = slots.length - 1;
    let slot = one & mask;
    let number = (slots[slot] ?? 0) - 1;
    while (number >= 0 && (first[number] !== one || second[number] !== two)) {
      slot = (slot + 1) & mask;
      number = (slots[slot] ?? 0) - 1;
    }
    if (number < 0) number = add(text.slice(start, end), one, two, slot);
    if (times[number] === 0) present.push(number);
    times[number] = (times[number] ?? 0) + 1;
  }

  return {
    read(text, from, to) {
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
          if (index - start > 1) count(text, start, index, one, two);
          start = -1;
        }
      }
    },
    flush(hear) {
      for (const number of present) {
        for (const term of stands[number] ?? []) hear(term, times[number] ?? 0);
        times[number] = 0;
      }
      present.length = 0;
    },
  };
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
