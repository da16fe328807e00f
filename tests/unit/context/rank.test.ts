import { describe, expect, it } from 'vitest';
import { rankCandidates, WEIGHTS } from '../../../src/context/rank.ts';
import { type Candidate, FEATURES, type Feature } from '../../../src/indexer/evidence.ts';

const candidate = (path: string, features: Partial<Record<Feature, number>>, matched: string[] = []): Candidate => ({
  path,
  language: 'go',
  bytes: 100,
  matched,
  features: {
    ...(Object.fromEntries(FEATURES.map((feature) => [feature, 0])) as Record<Feature, number>),
    ...features,
  },
});
const rank = (...candidates: Candidate[]) => rankCandidates({ candidates, files: candidates.length }, WEIGHTS);

describe('rankCandidates', () => {
  it('puts the better evidence first and says why', () => {
    const ranked = rank(
      candidate('b.go', { lexical: 2, body: 2 }, ['token']),
      candidate('a.go', { lexical: 8, body: 4, exact: 1, past: 3 }, ['token', 'refresh']),
    );
    expect(ranked.map(({ path, why }) => ({ path, why }))).toEqual([
      { path: 'a.go', why: ['has token, refresh', 'similar commits changed it', 'defines a name in the task'] },
      { path: 'b.go', why: ['has token'] },
    ]);
  });

  it('puts tests and what stands aside last, unless they alone have evidence', () => {
    const ranked = rank(
      candidate('a_test.go', { lexical: 9, test: 1 }),
      candidate('docs/b.go', { lexical: 9, aside: 1 }),
      candidate('z.go', { lexical: 3 }),
    );
    expect(ranked.map(({ path }) => path)).toEqual(['z.go', 'docs/b.go', 'a_test.go']);
  });

  it('orders equals by path and gives shares that add up to 1', () => {
    const ranked = rank(candidate('b', { lexical: 1 }), candidate('c', { lexical: 1 }), candidate('a', { lexical: 1 }));
    expect(ranked.map(({ path }) => path)).toEqual(['a', 'b', 'c']);
    expect(ranked.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
  });

  it('gives nothing for no candidates', () => {
    expect(rank()).toEqual([]);
  });
});
