import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import ignore, { type Ignore } from 'ignore';

/** Folders that hold no source of the project, whether an ignore file says so or not. */
const NEVER = new Set([
  '.git',
  '.hg',
  '.svn',
  '.nex',
  'node_modules',
  '.venv',
  'venv',
  '__pycache__',
  '.tox',
  '.gradle',
  '.idea',
]);

/** More entries than any project: somebody stands in a home folder. */
const MOST_ENTRIES = 300_000;

interface Rules {
  /** Folder of the ignore file, with a slash at the end; empty at the root. */
  base: string;
  rules: Ignore;
}

/**
 * The files below a folder that is no git repository, relative, with forward slashes, unsorted. `.gitignore` and
 * `.ignore` files count as they do in git, nested ones included. Links are not followed.
 */
export async function walk(root: string, signal?: AbortSignal): Promise<string[]> {
  const files: string[] = [];
  const open: Array<{ folder: string; rules: readonly Rules[] }> = [{ folder: '', rules: [] }];
  let seen = 0;
  for (let next = open.pop(); next && seen < MOST_ENTRIES; next = open.pop()) {
    const { folder } = next;
    const entries = list(join(root, folder));
    const rules = withRulesOf(root, folder, entries, next.rules);
    for (const entry of entries) {
      const path = folder + entry.name;
      if (entry.isDirectory()) {
        if (!NEVER.has(entry.name) && !isIgnored(`${path}/`, rules)) open.push({ folder: `${path}/`, rules });
      } else if (entry.isFile() && !isIgnored(path, rules)) files.push(path);
    }
    seen += entries.length + 1;
    if (open.length % 64 === 0) {
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  return files;
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Not readable: what cannot be read is not part of the index.
    return [];
  }
}

function withRulesOf(
  root: string,
  base: string,
  entries: readonly Dirent[],
  outer: readonly Rules[],
): readonly Rules[] {
  const names = entries
    .filter((entry) => entry.isFile() && /^\.(?:git)?ignore$/.test(entry.name))
    .map(({ name }) => name);
  if (names.length === 0) return outer;
  const rules = ignore({ ignorecase: false });
  for (const name of names.sort()) {
    try {
      rules.add(readFileSync(join(root, base, name), 'utf8'));
    } catch {
      // An unreadable ignore file ignores nothing.
    }
  }
  return [...outer, { base, rules }];
}

/** The innermost ignore file that says anything about a path decides. */
function isIgnored(path: string, rules: readonly Rules[]): boolean {
  for (const { base, rules: own } of rules.toReversed()) {
    const { ignored, unignored } = own.test(path.slice(base.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}
