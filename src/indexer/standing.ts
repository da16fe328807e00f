import { gitOutput } from './git-output.ts';
import type { Standing } from './index-state.ts';

/** Where the project can differ from the index, as far as git tells. */
export interface Suspicion {
  /** Every path whose content may be another one. */
  paths: ReadonlySet<string>;
  /** Those of them that are no files of the project any more, though they may lie on the disk. */
  absent: ReadonlySet<string>;
}

/** With more paths than this, looking at every file is as quick. */
const MOST = 2000;

/**
 * What may have changed between two moments of a repository. A path that was like HEAD at both has the content that
 * the commits have, so only what was different at either, and what the commits differ in, needs a look. Undefined when
 * git cannot tell or there is too much of it: then every file has to be looked at.
 */
export async function suspicion(
  root: string,
  before: Standing | undefined,
  now: Standing | undefined,
  signal: AbortSignal | undefined,
): Promise<Suspicion | undefined> {
  if (!before?.head || !now?.head) return undefined;
  const between = before.head === now.head ? [] : await pathsBetween(root, before.head, now.head, signal);
  if (!between) return undefined;
  const paths = new Set([...before.dirty, ...before.untracked, ...now.dirty, ...now.untracked, ...between]);
  if (paths.size > MOST) return undefined;
  // What git names now is there. Of the rest it is not known yet: it may be committed, gone, or ignored.
  const unnamed = new Set(paths).difference(new Set([...now.dirty, ...now.untracked]).difference(new Set(now.removed)));
  if (unnamed.size === 0) return { paths, absent: unnamed };
  const args = ['--literal-pathspecs', 'ls-files', '-co', '-z', '--exclude-standard', '--', ...unnamed];
  const listed = await gitOutput(root, args, signal);
  return listed && { paths, absent: unnamed.difference(new Set(pathsIn(listed))) };
}

async function pathsBetween(
  root: string,
  from: string,
  to: string,
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  const args = ['diff', '--name-only', '--no-renames', '--no-ext-diff', '--no-textconv', '-z', from, to, '--'];
  const printed = await gitOutput(root, args, signal);
  return printed && pathsIn(printed);
}

const pathsIn = (printed: Buffer) => printed.toString('utf8').split('\0').filter(Boolean);

/**
 * What of it is worth keeping beside an index. `unsure` are paths that may have been different when they were read;
 * with too many of them nothing is kept, and the next refresh looks at every file.
 */
export function keptStanding(standing: Standing | undefined, unsure: readonly string[] = []): Standing | undefined {
  if (!standing || unsure.length > MOST) return undefined;
  const { head, dirty, removed, untracked } = standing;
  return { head, dirty: [...new Set([...dirty, ...unsure])], removed, untracked };
}

/** Whether two moments look the same to git. */
export function sameStanding(before: Standing | undefined, now: Standing | undefined): boolean {
  return JSON.stringify(before) === JSON.stringify(now);
}
