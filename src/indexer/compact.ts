import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { IndexState } from './index-state.ts';
import { mergeSegments } from './segment-merge.ts';
import { openSegment } from './segment-reader.ts';

/** Segments of up to this many documents are of the lowest tier. */
const TINY = 64;
/**
 * Segments whose sizes lie within this factor are of one tier; so many of a tier become one of the next. A refresh that
 * merges takes half as long again as one that does not, a query a millisecond longer for each small segment.
 */
const TIER_FACTOR = 8;
const MOST_OF_TIER = 4;
/** No file of the index grows beyond this: it has to be written in one piece, and moved by whoever keeps copies. */
const LARGEST = 32 << 20;

type Segments = Pick<IndexState, 'segments' | 'stamps'>;
interface Range {
  name: string;
  start: number;
  count: number;
  living: number;
  bytes: number;
}

/**
 * Merges segments where there are too many of a size, and those that are mostly dead. The old files stay on disk: the
 * state that names them is the valid one until the next is written. Throws DamagedIndex.
 */
export function compact(folder: string, { segments, stamps }: Segments, nameOf: () => string): Segments {
  let known: Segments = { segments, stamps };
  // A merged segment may be one too many of its new tier.
  for (let merges = 0; merges < 8; merges++) {
    const ranges = rangesOf(folder, known);
    const chosen = choose(ranges);
    if (chosen.length === 0) break;
    known = mergeRanges(folder, known, ranges, chosen, nameOf);
  }
  return known;
}

/** Merges neighbours as far as a file may grow: what a whole build leaves behind. */
export function compactAll(folder: string, { segments, stamps }: Segments, nameOf: () => string): Segments {
  let known: Segments = { segments, stamps };
  const groups: Range[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const range of rangesOf(folder, known)) {
    bytes += range.bytes;
    if (bytes > LARGEST) {
      groups.push([]);
      bytes = range.bytes;
    }
    groups.at(-1)?.push(range);
  }
  for (const group of groups) {
    if (group.length < 2) continue;
    // Segments have moved since the group was made, but not within it.
    const ranges = rangesOf(folder, known);
    const names = new Set(group.map(({ name }) => name));
    const chosen = ranges.filter(({ name }) => names.has(name));
    known = mergeRanges(folder, known, ranges, chosen, nameOf);
  }
  return known;
}

function rangesOf(folder: string, { segments, stamps }: Segments): Range[] {
  let start = 0;
  return segments.map(({ name, documents: count }) => {
    let living = 0;
    for (let document = start; document < start + count; document++) if (stamps[document] !== 0) living++;
    start += count;
    return { name, start: start - count, count, living, bytes: statSync(join(folder, name)).size };
  });
}

function choose(ranges: readonly Range[]): Range[] {
  const dead = ranges.find(({ count, living }) => living * 2 < count);
  if (dead) return [dead];
  const tiers = new Map<number, Range[]>();
  for (const range of ranges) {
    const tier = range.count <= TINY ? 0 : Math.ceil(Math.log(range.count / TINY) / Math.log(TIER_FACTOR));
    tiers.set(tier, [...(tiers.get(tier) ?? []), range]);
  }
  for (const same of tiers.values()) {
    const bytes = same.reduce((sum, range) => sum + range.bytes, 0);
    if (same.length >= MOST_OF_TIER && bytes <= LARGEST) return same;
  }
  return [];
}

/** One segment in the place of the last of those that are chosen. */
function mergeRanges(
  folder: string,
  { stamps }: Segments,
  ranges: readonly Range[],
  chosen: readonly Range[],
  nameOf: () => string,
): Segments {
  const living = chosen.reduce((sum, range) => sum + range.living, 0);
  const name = nameOf();
  if (living > 0) {
    const parts = chosen.map(({ name: old, start }) => ({
      segment: openSegment(join(folder, old)),
      isAlive: (document: number) => stamps[start + document] !== 0,
    }));
    try {
      mergeSegments(parts, join(folder, name));
    } finally {
      for (const { segment } of parts) segment.close();
    }
  }
  const kept = ranges.filter((range) => !chosen.includes(range));
  const column = [...kept, ...chosen].flatMap((range) => {
    const own = stamps.subarray(range.start, range.start + range.count);
    return [chosen.includes(range) ? own.filter((stamp) => stamp !== 0) : own];
  });
  const joined = new Uint32Array(column.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of column) {
    joined.set(part, at);
    at += part.length;
  }
  return {
    segments: [
      ...kept.map(({ name: old, count }) => ({ name: old, documents: count })),
      ...(living > 0 ? [{ name, documents: living }] : []),
    ],
    stamps: joined,
  };
}
