import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import type { Conflict, Entry } from './change.ts';
import { lookAt } from './disk-file.ts';
import type { ObjectStore } from './object-store.ts';
import type { Snapshot } from './snapshot.ts';
import { filesAt } from './trees.ts';
import { writeWorkTree } from './work-tree.ts';

/** Files whose contents are held in memory together. */
const AT_ONCE = 64;

interface RestoreOptions {
  now: Snapshot;
  /** States in which the exact bytes of files were saved, best first. */
  sources: readonly Snapshot[];
  /** Settings for git's filters. */
  filters: readonly string[];
  /** Bytes that are known already, by the id that git stores them under. */
  bytes?: ReadonlyMap<string, Uint8Array>;
}

/**
 * Brings files on disk to these entries, with the exact bytes and permission bits where one of the sources saved
 * them, else as git would check them out. A file that is not as `now` saw it is left alone: a conflict.
 */
export async function restoreFiles(
  store: ObjectStore,
  edits: ReadonlyMap<string, Entry | undefined>,
  { now, sources, filters, bytes }: RestoreOptions,
): Promise<Conflict[]> {
  const paths = [...edits.keys()];
  const here = await filesAt(store, now.worktree, paths);
  const expected = (path: string) => expectedBytes(now, path, here.get(path));
  const gone = paths.filter((path) => !edits.get(path) || wasLeftOut(path));
  // Removals come first, so that a file can become a folder.
  const conflicts = await writeWorkTree(
    store,
    gone.map((path) => ({ path, expected: expected(path), to: undefined })),
  );
  const wanted = [...edits].flatMap(([path, entry]) =>
    entry && !wasLeftOut(path) ? [{ path, entry, ...formOf(path, entry) }] : [],
  );
  for (let at = 0; at < wanted.length; at += AT_ONCE) {
    const slice = wanted.slice(at, at + AT_ONCE);
    const contents = await contentsOf(slice);
    conflicts.push(
      ...(await writeWorkTree(
        store,
        slice.map(({ path, entry, permissions }, index) => ({
          path,
          expected: expected(path),
          to: {
            kind: entry.mode === '120000' ? 'link' : 'file',
            permissions,
            content: contents[index] ?? Buffer.alloc(0),
          },
        })),
      )),
    );
  }
  return conflicts;

  /** True for a file that a sparse checkout had left out until something wrote it: its place on disk was empty. */
  function wasLeftOut(path: string): boolean {
    const before = sources.some(({ facts }) => facts.sparse.includes(path));
    return now.facts.sparse.includes(path) && sources.length > 0 && !before;
  }

  /** Which object holds the bytes, whether git has to convert them, and the permission bits they had. */
  function formOf(path: string, entry: Entry): { oid: string; convert: boolean; permissions: number } {
    const source = sources.find(({ facts }) => facts.files[path]?.stored === entry.oid);
    const raw = source?.facts.files[path]?.raw;
    const { modes } = (source ?? sources[0] ?? now).facts;
    const usual = entry.mode === '100755' ? modes.executable : modes.file;
    const converts = [now, ...sources].some(({ facts }) => facts.converts);
    return {
      oid: raw ?? entry.oid,
      convert: raw === undefined && converts && entry.mode !== '120000',
      permissions: modes.others[path] ?? usual,
    };
  }

  async function contentsOf(
    slice: ReadonlyArray<{ path: string; entry: Entry; oid: string; convert: boolean }>,
  ): Promise<Uint8Array[]> {
    const read = await Promise.all(slice.map(({ oid }) => store.readObject(oid)));
    return Promise.all(
      slice.map(async ({ path, entry, oid, convert }, index) => {
        const known = bytes?.get(entry.oid);
        if (known) return known;
        if (convert) return store.inProject(['cat-file', '--filters', `--path=${path}`, oid], { config: filters });
        const content = read[index]?.content;
        if (content) return content;
        throw new NexError('repository', `The saved content of ${path} is missing from nex's store.`);
      }),
    );
  }
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
