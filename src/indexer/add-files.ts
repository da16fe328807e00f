import { CLOCK_GRAIN_MS } from './changes.ts';
import type { CodeIndexOptions } from './code-index.ts';
import { indexInParts, type PartOptions } from './index-parts.ts';
import type { SkippedFile } from './index-state.ts';
import type { JsonLines } from './json-splice.ts';

/** What indexing some files came to. */
export interface Added {
  segments: Array<{ name: string; documents: number }>;
  /** Stamps of the documents, in their order. */
  stamps: number[];
  symbols: number;
  /** Some of them may have been written after they were read. */
  suspects: boolean;
  /** Files that may have been written after git was asked: the next refresh looks at them whatever git says then. */
  young: string[];
  skipped: SkippedFile[];
  indexed: ReadonlySet<string>;
  /** Those that were looked at, source or not. */
  reached: ReadonlySet<string>;
  /** Why it ended early: what was done until then counts, so that the next start goes on from there. */
  stopped?: { reason: unknown };
}

/**
 * Indexes files part by part; `hear` gets the lines of index.json of each part, in the order of the paths. Rejects when
 * the signal aborts before the first part is done. `readFrom` and `startedAt` are what the index takes for the time of
 * its reading, and when this refresh began.
 */
export async function addFiles(
  options: CodeIndexOptions,
  paths: readonly string[],
  { readFrom, startedAt, ...how }: PartOptions & { readFrom: number; startedAt: number },
  hear: (lines: readonly JsonLines[]) => void,
): Promise<Added> {
  const segments: Added['segments'] = [];
  const stamps: number[] = [];
  const young: string[] = [];
  const skipped: SkippedFile[] = [];
  const indexed = new Set<string>();
  let symbols = 0;
  let suspects = false;
  let stopped: { reason: unknown } | undefined;
  try {
    for await (const { name, documents, lines, ...part } of indexInParts(options, paths, how)) {
      if (documents.length > 0) segments.push({ name, documents: documents.length });
      for (const { path, stamp, fresh, symbols: own } of documents) {
        indexed.add(path);
        stamps.push(stamp);
        symbols += own;
        // May have been written after it was read, within the grain of the clock.
        suspects ||= fresh >= readFrom - CLOCK_GRAIN_MS;
        if (fresh >= startedAt - CLOCK_GRAIN_MS) young.push(path);
      }
      skipped.push(...part.skipped);
      hear(lines);
    }
  } catch (error) {
    if (how.signal?.aborted !== true || segments.length === 0) throw error;
    stopped = { reason: error };
  }
  const reached = new Set([...indexed, ...skipped.map(({ path }) => path)]);
  return { segments, stamps, symbols, suspects, young, skipped, indexed, reached, ...(stopped ? { stopped } : {}) };
}
