import { constants, existsSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from '../errors.ts';
import { randomHex } from './crypto.ts';

/** Thrown when a path that was checked leads somewhere else by the time it is used. */
export class MovedError extends Error {}

/**
 * Opens a file whose real path was checked, without following a link in the last part and without waiting for the
 * other end of a pipe; then asks the handle where it really is. Throws MovedError when that is not `absolute`.
 */
export async function openForReading(absolute: string): Promise<FileHandle> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  try {
    return await stillAt(await open(absolute, flags), absolute);
  } catch (error) {
    if (!(error instanceof MovedError)) throw error;
    // Another program may just have saved the file, which replaces it; somebody who plays tricks moves it again.
    return stillAt(await open(absolute, flags), absolute);
  }
}

/**
 * Replaces or creates a file as a whole: temporary sibling, fsync, rename, fsync of the folder. Missing folders are
 * created, mode and owner kept. `absolute` must be a real path; a folder that was swapped for a link since then is
 * noticed (MovedError), because all of it happens relative to an open handle of the folder where the system allows.
 */
export async function replaceFile(absolute: string, content: Uint8Array): Promise<void> {
  const folder = await openFolder(dirname(absolute));
  const target = folder.at(basename(absolute));
  // Not named after the target: 255 bytes of name leave no room for a suffix.
  const temporary = folder.at(`.nex-${randomHex(8)}.tmp`);
  try {
    const before = await lstat(target).catch(nothingThere);
    if (before?.isSymbolicLink()) throw new MovedError(`${absolute} became a link`);
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    try {
      await file.writeFile(content);
      if (before) {
        const created = await file.stat();
        // Only root may give a file back to its owner; for others the rename makes it theirs, as in any editor.
        if (created.uid !== before.uid || created.gid !== before.gid)
          await file.chown(before.uid, before.gid).catch(() => {});
        await file.chmod(before.mode & 0o7777);
      }
      // Without it, a power cut after the rename can leave an empty file under the right name.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await folder.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await folder.close();
  }
}

/** An open folder: `at` names an entry in it, whatever happens to the path that led here. */
interface Folder {
  at(name: string): string;
  sync(): Promise<void>;
  close(): Promise<void>;
}

async function openFolder(absolute: string): Promise<Folder> {
  if (process.platform === 'win32') return plainFolder(absolute);
  const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
  const handle = await open(absolute, flags).catch(nothingThere);
  if (handle) return folderOf(await stillAt(handle, absolute), absolute);
  const parent = await openFolder(dirname(absolute));
  try {
    const path = parent.at(basename(absolute));
    await mkdir(path).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    await parent.sync();
    return folderOf(await stillAt(await open(path, flags), absolute), absolute);
  } finally {
    await parent.close();
  }
}

function folderOf(handle: FileHandle, absolute: string): Folder {
  // Linux lets a path go on from an open handle; elsewhere the check just made has to do.
  const base = handlesHavePaths() ? `/proc/self/fd/${handle.fd}` : absolute;
  return {
    at: (name) => join(base, name),
    // Some file systems cannot sync a folder; the rename is as safe there as it gets.
    sync: () => handle.sync().catch(() => {}),
    close: () => handle.close(),
  };
}

async function plainFolder(absolute: string): Promise<Folder> {
  await mkdir(absolute, { recursive: true });
  return { at: (name) => join(absolute, name), sync: async () => {}, close: async () => {} };
}

/** The handle, if it is still where the check said; otherwise it is closed again. */
async function stillAt(handle: FileHandle, absolute: string): Promise<FileHandle> {
  try {
    const where = handlesHavePaths() ? await readlink(`/proc/self/fd/${handle.fd}`) : await realpath(absolute);
    if (where !== absolute) throw new MovedError(`${absolute} is now ${where}`);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function handlesHavePaths(): boolean {
  return process.platform === 'linux' && existsSync('/proc/self/fd');
}

function nothingThere(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
