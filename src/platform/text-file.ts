import { isUtf8 } from 'node:buffer';

/** How the bytes of a text file stand for its characters. */
export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'latin-1';

export interface TextFile {
  kind: 'text';
  /** Without a byte order mark; line endings as they are. */
  text: string;
  encoding: Encoding;
}

/** What the bytes are: text in one of these encodings, or a binary file, named by what its first bytes say. */
export type FileContent = TextFile | { kind: 'binary'; name: string };

/** An encoding as people call it. */
export const ENCODING_NAMES: Record<Encoding, string> = {
  'utf-8': 'UTF-8',
  'utf-8-bom': 'UTF-8 with BOM',
  'utf-16le': 'UTF-16LE',
  'utf-16be': 'UTF-16BE',
  'latin-1': 'Latin-1',
};

/**
 * Reads bytes as text. `encodeText` gives the same bytes back: Latin-1, the last resort for what is neither UTF-8
 * nor binary, maps every byte to one character, whatever single-byte encoding it really was.
 */
export function decodeText(bytes: Buffer): FileContent {
  const wide = decodeUtf16(bytes);
  if (wide) return wide;
  if (bytes.includes(0)) return { kind: 'binary', name: binaryName(bytes) };
  if (isUtf8(bytes)) {
    const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return { kind: 'text', text: bytes.toString('utf8', bom ? 3 : 0), encoding: bom ? 'utf-8-bom' : 'utf-8' };
  }
  const name = binaryName(bytes);
  if (name !== UNKNOWN_BINARY || looksBinary(bytes)) return { kind: 'binary', name };
  return { kind: 'text', text: bytes.toString('latin1'), encoding: 'latin-1' };
}

/** The bytes of a text, or the first character that the encoding does not have. */
export function encodeText(
  text: string,
  encoding: Encoding,
): { ok: true; bytes: Buffer } | { ok: false; character: string } {
  switch (encoding) {
    case 'utf-8':
      return { ok: true, bytes: Buffer.from(text, 'utf8') };
    case 'utf-8-bom':
      return { ok: true, bytes: Buffer.from(`\ufeff${text}`, 'utf8') };
    case 'utf-16le':
      return { ok: true, bytes: Buffer.from(`\ufeff${text}`, 'utf16le') };
    case 'utf-16be':
      return { ok: true, bytes: Buffer.from(`\ufeff${text}`, 'utf16le').swap16() };
    case 'latin-1': {
      const character = /[^\u0000-\u00ff]/u.exec(text)?.[0];
      return character === undefined ? { ok: true, bytes: Buffer.from(text, 'latin1') } : { ok: false, character };
    }
  }
}

/** The lines of a text, without their ends. A newline at the end ends the last line; it does not begin another. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/** The line ending that most lines of this text have; `\n` when it has none. */
export function lineEndingOf(text: string): '\n' | '\r\n' {
  const windows = text.split('\r\n').length - 1;
  const all = text.split('\n').length - 1;
  return windows * 2 > all ? '\r\n' : '\n';
}

function decodeUtf16(bytes: Buffer): TextFile | undefined {
  const [first, second] = bytes;
  const little = first === 0xff && second === 0xfe;
  if ((!little && !(first === 0xfe && second === 0xff)) || bytes.length % 2 !== 0) return undefined;
  const text = (little ? bytes : Buffer.from(bytes).swap16()).toString('utf16le', 2);
  // Half a character would not survive being written back, and real text has no NUL.
  if (!text.isWellFormed() || text.includes('\0')) return undefined;
  return { kind: 'text', text, encoding: little ? 'utf-16le' : 'utf-16be' };
}

/** Text in an old encoding is mostly letters; a binary file without a NUL is full of control characters. */
function looksBinary(bytes: Buffer): boolean {
  const sample = bytes.subarray(0, 64_000);
  const odd = sample.reduce(
    (count, byte) => count + (byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 27 ? 1 : 0),
    0,
  );
  return odd > sample.length / 20;
}

const SIGNATURES: ReadonlyArray<[name: string, bytes: string]> = [
  ['PNG image', '\x89PNG'],
  ['JPEG image', '\xff\xd8\xff'],
  ['GIF image', 'GIF8'],
  ['PDF document', '%PDF'],
  ['ZIP archive', 'PK\x03\x04'],
  ['gzip archive', '\x1f\x8b'],
  ['program (ELF)', '\x7fELF'],
  ['program (Windows)', 'MZ'],
  ['program (Mach-O)', '\xcf\xfa\xed\xfe'],
  ['WebAssembly module', '\0asm'],
  ['SQLite database', 'SQLite format 3'],
  ['Java class', '\xca\xfe\xba\xbe'],
];

const UNKNOWN_BINARY = 'binary file';

function binaryName(bytes: Buffer): string {
  const start = bytes.toString('latin1', 0, 16);
  return SIGNATURES.find(([, signature]) => start.startsWith(signature))?.[0] ?? UNKNOWN_BINARY;
}
