import { chmod, mkdir, rename, rm, rmdir, symlink, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors.ts';
import { randomHex } from '../platform/crypto.ts';
import type { Conflict } from './change.ts';
import { blobId, leavesRoot, lookAt, lstatIfThere, projectPath, readDisk } from './disk-file.ts';
import type { ObjectStore } from './object-store.ts';

/** What a file on disk shall become. */
interface DiskEdit {
  path: string;
  /** What must be there now: these bytes, nothing (null), or whatever there is (undefined). */
  expected: string | null | undefined;
  /** Undefined removes the file. */
  to: { kind: 'file' | 'link'; permissions: number; content: Uint8Array } | undefined;
}

/**
 * Brings files on disk to another state, each one as a whole. A file that is not as expected, or lies behind a link,
 * is left alone and answered as a conflict.
 */
export async function writeWorkTree(store: ObjectStore, edits: readonly DiskEdit[]): Promise<Conflict[]> {
  if (edits.length === 0) return [];
  // Made ready inside the git folder: a crash leaves no stray file among the user's.
  await using scratch = await store.scratch();
  const conflicts: Conflict[] = [];
  for (const { path, expected, to } of edits) {
    const reason =
      (await unexpected(store, path, expected)) ??
      (to ? await put(store, path, to, scratch.path) : await remove(store, path));
    if (reason !== undefined) conflicts.push({ path, reason });
  }
  return conflicts;
}

/** Why this file must not be touched: somebody changed it after it was saved. */
async function unexpected(
  store: ObjectStore,
  path: string,
  expected: DiskEdit['expected'],
): Promise<string | undefined> {
  const { root, objectFormat } = store.repository;
  if (projectPath(root, path) !== path) return 'it is not a path inside the project';
  if (expected === undefined) return undefined;
  const file = lookAt(root, path);
  if (typeof file === 'string') return expected === null || file === 'missing' ? undefined : 'it cannot be read';
  if (expected === null) return 'another file of this name appeared';
  const content = await readDisk(root, path, file);
  return content && blobId(content, objectFormat) === expected ? undefined : 'it was changed at this moment';
}

async function remove(store: ObjectStore, path: string): Promise<string | undefined> {
  const { root } = store.repository;
  if (leavesRoot(root, path)) return undefined;
  try {
    await unlink(join(root, path));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EISDIR' || code === 'EPERM') return 'a folder of this name is there';
    throw error;
  }
  // Git knows no empty folders; one that the file leaves behind goes with it.
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      await rmdir(join(root, folder));
    } catch {
      break;
    }
  }
  return undefined;
}

async function put(
  store: ObjectStore,
  path: string,
  to: NonNullable<DiskEdit['to']>,
  scratch: string,
): Promise<string | undefined> {
  const { root } = store.repository;
  const absolute = join(root, path);
  if (leavesRoot(root, path)) return 'a folder on its way became a link';
  try {
    await mkdir(dirname(absolute), { recursive: true });
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR') return 'a file is where its folder has to be';
    throw error;
  }
  if (lstatIfThere(absolute)?.isDirectory()) {
    // Only an empty one gives way.
    const full = await rmdir(absolute).then(
      () => false,
      () => true,
    );
    if (full) return 'a folder of this name is there';
  }
  const ready = await make(join(scratch, randomHex(8)), to);
  try {
    await rename(ready, absolute);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    const beside = join(dirname(absolute), `.nex-${randomHex(8)}.tmp`);
    try {
      await rename(await make(beside, to), absolute);
    } catch (failure) {
      await rm(beside, { force: true });
      throw failure;
    }
  }
  return undefined;
}

async function make(path: string, to: NonNullable<DiskEdit['to']>): Promise<string> {
  if (to.kind === 'link') {
    await symlink(Buffer.from(to.content), path);
    return path;
  }
  // No fsync: the store has these bytes for good.
  await writeFile(path, to.content, { flag: 'wx', mode: 0o600 });
  await chmod(path, to.permissions);
  return path;
}
