import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { END, head, type JsonLines, linesOf, MIDDLE, spliceLines } from './json-splice.ts';
import type { CodeSymbol } from './parser.ts';

/**
 * `.nex/index.json` is for people and other tools; nex never reads it to answer a query. It has the shape that
 * Nex AI gave it (`last_updated`, `files`, `symbols`) and one line per file in each of its two lists, sorted by
 * path, so that a change replaces lines without parsing the rest. Above 4 MB the lines move to shards of about
 * 256 kB by range of paths, `index.d/NNNN.json`, each of the same shape; index.json then lists the shards.
 */
const SINGLE_LIMIT = 4 << 20;
const SHARD_SIZE = 256 << 10;

const SHARD_FOLDER = 'index.d/';
const shardName = (number: number) => `${SHARD_FOLDER}${String(number).padStart(4, '0')}.json`;

/** Which part of the index a shard holds. */
export interface Shard {
  name: string;
  /** The first path; the shard ends where the next one begins. */
  from: string;
  bytes: number;
}

export function jsonLines(
  file: { path: string; language: string; size: number; hash: string; imports: readonly string[] },
  symbols: readonly CodeSymbol[],
): JsonLines {
  const rows = symbols.map(({ name, kind, lineStart, lineEnd, signature, docstring, parent, exported }) =>
    JSON.stringify({
      file_path: file.path,
      name,
      kind,
      line_start: lineStart,
      line_end: lineEnd,
      signature,
      docstring,
      ...(parent === undefined ? {} : { parent }),
      ...(exported ? { exported } : {}),
    }),
  );
  return { path: file.path, file: JSON.stringify(file), symbols: rows.join(',') };
}

function render(lines: readonly JsonLines[], updated: string): string {
  const files = lines.map(({ file }) => file).join(',\n');
  const symbols = lines.flatMap(({ symbols: own }) => own || []).join(',\n');
  return [head(updated), ...(files ? [files] : []), MIDDLE, ...(symbols ? [symbols] : []), END].join('\n');
}

/** Writes an index file of these lines; its size. */
function writeLines(file: string, lines: readonly JsonLines[], updated: string): number {
  const bytes = Buffer.from(render(lines, updated));
  replaceFile(file, bytes);
  return bytes.length;
}

/** Shards of an index that was larger. */
function removeOthers(folder: string, shards: readonly Shard[]): void {
  const kept = new Set(shards.map(({ name }) => name));
  for (const entry of readdirSync(join(folder, SHARD_FOLDER)))
    if (/^\d+\.json$/.test(entry) && !kept.has(SHARD_FOLDER + entry)) rmSync(join(folder, SHARD_FOLDER, entry));
}

/** Replaces a file in one step, so that a reader never meets half of it. */
export function replaceFile(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Takes the lines of a whole index in order and writes them; large indexes never stand in memory whole. */
export interface JsonWriter {
  add(lines: readonly JsonLines[]): void;
  /** Writes what is left; the shards, or none when index.json holds everything. */
  finish(): Shard[];
}

export function createJsonWriter(folder: string, updated: string): JsonWriter {
  let waiting: JsonLines[] = [];
  let size = 0;
  const shards: Shard[] = [];

  function flush(limit: number): void {
    let from = 0;
    while (size > limit && from < waiting.length) {
      const taken = takeShard(waiting, from);
      const own = waiting.slice(from, from + taken.count);
      const name = shardName(shards.length + 1);
      mkdirSync(join(folder, SHARD_FOLDER), { recursive: true });
      shards.push({ name, from: own[0]?.path ?? '', bytes: writeLines(join(folder, name), own, updated) });
      from += taken.count;
      size -= taken.size;
    }
    waiting = waiting.slice(from);
  }

  return {
    add(lines) {
      for (const line of lines) {
        waiting.push(line);
        size += line.file.length + line.symbols.length;
      }
      if (size > SINGLE_LIMIT || shards.length > 0) flush(SHARD_SIZE);
    },
    finish() {
      if (shards.length > 0) flush(0);
      if (shards.length === 0) rmSync(join(folder, SHARD_FOLDER), { recursive: true, force: true });
      else removeOthers(folder, shards);
      writeTop(folder, updated, shards, shards.length === 0 ? waiting : []);
      return shards;
    },
  };
}

function takeShard(lines: readonly JsonLines[], from = 0): { count: number; size: number } {
  let size = 0;
  for (let index = from; index < lines.length; index++) {
    const line = lines[index];
    size += line ? line.file.length + line.symbols.length : 0;
    if (size >= SHARD_SIZE) return { count: index + 1 - from, size };
  }
  return { count: lines.length - from, size };
}

/** Cuts lines into those of one shard each. */
function cutLines(lines: readonly JsonLines[]): JsonLines[][] {
  const cut: JsonLines[][] = [];
  for (let from = 0; from < lines.length; ) {
    const { count } = takeShard(lines, from);
    cut.push(lines.slice(from, from + count));
    from += count;
  }
  return cut;
}

function writeTop(folder: string, updated: string, shards: readonly Shard[], lines: readonly JsonLines[]): void {
  mkdirSync(folder, { recursive: true });
  const text = shards.length === 0 ? render(lines, updated) : sharded(updated, shards);
  replaceFile(join(folder, 'index.json'), text);
}

const sharded = (updated: string, shards: readonly Shard[]) =>
  [head(updated, `"shards":${JSON.stringify(shards.map(({ name }) => name))},`), MIDDLE, END].join('\n');

/**
 * Replaces, adds and removes the lines of some files; the rest of the index is copied as it stands. Gives the shards
 * after that: one that has grown too large is cut. Throws DamagedIndex.
 */
export function updateJson(
  folder: string,
  updated: string,
  shards: readonly Shard[],
  change: { put: readonly JsonLines[]; drop: readonly string[] },
): readonly Shard[] {
  if (change.put.length + change.drop.length === 0) return shards;
  const groups = shards.length === 0 ? [{ name: 'index.json', from: '', bytes: 0 }] : shards;
  const limit = shards.length === 0 ? SINGLE_LIMIT : 2 * SHARD_SIZE;
  let last = shards.length;
  for (const { name } of shards) last = Math.max(last, Number.parseInt(name.slice(SHARD_FOLDER.length), 10));
  const put = byGroup(groups, change.put, ({ path }) => path);
  const drop = byGroup(groups, change.drop, (path) => path);
  const next = groups.flatMap((group, index): Shard[] => {
    const lines = put.get(index) ?? [];
    const gone = [...(drop.get(index) ?? []), ...lines.map(({ path }) => path)];
    if (gone.length === 0) return [group];
    const bytes = spliceLines(readFileSync(join(folder, group.name)), updated, lines, gone);
    if (bytes.length <= limit) {
      replaceFile(join(folder, group.name), bytes);
      return [{ ...group, bytes: bytes.length }];
    }
    mkdirSync(join(folder, SHARD_FOLDER), { recursive: true });
    return cutLines(linesOf(bytes)).map((own, place) => {
      // What was one shard stays where it is with the first of its lines.
      const name = place === 0 && shards.length > 0 ? group.name : shardName(++last);
      const from = place === 0 ? group.from : (own[0]?.path ?? '');
      return { name, from, bytes: writeLines(join(folder, name), own, updated) };
    });
  });
  if (next.every(({ name }) => name === 'index.json')) return [];
  writeTop(folder, updated, next, []);
  return next;
}

/** Which entries belong to which shard, by position; a shard ends where the next one begins. */
function byGroup<T>(
  groups: readonly Shard[],
  entries: readonly T[],
  pathOf: (entry: T) => string,
): ReadonlyMap<number, T[]> {
  return Map.groupBy(entries, (entry) => {
    const path = pathOf(entry);
    let low = 0;
    let high = groups.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((groups[middle]?.from ?? '') <= path) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  });
}
