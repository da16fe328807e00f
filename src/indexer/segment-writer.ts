import { writeFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { ByteWriter } from './bytes.ts';
import { createTermTable, FIELD_COUNT } from './file-terms.ts';
import { SYMBOL_KINDS } from './languages/language.ts';
import type { CodeSymbol, ParsedFile } from './parser.ts';
import { writeTermBlocks } from './term-blocks.ts';

/** Everything the index keeps of one file, next to its terms. */
export interface SegmentDocument {
  path: string;
  language: string;
  size: number;
  /** First 16 hex digits of the SHA-256 of its bytes. */
  hash: string;
}

export const SEGMENT_MAGIC = 'NEXSEG01';
/** Bytes of a document's row: language, size, hash, lengths of its fields, start and checksum of its symbols. */
export const ROW_SIZE = 4 + 4 + 8 + 4 * FIELD_COUNT + 4 + 4;
export const SECTION_COUNT = 5;
/** Magic, length and checksum of each section (0 where its parts carry their own), checksum of all that. */
export const HEADER_SIZE = 8 + 8 * SECTION_COUNT + 4;

/**
 * Collects documents and writes them as one segment: an inverted index of some thousand files that never changes
 * once it is written. Sections: names (languages and paths), rows, symbols, term blocks, directory of the blocks.
 */
export interface SegmentWriter {
  readonly documents: number;
  add(document: SegmentDocument, text: string, parsed: ParsedFile): void;
  /** Writes the file; the writer must not be used again. Not synced: a segment cut by a crash is found damaged. */
  write(file: string): Promise<void>;
}

interface Postings {
  bytes: ByteWriter;
  last: number;
  documents: number;
}

interface Row extends SegmentDocument {
  symbols: readonly CodeSymbol[];
  lengths: readonly number[];
}

export function createSegmentWriter(): SegmentWriter {
  const documents: Row[] = [];
  const table = createTermTable();
  const postings: Postings[] = [];
  return {
    get documents() {
      return documents.length;
    },
    add(document, text, parsed) {
      const id = documents.length;
      const lengths = table.count(document.path, text, parsed, (term, counts) => {
        let list = postings[term];
        if (!list) postings[term] = list = { bytes: new ByteWriter(8), last: -1, documents: 0 };
        putPosting(list, id, counts);
      });
      documents.push({ ...document, symbols: parsed.symbols, lengths });
    },
    async write(file) {
      const { names, rows, symbols } = writeDocuments(documents);
      const lists = new Map(
        table.terms.flatMap((term, number) => (postings[number] ? [[term, postings[number]]] : [])),
      );
      const { blocks, directory } = writeTermBlocks(lists);
      const sections = [names, rows, symbols, blocks, directory];
      const bytes = Buffer.alloc(HEADER_SIZE);
      bytes.write(SEGMENT_MAGIC, 0, 'latin1');
      for (const [index, section] of sections.entries()) {
        const inParts = section === symbols || section === blocks;
        bytes.writeUInt32LE(section.length, 8 + index * 8);
        bytes.writeUInt32LE(inParts ? 0 : crc32(section), 12 + index * 8);
      }
      bytes.writeUInt32LE(crc32(bytes.subarray(0, HEADER_SIZE - 4)), HEADER_SIZE - 4);
      await writeFile(file, Buffer.concat([bytes, ...sections]));
    },
  };
}

/** One posting: distance to the document before and which fields have the term, then the count of each of them. */
function putPosting(list: Postings, id: number, fields: Uint32Array): void {
  let mask = 0;
  for (let field = 0; field < FIELD_COUNT; field++) if (fields[field]) mask |= 1 << field;
  list.bytes.number((id - list.last - 1) * (1 << FIELD_COUNT) + mask);
  for (const count of fields) if (count > 0) list.bytes.number(count);
  list.last = id;
  list.documents++;
}

function writeDocuments(documents: readonly Row[]) {
  const languages = [...new Set(documents.map(({ language }) => language))];
  const names = Buffer.from([languages.join('\0'), ...documents.map(({ path }) => path)].join('\n\0'));
  const rows = Buffer.alloc(documents.length * ROW_SIZE);
  const symbols = new ByteWriter(1 << 16);
  let at = 0;
  for (const { language, size, hash, lengths, symbols: own } of documents) {
    const start = symbols.length;
    writeSymbols(own, symbols);
    at = rows.writeUInt32LE(languages.indexOf(language), at);
    at = rows.writeUInt32LE(size, at);
    at += rows.write(hash, at, 8, 'hex');
    for (const length of lengths) at = rows.writeUInt32LE(length, at);
    at = rows.writeUInt32LE(start, at);
    at = rows.writeUInt32LE(crc32(symbols.view().subarray(start)), at);
  }
  return { names, rows, symbols: Buffer.from(symbols.view()) };
}

/** Signatures and doc comments are not kept here: they stand in the file itself, at the lines kept here. */
function writeSymbols(own: readonly CodeSymbol[], bytes: ByteWriter): void {
  const positions = new Map<string, number>();
  let line = 0;
  for (const [index, symbol] of own.entries()) {
    bytes.text(symbol.name);
    bytes.number(SYMBOL_KINDS.indexOf(symbol.kind) * 4 + (symbol.exported ? 1 : 0) + (symbol.local ? 2 : 0));
    // Nearly always a later line than the one before: even numbers go down the file, odd ones back up.
    const step = symbol.lineStart - line;
    bytes.number(step >= 0 ? step * 2 : -step * 2 - 1);
    bytes.number(symbol.lineEnd - symbol.lineStart);
    bytes.number(Math.max(0, symbol.headEnd - symbol.lineStart));
    bytes.number(Math.max(0, symbol.lineStart - symbol.leadStart));
    // A parent is nearly always a symbol before this one: its position + 2; else 1 and its name; 0 for none.
    const parent = symbol.parent === undefined ? undefined : positions.get(symbol.parent);
    bytes.number(symbol.parent === undefined ? 0 : parent === undefined ? 1 : parent + 2);
    if (symbol.parent !== undefined && parent === undefined) bytes.text(symbol.parent);
    positions.set(symbol.name, index);
    line = symbol.lineStart;
  }
}
