import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { version } from '../version.ts';
import type { ProgramFiles } from './program-files.ts';

/** The program's files as the build left them in a folder. */
export function folderFiles(folder: string, env: Readonly<Record<string, string | undefined>>): ProgramFiles {
  const path = (name: string) => join(folder, name);
  return {
    path,
    require: createRequire(path('program.cjs')),
    cache: cacheFolder(env),
    read(name) {
      try {
        return readFileSync(path(name));
      } catch {
        return undefined;
      }
    },
  };
}

/** The folder for what can be made again, by the rules of the platform. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const base = env['XDG_CACHE_HOME'] || env['LOCALAPPDATA'] || (home ? join(home, '.cache') : undefined);
  return base === undefined ? undefined : join(base, 'nex', version);
}
