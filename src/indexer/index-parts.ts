import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CodeIndexOptions } from './code-index.ts';
import type { FileIndexer, IndexedFiles } from './index-files.ts';
import { statOf } from './scanner.ts';

export interface IndexedPart extends IndexedFiles {
  /** File name of the segment. */
  name: string;
}

export interface PartOptions {
  /** A name for a segment that no other has. */
  nameOf: () => string;
  notices: string[];
  signal: AbortSignal | undefined;
  onProgress: ((done: number, total: number) => void) | undefined;
  indexerOf: () => Promise<FileIndexer>;
}

/** A part is held in memory until it is written: bounded, however large the project is. They are merged at the end. */
const PART_FILES = 2048;
const PART_BYTES = 4 << 20;
const LEAST_BYTES = 512 << 10;
/** Below this, starting threads takes longer than they save. */
const WORTH_THREADS = 400;
const MOST_THREADS = 4;

/** Indexes files in parts, each of them a segment; gives the parts in the order of their paths. */
export async function* indexInParts(
  options: CodeIndexOptions,
  paths: readonly string[],
  { nameOf, notices, signal, onProgress, indexerOf }: PartOptions,
): AsyncGenerator<IndexedPart> {
  // This thread waits most of the time, so two workers fill two cores.
  const cores = availableParallelism();
  const threads = options.threads ?? (cores < 2 ? 0 : Math.min(MOST_THREADS, Math.max(2, cores - 1)));
  const parallel = options.workerFile !== undefined && threads >= 2 && paths.length >= WORTH_THREADS;
  const parts = cut(options.root, paths, parallel ? threads : 1);
  if (parallel && options.workerFile !== undefined) {
    const { root, grammarsDir, treeSitterWasm } = options;
    const setup = { root, grammarsDir, treeSitterWasm };
    const jobs = parts.map((part) => ({ paths: part, name: nameOf(), folder: options.dir }));
    // A few files need no threads, and not what makes them either.
    const { startWorkers } = await import('./worker-pool.ts');
    yield* startWorkers({ file: options.workerFile, threads, setup, jobs, notices, signal, onProgress });
    return;
  }
  const indexer = await indexerOf();
  let done = 0;
  for (const part of parts) {
    const name = nameOf();
    const before = done;
    const hear = (count: number) => onProgress?.(before + count, paths.length);
    yield { name, ...(await indexer.index(part, join(options.dir, name), { hear, ...(signal ? { signal } : {}) })) };
    done += part.length;
    onProgress?.(done, paths.length);
  }
  notices.push(...indexer.notes);
}

/**
 * Cuts the paths into runs. For some threads they grow shorter towards the end, so that all threads end at about the
 * same time.
 */
function cut(root: string, paths: readonly string[], threads: number): string[][] {
  const sizes = paths.map((path) => Math.min(statOf(root, path)?.size ?? 0, 1 << 20) + 2000);
  let left = sizes.reduce((sum, size) => sum + size, 0);
  const limitOf = () => (threads < 2 ? PART_BYTES : clamp(left / (threads * 2), LEAST_BYTES, PART_BYTES));
  let limit = limitOf();
  const parts: string[][] = [];
  let part: string[] = [];
  let bytes = 0;
  for (const [index, path] of paths.entries()) {
    part.push(path);
    bytes += sizes[index] ?? 0;
    if (bytes < limit && part.length < PART_FILES) continue;
    parts.push(part);
    left -= bytes;
    limit = limitOf();
    part = [];
    bytes = 0;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
