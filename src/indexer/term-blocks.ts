import { ByteReader, ByteWriter, DamagedIndex, pack, seal, unpack, unseal } from './bytes.ts';

/** Terms of a block share prefixes; one block is what a query reads for one term, and it is not packed further. */
const BLOCK_BYTES = 3072;
const MOST_TERMS = 256;
/** Blocks kept in memory for the next term, of about 3 kB each. */
const MOST_UNPACKED = 512;

/** What is kept of a term. */
export interface TermList {
  /** How many documents (or commits) the list holds. */
  documents: number;
  bytes: Uint8Array;
}

/**
 * Writes a sorted dictionary with its lists as blocks, and a directory that finds the block of a term: the number of
 * blocks, then the packed length of each with its first term.
 */
export interface TermBlockWriter {
  /** Terms must come in order, each once. */
  add(term: string, documents: number, bytes: Uint8Array): void;
  finish(): { blocks: Buffer; directory: Buffer };
}

export function createTermBlockWriter(): TermBlockWriter {
  const names = new ByteWriter(4096);
  const bodies = new ByteWriter(4096);
  const blocks: Buffer[] = [];
  const entries = new ByteWriter(4096);
  let first = '';
  let before = '';
  let count = 0;

  function flush(): void {
    if (count === 0) return;
    const plain = new ByteWriter(names.length + bodies.length + 8);
    plain.number(names.length);
    plain.raw(names.view());
    plain.raw(bodies.view());
    const block = seal(plain.view());
    blocks.push(block);
    entries.number(block.length);
    entries.text(first);
    names.clear();
    bodies.clear();
    before = '';
    count = 0;
  }

  return {
    add(term, documents, bytes) {
      if (count === 0) first = term;
      const shared = sharedPrefix(before, term);
      names.number(shared);
      names.text(term.slice(shared));
      names.number(documents);
      names.number(bytes.length);
      bodies.raw(bytes);
      before = term;
      if (++count >= MOST_TERMS || names.length + bodies.length >= BLOCK_BYTES) flush();
    },
    finish() {
      flush();
      const directory = new ByteWriter(entries.length + 8);
      directory.number(blocks.length);
      directory.raw(entries.view());
      return { blocks: Buffer.concat(blocks), directory: pack(directory.view()) };
    },
  };
}

function sharedPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  // A surrogate pair must not be torn: half of it is no text.
  const last = length > 0 ? b.charCodeAt(length - 1) : 0;
  return last >= 0xd800 && last <= 0xdbff ? length - 1 : length;
}

const decode = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();

/** Finds the lists of terms. */
export interface TermDirectory {
  find(term: string): TermList | undefined;
  /** Every term with its list, in order. */
  all(): Generator<{ term: string } & TermList>;
}

/** `read` gives bytes of the blocks, which are `size` long. */
export function openTermDirectory(
  directory: Buffer,
  size: number,
  read: (offset: number, length: number) => Buffer,
): TermDirectory {
  const entries = new ByteReader(unpack(directory));
  const firsts: string[] = [];
  const starts: number[] = [0];
  let end = 0;
  for (let left = entries.count(); left > 0; left--) {
    end += entries.number();
    starts.push(end);
    firsts.push(entries.text());
  }
  if (!entries.done || end !== size) throw new DamagedIndex('its directory does not add up');

  // A task asks for many terms that stand near each other; unpacking takes most of the time of finding one.
  const unpacked = new Map<number, Buffer>();
  const plainOf = (index: number): Buffer => {
    const known = unpacked.get(index);
    if (known) return known;
    const start = starts[index] ?? 0;
    const plain = unseal(read(start, (starts[index + 1] ?? 0) - start));
    if (unpacked.size >= MOST_UNPACKED) unpacked.clear();
    unpacked.set(index, plain);
    return plain;
  };
  const block = (plain: Buffer) => {
    const head = new ByteReader(plain);
    const length = head.number();
    return { names: new ByteReader(plain, head.at, head.at + length), bodies: head.at + length };
  };

  function* termsOf(plain: Buffer): Generator<{ term: string } & TermList> {
    const { names, bodies } = block(plain);
    let offset = bodies;
    for (let term = ''; !names.done; ) {
      term = term.slice(0, names.number()) + names.text();
      const documents = names.number();
      const length = names.number();
      if (offset + length > plain.length) throw new DamagedIndex('a list is cut off');
      yield { term, documents, bytes: plain.subarray(offset, offset + length) };
      offset += length;
    }
  }

  /** The last block that begins with the term or before it. */
  function blockOf(term: string): number {
    let low = 0;
    let high = firsts.length;
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
      const plain = plainOf(index);
      const { names, bodies } = block(plain);
      let offset = bodies;
      // How many letters the name at hand has in common with the term: most names need not be looked at for that.
      let common = 0;
      while (!names.done) {
        const shared = names.number();
        const suffix = names.raw(names.number());
        const documents = names.number();
        const length = names.number();
        // Names that begin alike stand together: those that could be the term are behind us.
        if (shared < common) return undefined;
        if (shared === common) {
          const rest = decode(suffix);
          common += sharedPrefix(rest, term.slice(common));
          if (common === term.length && shared + rest.length === common) {
            if (offset + length > plain.length) throw new DamagedIndex('a list is cut off');
            return { documents, bytes: plain.subarray(offset, offset + length) };
          }
        }
        offset += length;
      }
      return undefined;
    },
    *all() {
      for (let index = 0; index < firsts.length; index++) {
        const start = starts[index] ?? 0;
        yield* termsOf(unseal(read(start, (starts[index + 1] ?? 0) - start)));
      }
    },
  };
}
