import { NexError } from '../errors.ts';
import { type Head, type Repository, readHead } from '../platform/git.ts';
import { git, gitSentence, gitText, runGit } from '../platform/git-plumbing.ts';
import { branchName } from './branch-name.ts';
import { projectEnvironment } from './object-store.ts';

/**
 * Starts the branch of a task at HEAD and moves HEAD onto it. No file and no index entry is touched, so changes that
 * are not committed come along; the branch that HEAD was on stays where it is. On a branch without commits the new
 * one has none either. `branches` are the names that are taken; `announce` hears the new one before it exists.
 * Answers the name.
 */
export async function startTaskBranch(
  repository: Repository,
  head: Head,
  task: string,
  branches: readonly string[],
  announce: (branch: string) => Promise<void>,
): Promise<string> {
  const options = { cwd: repository.root, env: projectEnvironment(repository) };
  let taken = branches;
  for (let tries = 0; ; tries++) {
    if (tries > 0) taken = await readBranches(repository);
    // A branch without commits is in no list, but HEAD names it.
    const branch = branchName(task, head.branch === undefined ? taken : [...taken, head.branch]);
    await announce(branch);
    if (head.commit !== undefined) {
      const args = ['update-ref', '-m', 'nex: start of a task', `refs/heads/${branch}`, head.commit, ''];
      const made = await runGit(args, options);
      // Another process can have taken the name at this moment.
      if (made.status !== 0 && tries < 3) continue;
      if (made.status !== 0) throw noBranch(branch, made.stderr);
    }
    const moved = await runGit(['symbolic-ref', '-m', 'nex: start of a task', 'HEAD', `refs/heads/${branch}`], options);
    if (moved.status === 0) return branch;
    if (head.commit !== undefined) await runGit(['update-ref', '-d', `refs/heads/${branch}`, head.commit], options);
    throw noBranch(branch, moved.stderr);
  }
}

/** Goes back from a branch on which nothing happened, and removes it. False when HEAD is elsewhere by now. */
export async function leaveBranch(repository: Repository, branch: string, start: Head): Promise<boolean> {
  const head = await readHead(repository);
  if (head.branch !== branch || head.commit !== start.commit) return false;
  await moveHead(repository, start, 'nex: nothing changed');
  if (start.commit !== undefined) {
    const options = { cwd: repository.root, env: projectEnvironment(repository) };
    await git(['update-ref', '-d', `refs/heads/${branch}`, start.commit], options);
  }
  return true;
}

async function readBranches(repository: Repository): Promise<string[]> {
  const refs = await gitText(['for-each-ref', '--format=%(refname)', 'refs/heads/'], {
    cwd: repository.root,
    env: projectEnvironment(repository),
  });
  return refs.split('\n').map((ref) => ref.slice('refs/heads/'.length));
}

/** Points HEAD at a branch or a commit, touching nothing else. */
export async function moveHead(repository: Repository, to: Head, why: string): Promise<void> {
  const options = { cwd: repository.root, env: projectEnvironment(repository) };
  if (to.branch !== undefined) await git(['symbolic-ref', '-m', why, 'HEAD', `refs/heads/${to.branch}`], options);
  else if (to.commit !== undefined) await git(['update-ref', '--no-deref', '-m', why, 'HEAD', to.commit], options);
}

function noBranch(branch: string, stderr: string): NexError {
  return new NexError('repository', `The task's branch ${branch} cannot be made: ${gitSentence(stderr)}`, {
    hint: 'Look at `git branch` and at the lock files in the git folder.',
  });
}
