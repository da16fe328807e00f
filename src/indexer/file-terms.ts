import { stem } from '../platform/stem.ts';
import type { ParsedFile } from './parser.ts';
import { compound, isTerm, splitIdentifier, termsOf } from './terms.ts';
import { COMMENTED, createWordTable, isWord, NAMED, WRITTEN } from './word-table.ts';

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

  // Each loop is a function of its own: the compiler leaves a function for good when a loop in it ends unlike before.
  function readText(text: string, comments: ParsedFile['comments']): void {
    let end = 0;
    for (const [from, to] of comments) {
      if (from >= end) {
        words.read(text, end, from, WRITTEN);
        end = to;
      }
      words.read(text, from, to, COMMENTED);
    }
    words.read(text, end, text.length, WRITTEN);
  }
  function readSymbol({ name, docstring }: { name: string; docstring: string }): void {
    words.read(docstring, 0, docstring.length, COMMENTED);
    // Most often one word, and known from where it is defined.
    if (isWord(name)) words.define(name);
    else {
      for (const term of termsOf(name)) put(NAMES, numberOf(term), 1);
      const parts = splitIdentifier(name);
      if (parts.length === 1) put(NAMES, numberOf(compound(parts)), 1);
    }
  }
  function readPath(path: string): void {
    const { folders, name } = pathWords(path);
    for (const folder of folders) for (const term of termsOf(folder)) put(FOLDER, numberOf(term), 1);
    for (const term of [...name.filter(isTerm).map(stem), stemTerm(path)]) put(STEM, numberOf(term), 1);
  }
  function tell(hear: HearTerm): void {
    for (const term of present) {
      const row = term * FIELD_COUNT;
      hear(term, counts, row);
      counts.fill(0, row, row + FIELD_COUNT);
    }
    present.length = 0;
  }

  return {
    terms,
    count(path, text, parsed, hear) {
      lengths.fill(0);
      readText(text, parsed.comments);
      for (const symbol of parsed.symbols) readSymbol(symbol);
      for (const name of parsed.names) words.read(name, 0, name.length, NAMED);
      words.flush(putWord);
      readPath(path);
      tell(hear);
      return [...lengths];
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
