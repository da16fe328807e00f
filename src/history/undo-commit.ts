import { join } from 'node:path';
import { NexError } from '../errors.ts';
import { git, gitText, runGit } from '../platform/git-plumbing.ts';
import { indexInfo, type ObjectStore, projectEnvironment } from './object-store.ts';
import type { UndoCommit } from './undoing.ts';

/**
 * Makes a commit on top of a branch without checking anything out, and answers it. As with `git revert`, no hook
 * judges it; the user's identity and signing apply. No branch points to it yet.
 */
export async function makeUndoCommit(
  store: ObjectStore,
  { parent, edits, message }: UndoCommit,
  sign: boolean,
): Promise<string> {
  await using folder = await store.scratch();
  const cwd = store.repository.root;
  const env = { ...projectEnvironment(store.repository), GIT_INDEX_FILE: join(folder.path, 'index') };
  await store.lend([...edits.values()].flatMap((entry) => (entry && entry.mode !== '160000' ? [entry.oid] : [])));
  await git(['read-tree', `${parent}^{tree}`], { cwd, env });
  await git(['update-index', '--add', '-z', '--index-info'], { cwd, env, input: indexInfo(store.repository, edits) });
  const tree = await gitText(['write-tree'], { cwd, env });
  const made = await runGit(['commit-tree', ...(sign ? ['-S'] : []), '-p', parent, '-F', '-', tree], {
    cwd,
    env: projectEnvironment(store.repository),
    input: message,
    asUser: true,
  });
  if (made.status === 0) return made.stdout.toString('latin1').trim();
  throw new NexError('repository', `The undoing commit cannot be made: ${made.stderr.trim()}`, {
    hint: 'Check `git config user.name`, `git config user.email` and your signing key; nothing was changed.',
  });
}

/** Moves the branch, or a HEAD that is on none, from the commit's parent to the commit. */
export async function publishUndoCommit(
  store: ObjectStore,
  { branch, parent }: UndoCommit,
  commit: string,
): Promise<void> {
  const options = { cwd: store.repository.root, env: projectEnvironment(store.repository) };
  const ref = branch === undefined ? ['--no-deref', 'HEAD'] : [`refs/heads/${branch}`];
  await git(['update-ref', '-m', 'nex: rollback', ...ref, commit, parent], options);
}
