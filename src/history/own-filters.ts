import { type GitOptions, git } from '../platform/git-plumbing.ts';
import type { Change, Entry } from './change.ts';
import { type ObjectStore, projectEnvironment } from './object-store.ts';
import type { RepositoryConfig } from './repository-config.ts';
import type { Run } from './runs.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Changes as the commit has to store them. Checkpoints keep the filter programs that the repository itself names
 * switched off; a commit is the user's own act, so there these programs run as they would for the user.
 */
export async function throughOwnFilters(
  store: ObjectStore,
  run: Run,
  changes: readonly Change[],
  { ownFilters }: RepositoryConfig,
): Promise<Change[]> {
  if (ownFilters.length === 0 || changes.length === 0) return [...changes];
  const options: GitOptions = { cwd: store.repository.root, env: projectEnvironment(store.repository) };
  const input = changes.map(({ path }) => `${path}\0`).join('');
  const fields = (await git(['check-attr', '-z', '--stdin', 'filter'], { ...options, input }))
    .toString('utf8')
    .split('\0');
  const filtered = new Set<string>();
  for (let i = 0; i + 2 < fields.length; i += 3) {
    if (ownFilters.includes(fields[i + 2] ?? '')) filtered.add(fields[i] ?? '');
  }
  const clean = async (path: string, entry: Entry | undefined, { facts }: Snapshot): Promise<Entry | undefined> => {
    const raw = facts.files[path]?.raw;
    if (!entry || raw === undefined || entry.mode === '120000') return entry;
    const args = ['hash-object', '-w', '--stdin', `--path=${path}`];
    const oid = await store.inProject(args, { input: await store.readBlob(raw) });
    return { mode: entry.mode, oid: oid.toString('latin1').trim() };
  };
  return Promise.all(
    changes.map(async ({ path, before, after }) =>
      filtered.has(path)
        ? { path, before: await clean(path, before, run.before), after: await clean(path, after, run.after) }
        : { path, before, after },
    ),
  );
}
