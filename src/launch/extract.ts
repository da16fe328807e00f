import { accessSync, constants, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from '../platform/crypto.ts';
import { cacheFolder } from './folder-files.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where a piece of native code or a program from the executable lies on the disk: written once, in the first folder
 * that is this user's alone and lets programs run. It is used only with the very bytes of the executable. Throws when
 * there is no such folder.
 */
export function extracted(name: string, bytes: Buffer, env: Environment): string {
  let last: unknown;
  for (const folder of folders(env)) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      requireOwn(folder);
      const file = join(folder, `${createHash('sha256').update(bytes).digest('hex')}-${name}`);
      if (!holds(file, bytes)) write(file, bytes);
      // Says no where the file system is mounted so that nothing on it may run.
      accessSync(file, constants.X_OK);
      return file;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`nex cannot write out ${name}: no folder of yours lets programs run.`, { cause: last });
}

function folders(env: Environment): string[] {
  const name = `nex-native-${process.getuid?.() ?? 'user'}`;
  const cache = cacheFolder(env);
  const roots = [env['XDG_RUNTIME_DIR'], tmpdir()].flatMap((root) => (root ? [join(root, name)] : []));
  return cache === undefined ? roots : [join(cache, 'native'), ...roots];
}

/** Refuses a folder that somebody else prepared or could write into. */
function requireOwn(folder: string): void {
  const stats = lstatSync(folder);
  const own = process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0);
  if (!stats.isDirectory() || !own) throw new Error(`${folder} is not yours alone`);
}

function holds(file: string, bytes: Buffer): boolean {
  try {
    return lstatSync(file).isFile() && readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}

/** In one step: whoever reads meanwhile finds the old file or the new one. */
function write(file: string, bytes: Buffer): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, bytes, { mode: 0o500, flag: 'wx' });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
