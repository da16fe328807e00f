import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/** Thrown when stored bytes are not what was written; the index is then rebuilt. */
export class DamagedIndex extends Error {
  constructor(what: string) {
    super(`The code index is damaged: ${what}.`);
    this.name = 'DamagedIndex';
  }
}

/** An index that cannot be used though nothing is wrong with it. */
export class OutdatedIndex extends DamagedIndex {
  constructor() {
    super('');
    this.message = 'The code index is of another version of nex.';
  }
}

/** Bytes that grow, with numbers in 7-bit groups (varints). */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 256) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }

  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.number(size);
    this.#reserve(size);
    this.#bytes.write(value, this.#length);
    this.#length += size;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** What was written so far: a view, valid until the next write. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }
}

/** Reads what ByteWriter wrote; anything that does not fit throws DamagedIndex. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = Math.min(to, bytes.length);
  }

  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  number(): number {
    let value = 0;
    let scale = 1;
    for (let groups = 0; groups < 8; groups++) {
      const byte = this.#at < this.#end ? this.#bytes[this.#at++] : undefined;
      if (byte === undefined) break;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw new DamagedIndex('a number is cut off');
  }

  /** A number that says how many things follow, each of at least one byte: a larger one is damage. */
  count(): number {
    const count = this.number();
    if (count > this.#end - this.#at) throw new DamagedIndex('a list is cut off');
    return count;
  }

  text(): string {
    return Buffer.from(this.raw(this.number())).toString();
  }

  raw(length: number): Uint8Array {
    if (length > this.#end - this.#at) throw new DamagedIndex('a text is cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

/** Packed bytes never grow beyond this: a damaged length must not decide how much memory is taken. */
const MOST_UNPACKED = 1 << 28;
const CHECKSUM = 4;

/** Compresses bytes and puts a checksum before them. */
export function pack(bytes: Uint8Array): Buffer {
  return seal(deflateRawSync(bytes, { level: 6 }));
}

/** Puts a checksum before bytes that are read too often to be packed. */
export function seal(bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(CHECKSUM + bytes.length);
  whole.writeUInt32LE(crc32(bytes), 0);
  whole.set(bytes, CHECKSUM);
  return whole;
}

/** The bytes that `seal` was given, in place; throws DamagedIndex when they are not that any more. */
export function unseal(whole: Buffer): Buffer {
  const bytes = whole.subarray(CHECKSUM);
  if (whole.length < CHECKSUM || crc32(bytes) !== whole.readUInt32LE(0)) {
    throw new DamagedIndex('a part has a wrong checksum');
  }
  return bytes;
}

/** The bytes that `pack` was given; throws DamagedIndex when they are not that any more. */
export function unpack(whole: Buffer): Buffer {
  try {
    return inflateRawSync(unseal(whole), { maxOutputLength: MOST_UNPACKED });
  } catch (error) {
    if (error instanceof DamagedIndex) throw error;
    throw new DamagedIndex('a part cannot be unpacked');
  }
}
