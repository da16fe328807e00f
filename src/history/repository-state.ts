import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Repository } from '../platform/git.ts';
import { runGit } from '../platform/git-plumbing.ts';

const UNDERWAY = [
  { name: 'MERGE_HEAD', what: 'A merge', end: 'git merge --continue` or `git merge --abort' },
  { name: 'rebase-merge', what: 'A rebase', end: 'git rebase --continue` or `git rebase --abort' },
  { name: 'rebase-apply', what: 'A rebase or `git am`', end: 'git rebase --continue` or `git rebase --abort' },
  { name: 'CHERRY_PICK_HEAD', what: 'A cherry-pick', end: 'git cherry-pick --continue` or `git cherry-pick --abort' },
  { name: 'REVERT_HEAD', what: 'A revert', end: 'git revert --continue` or `git revert --abort' },
  { name: 'sequencer', what: 'A cherry-pick or revert', end: 'git cherry-pick --abort` or `git revert --abort' },
  { name: 'BISECT_LOG', what: 'A bisect', end: 'git bisect reset' },
] as const;

/** How long somebody else's git may hold the index before nex gives up. */
const INDEX_WAIT_MS = 5_000;

/**
 * Throws a NexError (`repository`) when the repository is in a state in which nex changes nothing: an operation of
 * git's under way, a locked index, or a root that is the home folder or the disk. Waits up to 5 s for the index.
 */
export async function requireCalm(repository: Repository, clock: Clock): Promise<void> {
  await refuseWideRoot(repository.root);
  for (const { name, what, end } of UNDERWAY) {
    if (await isUnderway(repository, name)) {
      throw new NexError('repository', `${what} is in progress, so nex changes nothing here.`, {
        hint: `Finish it first: \`${end}\`.`,
      });
    }
  }
  await waitForIndex(repository, clock);
}

/** Waits until no other git holds the index; throws a NexError (`repository`) after 5 s. */
export async function waitForIndex(repository: Repository, clock: Clock): Promise<void> {
  const lock = join(repository.gitDir, 'index.lock');
  const give = clock.now().getTime() + INDEX_WAIT_MS;
  while (existsSync(lock)) {
    if (clock.now().getTime() >= give) {
      throw new NexError('repository', 'Another git process holds the index (index.lock).', {
        hint: `Wait for it to end. If no git is running, remove ${lock}`,
      });
    }
    await clock.sleep(100);
  }
}

/** The error for an index with unmerged paths, which no tree can hold. */
export function unmergedIndex(paths: readonly string[]): NexError {
  return new NexError('repository', `The index has conflicts that are not resolved: ${paths.slice(0, 3).join(', ')}.`, {
    hint: 'Resolve them and `git add` the files, then try again.',
  });
}

async function refuseWideRoot(root: string): Promise<void> {
  // Without a home there is none to be refused; an empty path would stand for the current folder.
  const home = homedir() === '' ? undefined : await realpath(homedir()).catch(homedir);
  const what = root === home ? 'your home folder' : dirname(root) === root ? 'the root of the disk' : undefined;
  if (what === undefined) return;
  throw new NexError('repository', `The repository here is ${what}, so nex changes nothing in it.`, {
    hint: 'Work in a repository of its own: `git init` in the project folder.',
  });
}

async function isUnderway(repository: Repository, name: string): Promise<boolean> {
  if (existsSync(join(repository.gitDir, name))) return true;
  // In the reftable format these two are no files.
  if (!/^(CHERRY_PICK|REVERT)_HEAD$/.test(name) || !existsSync(join(repository.commonDir, 'reftable'))) return false;
  return (await runGit(['rev-parse', '-q', '--verify', name], { cwd: repository.root })).status === 0;
}
