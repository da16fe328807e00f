import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readStanding } from '../platform/git-standing.ts';
import { DamagedIndex } from './bytes.ts';
import { type Changes, compareOnly, findChanges, type Known } from './changes.ts';
import type { CodeIndexOptions, RefreshOptions } from './code-index.ts';
import { compact, compactAll } from './compact.ts';
import { type Documents, openDocuments } from './documents.ts';
import type { Evidence } from './evidence.ts';
import { reachesUpTo, refreshHistory } from './history.ts';
import type { FileIndexer } from './index-files.ts';
import { createJsonWriter, updateJson } from './index-json.ts';
import { withIndexLock } from './index-lock.ts';
import { type IndexState, readState, type Standing, writeState } from './index-state.ts';
import { listFiles, maySource } from './scanner.ts';
import { keptStanding, sameStanding, suspicion } from './standing.ts';

/** More files than this take longer to look at than git takes to answer. */
const MOST_PREPARED = 100;

export interface Refreshed {
  state: IndexState;
  /** What stayed as it was is still open; what was written anew is opened by whoever asks first. */
  documents?: Documents | undefined;
  /** What speaks for each file in view of `expecting`: of these documents, where they stayed as they were. */
  evidence?: Evidence | undefined;
  /** Files that were read. */
  changed: number;
  notices: string[];
}

/** Brings the index below `options.dir` up to date; one process at a time. */
export async function refreshIndex(
  options: CodeIndexOptions,
  { signal, full, onProgress, standing, expecting }: RefreshOptions,
  indexerOf: () => Promise<FileIndexer>,
): Promise<Refreshed> {
  return withIndexLock(options.dir, signal, async () => {
    const notices: string[] = [];
    const known = full ? undefined : openKnown(options.dir, notices);
    // Git is asked once: what it does not call different, now or the last time, needs no look.
    const asked =
      options.git === false
        ? undefined
        : Promise.resolve(standing)
            .then((known) => known ?? readStanding(options.root))
            .catch(() => undefined);
    const readFrom = Date.now();
    let listing: Promise<string[]> | undefined;
    const list = () => {
      listing ??= listFiles(options.root, options);
      // Rejections are heard below; until then they must not count as unhandled.
      listing.catch(() => {});
      return listing;
    };
    // Without an answer from last time every file is looked at: git lists them meanwhile.
    if (!known?.state.standing?.head) void list();
    // While git looks, what will be asked for is gathered: most often nothing has changed.
    const gathered = known && expecting !== undefined ? await gather(known, expecting) : undefined;
    if (known) await prepare(options.root, known, indexerOf);
    const now = await asked;
    const stays = options.git === false || (now?.head !== undefined && reachesUpTo(options.dir, now.head));
    // Windows replaces no file that is open.
    if (!stays) known?.documents.forgetHistory();
    const history = stays ? Promise.resolve() : refreshHistory(options.root, options.dir, signal, now?.head);
    history.catch(() => {});
    const evidence = stays ? gathered : undefined;
    const suspects = known && (await suspicion(options.root, known.state.standing, now, signal));
    const work: Work = { readFrom, startedAt: readFrom, notices, signal, onProgress, indexerOf, standing: now };
    if (known && suspects) {
      const find = () => Promise.resolve(compareOnly(options.root, known, suspects.paths, suspects.absent));
      const near = await update(options, known, find, { ...work, readFrom: known.state.readFrom });
      if (near) {
        await history;
        return { ...near, evidence, notices };
      }
    }
    const updated =
      known && !suspects
        ? await update(options, known, () => findChanges(options.root, known, list(), signal), work)
        : undefined;
    const { state, changed } = updated ?? (await build(options, (await list()).filter(maySource), work));
    await history;
    return { state, changed, documents: updated?.documents, evidence, notices };
  });
}

/** What speaks for each file as the index stands; undefined where it turns out to be damaged, which is found again. */
async function gather({ state, documents }: Known, task: string): Promise<Evidence | undefined> {
  if (state.partial) return undefined;
  try {
    const { gatherEvidence } = await import('./evidence.ts');
    return gatherEvidence(documents, task);
  } catch (error) {
    if (error instanceof DamagedIndex) return undefined;
    throw error;
  }
}

/** Makes grammars ready for files that were different from HEAD the last time and say something else since. */
async function prepare(root: string, known: Known, indexerOf: Work['indexerOf']): Promise<void> {
  const { dirty = [], untracked = [] } = known.state.standing ?? {};
  const looked = new Set([...dirty, ...untracked].slice(0, MOST_PREPARED));
  if (looked.size === 0) return;
  const { read } = compareOnly(root, known, looked, new Set());
  if (read.length > 0) await (await indexerOf()).prepare(read);
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
async function update(
  options: CodeIndexOptions,
  known: Known,
  find: () => Promise<Changes>,
  work: Work,
): Promise<{ state: IndexState; changed: number; documents?: Documents } | undefined> {
  let kept = false;
  try {
    const result = await applyChanges(options, known, await find(), work);
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
  /** When this refresh began. */
  startedAt: number;
  notices: string[];
  signal: AbortSignal | undefined;
  onProgress: RefreshOptions['onProgress'];
  /** What reads and parses files; made when there is one to read. */
  indexerOf: () => Promise<FileIndexer>;
  /** Taken before anything was read. */
  standing: Standing | undefined;
}

async function applyChanges(
  options: CodeIndexOptions,
  { state, documents }: Known,
  changes: Changes,
  work: Work,
): Promise<{ state: IndexState; changed: number }> {
  const { dir } = options;
  const { readFrom, standing } = work;
  const { read, gone, touched, skipped } = changes;
  const stamps = Uint32Array.from(state.stamps);
  for (const { document, stamp } of touched) stamps[document] = stamp;
  const stands = keptStanding(standing);
  const next = { ...state, readFrom, skipped, stamps, suspects: changes.suspects, standing: stands };
  if (read.length === 0 && gone.length === 0 && !state.partial) {
    // Old suspicions are worth a write only when there were some; a quiet project writes nothing.
    const settled = state.suspects && readFrom !== state.readFrom;
    const seen = touched.length > 0 || skipped.length !== state.skipped.length;
    const write = seen || settled || !sameStanding(state.standing, stands);
    if (write) writeState(dir, next);
    return { state: write ? next : state, changed: 0 };
  }

  const updated = new Date(readFrom).toISOString();
  let { shards } = state;
  const { addFiles } = await import('./add-files.ts');
  const added = await addFiles(options, read.toSorted(), { ...work, nameOf: segmentName }, (put) => {
    shards = updateJson(dir, updated, shards, { put, drop: [] });
  });
  // Of what was not reached the old documents stay: the next refresh looks at every file again.
  const reached = added.stopped ? read.filter((path) => added.reached.has(path)) : read;
  const dead = [...new Set([...gone, ...reached.flatMap((path) => documents.find(path) ?? [])])];
  let { symbols } = state;
  for (const document of dead) {
    symbols -= documents.symbols(document).length;
    stamps[document] = 0;
  }
  const grown = {
    segments: [...state.segments, ...added.segments],
    stamps: Uint32Array.from([...stamps, ...added.stamps]),
  };
  const paths = dead.map((document) => documents.path(document));
  shards = updateJson(dir, updated, shards, { put: [], drop: paths.filter((path) => !added.indexed.has(path)) });
  const whole = !added.stopped;
  const compacted = !whole ? grown : (state.partial ? compactAll : compact)(dir, grown, segmentName);
  const final = finish(dir, {
    ...next,
    ...compacted,
    updated,
    shards,
    symbols: symbols + added.symbols,
    standing: whole ? keptStanding(standing, added.young) : undefined,
    files: grown.stamps.reduce((count, stamp) => count + (stamp === 0 ? 0 : 1), 0),
    suspects: changes.suspects || added.suspects,
    skipped: [...skipped, ...added.skipped],
    partial: state.partial === true && !whole,
  });
  if (added.stopped) throw added.stopped.reason;
  return {
    state: final,
    changed: read.filter((path) => added.indexed.has(path) || documents.find(path) !== undefined).length,
  };
}

async function build(
  options: CodeIndexOptions,
  paths: readonly string[],
  work: Work,
): Promise<{ state: IndexState; changed: number }> {
  const { dir } = options;
  const { readFrom, standing } = work;
  const updated = new Date(readFrom).toISOString();
  const json = createJsonWriter(dir, updated);
  const { addFiles } = await import('./add-files.ts');
  const added = await addFiles(options, paths, { ...work, nameOf: segmentName }, json.add);
  const { segments, symbols, suspects, skipped, young } = added;
  const whole = !added.stopped;
  const shards = json.finish();
  const made = { segments, stamps: Uint32Array.from(added.stamps) };
  const state = finish(dir, {
    updated,
    ...(whole ? compactAll(dir, made, segmentName) : made),
    files: added.stamps.length,
    suspects,
    symbols,
    bytes: 0,
    readFrom,
    shards,
    json: { size: 0, mtimeMs: 0 },
    skipped,
    standing: whole ? keptStanding(standing, young) : undefined,
    partial: !whole,
  });
  if (added.stopped) throw added.stopped.reason;
  return { state, changed: added.stamps.length };
}

/** Notes what is on disk, makes the state the valid one, and removes what no state names any more. */
function finish(dir: string, state: IndexState): IndexState {
  const { size, mtimeMs } = statSync(join(dir, 'index.json'));
  const valid = new Set(state.segments.map(({ name }) => name));
  let bytes = state.shards.reduce((sum, shard) => sum + shard.bytes, size);
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
