import { constants, copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { Repository } from '../platform/git.ts';
import { git } from '../platform/git-plumbing.ts';
import type { Entry } from './change.ts';
import { lookAt } from './disk-file.ts';
import { workTreeFolder } from './lock.ts';
import { indexInfo, type ObjectStore, projectEnvironment } from './object-store.ts';
import { waitForIndex } from './repository-state.ts';
import { listTracked } from './tracked-files.ts';

/** The user's index as one file, byte for byte; empty when there is none. */
export async function readIndex(store: ObjectStore): Promise<Buffer> {
  const { gitDir } = store.repository;
  const path = join(gitDir, 'index');
  const content = await readFile(path).catch((error) => {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  // A split index keeps most of itself in a second file, which git deletes when it likes.
  const parts = content.includes('link') ? await readdir(gitDir) : [];
  if (!parts.some((name) => name.startsWith('sharedindex.'))) return content;
  await using folder = await store.scratch();
  const whole = join(folder.path, 'index');
  await copyFile(path, whole);
  await git(['update-index', '--no-split-index'], {
    cwd: store.repository.root,
    env: { ...projectEnvironment(store.repository), GIT_INDEX_FILE: whole },
    config: ['core.splitIndex=false'],
  });
  return readFile(whole);
}

/**
 * When the index was written, in whole milliseconds, rounded down. Git takes a file that is as young as the index for
 * perhaps changed, and reads it; so an index must never look younger than it is.
 */
export async function indexTime({ repository }: ObjectStore): Promise<number | undefined> {
  const info = await stat(join(repository.gitDir, 'index')).catch(() => undefined);
  return info && Math.floor(info.mtimeMs);
}

/** What changes in an index. */
export interface IndexEdits {
  /** Undefined removes an entry. */
  entries: ReadonlyMap<string, Entry | undefined>;
  /** True: the file is only intended to be added; false: it no longer is. */
  intents: ReadonlyMap<string, boolean>;
  /** Of the entries: those that git shall assume unchanged. */
  assumed: readonly string[];
}

/** Changes entries of the user's index, leaving all others and every flag as they are. */
export async function editIndex(
  store: ObjectStore,
  { entries, intents, assumed: wanted }: IndexEdits,
  clock: Clock,
): Promise<void> {
  const unwished = [...intents].filter(([, intended]) => !intended).map(([path]) => [path, undefined] as const);
  const edits = new Map<string, Entry | undefined>([...unwished, ...entries]);
  const wished = [...intents].filter(([path, intended]) => intended && !entries.get(path)).map(([path]) => path);
  if (edits.size === 0 && wished.length === 0) return;
  const { repository } = store;
  await store.lend([...edits.values()].flatMap((entry) => (entry && entry.mode !== '160000' ? [entry.oid] : [])));
  const options = { cwd: repository.root, env: projectEnvironment(repository) };
  const assumed = [...(await assumedUnchanged(store, edits)), ...wanted.filter((path) => entries.get(path))];
  await waitForIndex(repository, clock);
  if (edits.size > 0) {
    await git(['update-index', '--add', '-z', '--index-info'], { ...options, input: indexInfo(repository, edits) });
  }
  // Only files that are there can be intended.
  const there = wished.filter((path) => typeof lookAt(repository.root, path) !== 'string');
  if (there.length > 0) await git(['add', '-N', '-f', '--', ...there], options);
  if (assumed.length > 0) {
    await git(['update-index', '--assume-unchanged', '-z', '--stdin'], {
      ...options,
      input: `${assumed.join('\0')}\0`,
    });
  }
}

/**
 * Puts the index back byte for byte and with its time, under git's own lock; an empty one means that there was none.
 * With the time of now, git would not notice a change made in the same moment in which the index was first written.
 */
export async function restoreIndex(
  store: ObjectStore,
  { content, time }: { content: Buffer; time: number | undefined },
  clock: Clock,
): Promise<void> {
  const { repository } = store;
  const { index, lock, draft } = indexPaths(repository);
  await waitForIndex(repository, clock);
  const mode = await stat(index).then(
    (info) => info.mode & 0o777,
    () => 0o644,
  );
  await mkdir(dirname(draft), { recursive: true, mode: 0o700 });
  await rm(draft, { force: true });
  const file = await open(draft, 'wx', mode);
  try {
    await file.writeFile(content);
    if (time !== undefined) await file.utimes(new Date(time), new Date(time));
    await file.sync();
  } finally {
    await file.close();
  }
  await lockWith(draft, lock);
  if (content.length > 0) await rename(lock, index);
  else {
    await rm(index, { force: true });
    await rm(lock, { force: true });
  }
  await rm(draft, { force: true });
}

/** Frees an index that a killed nex was about to put back. The caller knows that no nex is at work here. */
export async function freeIndex(repository: Repository): Promise<void> {
  const { lock, draft } = indexPaths(repository);
  const [mine, held] = await Promise.all(
    [draft, lock].map((path) => stat(path, { bigint: true }).catch(() => undefined)),
  );
  if (!mine) return;
  // One file under two names: then nobody else's git made the lock.
  if (held && held.ino === mine.ino && held.dev === mine.dev) await rm(lock, { force: true });
  await rm(draft, { force: true });
}

function indexPaths({ gitDir }: Repository): { index: string; lock: string; draft: string } {
  const index = join(gitDir, 'index');
  return { index, lock: `${index}.lock`, draft: join(workTreeFolder({ gitDir }), 'index') };
}

/** Takes git's lock of the index, with what shall become the index in it. */
async function lockWith(draft: string, lock: string): Promise<void> {
  try {
    await link(draft, lock).catch(async (error) => {
      // Some file systems have no second names.
      if (codeOf(error) !== 'EPERM' && codeOf(error) !== 'ENOTSUP') throw error;
      await copyFile(draft, lock, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw new NexError('repository', 'Another git process holds the index (index.lock).', {
      hint: 'Run the same command again when it has ended.',
    });
  }
}

async function assumedUnchanged(store: ObjectStore, edits: ReadonlyMap<string, Entry | undefined>): Promise<string[]> {
  const { flagged } = await listTracked(store.repository, await readIndex(store));
  return flagged.flatMap(({ path, assumeUnchanged }) => (assumeUnchanged && edits.get(path) ? [path] : []));
}
