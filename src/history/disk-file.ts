import { type BigIntStats, lstatSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { codeOf } from '../errors.ts';
import { createHash } from '../platform/crypto.ts';

/** A file or link on disk, before it is read. */
export interface DiskFile {
  kind: 'file' | 'link';
  size: number;
  executable: boolean;
  permissions: number;
  /** Changes whenever the file does, as far as the file system can tell. */
  stamp: string;
  changedMs: number;
}

/** Why a path has no content that could be read: nothing is there, or something that is neither file nor link. */
type NoFile = 'missing' | 'other' | 'unreadable';

/** Looks at a path without following a link in any part of it. */
export function lookAt(root: string, path: string): DiskFile | NoFile {
  try {
    if (leavesRoot(root, path)) return 'missing';
    const info = lstatSync(join(root, path), { bigint: true, throwIfNoEntry: false });
    if (!info) return 'missing';
    if (!info.isFile() && !info.isSymbolicLink()) return 'other';
    return diskFile(info);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    if (code === 'EACCES' || code === 'EPERM' || code === 'ELOOP' || code === 'ENAMETOOLONG') return 'unreadable';
    throw error;
  }
}

/** The bytes of a file, or the target of a link; undefined when it vanished or may not be read. */
export async function readDisk(root: string, path: string, file: DiskFile): Promise<Buffer | undefined> {
  const absolute = join(root, path);
  try {
    if (file.kind === 'link') return readlinkSync(absolute, { encoding: 'buffer' });
    // Small files are most of them, and reading them at once is several times faster.
    return file.size < 1 << 18 ? readFileSync(absolute) : await readFile(absolute);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EISDIR', 'EINVAL'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** The id that git gives to these bytes. */
export function blobId(content: Uint8Array, format: 'sha1' | 'sha256'): string {
  return objectId('blob', content, format);
}

/** The id that git gives to an object with this content. */
export function objectId(
  type: 'blob' | 'tree' | 'commit' | 'tag',
  content: Uint8Array,
  format: 'sha1' | 'sha256',
): string {
  return createHash(format).update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** A path as git names it, from the project's root; undefined when it leads elsewhere or into a git folder. */
export function projectPath(root: string, path: string): string | undefined {
  const inside = relative(root, resolve(root, path)).split(sep);
  if (isAbsolute(inside.join(sep))) return undefined;
  if (inside.some((part) => part === '' || part === '..' || part.toLowerCase() === '.git')) return undefined;
  return inside.join('/');
}

/** True when a folder on the way is a link: what lies behind it is another place. */
export function leavesRoot(root: string, path: string): boolean {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const info = lstatIfThere(join(root, path.slice(0, slash)));
    if (!info?.isDirectory()) return info?.isSymbolicLink() ?? false;
  }
  return false;
}

/** What lies at a path; undefined when nothing does, also because a file is where a folder would have to be. */
export function lstatIfThere(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function diskFile(info: BigIntStats): DiskFile {
  const mode = Number(info.mode);
  return {
    kind: info.isSymbolicLink() ? 'link' : 'file',
    size: Number(info.size),
    executable: (mode & 0o100) !== 0,
    permissions: mode & 0o7777,
    stamp: `${info.size}-${info.mtimeNs}-${info.ctimeNs}-${info.ino}`,
    changedMs: Number(info.ctimeMs),
  };
}
