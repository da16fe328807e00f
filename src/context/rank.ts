import type { CodeIndex } from '../indexer/code-index.ts';
import type { Evidence } from '../indexer/evidence.ts';
import type { Feature } from '../indexer/features.ts';

/** A file in the order it matters to a task. */
export interface RankedFile {
  path: string;
  /** The higher the better; comparable within one task only. */
  score: number;
  /**
   * Estimated chance, from 0 to 1, that it is the one to change; all files of a task add up to 1. 0 for all where
   * nothing in the project speaks of the task.
   */
  share: number;
  /** What put it there, in words, the strongest reason first. */
  why: string[];
  /** Words of the task that it has, as the index knows them (stems), the most telling first. */
  words: readonly string[];
  language: string;
  bytes: number;
}

/** A long task is found by its words; of a short one, what changes often is the better guess. */
const IN_DETAIL = { lexicalInDetail: 'lexical', frequencyInDetail: 'frequency' } as const satisfies Record<
  string,
  Feature
>;
export type Weighted = Feature | keyof typeof IN_DETAIL;
export type Weights = Readonly<Partial<Record<Weighted, number>>>;

/**
 * Not left to the fit. `mention` (fitted 0): messages name paths in passing, people who ask for a change mean them.
 * `related` (fitted -0.1): messages are written by those who know the code's own words. `test` (fitted -5.5): of what a
 * commit changed its tests were not counted. The others differ much between repositories, and what fits eleven of them best (`main` 3.4, `size` -0.5, `aside` -3.4, in detail 1.1 and -1) does
 * worse elsewhere.
 */
export const SET_BY_HAND: Weights = {
  mention: 3,
  related: 0.3,
  main: 2,
  size: 0.3,
  test: -4.8,
  aside: -2.5,
  lexicalInDetail: 0.75,
  frequencyInDetail: -0.8,
};

/**
 * How much each kind of evidence counts: fitted on commits of public repositories by `tests/bench/fit-weights.ts`
 * (softmax over the files of a task, the changed ones being right).
 */
export const WEIGHTS: Weights = {
  ...SET_BY_HAND,
  lexical: 1.46,
  subject: 1.11,
  path: 1.22,
  names: 0.07,
  body: 0.71,
  coverage: 0.62,
  literal: 1.02,
  stem: 0.48,
  stemShare: 0.36,
  scope: 1.34,
  exact: 0.36,
  past: 1.26,
  voted: 0.37,
  near: 0.63,
  frequency: 0.64,
  recent: 0.57,
};

/** Sums without a natural scale: what counts is how a file compares to the best one of the same task. */
const RELATIVE: ReadonlySet<Feature> = new Set([
  'lexical',
  'subject',
  'path',
  'names',
  'body',
  'related',
  'past',
  'voted',
  'near',
  'frequency',
  'recent',
] as const);

/** Those that `scaled` does more to than to stretch them. */
const BENT: ReadonlySet<Feature> = new Set(['stem', 'exact', 'frequency'] as const);

/** Evidence that only a task's own words bring up; without any of it a task is about something else. */
const SPEAKING = ['lexical', 'related', 'stem', 'exact', 'mention', 'past', 'voted'] as const;

/**
 * Ranks the project's files for a task, best first; equal ones by path. Those of which nothing speaks are in the order
 * of what is known without words: how often they change, what they are for, how large they are. Empty without an index.
 */
export async function rankFiles(index: CodeIndex, task: string, options: { limit: number }): Promise<RankedFile[]> {
  const evidence = await index.query(task);
  return evidence ? rankEvidence(evidence, WEIGHTS, options.limit) : [];
}

/** The weights for a task that says this much. */
function weightsFor(detail: number, given: Weights): Partial<Record<Feature, number>> {
  const { lexicalInDetail = 0, frequencyInDetail = 0, ...weights } = given;
  return {
    ...weights,
    lexical: (weights.lexical ?? 0) + detail * lexicalInDetail,
    frequency: (weights.frequency ?? 0) + detail * frequencyInDetail,
  };
}

/** Orders files by a weighted sum of their evidence, the best `limit` of them. Pure: weights can be fitted with it. */
export function rankEvidence(evidence: Evidence, given: Weights, limit = Number.POSITIVE_INFINITY): RankedFile[] {
  const { living } = evidence;
  const weights = weightsFor(evidence.detail, given);
  const scale = scalesOf(evidence);
  const scores = new Float64Array(living.length);
  for (const feature of Object.keys(weights) as Feature[])
    addScores(scores, evidence, feature, weights[feature] ?? 0, scale);
  const best = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - best), 0);
  const speaks = SPEAKING.some((feature) => evidence.columns[feature].some((value) => value > 0));
  return topOf(evidence, scores, limit).map(({ file, score }) => ({
    path: evidence.path(file),
    score: Number(score.toFixed(4)),
    share: speaks ? Number((Math.exp(score - best) / total).toFixed(6)) : 0,
    why: reasons(evidence, file, weights, scale),
    words: evidence.matched(file).map(({ term }) => term),
    language: evidence.language(file),
    bytes: evidence.bytes(file),
  }));
}

/** Adds what a feature is worth to each file: plain loops, since there may be many. */
function addScores(
  scores: Float64Array,
  evidence: Evidence,
  feature: Feature,
  weight: number,
  scale: ReadonlyMap<Feature, number>,
): void {
  const { living, columns } = evidence;
  const column = columns[feature];
  const bent = BENT.has(feature);
  const factor = scale.get(feature) ?? 1;
  if (factor === 0) return;
  for (let at = 0; at < living.length; at++) {
    const file = living[at] ?? 0;
    const value = column[file] ?? 0;
    if (value === 0) continue;
    scores[at] = (scores[at] ?? 0) + weight * (bent ? scaled(evidence, file, feature, scale) : value * factor);
  }
}

/** The best files in order, without sorting all the others. */
function topOf(evidence: Evidence, scores: Float64Array, limit: number): Array<{ file: number; score: number }> {
  const least = limit < scores.length ? (scores.toSorted().at(-limit) ?? 0) : Number.NEGATIVE_INFINITY;
  const top: Array<{ file: number; score: number }> = [];
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? 0;
    if (score >= least) top.push({ file: evidence.living[at] ?? 0, score });
  }
  return top
    .sort((a, b) => b.score - a.score || (evidence.path(a.file) < evidence.path(b.file) ? -1 : 1))
    .slice(0, limit);
}

/** What the best file of a task reaches, for each kind of evidence without a scale of its own; as a factor. */
export function scalesOf({ columns }: Evidence): Map<Feature, number> {
  const scale = new Map<Feature, number>();
  for (const feature of RELATIVE) {
    const column = columns[feature];
    let most = 0;
    for (let file = 0; file < column.length; file++) most = Math.max(most, column[file] ?? 0);
    scale.set(feature, most === 0 ? 0 : 1 / most);
  }
  return scale;
}

/** A feature as the weights expect it, near the range from 0 to 1. */
export function scaled(
  evidence: Evidence,
  file: number,
  weighted: Weighted,
  scale: ReadonlyMap<Feature, number>,
): number {
  if (weighted === 'lexicalInDetail' || weighted === 'frequencyInDetail')
    return evidence.detail * scaled(evidence, file, IN_DETAIL[weighted], scale);
  const feature = weighted;
  const value = evidence.columns[feature][file] ?? 0;
  if (feature === 'stem' || feature === 'exact') return Math.min(2, value);
  const relative = value * (scale.get(feature) ?? 1);
  // Between the tenth and the hundredth commit of a file lies as much as between the first and the tenth.
  return feature === 'frequency' ? Math.log1p(50 * relative) / Math.log(51) : relative;
}

const REASONS: ReadonlyArray<{ features: readonly Feature[]; say: (words: readonly string[]) => string }> = [
  { features: ['mention'], say: () => 'the task names it' },
  { features: ['exact'], say: () => 'defines a name in the task' },
  { features: ['stem', 'stemShare'], say: () => 'its name is in the task' },
  { features: ['lexical', 'subject', 'names', 'body', 'coverage'], say: (words) => `has ${words.join(', ')}` },
  { features: ['literal'], say: () => 'has the code in the task' },
  { features: ['path', 'scope'], say: () => 'its path has words of the task' },
  { features: ['related'], say: () => 'has short forms of words of the task' },
  { features: ['past', 'voted', 'near'], say: () => 'similar commits changed it' },
  { features: ['frequency', 'recent'], say: () => 'changes often' },
];

/** What the task says word for word comes first, whatever it weighs: people know at once what is meant. */
const FACTS: ReadonlySet<Feature> = new Set(['mention', 'exact'] as const);
const WORTH_NAMING = 0.5;
/** Below this share of the score a reason is not worth reading. */
const WORTH_SAYING = 0.08;

function reasons(evidence: Evidence, file: number, weights: Weights, scale: ReadonlyMap<Feature, number>): string[] {
  const words = [...new Set(evidence.matched(file).map(({ written }) => written))];
  const parts = REASONS.map(({ features, say }) => ({
    say,
    fact: features.some((feature) => FACTS.has(feature) && (evidence.columns[feature][file] ?? 0) >= WORTH_NAMING),
    value: features.reduce((sum, feature) => sum + (weights[feature] ?? 0) * scaled(evidence, file, feature, scale), 0),
  }));
  const total = parts.reduce((sum, { value }) => sum + Math.max(0, value), 0);
  const said = parts
    .filter(({ value, fact }) => value > 0 && (fact || value >= total * WORTH_SAYING))
    .sort((a, b) => Number(b.fact) - Number(a.fact) || b.value - a.value)
    .slice(0, 3)
    .map(({ say }) => say(words));
  if ((evidence.columns.test[file] ?? 0) > 0) said.push('a test');
  if ((evidence.columns.aside[file] ?? 0) > 0) said.push('not part of the program itself');
  return said;
}
