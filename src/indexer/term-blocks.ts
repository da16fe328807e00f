import { crc32 } from 'node:zlib';
import { ByteReader, ByteWriter, DamagedIndex } from './bytes.ts';

/** Terms of a block share prefixes and a checksum; one block is what a query reads for one term. */
const TERMS_A_BLOCK = 32;
const ENTRY_SIZE = 16;

export interface TermList {
  bytes: ByteWriter;
  /** How many documents (or commits) the list holds. */
  documents: number;
}

/** A term's list as it was written. */
export interface StoredList {
  documents: number;
  bytes: Uint8Array;
}

/**
 * A sorted dictionary with its lists, cut into blocks, and a directory that finds the block of a term: number of
 * blocks, then offset, length, length of the dictionary part and checksum of each, then the first terms.
 */
export function writeTermBlocks(lists: ReadonlyMap<string, TermList>): { blocks: Buffer; directory: Buffer } {
  const terms = [...lists.keys()].sort();
  const blocks: Buffer[] = [];
  const firsts: string[] = [];
  const entries = Buffer.alloc(4 + Math.ceil(terms.length / TERMS_A_BLOCK) * ENTRY_SIZE);
  let at = entries.writeUInt32LE(Math.ceil(terms.length / TERMS_A_BLOCK), 0);
  let offset = 0;
  const names = new ByteWriter();
  const bodies = new ByteWriter(4096);
  for (let start = 0; start < terms.length; start += TERMS_A_BLOCK) {
    names.clear();
    bodies.clear();
    let before = '';
    for (const term of terms.slice(start, start + TERMS_A_BLOCK)) {
      const list = lists.get(term);
      if (!list) continue;
      const shared = sharedPrefix(before, term);
      names.number(shared);
      names.text(term.slice(shared));
      names.number(list.documents);
      names.number(list.bytes.length);
      bodies.raw(list.bytes.view());
      before = term;
    }
    const block = Buffer.concat([names.view(), bodies.view()]);
    for (const value of [offset, block.length, names.length, crc32(block)]) at = entries.writeUInt32LE(value, at);
    blocks.push(block);
    firsts.push(terms[start] ?? '');
    offset += block.length;
  }
  return { blocks: Buffer.concat(blocks), directory: Buffer.concat([entries, Buffer.from(firsts.join('\n'))]) };
}

function sharedPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  // A surrogate pair must not be torn: half of it is no text.
  const last = length > 0 ? b.charCodeAt(length - 1) : 0;
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}

/** Finds the lists of terms; `read` gives bytes of the blocks section. */
export interface TermDirectory {
  find(term: string): StoredList | undefined;
}

export function openTermDirectory(directory: Buffer, read: (offset: number, length: number) => Buffer): TermDirectory {
  const count = directory.length >= 4 ? directory.readUInt32LE(0) : -1;
  const end = 4 + count * ENTRY_SIZE;
  if (count < 0 || end > directory.length) throw new DamagedIndex('its directory is cut off');
  const firsts = count === 0 ? [] : directory.toString('utf8', end).split('\n');
  if (firsts.length !== count) throw new DamagedIndex('its directory does not add up');

  /** The last block that begins with the term or before it. */
  function blockOf(term: string): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firsts[middle] ?? '') <= term) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  return {
    find(term) {
      const index = blockOf(term);
      if (index < 0) return undefined;
      const at = 4 + index * ENTRY_SIZE;
      const block = read(directory.readUInt32LE(at), directory.readUInt32LE(at + 4));
      if (crc32(block) !== directory.readUInt32LE(at + 12)) throw new DamagedIndex('a block has a wrong checksum');
      const bodies = directory.readUInt32LE(at + 8);
      const names = new ByteReader(block, 0, bodies);
      let offset = bodies;
      for (let name = ''; !names.done; ) {
        name = name.slice(0, names.number()) + names.text();
        const documents = names.number();
        const length = names.number();
        if (name === term) return { documents, bytes: block.subarray(offset, offset + length) };
        if (name > term) return undefined;
        offset += length;
      }
      return undefined;
    },
  };
}
