import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { ByteReader, DamagedIndex, unpack } from './bytes.ts';
import { FIELD_COUNT } from './file-terms.ts';
import { type Postings, readPostings } from './postings.ts';
import { ROLES, type Role } from './roles.ts';
import { HASH_BYTES, HEADER_SIZE, SECTION_COUNT, SEGMENT_MAGIC, type SegmentRow } from './segment-file.ts';
import { readSymbols, type StoredSymbol } from './stored-symbols.ts';
import { openTermDirectory, type TermList } from './term-blocks.ts';

/**
 * An open segment. Paths and columns are in memory, symbols and postings are read when asked for. Every part that is
 * read is checked; whatever does not fit throws DamagedIndex.
 */
export interface Segment {
  readonly count: number;
  readonly paths: readonly string[];
  readonly sizes: Uint32Array;
  /** Numbers of terms, FIELD_COUNT for each document. */
  readonly lengths: Uint32Array;
  language(document: number): string;
  role(document: number): Role;
  hash(document: number): string;
  symbols(document: number): StoredSymbol[];
  postings(term: string): Postings | undefined;
  /** A document as it was written. */
  row(document: number): SegmentRow;
  /** Every term with its list, in order. */
  terms(): Generator<{ term: string } & TermList>;
  close(): void;
}

export function openSegment(file: string): Segment {
  const handle = openSync(file, 'r');
  try {
    return readSegment(handle);
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

function readSegment(handle: number): Segment {
  const fileSize = fstatSync(handle).size;
  const read = (offset: number, length: number): Buffer => {
    // A length out of a damaged file must not decide how much memory is taken.
    if (offset + length > fileSize) throw new DamagedIndex('a segment is cut off');
    const bytes = Buffer.allocUnsafe(length);
    if (readSync(handle, bytes, 0, length, offset) !== length) throw new DamagedIndex('a segment is cut off');
    return bytes;
  };
  const header = read(0, HEADER_SIZE);
  if (header.toString('latin1', 0, 8) !== SEGMENT_MAGIC) throw new DamagedIndex('a segment has another format');
  if (crc32(header.subarray(0, HEADER_SIZE - 4)) !== header.readUInt32LE(HEADER_SIZE - 4)) {
    throw new DamagedIndex('a segment has a wrong header');
  }
  const lengths = Array.from({ length: SECTION_COUNT }, (_, index) => header.readUInt32LE(8 + index * 4));
  const [documentsSize = 0, symbolsSize = 0, blocksSize = 0, directorySize = 0] = lengths;
  const symbolsAt = HEADER_SIZE + documentsSize;
  const blocksAt = symbolsAt + symbolsSize;
  const columns = readColumns(unpack(read(HEADER_SIZE, documentsSize)), symbolsSize);
  const { count, paths } = columns;
  const directory = openTermDirectory(read(blocksAt + blocksSize, directorySize), blocksSize, (start, length) =>
    read(blocksAt + start, length),
  );

  // Files are packed and outlined in the order of their rank, merged in the order of their number: one chunk is
  // rarely enough, all of them are too many.
  let cached: { chunk: number; bytes: Buffer } | undefined;
  function symbolBytes(document: number): Uint8Array {
    const chunk = columns.chunkOf(document);
    const { offset, length } = columns.chunks[chunk] ?? { offset: 0, length: 0 };
    if (cached?.chunk !== chunk) cached = { chunk, bytes: unpack(read(symbolsAt + offset, length)) };
    const start = columns.symbolStarts[document] ?? 0;
    const end = start + (columns.symbolLengths[document] ?? 0);
    if (end > cached.bytes.length) throw new DamagedIndex('its symbols do not add up');
    return cached.bytes.subarray(start, end);
  }

  const language = (document: number) => columns.languages[columns.languageOf[document] ?? 0] ?? '';
  const hash = (document: number) =>
    Buffer.from(columns.hashes.subarray(document * HASH_BYTES, (document + 1) * HASH_BYTES)).toString('hex');
  return {
    count,
    paths,
    sizes: columns.sizes,
    lengths: columns.lengths,
    language,
    role: (document) => ROLES[columns.roles[document] ?? 0] ?? 'source',
    hash,
    symbols: (document) => readSymbols(symbolBytes(document)),
    postings(term) {
      const list = directory.find(term);
      return list && readPostings(new ByteReader(list.bytes), list.documents, count);
    },
    row: (document) => ({
      path: paths[document] ?? '',
      language: language(document),
      size: columns.sizes[document] ?? 0,
      hash: hash(document),
      lengths: columns.lengths.subarray(document * FIELD_COUNT, (document + 1) * FIELD_COUNT),
      symbols: symbolBytes(document),
    }),
    terms: () => directory.all(),
    close: () => closeSync(handle),
  };
}

/** Unpacks the documents section. */
function readColumns(section: Buffer, symbolsSize: number) {
  const bytes = new ByteReader(section);
  const count = bytes.count();
  const languages = bytes.text().split('\0');
  const pathText = bytes.text();
  const paths = count === 0 ? [] : pathText.split('\0');
  if (paths.length !== count) throw new DamagedIndex('a segment does not add up');
  const column = () => {
    const values = new Uint32Array(count);
    for (let index = 0; index < count; index++) values[index] = bytes.number();
    return values;
  };
  const languageOf = column();
  const roles = column();
  const sizes = column();
  const lengths = new Uint32Array(count * FIELD_COUNT);
  for (let field = 0; field < FIELD_COUNT; field++)
    for (let index = 0; index < count; index++) lengths[index * FIELD_COUNT + field] = bytes.number();
  const symbolLengths = column();
  const hashes = bytes.raw(count * HASH_BYTES);

  const chunks: Array<{ first: number; offset: number; length: number }> = [];
  const symbolStarts = new Uint32Array(count);
  let first = 0;
  let offset = 0;
  for (let left = bytes.count(); left > 0; left--) {
    const documents = bytes.number();
    const length = bytes.number();
    if (first + documents > count) throw new DamagedIndex('a segment does not add up');
    chunks.push({ first, offset, length });
    for (let own = 0, start = 0; own < documents; own++) {
      symbolStarts[first + own] = start;
      start += symbolLengths[first + own] ?? 0;
    }
    first += documents;
    offset += length;
  }
  if (!bytes.done || first !== count || offset !== symbolsSize) throw new DamagedIndex('a segment does not add up');
  const chunkOf = (document: number) => chunks.findLastIndex((chunk) => chunk.first <= document);
  return {
    count,
    languages,
    paths,
    languageOf,
    roles,
    sizes,
    lengths,
    symbolLengths,
    symbolStarts,
    hashes,
    chunks,
    chunkOf,
  };
}
