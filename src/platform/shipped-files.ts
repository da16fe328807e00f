import { readdirSync, readFileSync } from 'node:fs';
import sea from 'node:sea';

/** The folder that stands for the inside of the single executable; below it lie the files that it carries. */
const INSIDE = 'inside:';

/** Where the files lie that ship with the program: inside the executable, or in this folder. */
export function shippedFolder(folder: string): string {
  return sea.isSea() ? INSIDE : folder;
}

/** Reads a file below `shippedFolder`. Throws when it is not there. */
export function readShipped(path: string): Buffer {
  const name = nameInside(path);
  return name === undefined ? readFileSync(path) : Buffer.from(sea.getRawAsset(name));
}

/** The names of the files in a folder below `shippedFolder`. */
export function listShipped(folder: string): string[] {
  const name = nameInside(folder);
  if (name === undefined) return readdirSync(folder);
  return sea.getAssetKeys().flatMap((key) => (key.startsWith(`${name}/`) ? [key.slice(name.length + 1)] : []));
}

/** Whether a file below `shippedFolder` lies in the executable, and so has no path that others could open. */
export function isInside(path: string): boolean {
  return nameInside(path) !== undefined;
}

/** The name of an asset; undefined for an ordinary path. */
function nameInside(path: string): string | undefined {
  const [root, ...rest] = path.split(/[\\/]/);
  return root === INSIDE ? rest.join('/') : undefined;
}
