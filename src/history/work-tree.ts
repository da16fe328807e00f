import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm, rmdir, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../errors.ts';
import type { Conflict } from './change.ts';
import { blobId, leavesRoot, lookAt, readDisk } from './disk-file.ts';
import type { ObjectStore } from './object-store.ts';

/** What a file on disk shall become. */
export interface DiskEdit {
  path: string;
  /** What must be there now: these bytes, nothing (null), or whatever there is (undefined). */
  expected: string | null | undefined;
  /** Undefined removes the file. */
  to: { kind: 'file' | 'link'; permissions: number; content: () => Promise<Buffer> } | undefined;
}

/**
 * Brings files on disk to another state, each one as a whole. Removals come first, so that a file can become a
 * folder. A file that is not as expected, or lies behind a link, is left alone and answered as a conflict.
 */
export async function writeWorkTree(store: ObjectStore, edits: readonly DiskEdit[]): Promise<Conflict[]> {
  const conflicts: Conflict[] = [];
  const gone = edits.filter(({ to }) => !to).toSorted((a, b) => b.path.localeCompare(a.path));
  for (const edit of [...gone, ...edits.filter(({ to }) => to)]) {
    const reason =
      (await unexpected(store, edit)) ??
      (edit.to ? await put(store, edit.path, edit.to) : await remove(store, edit.path));
    if (reason) conflicts.push({ path: edit.path, reason });
  }
  return conflicts;
}

/** Why this file must not be touched: somebody changed it after it was saved. */
async function unexpected(store: ObjectStore, { path, expected }: DiskEdit): Promise<string | undefined> {
  const { root, objectFormat } = store.repository;
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')) {
    return 'it is not a path inside the project';
  }
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

async function put(store: ObjectStore, path: string, to: NonNullable<DiskEdit['to']>): Promise<string | undefined> {
  const { root } = store.repository;
  const absolute = join(root, path);
  if (leavesRoot(root, path)) return 'a folder on its way became a link';
  try {
    await mkdir(dirname(absolute), { recursive: true });
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR') return 'a file is where its folder has to be';
    throw error;
  }
  if (lstatSync(absolute, { throwIfNoEntry: false })?.isDirectory()) {
    // Only an empty one gives way.
    const full = await rmdir(absolute).then(
      () => false,
      () => true,
    );
    if (full) return 'a folder of this name is there';
  }
  const content = await to.content();
  // Made ready inside the git folder: a crash leaves no stray file among the user's.
  await using scratch = await store.scratch();
  const ready = await make(join(scratch.path, 'file'), to, content);
  try {
    await rename(ready, absolute);
  } catch (error) {
    if (codeOf(error) !== 'EXDEV') throw error;
    const beside = join(dirname(absolute), `.nex-${randomBytes(8).toString('hex')}.tmp`);
    try {
      await rename(await make(beside, to, content), absolute);
    } catch (failure) {
      await rm(beside, { force: true });
      throw failure;
    }
  }
  return undefined;
}

async function make(path: string, to: NonNullable<DiskEdit['to']>, content: Buffer): Promise<string> {
  if (to.kind === 'link') {
    await symlink(content, path);
    return path;
  }
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(path, to.permissions);
  return path;
}
