import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';

/**
 * The bytes of a regular file, or undefined. A link in its place is not followed, and a pipe does not block: the
 * file may have been replaced since it was listed.
 */
export function readPlain(root: string, path: string): Buffer | undefined {
  let handle: number | undefined;
  try {
    // Windows knows neither flag.
    handle = openSync(join(root, path), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    return fstatSync(handle).isFile() ? readFileSync(handle) : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Text of UTF-8, UTF-16 with a mark, or Latin-1; undefined for binary. */
export function decode(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  if (bytes.subarray(0, 8192).includes(0)) return undefined;
  if (!isUtf8(bytes)) return bytes.toString('latin1');
  return bytes.toString('utf8', bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

/** Whether a path leads to something inside of a folder, links followed, given its real path; compared by segment. */
export function isInside(realRoot: string, path: string): boolean {
  return realPath(join(realRoot, path))?.startsWith(realRoot + sep) === true;
}

/** The real path as the system writes it; undefined where there is nothing. */
export function realPath(path: string): string | undefined {
  try {
    // The native one asks the system once; the other looks at each folder on the way.
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
