import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DamagedIndex } from './bytes.ts';
import { type Changes, findChanges, hasSuspects, type Known } from './changes.ts';
import type { CodeIndexOptions, RefreshOptions } from './code-index.ts';
import { type Documents, openDocuments } from './documents.ts';
import { refreshHistory } from './history.ts';
import type { FileIndexer } from './index-files.ts';
import { createJsonWriter, type JsonLines, type Shard, updateJson } from './index-json.ts';
import { withIndexLock } from './index-lock.ts';
import { type IndexState, readState, type SkippedFile, writeState } from './index-state.ts';
import { listFiles, maySource } from './scanner.ts';

export interface Refreshed {
  state: IndexState;
  documents: Documents;
  /** Files that were read. */
  changed: number;
  notices: string[];
}

/** Small segments beyond this number are written anew as one. */
const MOST_SMALL_SEGMENTS = 8;
/** Up to this many documents, the last small segment is taken into the new one. */
const SMALL = 16;
const SMALL_SEGMENT = 1024;

/** Brings the index below `options.dir` up to date; one process at a time. */
export async function refreshIndex(
  options: CodeIndexOptions,
  { signal, full, onProgress }: RefreshOptions,
  indexerOf: () => Promise<FileIndexer>,
): Promise<Refreshed> {
  return withIndexLock(options.dir, signal, async () => {
    const notices: string[] = [];
    const known = full ? undefined : openKnown(options.dir, notices);
    const history = options.git === false ? Promise.resolve() : refreshHistory(options.root, options.dir, signal);
    // A rejection is heard below; until then it must not count as unhandled.
    history.catch(() => {});
    const readFrom = Date.now();
    const listing = listFiles(options.root, options);
    listing.catch(() => {});
    const work: Work = { readFrom, notices, signal, onProgress, indexerOf };
    const updated = known && (await update(options, known, listing, work));
    const { state, changed } = updated ?? (await build(options, (await listing).filter(maySource), work));
    await history;
    return { state, changed, documents: updated?.documents ?? openDocuments(options.dir, state), notices };
  });
}

/** What is on disk, when it can be built upon; a notice when there is something that cannot. */
function openKnown(dir: string, notices: string[]): Known | undefined {
  try {
    const state = readState(dir);
    const json = statSync(join(dir, 'index.json'), { throwIfNoEntry: false });
    if (!state) {
      if (json) notices.push('index.json was written by another program or version; the index was built anew.');
      return undefined;
    }
    if (!json || json.size !== state.json.size || json.mtimeMs !== state.json.mtimeMs) {
      throw new DamagedIndex(json ? 'index.json was changed by another program' : 'index.json is gone');
    }
    return { state, documents: openDocuments(dir, state) };
  } catch (error) {
    const reason = error instanceof DamagedIndex ? error.message : 'The code index cannot be read.';
    notices.push(`${reason} It was built anew.`);
    return undefined;
  }
}

/** Builds upon what is there; undefined when it turns out to be damaged. */
async function update(options: CodeIndexOptions, known: Known, listing: Promise<string[]>, work: Work) {
  let kept = false;
  try {
    const result = await applyChanges(
      options,
      known,
      await findChanges(options.root, known, listing, work.signal),
      work,
    );
    // The same segments with the same dead documents: what is open already is what a reader needs.
    kept = result.state.segments === known.state.segments;
    return { ...result, ...(kept ? { documents: known.documents } : {}) };
  } catch (error) {
    if (!(error instanceof DamagedIndex)) throw error;
    work.notices.push(`${error.message} It was built anew.`);
    return undefined;
  } finally {
    if (!kept) known.documents.close();
  }
}

interface Work {
  readFrom: number;
  notices: string[];
  signal: AbortSignal | undefined;
  onProgress: RefreshOptions['onProgress'];
  /** What reads and parses files; made when there is one to read. */
  indexerOf: () => Promise<FileIndexer>;
}

async function applyChanges(
  options: CodeIndexOptions,
  { state, documents }: Known,
  changes: Changes,
  { readFrom, notices, signal, indexerOf }: Work,
): Promise<{ state: IndexState; changed: number }> {
  const { dir } = options;
  const { read, gone, touched } = changes;
  const mtimes = Float64Array.from(state.mtimes);
  const ctimes = Float64Array.from(state.ctimes);
  for (const { document, mtimeMs, ctimeMs } of touched) {
    mtimes[document] = mtimeMs;
    ctimes[document] = ctimeMs;
  }
  const sameSkipped = changes.skipped.length === state.skipped.length;
  const next = { ...state, readFrom, skipped: changes.skipped, mtimes, ctimes };
  if (read.length === 0 && gone.length === 0) {
    // Old suspicions are worth a write only when there were some; a quiet project writes nothing.
    const suspected = touched.length > 0 || !sameSkipped || hasSuspects(state);
    if (suspected) writeState(dir, next);
    return { state: suspected ? next : state, changed: 0 };
  }

  const retired = retiredSegments(state, documents, read, gone);
  const paths = [...new Set([...read, ...retired.paths])].sort();
  const indexer = await indexerOf();
  const name = segmentName();
  const indexed = await indexer.index(paths, join(dir, name), signal ? { signal } : {});
  notices.push(...indexer.notes);

  const dead = new Set([...gone, ...read.flatMap((path) => documents.find(path) ?? [])]);
  let symbols = state.symbols;
  for (const document of dead) symbols -= documents.symbols(document).length;
  for (const path of retired.paths) {
    const document = documents.find(path);
    if (document !== undefined && !dead.has(document)) symbols -= documents.symbols(document).length;
  }
  for (const { symbols: own } of indexed.documents) symbols += own;
  const columns = joinColumns(state, { mtimes, ctimes }, dead, retired.names, indexed.documents);
  const added = indexed.documents.length > 0 ? [{ name, documents: indexed.documents.length }] : [];
  const segments = [...state.segments.filter((segment) => !retired.names.has(segment.name)), ...added];
  const updated = new Date(readFrom).toISOString();
  const removed = [...[...dead].map((document) => documents.path(document)), ...retired.paths];
  updateJson(dir, updated, state.shards, { put: indexed.lines, drop: removed });
  const final = finish(dir, {
    ...next,
    ...columns,
    updated,
    segments,
    symbols,
    files: columns.mtimes.reduce((count, time) => count + (Number.isNaN(time) ? 0 : 1), 0),
    skipped: [...changes.skipped, ...indexed.skipped],
  });
  const now = new Set(indexed.documents.map(({ path }) => path));
  return { state: final, changed: read.filter((path) => now.has(path) || documents.find(path) !== undefined).length };
}

/**
 * Segments that the new one takes over: the last one when it is tiny, all small ones when there are too many, and
 * one whose documents are mostly dead. Their living files are read again, which is cheaper than it is to merge.
 */
function retiredSegments(state: IndexState, documents: Documents, read: readonly string[], gone: readonly number[]) {
  const dead = new Set([...gone, ...read.flatMap((path) => documents.find(path) ?? [])]);
  const alive = (document: number) => documents.isAlive(document) && !dead.has(document);
  const ranges = state.segments.map(({ name, documents: count }, index) => {
    const start = state.segments.slice(0, index).reduce((sum, segment) => sum + segment.documents, 0);
    const living = Array.from({ length: count }, (_, own) => start + own).filter(alive);
    return { name, count, living };
  });
  const small = ranges.filter(({ count }) => count <= SMALL_SEGMENT);
  const tooMany = small.length > MOST_SMALL_SEGMENTS;
  const retired = ranges.filter(({ count, living }, index) => {
    if (living.length * 2 < count) return true;
    if (tooMany && count <= SMALL_SEGMENT) return true;
    return index === ranges.length - 1 && index > 0 && count <= SMALL;
  });
  return {
    names: new Set(retired.map(({ name }) => name)),
    paths: retired.flatMap(({ living }) => living.map((document) => documents.path(document))),
  };
}

function joinColumns(
  state: IndexState,
  { mtimes, ctimes }: Pick<IndexState, 'mtimes' | 'ctimes'>,
  dead: ReadonlySet<number>,
  retired: ReadonlySet<string>,
  added: ReadonlyArray<{ mtimeMs: number; ctimeMs: number }>,
): Pick<IndexState, 'mtimes' | 'ctimes'> {
  const kept: number[] = [];
  let start = 0;
  for (const { name, documents } of state.segments) {
    if (!retired.has(name)) for (let own = 0; own < documents; own++) kept.push(start + own);
    start += documents;
  }
  const column = (old: Float64Array, time: (document: { mtimeMs: number; ctimeMs: number }) => number) =>
    Float64Array.from([...kept.map((index) => (dead.has(index) ? Number.NaN : (old[index] ?? 0))), ...added.map(time)]);
  return { mtimes: column(mtimes, ({ mtimeMs }) => mtimeMs), ctimes: column(ctimes, ({ ctimeMs }) => ctimeMs) };
}

async function build(
  options: CodeIndexOptions,
  paths: readonly string[],
  { readFrom, notices, signal, onProgress, indexerOf }: Work,
): Promise<{ state: IndexState; changed: number }> {
  const { dir } = options;
  const updated = new Date(readFrom).toISOString();
  const json = createJsonWriter(dir, updated);
  const segments: Array<{ name: string; documents: number }> = [];
  const mtimes: number[] = [];
  const ctimes: number[] = [];
  const skipped: SkippedFile[] = [];
  let symbols = 0;
  const { indexInParts } = await import('./index-parts.ts');
  for await (const part of indexInParts(options, paths, {
    nameOf: segmentName,
    notices,
    signal,
    onProgress,
    indexerOf,
  })) {
    if (part.documents.length > 0) segments.push({ name: part.name, documents: part.documents.length });
    for (const document of part.documents) {
      mtimes.push(document.mtimeMs);
      ctimes.push(document.ctimeMs);
      symbols += document.symbols;
    }
    skipped.push(...part.skipped);
    json.add(part.lines satisfies JsonLines[]);
  }
  const shards: Shard[] = json.finish();
  const state = finish(dir, {
    updated,
    segments,
    files: mtimes.length,
    symbols,
    bytes: 0,
    readFrom,
    shards,
    json: { size: 0, mtimeMs: 0 },
    skipped,
    mtimes: Float64Array.from(mtimes),
    ctimes: Float64Array.from(ctimes),
  });
  return { state, changed: mtimes.length };
}

/** Notes what is on disk, makes the state the valid one, and removes what no state names any more. */
function finish(dir: string, state: IndexState): IndexState {
  const { size, mtimeMs } = statSync(join(dir, 'index.json'));
  const valid = new Set(state.segments.map(({ name }) => name));
  let bytes = size;
  for (const name of valid) bytes += statSync(join(dir, name)).size;
  const final = { ...state, bytes, json: { size, mtimeMs } };
  writeState(dir, final);
  for (const name of readdirSync(dir)) {
    if (!/^index\.[0-9a-z]+-[0-9a-z]+\.seg$/.test(name) || valid.has(name)) continue;
    try {
      rmSync(join(dir, name), { force: true });
    } catch {
      // Windows keeps a file that another process has open; the next refresh removes it.
    }
  }
  return final;
}

let written = 0;
/** A name that no other process uses and that was never used before. */
const segmentName = () => `index.${Date.now().toString(36)}-${process.pid.toString(36)}${(written++).toString(36)}.seg`;
