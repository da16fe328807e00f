import type { Repository } from '../platform/git.ts';
import { type GitOptions, runGit } from '../platform/git-plumbing.ts';
import { projectEnvironment } from './object-store.ts';

/** A commit of nex's, as its trailers tell. */
export interface NexCommit {
  commit: string;
  parent: string | undefined;
  subject: string;
  session: string;
}

/** How far back a branch's history is searched for commits of nex's. */
const DEPTH = 2_000;

/**
 * The commits of nex that count on a branch, newest first: made by a task, and not undone since. Found by their
 * trailers, so they are found after a rebase, an amend or in a clone, too. An undoing commit is never among them.
 */
export async function nexCommits(repository: Repository, ref: string): Promise<NexCommit[]> {
  const trailer = (name: string) => `%(trailers:key=${name},valueonly,separator=%x2C)`;
  const format = ['%H', '%P', '%s', trailer('Nex-Session'), trailer('Nex-Undoes')].join('%x00');
  const args = ['log', '-z', `--max-count=${DEPTH}`, `--format=${format}`, '--end-of-options', ref, '--'];
  const output = await runGit(args, inProject(repository));
  // A branch without commits has none of nex's either.
  if (output.status !== 0) return [];
  const fields = output.stdout.toString('utf8').split('\0');
  const undone = new Set<string>();
  const found: NexCommit[] = [];
  for (let i = 0; i + 4 < fields.length; i += 5) {
    const [commit = '', parents = '', subject = '', session = '', undoes = ''] = fields.slice(i, i + 5);
    // Older commits of a session that was undone here are undone; newer ones brought it back.
    for (const name of undoes.split(',').filter(Boolean)) undone.add(name);
    if (undoes === '' && session !== '' && !undone.has(session)) {
      found.push({ commit, parent: parents.split(' ')[0] || undefined, subject, session });
    }
  }
  return found;
}

/** Where a branch is; undefined when there is none of this name. */
export async function branchTip(repository: Repository, branch: string): Promise<string | undefined> {
  const output = await runGit(['rev-parse', '-q', '--verify', `refs/heads/${branch}`], inProject(repository));
  return output.status === 0 ? output.stdout.toString('latin1').trim() : undefined;
}

function inProject(repository: Repository): GitOptions {
  return { cwd: repository.root, env: projectEnvironment(repository) };
}
