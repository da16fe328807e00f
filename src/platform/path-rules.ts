/** Folders that stand under rules of their own. */
export type ClosedFolder = '.git' | '.nex';

/**
 * What is wrong with a path before the disk is even asked, as the end of a sentence; undefined when nothing is.
 * Names that only Windows treats in a special way are refused only there: `aux.c` is a fine name elsewhere.
 */
export function pathProblem(path: string, platform: NodeJS.Platform): string | undefined {
  if (path.includes('\0')) return 'holds a NUL character';
  if (/^~(\/|$)|^~[a-z_][\w-]*\//i.test(path))
    return 'begins with ~, which is not expanded here; give a path relative to the project';
  if (platform !== 'win32') return undefined;
  if (/^[\\/]{2}/.test(path)) return 'is a network or device path';
  const names = path.replace(/^[a-z]:(?=[\\/])/i, '').split(/[\\/]/);
  for (const name of names) {
    if (/^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|:|$)/i.test(name)) return 'names a device';
    if (name.includes(':')) return 'holds a colon';
    if (/[. ]$/.test(name) && name !== '.' && name !== '..') return 'ends in a dot or space, which Windows drops';
  }
  return undefined;
}

/**
 * Where `target` lies below `root`, with forward slashes (`.` for the root itself), or undefined when it does not.
 * Both must be absolute and normalised. Compared by segment, so that `/srv/app-old` is not in `/srv/app`.
 */
export function relativeInside(root: string, target: string, caseInsensitive: boolean): string | undefined {
  const same = (name: string) => (caseInsensitive ? name.normalize('NFC').toLowerCase() : name);
  const outer = segmentsOf(root);
  const inner = segmentsOf(target);
  if (!outer.every((name, at) => same(name) === same(inner[at] ?? ''))) return undefined;
  return inner.slice(outer.length).join('/') || '.';
}

/** The closed folder that a path relative to the root leads into: `.git` at any depth, `.nex` at the root. */
export function closedFolderOf(relative: string): ClosedFolder | undefined {
  const names = segmentsOf(relative).map(plainName);
  // git~1 is the short name that Windows gives to .git.
  if (names.some((name) => name === '.git' || name === 'git~1')) return '.git';
  return names[0] === '.nex' ? '.nex' : undefined;
}

function segmentsOf(path: string): string[] {
  return path.split(process.platform === 'win32' ? /[\\/]/ : '/').filter((name) => name !== '' && name !== '.');
}

/** A name as the most forgiving file systems compare it: case, invisible characters, trailing dots and streams dropped. */
function plainName(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, '')
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '')
    .toLowerCase();
}
