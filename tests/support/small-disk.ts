import { spawnSync } from 'node:child_process';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '../../src/errors.ts';

/** A file system of its own that can be made full. */
export interface SmallDisk extends Disposable {
  /** A folder on it. */
  readonly path: string;
  /** Fills it up until only this many bytes are free. */
  fill(free: number): void;
  /** Takes the filling away again. */
  clear(): void;
}

/** Whether this user may mount a file system here: root on Linux, outside most containers. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    smallDisk(1)[Symbol.dispose]();
    return true;
  } catch {
    return false;
  }
}

export function smallDisk(megabytes: number): SmallDisk {
  const mount = realpathSync(mkdtempSync(join(tmpdir(), 'nex-disk-')));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'nex-test', mount]);
  if (mounted.status !== 0) {
    rmSync(mount, { recursive: true });
    throw new Error(`no file system of its own: ${mounted.stderr}`);
  }
  const path = join(mount, 'project');
  mkdirSync(path);
  const filler = join(mount, 'filler');
  return {
    path,
    fill(free) {
      const { bavail, bsize } = statfsSync(mount);
      const file = openSync(filler, 'a');
      const block = Buffer.alloc(4096, 1);
      try {
        for (let left = bavail * bsize - free; left > 0; left -= block.length) writeSync(file, block);
        fsyncSync(file);
      } catch (error) {
        // Somebody else wrote meanwhile, and it is full before it was expected to be.
        if (codeOf(error) !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    clear: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      spawnSync('umount', ['-l', mount]);
      rmSync(mount, { recursive: true, force: true });
    },
  };
}
