import { closedFolderOf } from '../platform/path-rules.ts';
import type { Change, Conflict, Entry } from './change.ts';
import { projectPath } from './disk-file.ts';
import { restoreFiles } from './restore.ts';
import type { Snapshot } from './snapshot.ts';
import { applyChanges, editsOf, layerOf } from './three-way.ts';
import { filesAt } from './trees.ts';
import type { Scanner } from './world-scan.ts';

/** A file that a dry run would have written: its bytes when it was planned against, and after. Undefined: no file. */
export interface PlannedWrite {
  path: string;
  before: Uint8Array | undefined;
  after: Uint8Array | undefined;
}

/**
 * Writes what a dry run planned. Where the project has moved on since, both changes are merged line by line. All of
 * it is written or, when one file cannot be merged, nothing: then the conflicts say why.
 */
export async function applyWrites(
  scanner: Scanner,
  now: Snapshot,
  writes: readonly PlannedWrite[],
): Promise<Conflict[]> {
  const { store } = scanner;
  const { root } = store.repository;
  const outside = writes.filter(({ path }) => projectPath(root, path) !== path || closedFolderOf(path) !== undefined);
  if (outside.length > 0) return outside.map(({ path }) => ({ path, reason: 'it is not a path inside the project' }));
  const { withoutOwnFilters } = await scanner.config();
  const bytes = new Map<string, Uint8Array>();
  const there = await filesAt(
    store,
    now.worktree,
    writes.map(({ path }) => path),
  );
  const entry = async (path: string, content: Uint8Array | undefined): Promise<Entry | undefined> => {
    if (content === undefined) return undefined;
    const args = ['hash-object', '-w', '--stdin', `--path=${path}`];
    const oid = (await store.inProject(args, { input: content, config: withoutOwnFilters })).toString('latin1').trim();
    bytes.set(oid, content);
    // A plan knows no permission bits: they stay what they are.
    return { mode: there.get(path)?.mode ?? '100644', oid };
  };
  const changes: Change[] = [];
  for (const { path, before, after } of writes) {
    changes.push({ path, before: await entry(path, before), after: await entry(path, after) });
  }
  const layer = layerOf(now.worktree);
  const conflicts = await applyChanges(store, changes, layer);
  if (conflicts.length > 0) return conflicts;
  return restoreFiles(store, await editsOf(store, layer), { now, sources: [], filters: withoutOwnFilters, bytes });
}
