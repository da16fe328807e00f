import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DamagedIndex } from './bytes.ts';
import { replaceFile, type Shard } from './index-json.ts';

/** Goes up when the layout of a side file changes, or what is put into it: older indexes are then built anew. */
export const INDEX_VERSION = 1;
const MAGIC = 'NEXSTATE';
const HEADER_SIZE = 8 + 4 + 4 + 4;
const COLUMNS = 2;

/** A file that was looked at and left out; looked at again only when it changes. */
export interface SkippedFile {
  path: string;
  /** Empty for a file that is no source at all. */
  reason: string;
  size: number;
  mtimeMs: number;
  ctimeMs: number;
}

/**
 * What the index consists of. `index.state` is written last and in one step: it names the segments that belong
 * together, so a crash or a second process leaves either the old index or the new one.
 */
export interface IndexState {
  /** When the index was last brought up to date, ISO. */
  updated: string;
  /** Files below `.nex/`, with how many documents each holds; documents are numbered through in this order. */
  segments: ReadonlyArray<{ name: string; documents: number }>;
  files: number;
  symbols: number;
  /** Bytes of all index files. */
  bytes: number;
  /**
   * Milliseconds since 1970, taken before the first file was read: a file with a time from here on may have been
   * written after it was read, within the grain of the clock.
   */
  readFrom: number;
  shards: readonly Shard[];
  /** Size and time of index.json as it was left, to notice that somebody else wrote it. */
  json: { size: number; mtimeMs: number };
  skipped: readonly SkippedFile[];
  /** mtime of each document; NaN for one that is gone or replaced. */
  mtimes: Float64Array;
  ctimes: Float64Array;
}

export const stateFile = (folder: string) => join(folder, 'index.state');

export function writeState(folder: string, state: IndexState): void {
  const { mtimes, ctimes, ...rest } = state;
  const json = Buffer.from(JSON.stringify({ version: INDEX_VERSION, ...rest }));
  const columns = Buffer.concat(
    [mtimes, ctimes].map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)),
  );
  const header = Buffer.alloc(HEADER_SIZE);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(json.length, 8);
  header.writeUInt32LE(mtimes.length, 12);
  header.writeUInt32LE(crc32(columns, crc32(json)), 16);
  replaceFile(stateFile(folder), Buffer.concat([header, json, columns]));
}

/** Undefined when there is no index yet. Throws DamagedIndex when there is one that cannot be used. */
export function readState(folder: string): IndexState | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(stateFile(folder));
  } catch {
    return undefined;
  }
  if (bytes.length < HEADER_SIZE || bytes.toString('latin1', 0, 8) !== MAGIC)
    throw new DamagedIndex('its state is not ours');
  const jsonEnd = HEADER_SIZE + bytes.readUInt32LE(8);
  const documents = bytes.readUInt32LE(12);
  if (bytes.length !== jsonEnd + documents * 8 * COLUMNS) throw new DamagedIndex('its state is cut off');
  const json = bytes.subarray(HEADER_SIZE, jsonEnd);
  const columns = bytes.subarray(jsonEnd);
  if (crc32(columns, crc32(json)) !== bytes.readUInt32LE(16)) throw new DamagedIndex('its state has a wrong checksum');
  // The checksum says that nex wrote it; the version says which nex.
  const { version, ...state }: Omit<IndexState, 'mtimes' | 'ctimes'> & { version: number } = JSON.parse(
    json.toString(),
  );
  if (version !== INDEX_VERSION) throw new DamagedIndex('it was written by another version of nex');
  // A copy, since a Float64Array must begin at a multiple of eight.
  const times = new Float64Array(Uint8Array.from(columns).buffer);
  return { ...state, mtimes: times.subarray(0, documents), ctimes: times.subarray(documents) };
}
