import type { ParsedFile } from './parser.ts';
import { compound, eachWord, isTerm, splitIdentifier, stem, termsOf } from './terms.ts';

/** Where in a file a term stands, from the most telling place to the least. */
export const FIELDS = ['stem', 'folder', 'names', 'comments', 'body'] as const;
export const FIELD_COUNT = FIELDS.length;

const STEM = 0;
const FOLDER = 1;
const NAMES = 2;
const COMMENTS = 3;
const BODY = 4;

/** How often each term stands in each field of a file, and how long its fields are. */
export interface FileTerms {
  /** Term -> counts by field. */
  counts: Map<string, number[]>;
  /** Terms by field, all occurrences. */
  lengths: number[];
}

/** Counts terms of files; it remembers how identifiers split, which is most of the work. */
export interface TermCounter {
  count(path: string, text: string, parsed: ParsedFile): FileTerms;
}

/** Identifiers remembered before the memory starts anew: about 20 MB. */
const REMEMBERED = 150_000;

export function createTermCounter(): TermCounter {
  let known = new Map<string, readonly string[]>();
  const split = (word: string): readonly string[] => {
    let terms = known.get(word);
    if (!terms) {
      if (known.size >= REMEMBERED) known = new Map();
      terms = termsOf(word);
      // A slice of a long text keeps the whole text alive; a copy does not.
      known.set(Buffer.from(word).toString(), terms);
    }
    return terms;
  };

  return {
    count(path, text, parsed) {
      const counts = new Map<string, number[]>();
      const lengths = [0, 0, 0, 0, 0];
      const put = (field: number, term: string, times: number) => {
        let row = counts.get(term);
        if (!row) counts.set(term, (row = [0, 0, 0, 0, 0]));
        row[field] = (row[field] ?? 0) + times;
        lengths[field] = (lengths[field] ?? 0) + times;
      };
      const words = new Map<string, number>();
      const hear = (word: string) => words.set(word, (words.get(word) ?? 0) + 1);
      const flush = (field: number) => {
        for (const [word, times] of words) for (const term of split(word)) put(field, term, times);
        words.clear();
      };

      let end = 0;
      for (const [from, to] of parsed.comments) {
        if (from < end) continue;
        eachWord(text, end, from, hear);
        end = to;
      }
      eachWord(text, end, text.length, hear);
      flush(BODY);
      for (const [from, to] of parsed.comments) eachWord(text, from, to, hear);
      for (const { docstring } of parsed.symbols) eachWord(docstring, 0, docstring.length, hear);
      flush(COMMENTS);

      for (const { name } of parsed.symbols) {
        for (const term of termsOf(name)) put(NAMES, term, 1);
        const parts = splitIdentifier(name);
        if (parts.length === 1) put(NAMES, compound(parts), 1);
      }
      for (const name of parsed.names) for (const term of split(name)) put(NAMES, term, 1);
      const { folders, name } = pathWords(path);
      for (const word of folders) for (const term of termsOf(word)) put(FOLDER, term, 1);
      for (const word of name.filter(isTerm)) put(STEM, stem(word), 1);
      put(STEM, stemTerm(path), 1);
      return { counts, lengths };
    },
  };
}

/** File names that say no more than the folder they stand in. */
const NAMELESS = /^(?:index|mod|__init__|__main__|main|lib|init|package|default)$/;

/** The folders of a path and the words of its file name; a nameless file goes by its folder's name. */
export function pathWords(path: string): { folders: string[]; name: string[] } {
  const folders = path.split('/');
  const file = folders.pop() ?? '';
  const bare = file.replace(/^\./, '').replace(/\..*$/, '');
  const folder = folders.at(-1);
  const name = NAMELESS.test(bare.toLowerCase()) && folder !== undefined ? folder : bare;
  return { folders, name: splitIdentifier(name) };
}

/** The term that stands for a whole file name: `/userservice` for `user_service.py`. */
export const stemTerm = (path: string) => `/${pathWords(path).name.join('')}`;
