import { closeSync, openSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { ByteWriter, pack } from './bytes.ts';
import { FIELD_COUNT } from './file-terms.ts';
import { ROLES, roleOf } from './roles.ts';
import { createTermBlockWriter, type TermList } from './term-blocks.ts';

/**
 * A segment: an inverted index of some files that never changes once it is written. Magic and the length of each
 * section, a checksum of that, then the sections: documents (paths and columns), symbols in chunks, blocks of terms,
 * directory of the blocks. All of them are packed and carry checksums of their own.
 */
export const SEGMENT_MAGIC = 'NEXSEG03';
export const SECTION_COUNT = 4;
export const HEADER_SIZE = 8 + 4 * SECTION_COUNT + 4;
export const HASH_BYTES = 6;
/** Documents whose symbols are packed together; what is read to outline one file. */
const CHUNK_BYTES = 16 << 10;

/** Everything the index keeps of one file, next to its terms. */
export interface SegmentDocument {
  path: string;
  language: string;
  size: number;
  /** First 12 hex digits of the SHA-256 of its bytes. */
  hash: string;
}

/** A document as it is written. */
export interface SegmentRow extends SegmentDocument {
  /** Number of terms by field. */
  lengths: ArrayLike<number>;
  /** Its symbols, encoded. */
  symbols: Uint8Array;
}

/** Writes the file. Not synced: a segment cut by a crash is found damaged. */
export function writeSegment(
  file: string,
  rows: readonly SegmentRow[],
  terms: Iterable<{ term: string } & TermList>,
): void {
  const { documents, symbols } = packRows(rows);
  const dictionary = createTermBlockWriter();
  for (const { term, documents: listed, bytes } of terms) dictionary.add(term, listed, bytes);
  const { blocks, directory } = dictionary.finish();
  const sections = [documents, ...[Buffer.concat(symbols), blocks, directory]];
  const header = Buffer.alloc(HEADER_SIZE);
  header.write(SEGMENT_MAGIC, 0, 'latin1');
  for (const [index, { length }] of sections.entries()) header.writeUInt32LE(length, 8 + index * 4);
  header.writeUInt32LE(crc32(header.subarray(0, HEADER_SIZE - 4)), HEADER_SIZE - 4);
  const handle = openSync(file, 'w');
  try {
    for (const part of [header, ...sections])
      for (let at = 0; at < part.length; ) at += writeSync(handle, part, at, part.length - at);
  } finally {
    closeSync(handle);
  }
}

function packRows(rows: readonly SegmentRow[]): { documents: Buffer; symbols: Buffer[] } {
  const out = new ByteWriter(1 << 16);
  const languages = [...new Set(rows.map(({ language }) => language))];
  const numbers = new Map(languages.map((language, number) => [language, number]));
  out.number(rows.length);
  out.text(languages.join('\0'));
  out.text(rows.map(({ path }) => path).join('\0'));
  // Column by column: like stands beside like, which packs better.
  for (const { language } of rows) out.number(numbers.get(language) ?? 0);
  for (const { path } of rows) out.number(ROLES.indexOf(roleOf(path)));
  for (const { size } of rows) out.number(size);
  for (let field = 0; field < FIELD_COUNT; field++) for (const { lengths } of rows) out.number(lengths[field] ?? 0);
  for (const { symbols } of rows) out.number(symbols.length);
  for (const { hash } of rows) out.raw(Buffer.from(hash, 'hex').subarray(0, HASH_BYTES));

  const chunks: Buffer[] = [];
  const table = new ByteWriter();
  const chunk = new ByteWriter(CHUNK_BYTES);
  let first = 0;
  for (const [index, { symbols }] of rows.entries()) {
    chunk.raw(symbols);
    if (chunk.length < CHUNK_BYTES && index + 1 < rows.length) continue;
    const packed = pack(chunk.view());
    chunks.push(packed);
    table.number(index + 1 - first);
    table.number(packed.length);
    chunk.clear();
    first = index + 1;
  }
  out.number(chunks.length);
  out.raw(table.view());
  return { documents: pack(out.view()), symbols: chunks };
}
