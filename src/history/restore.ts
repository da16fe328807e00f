import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../errors.ts';
import type { Conflict, Entry } from './change.ts';
import { lookAt } from './disk-file.ts';
import type { ObjectStore } from './object-store.ts';
import type { Snapshot } from './snapshot.ts';
import { type DiskEdit, writeWorkTree } from './work-tree.ts';

/**
 * Brings files on disk to these entries, with the exact bytes and permission bits where one of the sources saved
 * them, else as git would check them out. A file that is not as `now` saw it is left alone: a conflict.
 */
export async function restoreFiles(
  store: ObjectStore,
  edits: ReadonlyMap<string, Entry | undefined>,
  { now, sources, filters }: { now: Snapshot; sources: readonly Snapshot[]; filters: readonly string[] },
): Promise<Conflict[]> {
  const here = await store.entriesAt(now.worktree, [...edits.keys()]);
  const list = [...edits].map(([path, entry]): DiskEdit => {
    const expected = expectedBytes(now, path, here.get(path));
    if (!entry) return { path, expected, to: undefined };
    const source = sources.find(({ facts }) => facts.files[path]?.stored === entry.oid);
    const raw = source?.facts.files[path]?.raw;
    const modes = (source ?? sources[0] ?? now).facts.modes;
    const usual = entry.mode === '100755' ? modes.executable : modes.file;
    const converts = [now, ...sources].some(({ facts }) => facts.converts) && entry.mode !== '120000';
    const content = () => {
      if (raw !== undefined) return store.readBlob(raw);
      if (!converts) return store.readBlob(entry.oid);
      return store.inProject(['cat-file', '--filters', `--path=${path}`, entry.oid], { config: filters });
    };
    const kind = entry.mode === '120000' ? 'link' : 'file';
    return { path, expected, to: { kind, permissions: modes.others[path] ?? usual, content } };
  });
  return writeWorkTree(store, list);
}

/** Sets permission bits of files that exist. */
export async function restorePermissions(store: ObjectStore, modes: ReadonlyMap<string, number>): Promise<void> {
  const { root } = store.repository;
  for (const [path, mode] of modes) {
    const file = lookAt(root, path);
    if (typeof file === 'string' || file.kind !== 'file' || file.permissions === mode) continue;
    await chmod(join(root, path), mode).catch((error) => {
      // Somebody else's file keeps its bits; its content is what matters.
      if (codeOf(error) !== 'EPERM') throw error;
    });
  }
}

/** What must still be on disk for a write to be safe; undefined where git's own word has to do. */
function expectedBytes(now: Snapshot, path: string, entry: Entry | undefined): string | null | undefined {
  const saved = now.facts.files[path];
  if (saved) return saved.raw;
  if (!entry) return null;
  return now.facts.converts || entry.mode === '160000' ? undefined : entry.oid;
}
