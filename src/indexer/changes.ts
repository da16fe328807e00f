import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Documents } from './documents.ts';
import type { IndexState, SkippedFile } from './index-state.ts';
import { maySource, statOf } from './scanner.ts';

/** Times are compared by what the file system keeps: two seconds on the coarsest. */
const CLOCK_GRAIN_MS = 2000;

/** The index as it was found on disk. */
export interface Known {
  state: IndexState;
  documents: Documents;
}

/** What differs between the index and the project. */
export interface Changes {
  /** New files and files with other content. */
  read: string[];
  /** Documents that are gone. */
  gone: number[];
  /** Documents whose times changed but not their content. */
  touched: Array<{ document: number; mtimeMs: number; ctimeMs: number }>;
  skipped: SkippedFile[];
}

/** Compares the index with what is on disk: by size and times, by content where those prove nothing. */
export async function findChanges(
  root: string,
  { state, documents }: Known,
  listing: Promise<string[]>,
  signal: AbortSignal | undefined,
): Promise<Changes> {
  // While git lists, the files known so far are looked at; git needs about as long as that.
  const times = new Map<number, { size: number; mtimeMs: number; ctimeMs: number; plain: boolean }>();
  for (let document = 0; document < documents.size; document++) {
    if (!documents.isAlive(document)) continue;
    const stats = statOf(root, documents.path(document));
    if (stats)
      times.set(document, { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, plain: stats.isFile() });
    if (document % 512 === 511) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  const skippedBefore = new Map(state.skipped.map((file) => [file.path, file]));
  const changes: Changes = { read: [], gone: [], touched: [], skipped: [] };
  const suspect = state.readFrom - CLOCK_GRAIN_MS;
  const listed = new Set<number>();
  for (const path of await listing) {
    const document = documents.find(path);
    if (document === undefined) {
      if (!maySource(path)) continue;
      const before = skippedBefore.get(path);
      const stats = statOf(root, path);
      if (!stats) continue;
      const same =
        before && before.size === stats.size && before.mtimeMs === stats.mtimeMs && before.ctimeMs === stats.ctimeMs;
      if (before && same && stats.mtimeMs < suspect) changes.skipped.push(before);
      else changes.read.push(path);
      continue;
    }
    const now = times.get(document);
    if (!now) continue;
    listed.add(document);
    const { size, mtimeMs, ctimeMs, plain } = now;
    const same =
      mtimeMs === state.mtimes[document] && ctimeMs === state.ctimes[document] && size === documents.bytes(document);
    if (same && mtimeMs < suspect && ctimeMs < suspect) continue;
    // The times are new, or so close to the last reading that they prove nothing: the content decides.
    if (plain && size === documents.bytes(document) && hashOf(join(root, path)) === documents.hash(document)) {
      if (!same) changes.touched.push({ document, mtimeMs, ctimeMs });
    } else changes.read.push(path);
  }
  for (let document = 0; document < documents.size; document++) {
    if (documents.isAlive(document) && !listed.has(document)) changes.gone.push(document);
  }
  return changes;
}

function hashOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
  } catch {
    return undefined;
  }
}

/** Whether some times are so close to the last reading that their files have to be looked into each time. */
export function hasSuspects({ mtimes, ctimes, readFrom, skipped }: IndexState): boolean {
  const suspect = readFrom - CLOCK_GRAIN_MS;
  for (const [index, time] of mtimes.entries()) if (time >= suspect || (ctimes[index] ?? 0) >= suspect) return true;
  return skipped.some(({ mtimeMs }) => mtimeMs >= suspect);
}
