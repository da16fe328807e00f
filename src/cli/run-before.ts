import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, relative, sep } from 'node:path';

/** Folders of installed packages, which git ignores and a suite cannot do without. */
const PACKAGES = ['node_modules', 'vendor', '.venv', 'venv'];

/**
 * A temporary folder with the project as it was: `exportTo` fills it, packages are linked in, one by one, so that what
 * tests write beside them stays there. Undefined when it cannot be filled. The caller removes it.
 */
export async function projectBefore(
  root: string,
  cwd: string,
  exportTo: (folder: string) => Promise<boolean>,
): Promise<(AsyncDisposable & { path: string }) | undefined> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'nex-before-')));
  const remove = () => rm(path, { recursive: true, force: true });
  try {
    if (await exportTo(path)) {
      for (const place of new Set(['.', cwd]))
        for (const name of PACKAGES) await linkPackages(root, path, posix.join(place, name));
      return { path, [Symbol.asyncDispose]: remove };
    }
  } catch (error) {
    await remove();
    throw error;
  }
  await remove();
  return undefined;
}

/**
 * Fills a folder of packages. Packages are linked; the files that say where things lie (of a virtual environment, of
 * an autoloader, of scripts) are copied, with the copy's own place in them, or they would lead back to the user's code.
 */
async function linkPackages(root: string, copy: string, folder: string): Promise<void> {
  if (!existsSync(join(root, folder)) || existsSync(join(copy, folder))) return;
  await mkdir(join(copy, folder), { recursive: true });
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const { name } = entry;
    const inside = posix.join(folder, name);
    // Caches are written to.
    if ((name.startsWith('.') && name !== '.bin') || name === '__pycache__') continue;
    if (entry.isDirectory() && OPENED.test(name)) await linkPackages(root, copy, inside);
    else if (!entry.isFile() || !(await copyMoved(root, copy, inside)))
      await symlink(await targetOf(root, copy, inside), join(copy, inside), 'junction').catch(() => {});
  }
}

/** Folders that hold packages, or what names places, beside each other: scopes, and the parts of a virtual environment. */
const OPENED = /^(?:@.+|bin|Scripts|lib|Lib|python[\d.]+|site-packages|composer)$/;
/** Larger files are data. */
const LARGEST = 1_000_000;

/** Copies a file with each path into the project turned into one into the copy; false when it is too large for that. */
async function copyMoved(root: string, copy: string, path: string): Promise<boolean> {
  const { size, mode } = await stat(join(root, path));
  if (size > LARGEST) return false;
  const bytes = await readFile(join(root, path));
  // A program is no list of places, and must keep its length.
  const places = bytes.includes(0) ? [] : [root, await realpath(root)];
  let text = bytes.toString('latin1');
  for (const place of places) text = text.replaceAll(wholly(place), () => latin1(copy));
  await writeFile(join(copy, path), Buffer.from(text, 'latin1'), { mode });
  return true;
}

/** Where a package lies; one of the project's own, as workspaces link them, lies in the copy, as does a neighbour. */
async function targetOf(root: string, copy: string, path: string): Promise<string> {
  const link = await readlink(join(root, path)).catch(() => undefined);
  if (link !== undefined && /^[^/\\]+$/.test(link)) return link;
  const real = await realpath(join(root, path));
  const inside = relative(await realpath(root), real);
  const own = !inside.startsWith('..') && !PACKAGES.some((name) => inside.split(sep).includes(name));
  return own ? join(copy, inside) : real;
}

/** A path, but no longer name that begins with it. */
function wholly(path: string): RegExp {
  return new RegExp(`${latin1(path).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'g');
}

/** The bytes of a text, a character each. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
