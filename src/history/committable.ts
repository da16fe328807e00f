import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Change } from './change.ts';
import type { ObjectStore } from './object-store.ts';
import { changesOfRun, RECORDS, type Run } from './runs.ts';
import { isIgnored } from './snapshot.ts';
import { filesAt } from './trees.ts';

/** What of a run belongs into a commit: not ignored files, and of nex's own folder only its notes. */
export async function committable(store: ObjectStore, run: Run): Promise<Change[]> {
  const { files, staged } = await changesOfRun(store, run);
  const initialized = await isInitialized(store);
  const changes = files.filter(({ path, before }) => {
    if (path.startsWith('.nex/')) return RECORDS.includes(path) && (initialized || before !== undefined);
    return !isIgnored(run.after, path);
  });
  // `git rm --cached`: the file stays on disk, but shall be tracked no longer.
  const forgotten = staged.filter(({ before, after }) => before && !after && before.mode !== '160000');
  if (forgotten.length === 0) return changes;
  const paths = new Set(forgotten.map(({ path }) => path));
  const were = await filesAt(store, run.before.worktree, [...paths]);
  return [
    ...changes.filter(({ path }) => !paths.has(path)),
    ...[...paths].map((path) => ({ path, before: were.get(path), after: undefined })),
  ];
}

/** True once `nex init` has been run: before, nex's own folder ignores all of itself. */
async function isInitialized({ repository }: ObjectStore): Promise<boolean> {
  const rules = await readFile(join(repository.root, '.nex', '.gitignore'), 'utf8').catch(() => '*');
  return rules.trim() !== '*';
}
