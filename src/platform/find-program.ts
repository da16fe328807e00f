import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { relativeInside } from './path-rules.ts';

export interface FindOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Programs below this folder are passed over: a repository must not be able to plant its own `git`. */
  outside?: string;
  platform?: NodeJS.Platform;
}

/**
 * The absolute path of a program on PATH, or undefined. Relative PATH entries are passed over: they would lead into
 * whatever folder happens to be current.
 */
export function findProgram(
  name: string,
  { env, outside, platform = process.platform }: FindOptions,
): string | undefined {
  const path = platform === 'win32' ? (env['Path'] ?? env['PATH'] ?? '') : (env['PATH'] ?? '');
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  for (const folder of folders) {
    if (outside !== undefined && relativeInside(outside, folder, platform !== 'linux') !== undefined) continue;
    const candidate = join(folder, platform === 'win32' ? `${name}.exe` : name);
    if (isProgram(candidate)) return candidate;
  }
  return undefined;
}

/** Whether there is a file here that may be run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
