import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CodeIndex, openCodeIndex } from '../../src/indexer/code-index.ts';

/** A task of a retrieval benchmark: a commit message, and the source files that the commit changed. */
export interface BenchmarkTask {
  id: string;
  /** Folder of the repository's snapshot. */
  repo: string;
  task: string;
  truth: string[];
}

/** Reads one task a line. */
export function readTasks(file: string): BenchmarkTask[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line): BenchmarkTask => JSON.parse(line));
}

export function openIndex(root: string): CodeIndex {
  return openCodeIndex({
    root,
    dir: join(root, '.nex'),
    grammarsDir: fileURLToPath(new URL('../../src/indexer/grammars', import.meta.url)),
    treeSitterWasm: createRequire(import.meta.url).resolve('web-tree-sitter/web-tree-sitter.wasm'),
    workerFile: fileURLToPath(new URL('../../src/indexer/index-worker.ts', import.meta.url)),
  });
}

/** How well an order of paths serves a task. */
export interface Score {
  r5: number;
  r10: number;
  r20: number;
  mrr: number;
  hit1: number;
}

export function scoreOf(paths: readonly string[], truth: readonly string[]): Score {
  const ranks = truth
    .map((path) => paths.indexOf(path))
    .map((rank) => (rank < 0 ? Number.POSITIVE_INFINITY : rank + 1));
  const within = (limit: number) => ranks.filter((rank) => rank <= limit).length / ranks.length;
  const first = Math.min(...ranks);
  return { r5: within(5), r10: within(10), r20: within(20), mrr: 1 / first, hit1: first === 1 ? 1 : 0 };
}

export function meanOf(scores: readonly Score[]): Score {
  const mean = (of: (score: Score) => number) =>
    scores.reduce((sum, score) => sum + of(score), 0) / Math.max(1, scores.length);
  return {
    r5: mean(({ r5 }) => r5),
    r10: mean(({ r10 }) => r10),
    r20: mean(({ r20 }) => r20),
    mrr: mean(({ mrr }) => mrr),
    hit1: mean(({ hit1 }) => hit1),
  };
}

export const inWords = (score: Score) =>
  Object.entries(score)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join('  ');

/** Tasks whose text has the name of none of their files are the hard half. */
export function namesNoFile({ task, truth }: BenchmarkTask): boolean {
  const text = task.toLowerCase();
  return !truth.some((path) => text.includes((path.split('/').pop() ?? '').replace(/\..*/, '').toLowerCase()));
}
