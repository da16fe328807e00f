import { DamagedIndex } from './bytes.ts';

/** The lines of one file. */
export interface JsonLines {
  path: string;
  file: string;
  symbols: string;
}

/** The line between the two lists, and the last one. */
export const MIDDLE = '],"symbols":[';
export const END = ']}';

const FORMAT = 2;

/** The first line: everything but the two lists. */
export function head(updated: string, rest = ''): string {
  return `{"version":${FORMAT},"generator":"nex","last_updated":"${updated}",${rest}"files":[`;
}

const NEWLINE = 10;
const COMMA = 44;
const FILE_PREFIX = '{"path":"';
const SYMBOL_PREFIX = '{"file_path":"';

/**
 * An index file with the lines of some paths removed (`gone`) and others put in. Lines are sorted by path, so a place
 * is found by halving; the bytes in between are copied without being looked at. Throws DamagedIndex.
 */
export function spliceLines(
  bytes: Buffer,
  updated: string,
  put: readonly JsonLines[],
  gone: readonly string[],
): Buffer {
  const start = bytes.indexOf(NEWLINE) + 1;
  const middle = bytes.indexOf(`\n${MIDDLE}\n`, start - 1);
  const end = bytes.length - END.length - 1;
  if (start === 0 || middle < 0 || bytes.toString('utf8', end) !== `\n${END}`) {
    throw new DamagedIndex('index.json is not as nex wrote it');
  }
  const after = middle + MIDDLE.length + 2;
  const files = changedList(bytes.subarray(start, middle), FILE_PREFIX, gone, [
    ...put.map(({ path, file }) => ({ path, line: file })),
  ]);
  const symbols = changedList(bytes.subarray(Math.min(after, end), end), SYMBOL_PREFIX, gone, [
    ...put.flatMap(({ path, symbols: line }) => (line === '' ? [] : [{ path, line }])),
  ]);
  return Buffer.concat([
    Buffer.from(`${head(updated)}\n`),
    ...files,
    Buffer.from(`${files.length > 0 ? '\n' : ''}${MIDDLE}\n`),
    ...symbols,
    Buffer.from(`${symbols.length > 0 ? '\n' : ''}${END}`),
  ]);
}

/** The lines of each file, in the order of their paths, of an index file as nex wrote it. Throws DamagedIndex. */
export function linesOf(bytes: Buffer): JsonLines[] {
  const [, ...rows] = bytes.toString('utf8').split('\n');
  const middle = rows.indexOf(MIDDLE);
  const bare = (row: string) => row.replace(/,$/, '');
  const symbols = new Map<string, string>();
  for (const row of rows.slice(middle + 1, -1)) symbols.set(writtenPath(row, SYMBOL_PREFIX), bare(row));
  return rows.slice(0, Math.max(0, middle)).map((row) => {
    const path = writtenPath(row, FILE_PREFIX);
    return { path, file: bare(row), symbols: symbols.get(path) ?? '' };
  });
}

/** The pieces of a list, without a line break at its end. */
function changedList(
  list: Buffer,
  prefix: string,
  gone: readonly string[],
  put: ReadonlyArray<{ path: string; line: string }>,
): Buffer[] {
  const lines = new Map(put.map(({ path, line }) => [path, line]));
  const pieces: Buffer[] = [];
  let kept = 0;
  const take = (piece: Buffer) => {
    let length = piece.length;
    if (length > 0 && piece[length - 1] === NEWLINE) length--;
    if (length > 0 && piece[length - 1] === COMMA) length--;
    if (length === 0) return;
    if (pieces.length > 0) pieces.push(Buffer.from(',\n'));
    pieces.push(piece.subarray(0, length));
  };
  for (const path of [...new Set(gone)].sort()) {
    const { from, to } = find(list, prefix, path);
    take(list.subarray(kept, from));
    take(Buffer.from(lines.get(path) ?? ''));
    kept = to;
  }
  take(list.subarray(kept));
  return pieces;
}

/** The bytes of a path's line, its line break included; where it would go when there is none. */
function find(list: Buffer, prefix: string, path: string): { from: number; to: number } {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const half = (low + high) >>> 1;
    const from = list.lastIndexOf(NEWLINE, half - 1) + 1;
    const next = list.indexOf(NEWLINE, half) + 1 || list.length;
    const own = pathOf(list, from, prefix);
    if (own === path) return { from, to: next };
    if (own < path) low = next;
    else high = from;
  }
  return { from: low, to: low };
}

function pathOf(list: Buffer, from: number, prefix: string): string {
  const end = list.indexOf('","', from + prefix.length);
  return writtenPath(list.toString('utf8', from, end < 0 ? list.length : end + 3), prefix);
}

/** The path that a line begins with. */
function writtenPath(line: string, prefix: string): string {
  const end = line.indexOf('","', prefix.length);
  if (end < 0 || !line.startsWith(prefix)) throw new DamagedIndex('index.json is not as nex wrote it');
  const written = line.slice(prefix.length, end);
  return written.includes('\\') ? String(JSON.parse(`"${written}"`)) : written;
}
