import ignore, { type Ignore } from 'ignore';
import { codeOf } from '../errors.ts';
import { type Workspace, WorkspaceError } from '../platform/workspace.ts';

/** Whether a project path is left out of listings and searches. Paths have forward slashes and no leading `./`. */
export type Ignored = (path: string, isFolder: boolean) => Promise<boolean>;

/**
 * What the project's `.gitignore` files say, nested ones included, where git itself cannot be asked. A path below an
 * ignored folder is ignored too, whatever rules lie deeper.
 */
export function ignoreRules(workspace: Workspace): Ignored {
  const files = new Map<string, Promise<Ignore | undefined>>();
  const rulesIn = (folder: string): Promise<Ignore | undefined> => {
    const known = files.get(folder) ?? readRules(workspace, folder === '' ? '.gitignore' : `${folder}/.gitignore`);
    files.set(folder, known);
    return known;
  };

  /** What the rules say of this very path, its parents left aside: the file nearest to it decides. */
  const isIgnoredItself = async (names: readonly string[], isFolder: boolean): Promise<boolean> => {
    for (let depth = names.length - 1; depth >= 0; depth--) {
      const rules = await rulesIn(names.slice(0, depth).join('/'));
      const result = rules?.test(names.slice(depth).join('/') + (isFolder ? '/' : ''));
      if (result?.ignored) return true;
      if (result?.unignored) return false;
    }
    return false;
  };

  return async (path, isFolder) => {
    const names = path.split('/').filter((name) => name !== '.');
    for (let length = 1; length <= names.length; length++) {
      if (await isIgnoredItself(names.slice(0, length), isFolder || length < names.length)) return true;
    }
    return false;
  };
}

async function readRules(workspace: Workspace, path: string): Promise<Ignore | undefined> {
  try {
    return ignore({ ignorecase: false }).add((await workspace.read(path, 1_000_000)).toString('utf8'));
  } catch (error) {
    // Most folders have none; one that cannot be read hides nothing.
    if (error instanceof WorkspaceError || codeOf(error) !== undefined) return undefined;
    throw error;
  }
}
