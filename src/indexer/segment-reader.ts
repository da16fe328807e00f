import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { ByteReader, DamagedIndex } from './bytes.ts';
import { FIELD_COUNT } from './file-terms.ts';
import { SYMBOL_KINDS, type SymbolKind } from './languages/language.ts';
import { HEADER_SIZE, ROW_SIZE, SECTION_COUNT, SEGMENT_MAGIC } from './segment-writer.ts';
import { openTermDirectory } from './term-blocks.ts';

/** A definition as the stored index knows it; its text stands in the file. Lines are 1-based and inclusive. */
export interface StoredSymbol {
  name: string;
  kind: SymbolKind;
  lineStart: number;
  lineEnd: number;
  /** The last line of its signature. */
  headEnd: number;
  /** The first line of the comments and decorators above it. */
  leadStart: number;
  exported: boolean;
  /** Defined inside a function. */
  local: boolean;
  parent?: string;
}

/** Where a term stands: document numbers, and FIELD_COUNT counts for each of them. */
export interface Postings {
  documents: Uint32Array;
  counts: Uint32Array;
}

/**
 * An open segment. Names and rows are in memory, symbols and postings are read when asked for. Every part that is
 * read is checked; whatever does not fit throws DamagedIndex.
 */
export interface Segment {
  readonly count: number;
  readonly bytes: number;
  readonly paths: readonly string[];
  language(document: number): string;
  size(document: number): number;
  hash(document: number): string;
  /** Number of terms in a field of a document. */
  length(document: number, field: number): number;
  symbols(document: number): StoredSymbol[];
  postings(term: string): Postings | undefined;
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
  const sections: Array<{ offset: number; length: number; checksum: number }> = [];
  let offset = HEADER_SIZE;
  for (let index = 0; index < SECTION_COUNT; index++) {
    const length = header.readUInt32LE(8 + index * 8);
    sections.push({ offset, length, checksum: header.readUInt32LE(12 + index * 8) });
    offset += length;
  }
  const section = (index: number) => sections[index] ?? { offset: 0, length: 0, checksum: 0 };
  const whole = (index: number): Buffer => {
    const { offset: start, length, checksum } = section(index);
    const bytes = read(start, length);
    if (crc32(bytes) !== checksum) throw new DamagedIndex('a segment has a wrong checksum');
    return bytes;
  };

  const [languageList = '', ...paths] = whole(0).toString('utf8').split('\n\0');
  const languages = languageList.split('\0');
  const rows = whole(1);
  const count = paths.length;
  if (rows.length !== count * ROW_SIZE) throw new DamagedIndex('a segment does not add up');
  const symbolSection = section(2);
  const blockSection = section(3);
  const directory = openTermDirectory(whole(4), (start, length) => read(blockSection.offset + start, length));
  const row = (document: number, at: number) => rows.readUInt32LE(document * ROW_SIZE + at);
  const SYMBOLS_AT = ROW_SIZE - 8;

  return {
    count,
    bytes: fileSize,
    paths,
    language: (document) => languages[row(document, 0)] ?? '',
    size: (document) => row(document, 4),
    hash: (document) => rows.toString('hex', document * ROW_SIZE + 8, document * ROW_SIZE + 16),
    length: (document, field) => row(document, 16 + 4 * field),
    symbols(document) {
      const start = row(document, SYMBOLS_AT);
      const end = document + 1 < count ? row(document + 1, SYMBOLS_AT) : symbolSection.length;
      if (start > end || end > symbolSection.length) throw new DamagedIndex('its symbols do not add up');
      const bytes = read(symbolSection.offset + start, end - start);
      if (crc32(bytes) !== row(document, SYMBOLS_AT + 4)) throw new DamagedIndex('symbols have a wrong checksum');
      return readSymbols(new ByteReader(bytes));
    },
    postings(term) {
      const list = directory.find(term);
      return list && readPostings(new ByteReader(list.bytes), list.documents, count);
    },
    close: () => closeSync(handle),
  };
}

function readPostings(bytes: ByteReader, listed: number, count: number): Postings {
  if (listed > count) throw new DamagedIndex('a term stands in more files than there are');
  const documents = new Uint32Array(listed);
  const counts = new Uint32Array(listed * FIELD_COUNT);
  const fields = 1 << FIELD_COUNT;
  let document = -1;
  for (let index = 0; index < listed; index++) {
    const head = bytes.number();
    document += Math.floor(head / fields) + 1;
    if (document >= count) throw new DamagedIndex('a term stands in a file that is not there');
    documents[index] = document;
    for (let field = 0; field < FIELD_COUNT; field++) {
      if (head & (1 << field)) counts[index * FIELD_COUNT + field] = bytes.number();
    }
  }
  return { documents, counts };
}

function readSymbols(bytes: ByteReader): StoredSymbol[] {
  const symbols: StoredSymbol[] = [];
  let line = 0;
  while (!bytes.done) {
    const name = bytes.text();
    const head = bytes.number();
    const step = bytes.number();
    const lineStart = line + (step % 2 === 0 ? step / 2 : -(step + 1) / 2);
    const lineEnd = lineStart + bytes.number();
    const headEnd = lineStart + bytes.number();
    const leadStart = lineStart - bytes.number();
    const kind = SYMBOL_KINDS[Math.floor(head / 4)];
    if (kind === undefined) throw new DamagedIndex('a symbol has an unknown kind');
    const parentAt = bytes.number();
    const parent = parentAt === 0 ? undefined : parentAt === 1 ? bytes.text() : symbols[parentAt - 2]?.name;
    const flags = { exported: head % 2 === 1, local: Math.floor(head / 2) % 2 === 1 };
    symbols.push({
      name,
      kind,
      lineStart,
      lineEnd,
      headEnd,
      leadStart,
      ...flags,
      ...(parent === undefined ? {} : { parent }),
    });
    line = lineStart;
  }
  return symbols;
}
