import { describe, expect, it } from 'vitest';
import { rankEvidence, WEIGHTS } from '../../../src/context/rank.ts';
import { type Columns, FEATURES, type Feature } from '../../../src/indexer/features.ts';

interface File {
  path: string;
  features: Partial<Record<Feature, number>>;
  matched: string[];
}
const candidate = (path: string, features: Partial<Record<Feature, number>>, matched: string[] = []): File => ({
  path,
  features,
  matched,
});
const rank = (files: readonly File[], limit?: number, detail = 0) =>
  rankEvidence(
    {
      living: Uint32Array.from(files.keys()),
      detail,
      columns: Object.fromEntries(
        FEATURES.map((feature) => [feature, Float64Array.from(files, ({ features }) => features[feature] ?? 0)]),
      ) as Columns,
      path: (file) => files[file]?.path ?? '',
      language: () => 'go',
      bytes: () => 100,
      matched: (file) => (files[file]?.matched ?? []).map((word) => ({ written: word, term: word })),
    },
    WEIGHTS,
    limit,
  );

describe('rankEvidence', () => {
  it('puts the better evidence first and says why', () => {
    const ranked = rank([
      candidate('b.go', { lexical: 2, body: 2 }, ['token']),
      candidate('a.go', { lexical: 8, body: 4, exact: 1, past: 3 }, ['token', 'refresh']),
    ]);
    expect(ranked.map(({ path, why }) => ({ path, why }))).toEqual([
      { path: 'a.go', why: ['defines a name in the task', 'has token, refresh', 'similar commits changed it'] },
      { path: 'b.go', why: ['has token'] },
    ]);
  });

  it('puts tests and what stands aside last, unless they alone have evidence', () => {
    const ranked = rank([
      candidate('a_test.go', { lexical: 9, test: 1 }),
      candidate('docs/b.go', { lexical: 9, aside: 1 }),
      candidate('z.go', { lexical: 3 }),
    ]);
    expect(ranked.map(({ path }) => path)).toEqual(['z.go', 'docs/b.go', 'a_test.go']);
  });

  it('orders equals by path and gives shares that add up to 1', () => {
    const ranked = rank(['b', 'c', 'a'].map((path) => candidate(path, { lexical: 1 })));
    expect(ranked.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    expect(ranked.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
  });

  it('trusts words more the more a task says, and what changes often the less it says', () => {
    const files = [
      candidate('words.go', { lexical: 8, frequency: 0.1 }),
      candidate('often.go', { lexical: 4, frequency: 9 }),
    ];
    expect([-2, 2].map((detail) => rank(files, 1, detail)[0]?.path)).toEqual(['often.go', 'words.go']);
  });

  it('gives no shares where nothing speaks of the task', () => {
    const ranked = rank([candidate('a.go', { size: 0.1 }), candidate('b.go', { frequency: 3 })]);
    expect(ranked.map(({ path, share }) => [path, share])).toEqual([
      ['b.go', 0],
      ['a.go', 0],
    ]);
  });

  it('gives nothing for no candidates', () => {
    expect(rank([])).toEqual([]);
  });

  it('gives the best ones alone when asked for a few, the same as the head of all', () => {
    const files = Array.from({ length: 50 }, (_, index) => candidate(`f${index}`, { lexical: (index * 7) % 11 }));
    expect(rank(files, 5)).toEqual(rank(files).slice(0, 5));
  });
});
