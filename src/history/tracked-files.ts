import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Repository } from '../platform/git.ts';
import { type IndexEntry, parseGitIndex } from '../platform/git-index.ts';
import { git } from '../platform/git-plumbing.ts';
import { lstatIfThere } from './disk-file.ts';
import { parseIndexListing } from './git-reports.ts';

/** What the index tracks, as far as a checkpoint needs it beside `git status`. */
export interface TrackedFiles {
  paths: ReadonlySet<string>;
  /** Entries that `git status` does not look at on disk. */
  flagged: readonly IndexEntry[];
  submodules: readonly string[];
  /** Whether a `.gitattributes` file is among them. */
  attributes: boolean;
}

/** Permission bits: what most files have, and those that have others. Git itself knows only "executable or not". */
export interface FileModes {
  file: number;
  executable: number;
  others: Record<string, number>;
}

/** Reads it from the bytes of the index; git is asked only where it has to work out what the index leaves out. */
export async function listTracked(repository: Repository, index: Buffer): Promise<TrackedFiles> {
  const entries = parseGitIndex(index, repository.objectFormat) ?? (await listedByGit(repository));
  return {
    paths: new Set(entries.map(({ path }) => path)),
    flagged: entries.filter(({ assumeUnchanged, skipWorktree }) => assumeUnchanged || skipWorktree),
    submodules: entries.filter(({ mode }) => mode === '160000').map(({ path }) => path),
    attributes: entries.some(({ path }) => /(^|\/)\.gitattributes$/.test(path)),
  };
}

async function listedByGit(repository: Repository): Promise<IndexEntry[]> {
  return parseIndexListing(
    await git(['ls-files', '-s', '-v', '-z'], {
      cwd: repository.root,
      // The flags as the index has them: git would drop the one of a left-out file that is there all the same.
      config: ['sparse.expectFilesOutsideOfPatterns=true'],
    }),
  );
}

/**
 * Looks at the permission bits of these files, in slices so that nothing else has to wait long. States can only be
 * compared when they agree on what is usual: `like` is a state before.
 */
export async function scanModes(
  root: string,
  paths: Iterable<string>,
  like: FileModes | undefined,
): Promise<FileModes> {
  const modes = new Map<string, number>();
  const counts = new Map<number, number>();
  let seen = 0;
  for (const path of paths) {
    if (++seen % 2_000 === 0) await setImmediate();
    const info = lstatIfThere(join(root, path));
    if (!info?.isFile()) continue;
    const mode = info.mode & 0o7777;
    modes.set(path, mode);
    counts.set(mode, (counts.get(mode) ?? 0) + 1);
  }
  const usual = (fallback: number, executable: boolean) => {
    const fitting = [...counts].filter(([mode]) => ((mode & 0o100) !== 0) === executable);
    return fitting.toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? fallback;
  };
  const file = like?.file ?? usual(0o644, false);
  const executable = like?.executable ?? usual(0o755, true);
  const others = [...modes].filter(([, mode]) => mode !== file && mode !== executable);
  return { file, executable, others: Object.fromEntries(others) };
}
