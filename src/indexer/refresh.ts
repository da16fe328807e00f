import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DamagedIndex } from './bytes.ts';
import type { CodeIndexOptions, RefreshOptions } from './code-index.ts';
import { type Documents, openDocuments } from './documents.ts';
import { refreshHistory } from './history.ts';
import type { FileIndexer } from './index-files.ts';
import { createJsonWriter, type JsonLines, type Shard, updateJson } from './index-json.ts';
import { withIndexLock } from './index-lock.ts';
import { type IndexState, readState, type SkippedFile, writeState } from './index-state.ts';
import { listFiles, maySource, statOf } from './scanner.ts';

export interface Refreshed {
  state: IndexState;
  documents: Documents;
  /** Files that were read. */
  changed: number;
  notices: string[];
}

/** Times are compared by what the file system keeps: two seconds on the coarsest. */
const CLOCK_GRAIN_MS = 2000;
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
    const refreshed =
      (known && (await update(options, known, listing, work))) ??
      (await build(options, (await listing).filter(maySource), work));
    await history;
    return { ...refreshed, documents: openDocuments(options.dir, refreshed.state), notices };
  });
}

interface Known {
  state: IndexState;
  documents: Documents;
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
  try {
    return await applyChanges(options, known, await findChanges(options, known, listing, work.signal), work);
  } catch (error) {
    if (!(error instanceof DamagedIndex)) throw error;
    work.notices.push(`${error.message} It was built anew.`);
    return undefined;
  } finally {
    known.documents.close();
  }
}

interface Changes {
  /** New files and files with other content. */
  read: string[];
  /** Documents that are gone. */
  gone: number[];
  /** Documents whose times changed but not their content. */
  touched: Array<{ document: number; mtimeMs: number; ctimeMs: number }>;
  skipped: SkippedFile[];
}

async function findChanges(
  { root }: CodeIndexOptions,
  { state, documents }: Known,
  listing: Promise<string[]>,
  signal: AbortSignal | undefined,
): Promise<Changes> {
  // While git lists, the files known so far are looked at; git needs about as long as that.
  const times = new Map<number, { size: number; mtimeMs: number; ctimeMs: number; plain: boolean }>();
  for (let document = 0; document < documents.size; document++) {
    if (!documents.isAlive(document)) continue;
    const stats = statOf(root, documents.path(document));
    if (stats) times.set(document, { size: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs, plain: stats.isFile() });
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
      const same = before && before.size === stats.size && before.mtimeMs === stats.mtimeMs && before.ctimeMs === stats.ctimeMs;
      if (before && same && stats.mtimeMs < suspect) changes.skipped.push(before);
      else changes.read.push(path);
      continue;
    }
    const now = times.get(document);
    if (!now) continue;
    listed.add(document);
    const { size, mtimeMs, ctimeMs, plain } = now;
    const same = mtimeMs === state.mtimes[document] && ctimeMs === state.ctimes[document] && size === documents.bytes(document);
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
    const suspected = touched.length > 0 || !sameSkipped || Math.max(0, ...recent(state)) > 0;
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

/** Times so close to the last reading that the files had to be looked into. */
function recent({ mtimes, ctimes, readFrom, skipped }: IndexState): number[] {
  const suspect = readFrom - CLOCK_GRAIN_MS;
  for (const [index, time] of mtimes.entries()) if (time >= suspect || (ctimes[index] ?? 0) >= suspect) return [1];
  return skipped.some(({ mtimeMs }) => mtimeMs >= suspect) ? [1] : [];
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
  for await (const part of indexInParts(options, paths, { nameOf: segmentName, notices, signal, onProgress, indexerOf })) {
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
