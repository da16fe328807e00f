import { type GitOutput, runGit } from './git-plumbing.ts';

/** How a repository stands: everything a task asks git about before its first request, from one run of git. */
export interface GitStanding {
  /** Undefined on a detached HEAD. */
  branch: string | undefined;
  /** Undefined when there is no commit yet. */
  head: string | undefined;
  /** Tracked paths that differ from HEAD, in the index or on the disk; both names of a renamed file. */
  dirty: string[];
  /** Those of them that are tracked no more: removed from the index. */
  removed: string[];
  /** Untracked files that are not ignored. */
  untracked: string[];
  /** How many entries the index and the work tree hold that differ, as `git status` counts them. */
  staged: number;
  changed: number;
}

/** Asks git where this folder belongs to; `findRepository` (git.ts) reads the answer. */
export function askPlace(cwd: string): Promise<GitOutput> {
  return runGit(
    [
      'rev-parse',
      '--is-bare-repository',
      '--show-object-format',
      '--absolute-git-dir',
      '--git-common-dir',
      '--show-toplevel',
      'HEAD',
      'HEAD^{tree}',
      '--symbolic-full-name',
      'HEAD',
    ],
    { cwd },
  );
}

/** Asks git how it stands there; `readStanding` reads the answer. */
export function askStanding(cwd: string): Promise<GitOutput> {
  return runGit(['status', '--porcelain=v2', '--branch', '-z', '--untracked-files=all'], { cwd });
}

/** Reads it for the repository around a folder; undefined where git cannot say. Paths are relative to the root. */
export async function readStanding(cwd: string, asked = askStanding(cwd)): Promise<GitStanding | undefined> {
  const { status, stdout } = await asked;
  return status === 0 ? parseStatus(stdout.toString('utf8')) : undefined;
}

/** Fields before the path in the kinds of lines that porcelain version 2 knows. */
const FIELDS: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10 };

/** Reads `git status --porcelain=v2 --branch -z`. */
export function parseStatus(printed: string): GitStanding {
  const standing: GitStanding = {
    branch: undefined,
    head: undefined,
    dirty: [],
    removed: [],
    untracked: [],
    staged: 0,
    changed: 0,
  };
  const rows = printed.split('\0');
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? '';
    const kind = row[0] ?? '';
    if (row.startsWith('# branch.oid ')) standing.head = nameIn(row, '(initial)');
    else if (row.startsWith('# branch.head ')) standing.branch = nameIn(row, '(detached)');
    else if (kind === '?') standing.untracked.push(row.slice(2));
    const fields = FIELDS[kind];
    if (fields === undefined) continue;
    if (row[2] !== '.') standing.staged += 1;
    if (row[3] !== '.') standing.changed += 1;
    const path = pathAfter(row, fields);
    // The name before a rename follows as a row of its own.
    const before = kind === '2' ? [rows[++at] ?? ''] : [];
    standing.dirty.push(path, ...before);
    standing.removed.push(...(row[2] === 'D' ? [path] : []), ...before);
  }
  return standing;
}

/** What a header line says, unless it says that there is none. */
function nameIn(row: string, none: string): string | undefined {
  const name = row.slice(row.indexOf(' ', 2) + 1);
  return name === none ? undefined : name;
}

/** A path may hold spaces; what comes before it does not. */
function pathAfter(row: string, fields: number): string {
  let from = 0;
  for (let field = 0; field < fields; field++) from = row.indexOf(' ', from) + 1;
  return row.slice(from);
}

/** In a line, for the model and for people: `branch main, 1 staged, 2 changed`. */
export function standingLine({ branch, staged, changed, untracked }: GitStanding): string {
  return [
    branch === undefined ? 'detached HEAD' : `branch ${branch}`,
    staged > 0 && `${staged} staged`,
    changed > 0 && `${changed} changed`,
    untracked.length > 0 && `${untracked.length} untracked`,
  ]
    .filter(Boolean)
    .join(', ');
}
