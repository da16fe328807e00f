import { git, runGit } from '../platform/git-plumbing.ts';
import { type ObjectStore, projectEnvironment, sessionRef } from './object-store.ts';
import { packFor } from './packs.ts';

/** Keeps the commits of a branch that is about to go, down to where it began. */
export async function keepCommits(
  store: ObjectStore,
  session: string,
  { tip, from }: { tip: string; from: string | undefined },
): Promise<void> {
  const range = from === undefined ? [tip] : [tip, `^${from}`];
  await packFor(store, [session], range, { revs: true });
  await store.git(['update-ref', sessionRef(session, 'kept'), tip]);
}

/** The tip that `keepCommits` kept for a session. */
export async function keptCommit(store: ObjectStore, session: string): Promise<string | undefined> {
  const output = await runGit(['rev-parse', '-q', '--verify', sessionRef(session, 'kept')], {
    cwd: store.dir,
    env: { GIT_DIR: store.dir },
  });
  return output.status === 0 ? output.stdout.toString('latin1').trim() : undefined;
}

/** Gives kept commits back to the user's repository, with everything they need that is not there. */
export async function returnCommits(
  store: ObjectStore,
  { tip, from }: { tip: string; from: string | undefined },
): Promise<void> {
  const options = { cwd: store.repository.root, env: projectEnvironment(store.repository) };
  const known = await runGit(['rev-list', '--objects', '-n', '1', tip], options);
  if (known.status === 0) return;
  const range = from === undefined ? [tip] : [tip, `^${from}`];
  const pack = await store.git(['pack-objects', '-q', '--revs', '--stdout'], { input: `${range.join('\n')}\n` });
  await git(['unpack-objects', '-q'], { ...options, input: pack });
}
