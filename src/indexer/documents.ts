import { join } from 'node:path';
import { DamagedIndex } from './bytes.ts';
import { FIELD_COUNT } from './file-terms.ts';
import { type History, openHistory } from './history.ts';
import type { IndexState } from './index-state.ts';
import { openSegment, type Segment, type StoredSymbol } from './segment-reader.ts';

/** Where a term stands over all segments: numbers of living documents, and FIELD_COUNT counts for each. */
export interface TermHits {
  documents: number[];
  counts: number[];
}

/** The open side files of an index: every living document under one number. */
export interface Documents {
  /** Numbers go up to here; some of them may be dead. */
  readonly size: number;
  /** Living documents. */
  readonly count: number;
  isAlive(document: number): boolean;
  path(document: number): string;
  language(document: number): string;
  bytes(document: number): number;
  hash(document: number): string;
  length(document: number, field: number): number;
  /** Over all living documents; at least 1. */
  averageLength(field: number): number;
  /** Bytes of the living documents by language. */
  readonly languageBytes: ReadonlyMap<string, number>;
  symbols(document: number): StoredSymbol[];
  /** The living document of a path. */
  find(path: string): number | undefined;
  hits(term: string): TermHits;
  readonly history: History | undefined;
  close(): void;
}

/** Opens the segments that a state names. Throws DamagedIndex, or a system error when one is missing. */
export function openDocuments(folder: string, state: IndexState): Documents {
  const segments: Segment[] = [];
  const starts: number[] = [];
  let size = 0;
  try {
    for (const { name, documents } of state.segments) {
      const segment = openSegment(join(folder, name));
      segments.push(segment);
      if (segment.count !== documents) throw new DamagedIndex('a segment is not the one that was written');
      starts.push(size);
      size += documents;
    }
    if (state.mtimes.length !== size) throw new DamagedIndex('its state does not match its segments');
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }

  // Queries look at every document several times: plain arrays, not a search for its segment each time.
  const paths = segments.flatMap(({ paths: own }) => own);
  const lengths = new Uint32Array(size * FIELD_COUNT);
  const bytes = new Uint32Array(size);
  const languages: string[] = [];
  const byPath = new Map<string, number>();
  const languageBytes = new Map<string, number>();
  const totals = Array.from({ length: FIELD_COUNT }, () => 0);
  for (const [index, segment] of segments.entries()) {
    for (let own = 0; own < segment.count; own++) {
      const document = (starts[index] ?? 0) + own;
      const language = segment.language(own);
      const alive = !Number.isNaN(state.mtimes[document]);
      bytes[document] = segment.size(own);
      languages.push(language);
      for (let field = 0; field < FIELD_COUNT; field++) {
        const length = segment.length(own, field);
        lengths[document * FIELD_COUNT + field] = length;
        if (alive) totals[field] = (totals[field] ?? 0) + length;
      }
      if (!alive) continue;
      byPath.set(paths[document] ?? '', document);
      languageBytes.set(language, (languageBytes.get(language) ?? 0) + segment.size(own));
    }
  }
  const place = (document: number): { segment: Segment; own: number } => {
    const index = starts.findLastIndex((start) => start <= document);
    const segment = segments[index];
    if (!segment) throw new RangeError(`There is no document ${document}.`);
    return { segment, own: document - (starts[index] ?? 0) };
  };
  // Opened when it is asked for: a refresh replaces it after the rest was opened.
  let history: { opened: History | undefined } | undefined;

  return {
    size,
    count: byPath.size,
    isAlive: (document) => !Number.isNaN(state.mtimes[document]),
    path: (document) => paths[document] ?? '',
    language: (document) => languages[document] ?? '',
    bytes: (document) => bytes[document] ?? 0,
    hash: (document) => {
      const { segment, own } = place(document);
      return segment.hash(own);
    },
    length: (document, field) => lengths[document * FIELD_COUNT + field] ?? 0,
    averageLength: (field) => Math.max(1, (totals[field] ?? 0) / Math.max(1, byPath.size)),
    languageBytes,
    symbols: (document) => {
      const { segment, own } = place(document);
      return segment.symbols(own);
    },
    find: (path) => byPath.get(path),
    hits(term) {
      const documents: number[] = [];
      const counts: number[] = [];
      for (const [index, segment] of segments.entries()) {
        const found = segment.postings(term);
        if (!found) continue;
        const start = starts[index] ?? 0;
        for (const [position, own] of found.documents.entries()) {
          if (Number.isNaN(state.mtimes[start + own])) continue;
          documents.push(start + own);
          for (let field = 0; field < FIELD_COUNT; field++)
            counts.push(found.counts[position * FIELD_COUNT + field] ?? 0);
        }
      }
      return { documents, counts };
    },
    get history() {
      history ??= { opened: openHistory(folder) };
      return history.opened;
    },
    close() {
      for (const segment of segments) segment.close();
      history?.opened?.close();
    },
  };
}
