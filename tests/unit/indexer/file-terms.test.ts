import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTermTable, FIELD_COUNT, FIELDS } from '../../../src/indexer/file-terms.ts';
import type { CodeSymbol, ParsedFile } from '../../../src/indexer/parser.ts';
import { compound, eachWord, splitIdentifier, termsOf } from '../../../src/indexer/terms.ts';

const symbol = (name: string, docstring: string): CodeSymbol => ({
  name,
  docstring,
  kind: 'function',
  lineStart: 1,
  lineEnd: 1,
  signature: name,
  headEnd: 1,
  leadStart: 1,
  exported: false,
  local: false,
});

/** Counts by field and term, the plain way; of the path nothing. */
function plainly(text: string, { comments, symbols, names }: ParsedFile): Map<string, number> {
  const counts = new Map<string, number>();
  const put = (field: string, term: string) =>
    counts.set(`${field} ${term}`, (counts.get(`${field} ${term}`) ?? 0) + 1);
  const read = (field: string, part: string) => eachWord(part, (word) => termsOf(word).map((term) => put(field, term)));
  let end = 0;
  for (const [from, to] of comments) {
    read('body', text.slice(end, from));
    read('comments', text.slice(from, to));
    end = to;
  }
  read('body', text.slice(end));
  for (const { name, docstring } of symbols) {
    read('comments', docstring);
    for (const term of termsOf(name)) put('names', term);
    const parts = splitIdentifier(name);
    if (parts.length === 1) put('names', compound(parts));
  }
  for (const name of names) read('names', name);
  return counts;
}

const word = fc.constantFrom('getUser', 'get_user', 'user', 'x', 'HTTPServer2', 'operator==', 'naïve', '~Queue', 'a.b');
const prose = fc.array(word, { maxLength: 6 }).map((words) => words.join(' '));

describe('the table of terms', () => {
  it('counts what stands in code, comments and names, file after file', () => {
    const file = fc.record({
      parts: fc.array(prose, { maxLength: 5 }),
      defined: fc.array(fc.tuple(word, prose)),
      prose,
    });
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 4 }), (files) => {
        const table = createTermTable();
        for (const { parts, defined, prose: names } of files) {
          // Every other part is a comment.
          const text = parts.join('\n');
          let at = 0;
          const spans = parts.map((part) => {
            const from = at;
            at += part.length + 1;
            return [from, at - 1] as const;
          });
          const parsed: ParsedFile = {
            symbols: defined.map(([name, docstring]) => symbol(name, docstring)),
            imports: [],
            names: names.split(' '),
            comments: spans.filter((_, place) => place % 2 === 1),
            by: 'grammar',
          };
          const counted = new Map<string, number>();
          const lengths = table.count('', text, parsed, (term, counts, from) => {
            for (let field = 2; field < FIELD_COUNT; field++) {
              const count = counts[from + field] ?? 0;
              if (count > 0) counted.set(`${FIELDS[field]} ${table.terms[term]}`, count);
            }
          });
          const expected = plainly(text, parsed);
          expect(counted).toEqual(expected);
          const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
          expect(lengths.slice(2).reduce((sum, count) => sum + count, 0)).toBe(total);
        }
      }),
    );
  });
});
