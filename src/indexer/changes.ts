import { createHash } from 'node:crypto';
import { readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Documents } from './documents.ts';
import { type IndexState, type SkippedFile, stampOf } from './index-state.ts';
import { maySource, statOf } from './scanner.ts';
import { HASH_BYTES } from './segment-file.ts';

/** Times are compared by what the file system keeps: two seconds on the coarsest. */
export const CLOCK_GRAIN_MS = 2000;

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
  touched: Array<{ document: number; stamp: number }>;
  skipped: SkippedFile[];
  /** Whether files that are not read again have times so new that they prove nothing. */
  suspects: boolean;
}

/** Compares the index with what is on disk: by size and times, by content where those prove nothing. */
export async function findChanges(
  root: string,
  { state, documents }: Known,
  listing: Promise<string[]>,
  signal: AbortSignal | undefined,
): Promise<Changes> {
  const size = documents.size;
  const stamps = new Uint32Array(size);
  const fresh = new Uint8Array(size);
  const plain = new Uint8Array(size);
  // A file with a time this late may have been written after it was read, within the grain of the clock.
  const suspect = state.readFrom - CLOCK_GRAIN_MS;
  const isFresh = (stats: Stats) => stats.mtimeMs >= suspect || stats.ctimeMs >= suspect;
  // While git lists, the files known so far are looked at; git needs about as long as that.
  for (let document = 0; document < size; document++) {
    if (!documents.isAlive(document)) continue;
    const stats = statOf(root, documents.path(document));
    if (stats) {
      stamps[document] = stampOf(stats);
      fresh[document] = isFresh(stats) ? 1 : 0;
      // A size that differs is a change, whatever the times say.
      plain[document] = stats.isFile() && stats.size === documents.bytes(document) ? 1 : 0;
    }
    if (document % 512 === 511) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  const skippedBefore = new Map(state.skipped.map((file) => [file.path, file]));
  const changes: Changes = { read: [], gone: [], touched: [], skipped: [], suspects: false };
  const listed = new Uint8Array(size);
  for (const path of await listing) {
    const document = documents.find(path);
    if (document === undefined) {
      if (!maySource(path)) continue;
      const before = skippedBefore.get(path);
      const stats = statOf(root, path);
      if (!stats) continue;
      if (before && before.stamp === stampOf(stats) && !isFresh(stats)) changes.skipped.push(before);
      else changes.read.push(path);
      continue;
    }
    const stamp = stamps[document] ?? 0;
    if (stamp === 0) continue;
    listed[document] = 1;
    const same = stamp === state.stamps[document];
    if (same && !fresh[document]) continue;
    // The times are new, or so close to the last reading that they prove nothing: the content decides.
    if (plain[document] && hashOf(join(root, path)) === documents.hash(document)) {
      if (!same) changes.touched.push({ document, stamp });
      if (fresh[document]) changes.suspects = true;
    } else changes.read.push(path);
  }
  for (let document = 0; document < documents.size; document++) {
    if (documents.isAlive(document) && !listed[document]) changes.gone.push(document);
  }
  return changes;
}

function hashOf(file: string): string | undefined {
  try {
    return createHash('sha256')
      .update(readFileSync(file))
      .digest('hex')
      .slice(0, 2 * HASH_BYTES);
  } catch {
    return undefined;
  }
}
