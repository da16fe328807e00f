import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DamagedIndex } from '../../../src/indexer/bytes.ts';
import { END, head, MIDDLE, spliceLines } from '../../../src/indexer/json-splice.ts';

const DATE = '2026-01-01T00:00:00.000Z';
interface File {
  path: string;
  symbols: number;
}
const linesOf = ({ path, symbols }: File) => ({
  path,
  file: JSON.stringify({ path, language: 'go' }),
  symbols: Array.from({ length: symbols }, (_, at) => JSON.stringify({ file_path: path, name: `s${at}` })).join(','),
});
const render = (files: readonly File[]) => {
  const lines = files.map(linesOf).sort((a, b) => (a.path < b.path ? -1 : 1));
  const list = (rows: readonly string[]) => (rows.length === 0 ? [] : [rows.join(',\n')]);
  const symbols = lines.flatMap(({ symbols: own }) => own || []);
  return [head(DATE), ...list(lines.map(({ file }) => file)), MIDDLE, ...list(symbols), END].join('\n');
};

const file = fc.record({
  path: fc.stringMatching(/^[a-c"\\é名😀\n/]{1,5}$/u),
  symbols: fc.nat({ max: 3 }),
});
const files = fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 30 });

it('gives what rendering all of it anew would give, whatever is removed, changed and added', () => {
  fc.assert(
    fc.property(files, files, fc.array(fc.nat()), (before, put, removed) => {
      const drop = removed.flatMap((at) => before[at % Math.max(1, before.length)]?.path ?? []);
      const gone = [...drop, ...put.map(({ path }) => path)];
      const after = [...before.filter(({ path }) => !gone.includes(path)), ...put];
      const spliced = spliceLines(Buffer.from(render(before)), DATE, put.map(linesOf), gone);
      expect(spliced.toString()).toBe(render(after));
      JSON.parse(spliced.toString());
    }),
    { numRuns: 300 },
  );
});

it('refuses a file that nex did not write', () => {
  for (const text of ['', '{}', '[]', '{"files":[\n{"x":1}\n],"symbols":[\n]}'])
    expect(() => spliceLines(Buffer.from(text), DATE, [], ['a'])).toThrow(DamagedIndex);
});
