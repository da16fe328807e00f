import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { DamagedIndex, OutdatedIndex, pack, unpack } from './bytes.ts';
import { replaceFile, type Shard } from './index-json.ts';

/** Goes up when the layout of a side file changes, or what is put into it: older indexes are then built anew. */
const INDEX_VERSION = 4;
const MAGIC = 'NEXSTATE';
const HEADER_SIZE = 8 + 4 + 4 + 4;
const STAMP_SIZE = 4;

/** A file that was looked at and left out; looked at again only when it changes. */
export interface SkippedFile {
  path: string;
  /** Empty for a file that is no source at all. */
  reason: string;
  stamp: number;
}

const SEEN = new Float64Array(3);
const SEEN_BYTES = new Uint8Array(SEEN.buffer);

/** Size and times of a file in 32 bits: the same stamp is the same file, but once in four thousand million changes. */
export function stampOf({ size, mtimeMs, ctimeMs }: { size: number; mtimeMs: number; ctimeMs: number }): number {
  SEEN[0] = size;
  SEEN[1] = mtimeMs;
  SEEN[2] = ctimeMs;
  // 0 stands for a document that is gone.
  return crc32(SEEN_BYTES) || 1;
}

/** The files of a repository, told by what git compares them with. */
export interface Standing {
  /** The commit that HEAD is at; undefined when there is none yet. */
  head: string | undefined;
  /** Tracked paths that differ from HEAD; those of them that are tracked no more; files git neither tracks nor ignores. */
  dirty: readonly string[];
  removed: readonly string[];
  untracked: readonly string[];
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
  /** Some files had a time from then on: their content has to be looked into at the next refresh. */
  suspects: boolean;
  shards: readonly Shard[];
  /** Size and time of index.json as it was left, to notice that somebody else wrote it. */
  json: { size: number; mtimeMs: number };
  skipped: readonly SkippedFile[];
  /** How the repository stood when this was written; absent where nobody had asked git. */
  standing?: Standing | undefined;
  /** The first build was stopped: some files are missing, and nobody asks this index until they are there. */
  partial?: boolean;
  /** Stamp of each document; 0 for one that is gone or replaced. */
  stamps: Uint32Array;
}

export const stateFile = (folder: string) => join(folder, 'index.state');

export function writeState(folder: string, state: IndexState): void {
  const { stamps, ...rest } = state;
  const json = pack(Buffer.from(JSON.stringify({ version: INDEX_VERSION, ...rest })));
  const column = Buffer.from(stamps.buffer, stamps.byteOffset, stamps.byteLength);
  const header = Buffer.alloc(HEADER_SIZE);
  header.write(MAGIC, 0, 'latin1');
  header.writeUInt32LE(json.length, 8);
  header.writeUInt32LE(stamps.length, 12);
  header.writeUInt32LE(crc32(column, crc32(json)), 16);
  replaceFile(stateFile(folder), Buffer.concat([header, json, column]));
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
  if (bytes.length !== jsonEnd + documents * STAMP_SIZE) throw new DamagedIndex('its state is cut off');
  const json = bytes.subarray(HEADER_SIZE, jsonEnd);
  const column = bytes.subarray(jsonEnd);
  if (crc32(column, crc32(json)) !== bytes.readUInt32LE(16)) throw new DamagedIndex('its state has a wrong checksum');
  // The checksum says that nex wrote it; the version says which nex.
  const { version, ...state }: Omit<IndexState, 'stamps'> & { version: number } = JSON.parse(unpack(json).toString());
  if (version !== INDEX_VERSION) throw new OutdatedIndex();
  // A copy, since a Uint32Array must begin at a multiple of four.
  return { ...state, stamps: new Uint32Array(Uint8Array.from(column).buffer) };
}
