import { join } from 'node:path';
import { DamagedIndex } from './bytes.ts';
import { FIELD_COUNT } from './file-terms.ts';
import { type History, openHistory } from './history.ts';
import type { IndexState } from './index-state.ts';
import type { Postings } from './postings.ts';
import type { Role } from './roles.ts';
import { openSegment, type Segment } from './segment-reader.ts';
import type { StoredSymbol } from './stored-symbols.ts';

/** The open side files of an index: every living document under one number. */
export interface Documents {
  /** Numbers go up to here; some of them may be dead. */
  readonly size: number;
  /** Living documents. */
  readonly count: number;
  isAlive(document: number): boolean;
  path(document: number): string;
  language(document: number): string;
  role(document: number): Role;
  bytes(document: number): number;
  hash(document: number): string;
  /** Numbers of terms, FIELD_COUNT for each document. */
  readonly lengths: Uint32Array;
  /** Over all living documents; at least 1. */
  averageLength(field: number): number;
  /** Bytes of the living documents by language. */
  readonly languageBytes: ReadonlyMap<string, number>;
  symbols(document: number): StoredSymbol[];
  /** The living document of a path. */
  find(path: string): number | undefined;
  /** Where a term stands over all segments, living documents only. */
  hits(term: string): Postings;
  readonly history: History | undefined;
  /** Closes the history, which is about to be replaced; it is opened anew when it is asked for. */
  forgetHistory(): void;
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
    if (state.stamps.length !== size) throw new DamagedIndex('its state does not match its segments');
  } catch (error) {
    for (const segment of segments) segment.close();
    throw error;
  }

  // Queries look at every document several times: plain arrays, not a search for its segment each time.
  const paths = segments.length === 1 ? (segments[0]?.paths ?? []) : segments.flatMap(({ paths: own }) => own);
  const lengths = new Uint32Array(size * FIELD_COUNT);
  const bytes = new Uint32Array(size);
  const { stamps } = state;
  const byPath = new Map<string, number>();
  const languageBytes = new Map<string, number>();
  const totals = Array.from({ length: FIELD_COUNT }, () => 0);
  for (const [index, segment] of segments.entries()) {
    const start = starts[index] ?? 0;
    bytes.set(segment.sizes, start);
    lengths.set(segment.lengths, start * FIELD_COUNT);
    for (let own = 0; own < segment.count; own++) {
      if (stamps[start + own] === 0) continue;
      byPath.set(segment.paths[own] ?? '', start + own);
      const language = segment.language(own);
      languageBytes.set(language, (languageBytes.get(language) ?? 0) + (segment.sizes[own] ?? 0));
      for (let field = 0; field < FIELD_COUNT; field++)
        totals[field] = (totals[field] ?? 0) + (segment.lengths[own * FIELD_COUNT + field] ?? 0);
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

  const anyDead = byPath.size < size;

  /** Postings of one segment under the numbers of all, without the dead. */
  function shifted({ documents, counts }: Postings, start: number): Postings {
    if (!anyDead) return { documents: start === 0 ? documents : documents.map((own) => own + start), counts };
    const numbers = new Uint32Array(documents.length);
    let kept = 0;
    for (let index = 0; index < documents.length; index++) {
      const number = start + (documents[index] ?? 0);
      if (stamps[number] === 0) continue;
      numbers[kept] = number;
      for (let field = 0; field < FIELD_COUNT && kept < index; field++)
        counts[kept * FIELD_COUNT + field] = counts[index * FIELD_COUNT + field] ?? 0;
      kept++;
    }
    return { documents: numbers.subarray(0, kept), counts: counts.subarray(0, kept * FIELD_COUNT) };
  }

  return {
    size,
    count: byPath.size,
    isAlive: (document) => stamps[document] !== 0,
    path: (document) => paths[document] ?? '',
    language: (document) => {
      const { segment, own } = place(document);
      return segment.language(own);
    },
    role: (document) => {
      const { segment, own } = place(document);
      return segment.role(own);
    },
    bytes: (document) => bytes[document] ?? 0,
    hash: (document) => {
      const { segment, own } = place(document);
      return segment.hash(own);
    },
    lengths,
    averageLength: (field) => Math.max(1, (totals[field] ?? 0) / Math.max(1, byPath.size)),
    languageBytes,
    symbols: (document) => {
      const { segment, own } = place(document);
      return segment.symbols(own);
    },
    find: (path) => byPath.get(path),
    hits(term) {
      const found = segments.flatMap((segment, index) => {
        const postings = segment.postings(term);
        return postings ? [shifted(postings, starts[index] ?? 0)] : [];
      });
      if (found.length === 1 && found[0]) return found[0];
      const documents = new Uint32Array(found.reduce((sum, part) => sum + part.documents.length, 0));
      const counts = new Uint32Array(documents.length * FIELD_COUNT);
      let at = 0;
      for (const part of found) {
        documents.set(part.documents, at);
        counts.set(part.counts, at * FIELD_COUNT);
        at += part.documents.length;
      }
      return { documents, counts };
    },
    get history() {
      history ??= { opened: openHistory(folder) };
      return history.opened;
    },
    forgetHistory() {
      history?.opened?.close();
      history = undefined;
    },
    close() {
      for (const segment of segments) segment.close();
      history?.opened?.close();
    },
  };
}
