// Fits the weights of src/context/rank.ts: softmax over the files of a task, the changed ones being right.
//   node tests/bench/fit-weights.ts TASKS.jsonl SNAPSHOTS [TASKS.jsonl SNAPSHOTS …]
// Prints the weights fitted on everything, and how well weights do that were fitted without a task's repository. Those
// that src/context/rank.ts sets by hand stay as they are.
import { join } from 'node:path';
import { rankEvidence, SET_BY_HAND, scaled, scalesOf, WEIGHTS, type Weighted } from '../../src/context/rank.ts';
import { inWords, meanOf, openIndex, readTasks, scoreOf } from './benchmark-tasks.ts';

const FEATURES = Object.keys(WEIGHTS) as Weighted[];
const WIDTH = FEATURES.length;
const STEPS = 150;
const RATE = 0.15;
/** Keeps weights small that the tasks say little about. */
const DECAY = 2e-4;
const FOLDS = 6;
/** What is far down stays there: weights that keep it there are wasted on the files that are mistaken for each other. */
const RIVALS = 120;

interface Row {
  repo: string;
  paths: string[];
  /** WIDTH values for each path. */
  values: Float32Array;
  truth: string[];
  right: number[];
  /** Places of the right ones and of the first others, by the weights as they are. */
  rivals: number[];
}

const rows = await collect(process.argv.slice(2));
const repos = [...new Set(rows.map(({ repo }) => repo))];
const unseen = Array.from({ length: FOLDS }, (_, fold) => {
  const out = new Set(repos.filter((_repo, index) => index % FOLDS === fold));
  const weights = fitWeights(rows.filter(({ repo }) => !out.has(repo)));
  return rows.filter(({ repo }) => out.has(repo)).map((row) => scoreOf(order(row, weights), row.truth));
}).flat();
console.log(`repositories left out:  ${inWords(meanOf(unseen))}  n ${unseen.length}`);
const weights = fitWeights(rows);
console.log(`fitted on everything:   ${inWords(meanOf(rows.map((row) => scoreOf(order(row, weights), row.truth))))}`);
console.log(FEATURES.map((feature, index) => `  ${feature}: ${weights[index]?.toFixed(2)},`).join('\n'));

async function collect(args: readonly string[]): Promise<Row[]> {
  const found: Row[] = [];
  for (let position = 0; position + 1 < args.length; position += 2) {
    const tasks = readTasks(args[position] ?? '');
    for (const repo of new Set(tasks.map((task) => task.repo))) {
      const index = openIndex(join(args[position + 1] ?? '', repo));
      await index.refresh();
      for (const task of tasks.filter((each) => each.repo === repo)) {
        const evidence = await index.query(task.task);
        if (!evidence) throw new Error(`${repo} has no index`);
        const scale = scalesOf(evidence);
        const values = new Float32Array(evidence.living.length * WIDTH);
        for (const [row, file] of evidence.living.entries()) {
          for (const [column, feature] of FEATURES.entries())
            values[row * WIDTH + column] = scaled(evidence, file, feature, scale);
        }
        const paths = Array.from(evidence.living, (file) => evidence.path(file));
        const right = task.truth.map((path) => paths.indexOf(path)).filter((place) => place >= 0);
        const first = rankEvidence(evidence, WEIGHTS, RIVALS).map(({ path }) => paths.indexOf(path));
        found.push({ repo, paths, values, truth: task.truth, right, rivals: [...new Set([...right, ...first])] });
      }
      index.close();
    }
  }
  return found;
}

function scoreAt({ values }: Row, place: number, weights: Float64Array): number {
  let score = 0;
  for (let column = 0; column < WIDTH; column++)
    score += (weights[column] ?? 0) * (values[place * WIDTH + column] ?? 0);
  return score;
}

function order(row: Row, weights: Float64Array): string[] {
  return row.paths
    .map((path, place) => ({ path, score: scoreAt(row, place, weights) }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

/** Gradient descent with moments (Adam); deterministic. */
function fitWeights(all: readonly Row[]): Float64Array {
  const usable = all.filter(({ right }) => right.length > 0);
  const found = Float64Array.from(FEATURES, (feature) => SET_BY_HAND[feature] ?? 0);
  const speed = new Float64Array(WIDTH);
  const spread = new Float64Array(WIDTH);
  for (let step = 1; step <= STEPS; step++) {
    const gradient = gradientOf(usable, found);
    for (let column = 0; column < WIDTH; column++) {
      if (SET_BY_HAND[FEATURES[column] as Weighted] !== undefined) continue;
      const slope = (gradient[column] ?? 0) / usable.length + DECAY * (found[column] ?? 0);
      speed[column] = 0.9 * (speed[column] ?? 0) + 0.1 * slope;
      spread[column] = 0.99 * (spread[column] ?? 0) + 0.01 * slope * slope;
      const move =
        (speed[column] ?? 0) / (1 - 0.9 ** step) / (Math.sqrt((spread[column] ?? 0) / (1 - 0.99 ** step)) + 1e-8);
      found[column] = (found[column] ?? 0) - RATE * move;
    }
  }
  return found;
}

function gradientOf(usable: readonly Row[], found: Float64Array): Float64Array {
  const gradient = new Float64Array(WIDTH);
  for (const row of usable) {
    const scores = row.rivals.map((place) => scoreAt(row, place, found));
    const best = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
    const chances = scores.map((score) => Math.exp(score - best));
    const total = chances.reduce((sum, chance) => sum + chance, 0);
    const pull = (place: number, by: number) => {
      for (let column = 0; column < WIDTH; column++) {
        gradient[column] = (gradient[column] ?? 0) + by * (row.values[place * WIDTH + column] ?? 0);
      }
    };
    for (const [at, place] of row.rivals.entries()) pull(place, (chances[at] ?? 0) / total);
    for (const place of row.right) pull(place, -1 / row.right.length);
  }
  return gradient;
}
