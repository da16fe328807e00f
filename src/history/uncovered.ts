import { basename } from 'node:path';

/** Something that no checkpoint holds, and why. A folder's path ends in `/`. */
export interface Uncovered {
  path: string;
  reason: string;
}

/**
 * The first of these that a call would touch, as far as its words tell: the thing itself, a folder above it, what
 * lies in it, or a pattern that fits. What a program does without being told is not seen here.
 */
export function uncoveredBy(
  call: { path?: string; command?: string },
  uncovered: readonly Uncovered[],
  root: string,
): Uncovered | undefined {
  if (uncovered.length === 0) return undefined;
  const { path } = call;
  const command = call.command?.replace(/\\(.)/g, '$1') ?? '';
  const words = path === undefined ? command.split(/[\s'"`;|&<>()=:,]+/) : [path];
  const names = words.map((word) => plain(word, root)).filter(Boolean);
  return uncovered.find((item) => {
    const bare = plain(item.path, root);
    // A name with spaces is no single word.
    if (/[\s'"`;|&<>()=:,]/.test(bare) && command.includes(basename(bare))) return true;
    return names.some((name) => touches(name, bare, item.path.endsWith('/')));
  });
}

function touches(name: string, bare: string, isFolder: boolean): boolean {
  if (name === bare || bare.startsWith(`${name}/`) || (isFolder && name.startsWith(`${bare}/`))) return true;
  // `cd data && rm large.bin`, or a path from another folder.
  if (basename(name) === basename(bare)) return true;
  if (!/[*?[]/.test(name)) return false;
  const fits = pattern(name);
  const parts = bare.split('/');
  return fits.test(basename(bare)) || parts.some((_, at) => fits.test(parts.slice(0, at + 1).join('/')));
}

function plain(word: string, root: string): string {
  const inside = word.startsWith(`${root}/`) ? word.slice(root.length + 1) : word;
  return inside.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
}

function pattern(glob: string): RegExp {
  const source = glob.replace(/\*+|\?|\[[^\]]*\]|[^*?[]+|\[/g, (piece) => {
    if (piece.startsWith('*')) return '[^/]*';
    if (piece === '?' || piece.startsWith('[')) return '[^/]';
    return piece.replace(/[.+^${}()|\]\\]/g, '\\$&');
  });
  return new RegExp(`^${source}$`);
}
