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

  const byPath = new Map<string, number>();
  for (const [index, segment] of segments.entries()) {
    const start = starts[index] ?? 0;
    for (const [own, path] of segment.paths.entries())
      if (!Number.isNaN(state.mtimes[start + own])) byPath.set(path, start + own);
  }
  const place = (document: number): { segment: Segment; own: number } => {
    let index = starts.length - 1;
    while (index > 0 && (starts[index] ?? 0) > document) index--;
    const segment = segments[index];
    if (!segment) throw new RangeError(`There is no document ${document}.`);
    return { segment, own: document - (starts[index] ?? 0) };
  };
  const history = openHistory(folder);

  return {
    size,
    count: byPath.size,
    isAlive: (document) => !Number.isNaN(state.mtimes[document]),
    path: (document) => {
      const { segment, own } = place(document);
      return segment.paths[own] ?? '';
    },
    language: (document) => {
      const { segment, own } = place(document);
      return segment.language(own);
    },
    bytes: (document) => {
      const { segment, own } = place(document);
      return segment.size(own);
    },
    hash: (document) => {
      const { segment, own } = place(document);
      return segment.hash(own);
    },
    length: (document, field) => {
      const { segment, own } = place(document);
      return segment.length(own, field);
    },
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
    history,
    close() {
      for (const segment of segments) segment.close();
      history?.close();
    },
  };
}
