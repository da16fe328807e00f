import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { END, head, type JsonLines, MIDDLE, spliceLines } from './json-splice.ts';
import type { CodeSymbol } from './parser.ts';

/**
 * `.nex/index.json` is for people and other tools; nex never reads it to answer a query. It has the shape that
 * Nex AI gave it (`last_updated`, `files`, `symbols`) and one line per file in each of its two lists, sorted by
 * path, so that a change replaces lines without parsing the rest. Above 4 MB the lines move to shards of about
 * 1 MB by range of paths, `index.d/NNNN.json`, each of the same shape; index.json then lists the shards.
 */
const SINGLE_LIMIT = 4 << 20;
const SHARD_SIZE = 1 << 20;

/** Which part of the index a shard holds. */
export interface Shard {
  name: string;
  /** The first path; the shard ends where the next one begins. */
  from: string;
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
    while (size > limit && waiting.length > 0) {
      const taken = takeShard(waiting);
      const name = `index.d/${String(shards.length + 1).padStart(4, '0')}.json`;
      mkdirSync(join(folder, 'index.d'), { recursive: true });
      replaceFile(join(folder, name), render(waiting.slice(0, taken.count), updated));
      shards.push({ name, from: waiting[0]?.path ?? '' });
      waiting = waiting.slice(taken.count);
      size -= taken.size;
    }
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
      if (shards.length === 0) rmSync(join(folder, 'index.d'), { recursive: true, force: true });
      writeTop(folder, updated, shards, shards.length === 0 ? waiting : []);
      return shards;
    },
  };
}

function takeShard(lines: readonly JsonLines[]): { count: number; size: number } {
  let size = 0;
  for (const [index, line] of lines.entries()) {
    size += line.file.length + line.symbols.length;
    if (size >= SHARD_SIZE) return { count: index + 1, size };
  }
  return { count: lines.length, size };
}

function writeTop(folder: string, updated: string, shards: readonly Shard[], lines: readonly JsonLines[]): void {
  mkdirSync(folder, { recursive: true });
  const text = shards.length === 0 ? render(lines, updated) : sharded(updated, shards);
  replaceFile(join(folder, 'index.json'), text);
}

const sharded = (updated: string, shards: readonly Shard[]) =>
  [head(updated, `"shards":${JSON.stringify(shards.map(({ name }) => name))},`), MIDDLE, END].join('\n');

/** Replaces, adds and removes the lines of some files; the rest of the index is copied as it stands. */
export function updateJson(
  folder: string,
  updated: string,
  shards: readonly Shard[],
  change: { put: readonly JsonLines[]; drop: readonly string[] },
): void {
  const groups = shards.length === 0 ? [{ name: 'index.json', from: '' }] : shards;
  for (const [index, { name, from }] of groups.entries()) {
    const until = groups[index + 1]?.from;
    const inside = (path: string) => (index === 0 || path >= from) && (until === undefined || path < until);
    const put = change.put.filter(({ path }) => inside(path));
    const gone = [...change.drop.filter(inside), ...put.map(({ path }) => path)];
    if (gone.length === 0) continue;
    const file = join(folder, name);
    replaceFile(file, spliceLines(readFileSync(file), updated, put, gone));
  }
  if (shards.length > 0) writeTop(folder, updated, shards, []);
}
