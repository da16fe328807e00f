import type { CodeIndex } from '../indexer/code-index.ts';
import type { Candidate, Evidence, Feature } from '../indexer/evidence.ts';

/** A file in the order it matters to a task. */
export interface RankedFile {
  path: string;
  /** The higher the better; comparable within one task only. */
  score: number;
  /** Estimated chance, from 0 to 1, that it is the one to change; all files of a task add up to 1. */
  share: number;
  /** What put it there, in words, the strongest reason first. */
  why: string[];
  /** Words of the task that it has, as the index knows them (stems), the most telling first. */
  words: readonly string[];
  language: string;
  bytes: number;
}

/**
 * How much each kind of evidence counts: fitted on commits of public repositories by `tests/bench/fit-weights.ts`
 * (softmax over the files of a task, the changed ones being right). Evidence left out did not help; `mention` is set
 * higher than fitted, since commit messages name paths in passing and people who ask for a change mean them.
 */
export const WEIGHTS: Readonly<Partial<Record<Feature, number>>> = {
  lexical: 1.3,
  subject: 1.32,
  path: 1.4,
  names: 0.31,
  body: 1.08,
  coverage: 0.29,
  stem: 0.62,
  stemShare: 0.29,
  exact: 0.64,
  related: 0.05,
  mention: 3,
  past: 1.7,
  voted: 0.67,
  frequency: 1.07,
  main: 1.62,
  size: 0.73,
  test: -4.37,
  aside: -3.69,
};

/** Sums without a natural scale: what counts is how a file compares to the best one of the same task. */
const RELATIVE: ReadonlySet<Feature> = new Set([
  'lexical',
  'subject',
  'path',
  'names',
  'comments',
  'body',
  'related',
  'past',
  'voted',
  'frequency',
] as const);

/** Ranks the project's files for a task, best first; equal ones by path. Empty without an index or any evidence. */
export async function rankFiles(index: CodeIndex, task: string, options: { limit: number }): Promise<RankedFile[]> {
  const evidence = await index.query(task);
  return evidence ? rankCandidates(evidence, WEIGHTS).slice(0, options.limit) : [];
}

/** Orders candidates by a weighted sum of their evidence. Pure, so that weights can be fitted with it. */
export function rankCandidates(evidence: Evidence, weights: Readonly<Partial<Record<Feature, number>>>): RankedFile[] {
  const { candidates } = evidence;
  const scale = scalesOf(candidates);
  const used = Object.entries(weights) as Array<[Feature, number]>;
  const scored = candidates.map((candidate) => {
    let score = 0;
    for (const [feature, weight] of used) score += weight * scaled(candidate, feature, scale);
    return { candidate, score };
  });
  scored.sort((a, b) => b.score - a.score || (a.candidate.path < b.candidate.path ? -1 : 1));
  const best = scored[0]?.score ?? 0;
  const total = scored.reduce((sum, { score }) => sum + Math.exp(score - best), 0);
  return scored.map(({ candidate, score }) => ({
    path: candidate.path,
    score: Number(score.toFixed(4)),
    share: Number((Math.exp(score - best) / total).toFixed(6)),
    why: reasons(candidate, weights, scale),
    words: candidate.matched,
    language: candidate.language,
    bytes: candidate.bytes,
  }));
}

/** What the best file of a task reaches, for each kind of evidence without a scale of its own; as a factor. */
export function scalesOf(candidates: readonly Candidate[]): Map<Feature, number> {
  const scale = new Map<Feature, number>();
  for (const feature of RELATIVE) {
    const most = candidates.reduce((value, { features }) => Math.max(value, features[feature]), 0);
    scale.set(feature, most === 0 ? 0 : 1 / most);
  }
  return scale;
}

/** A feature as the weights expect it, near the range from 0 to 1. */
export function scaled({ features }: Candidate, feature: Feature, scale: ReadonlyMap<Feature, number>): number {
  const value = features[feature];
  if (feature === 'size') return value / 10;
  if (feature === 'stem' || feature === 'exact') return Math.min(2, value);
  return value * (scale.get(feature) ?? 1);
}

const REASONS: ReadonlyArray<{ features: readonly Feature[]; say: (candidate: Candidate) => string }> = [
  { features: ['mention'], say: () => 'the task names it' },
  { features: ['exact'], say: () => 'defines a name in the task' },
  { features: ['stem', 'stemShare'], say: () => 'its name is in the task' },
  { features: ['lexical', 'subject', 'names', 'body', 'coverage'], say: ({ matched }) => `has ${matched.join(', ')}` },
  { features: ['path'], say: () => 'its path has words of the task' },
  { features: ['related'], say: () => 'has short forms of words of the task' },
  { features: ['past', 'voted'], say: () => 'similar commits changed it' },
  { features: ['frequency'], say: () => 'changes often' },
];

/** Below this share of the score a reason is not worth reading. */
const WORTH_SAYING = 0.08;

function reasons(
  candidate: Candidate,
  weights: Readonly<Partial<Record<Feature, number>>>,
  scale: ReadonlyMap<Feature, number>,
): string[] {
  const parts = REASONS.map(({ features, say }) => ({
    say,
    value: features.reduce((sum, feature) => sum + (weights[feature] ?? 0) * scaled(candidate, feature, scale), 0),
  }));
  const total = parts.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  const said = parts
    .filter(({ value }) => value > 0 && value >= total * WORTH_SAYING)
    .sort((a, b) => b.value - a.value)
    .slice(0, 3)
    .map(({ say }) => say(candidate));
  if (candidate.features.test > 0) said.push('a test');
  if (candidate.features.aside > 0) said.push('not part of the program itself');
  return said;
}
