import { readFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createHash } from '../platform/crypto.ts';
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
  // While git lists, the files known so far are looked at; git needs about as long as that.
  for (let document = 0; document < size; document++) {
    if (!documents.isAlive(document)) continue;
    const stats = statOf(root, documents.path(document));
    if (stats) {
      stamps[document] = stampOf(stats);
      fresh[document] = isFresh(state, stats) ? 1 : 0;
      // A size that differs is a change, whatever the times say.
      plain[document] = stats.isFile() && stats.size === documents.bytes(document) ? 1 : 0;
    }
    if (document % 512 === 511) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  const changes: Changes = { read: [], gone: [], touched: [], skipped: [], suspects: false };
  const compare = comparison(root, { state, documents }, changes);
  const listed = new Uint8Array(size);
  for (const path of await listing) {
    const document = documents.find(path);
    if (document === undefined) {
      const stats = maySource(path) ? statOf(root, path) : undefined;
      if (stats) compare.unknown(path, stats);
      continue;
    }
    const stamp = stamps[document] ?? 0;
    if (stamp === 0) continue;
    listed[document] = 1;
    compare.known(path, document, { stamp, fresh: fresh[document] === 1, plain: plain[document] === 1 });
  }
  for (let document = 0; document < documents.size; document++) {
    if (documents.isAlive(document) && !listed[document]) changes.gone.push(document);
  }
  return changes;
}

/** The same for these paths alone, of all that may have changed; `absent` are not the project's any more. */
export function compareOnly(
  root: string,
  { state, documents }: Known,
  paths: ReadonlySet<string>,
  absent: ReadonlySet<string>,
): Changes {
  const skipped = state.skipped.filter(({ path }) => !paths.has(path));
  // Of the files that are not looked at is known what was known before.
  const changes: Changes = { read: [], gone: [], touched: [], skipped, suspects: state.suspects };
  const compare = comparison(root, { state, documents }, changes);
  for (const path of [...paths].sort()) {
    const document = documents.find(path);
    const stats = absent.has(path) || path.startsWith('.nex/') ? undefined : statOf(root, path);
    if (stats && document !== undefined) {
      const plain = stats.isFile() && stats.size === documents.bytes(document);
      compare.known(path, document, { stamp: stampOf(stats), fresh: isFresh(state, stats), plain });
    } else if (document !== undefined) changes.gone.push(document);
    else if (stats && maySource(path)) compare.unknown(path, stats);
  }
  return changes;
}

/** A file with a time this late may have been written after it was read, within the grain of the clock. */
function isFresh({ readFrom }: IndexState, { mtimeMs, ctimeMs }: Stats): boolean {
  const suspect = readFrom - CLOCK_GRAIN_MS;
  return mtimeMs >= suspect || ctimeMs >= suspect;
}

/** Compares paths with what is known of them, and notes what differs. */
function comparison(root: string, { state, documents }: Known, changes: Changes) {
  const skippedBefore = new Map(state.skipped.map((file) => [file.path, file]));
  return {
    unknown(path: string, stats: Stats): void {
      const before = skippedBefore.get(path);
      if (before && before.stamp === stampOf(stats) && !isFresh(state, stats)) changes.skipped.push(before);
      else changes.read.push(path);
    },
    known(path: string, document: number, now: { stamp: number; fresh: boolean; plain: boolean }): void {
      const { stamp, fresh, plain } = now;
      const same = stamp === state.stamps[document];
      if (same && !fresh) return;
      // The times are new, or so close to the last reading that they prove nothing: the content decides.
      if (plain && hashOf(join(root, path)) === documents.hash(document)) {
        if (!same) changes.touched.push({ document, stamp });
        if (fresh) changes.suspects = true;
      } else changes.read.push(path);
    },
  };
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
