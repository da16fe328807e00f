import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** Larger files are no manifests; bytes. */
const LARGEST = 2_000_000;

/** A quick look at manifests of a project, by paths relative to its root; never out of it, whatever a link says. */
export interface ProjectLook {
  exists(path: string): boolean;
  read(path: string): string | undefined;
  list(path: string): string[];
}

export function lookInto(root: string): ProjectLook {
  const inside = (path: string): string | undefined => {
    try {
      const absolute = realpathSync(join(root, path));
      const way = relative(root, absolute);
      return way === '..' || way.startsWith(`..${sep}`) ? undefined : absolute;
    } catch {
      return undefined; // not there
    }
  };
  return {
    exists: (path) => inside(path) !== undefined,
    read: (path) => {
      const absolute = inside(path);
      if (absolute === undefined) return undefined;
      try {
        const info = statSync(absolute);
        return info.isFile() && info.size <= LARGEST ? readFileSync(absolute, 'utf8') : undefined;
      } catch {
        return undefined; // unreadable: as if it were not there
      }
    },
    list: (path) => {
      const absolute = inside(path);
      try {
        return absolute === undefined ? [] : readdirSync(absolute);
      } catch {
        return []; // a file, or unreadable
      }
    },
  };
}
