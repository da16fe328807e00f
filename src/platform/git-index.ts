/** One entry of git's index. */
export interface IndexEntry {
  path: string;
  /** Six octal digits, such as `100644`. */
  mode: string;
  oid: string;
  /** Set by `git update-index --assume-unchanged`. */
  assumeUnchanged: boolean;
  /** Left out of a sparse checkout. */
  skipWorktree: boolean;
}

/** Bytes of an entry before its object's id: times, device, inode, mode, owner, size. */
const STAT_BYTES = 40;
const MODE_AT = 24;
const EXTENDED = 0x4000;
const ASSUME_UNCHANGED = 0x8000;
const SKIP_WORKTREE = 0x4000;

/**
 * The entries of an index file, as gitformat-index(5) describes its versions 2 to 4; those of a conflict once for each
 * side. Undefined where only git can tell: another version, an index that is split or names whole folders, a torn one.
 */
export function parseGitIndex(content: Buffer, objectFormat: 'sha1' | 'sha256'): IndexEntry[] | undefined {
  if (content.length === 0) return [];
  const idBytes = objectFormat === 'sha256' ? 32 : 20;
  const version = content.length >= 12 && content.toString('latin1', 0, 4) === 'DIRC' ? content.readUInt32BE(4) : 0;
  if (version < 2 || version > 4) return undefined;
  try {
    const { entries, end } = readEntries(content, version, content.readUInt32BE(8), idBytes);
    return entries.some(({ mode }) => mode === '040000') || asksForMore(content, end, idBytes) ? undefined : entries;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readEntries(
  content: Buffer,
  version: number,
  count: number,
  idBytes: number,
): { entries: IndexEntry[]; end: number } {
  const entries: IndexEntry[] = [];
  let at = 12;
  let last: Buffer = Buffer.alloc(0);
  for (let index = 0; index < count; index++) {
    const start = at;
    const flags = content.readUInt16BE(start + STAT_BYTES + idBytes);
    const more = flags & EXTENDED ? content.readUInt16BE(start + STAT_BYTES + idBytes + 2) : 0;
    at += STAT_BYTES + idBytes + (flags & EXTENDED ? 4 : 2);
    // Version 4 names only what is different from the end of the path before.
    let kept = 0;
    if (version === 4) {
      const [cut, next] = readOffset(content, at);
      kept = last.length - cut;
      at = next;
    }
    const end = content.indexOf(0, at);
    if (end === -1 || kept < 0) throw new RangeError('a torn index');
    const name =
      kept === 0 ? content.subarray(at, end) : Buffer.concat([last.subarray(0, kept), content.subarray(at, end)]);
    entries.push({
      path: name.toString('utf8'),
      mode: content
        .readUInt32BE(start + MODE_AT)
        .toString(8)
        .padStart(6, '0'),
      oid: content.toString('hex', start + STAT_BYTES, start + STAT_BYTES + idBytes),
      assumeUnchanged: (flags & ASSUME_UNCHANGED) !== 0,
      skipWorktree: (more & SKIP_WORKTREE) !== 0,
    });
    last = name;
    // Older versions fill up to a multiple of eight, with at least one zero.
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  }
  return { entries, end: at };
}

/** A number as pack files write offsets; answers it and where it ends. */
function readOffset(content: Buffer, from: number): [value: number, end: number] {
  let at = from;
  let byte = content.readUInt8(at++);
  let value = byte & 0x7f;
  while (byte & 0x80) {
    byte = content.readUInt8(at++);
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return [value, at];
}

/** True when an extension changes what the entries mean; those that may be skipped have a name in capitals. */
function asksForMore(content: Buffer, from: number, idBytes: number): boolean {
  for (let at = from; at + 8 <= content.length - idBytes; at += 8 + content.readUInt32BE(at + 4)) {
    const first = content.readUInt8(at);
    if (first < 0x41 || first > 0x5a) return true;
  }
  return false;
}
