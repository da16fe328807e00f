import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, relative, sep } from 'node:path';

/** Folders of installed packages, which git ignores and a suite cannot do without. */
const PACKAGES = ['node_modules', 'vendor'];

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

async function linkPackages(root: string, copy: string, folder: string): Promise<void> {
  if (!existsSync(join(root, folder)) || existsSync(join(copy, folder))) return;
  await mkdir(join(copy, folder), { recursive: true });
  for (const name of await readdir(join(root, folder))) {
    const inside = posix.join(folder, name);
    // Caches are written to; scopes are folders of packages.
    if (name.startsWith('.') && name !== '.bin') continue;
    if (name.startsWith('@')) await linkPackages(root, copy, inside);
    else await symlink(await targetOf(root, copy, inside), join(copy, inside), 'junction').catch(() => {});
  }
}

/** Where a package lies; one of the project's own, as workspaces link them, lies in the copy. */
async function targetOf(root: string, copy: string, path: string): Promise<string> {
  const real = await realpath(join(root, path));
  const inside = relative(await realpath(root), real);
  const own = !inside.startsWith('..') && !PACKAGES.some((name) => inside.split(sep).includes(name));
  return own ? join(copy, inside) : real;
}
