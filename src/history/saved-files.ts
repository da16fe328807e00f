import type { Entry } from './change.ts';
import { blobId, type DiskFile, lookAt, readDisk } from './disk-file.ts';
import { quotePath } from './git-reports.ts';
import type { ObjectStore } from './object-store.ts';
import type { RepositoryConfig } from './repository-config.ts';

/** A file that git would not bring back by itself: changed, untracked, or touched while ignored. */
export interface SavedFile {
  /** Its size, times and inode when it was read: the same stamp later means the same bytes. */
  stamp: string;
  /** When it was read, in milliseconds; a stamp younger than the file system's clock tick proves nothing. */
  readAt: number;
  /** The bytes on disk. */
  raw: string;
  /** The same as git would store it, after filters and line endings. */
  stored: string;
}

/** Why a path is looked at, and what git knows of it. */
export type Look =
  | { kind: 'tracked'; index: Entry | undefined; mode: string }
  | { kind: 'untracked' }
  /** Git takes its word for it and does not look: assumed unchanged, or left out of a sparse checkout. */
  | { kind: 'flagged'; index: Entry; sparse: boolean }
  /** Clean; only its exact bytes are wanted. */
  | { kind: 'exact' };

/** What a look found. */
export type Sight =
  | { status: 'there'; entry: Entry; file: DiskFile; saved: SavedFile }
  | { status: 'missing' }
  | { status: 'not-covered'; reason: string };

/** Bytes that the store does not have yet; without content where they are many, to be read again when written. */
export interface FreshContent {
  path: string;
  oid: string;
  content: Buffer | undefined;
}

interface ReadOptions {
  settings: RepositoryConfig;
  /** Whether git may store other bytes than the disk has. */
  converts: boolean;
  /** What was read before, by path. */
  known: Readonly<Record<string, SavedFile>>;
  /** Bytes that may be read; for a look that is not worth more. */
  budget: number;
}

/** Thrown when there is more to read than was allowed. */
class TooMuchToRead extends Error {}

/** Untracked files above this are named, not saved. */
const LARGEST_UNTRACKED = 50 * 1024 * 1024;
/** Tracked files above this are read by git itself, piece by piece. */
const LARGEST_IN_MEMORY = 64 * 1024 * 1024;
/** Contents kept between reading and writing, all together. */
const KEPT_IN_MEMORY = 32 * 1024 * 1024;
/** The coarsest clock of a file system in use; a younger stamp can hide a second change. */
const CLOCK_TICK_MS = 2_000;

/** Reads the files that need reading; one whose stamp is the known one is not opened. */
export async function readFiles(
  store: ObjectStore,
  looks: ReadonlyMap<string, Look>,
  options: ReadOptions,
): Promise<{ sights: Map<string, Sight>; fresh: FreshContent[] }> {
  const { root } = store.repository;
  const sights = new Map<string, Sight>();
  const fresh: FreshContent[] = [];
  const toConvert: string[] = [];
  let kept = 0;
  let left = options.budget;
  for (const [path, look] of looks) {
    const file = lookAt(root, path);
    const reason = whyNot(path, look, file);
    if (reason !== undefined) sights.set(path, { status: 'not-covered', reason });
    else if (typeof file === 'string') sights.set(path, { status: 'missing' });
    else {
      let saved = unchanged(options.known[path], file);
      if (!saved) {
        left -= file.size;
        if (left < 0) throw new TooMuchToRead();
        const read = await readOne(store, path, file);
        if (!read) {
          sights.set(path, { status: 'not-covered', reason: 'cannot be read' });
          continue;
        }
        saved = read.saved;
        const keep = read.content && kept + read.content.length <= KEPT_IN_MEMORY ? read.content : undefined;
        kept += keep?.length ?? 0;
        if (read.content && options.known[path]?.raw !== saved.raw) fresh.push({ path, oid: saved.raw, content: keep });
        if (options.converts && file.kind === 'file') toConvert.push(path);
      }
      sights.set(path, {
        status: 'there',
        entry: { mode: modeOf(file, look, options.settings), oid: '' },
        file,
        saved,
      });
    }
  }
  for (const [path, oid] of await convert(store, options.settings, toConvert)) {
    const sight = sights.get(path);
    if (sight?.status === 'there') sight.saved.stored = oid;
  }
  for (const sight of sights.values()) if (sight.status === 'there') sight.entry.oid = sight.saved.stored;
  return { sights, fresh };
}

/** The bytes of something fresh; undefined when the file is no longer the one that was looked at. */
export async function contentOf(store: ObjectStore, { path, oid, content }: FreshContent): Promise<Buffer | undefined> {
  if (content) return content;
  const { root, objectFormat } = store.repository;
  const file = lookAt(root, path);
  const bytes = typeof file === 'string' ? undefined : await readDisk(root, path, file);
  return bytes && blobId(bytes, objectFormat) === oid ? bytes : undefined;
}

function whyNot(path: string, look: Look, file: ReturnType<typeof lookAt>): string | undefined {
  if (path.includes('\uFFFD')) return 'its name is not UTF-8';
  if (file === 'unreadable') return 'cannot be read';
  if (typeof file !== 'string' && look.kind === 'untracked' && file.size > LARGEST_UNTRACKED)
    return 'larger than 50 MB';
  return undefined;
}

function unchanged(saved: SavedFile | undefined, file: DiskFile): SavedFile | undefined {
  return saved?.stamp === file.stamp && saved.readAt - file.changedMs >= CLOCK_TICK_MS ? saved : undefined;
}

async function readOne(
  store: ObjectStore,
  path: string,
  file: DiskFile,
): Promise<{ saved: SavedFile; content: Buffer | undefined } | undefined> {
  const { root, objectFormat } = store.repository;
  const stamp = { stamp: file.stamp, readAt: Date.now() };
  if (file.kind === 'file' && file.size > LARGEST_IN_MEMORY) {
    const output = await store.inProject(['hash-object', '-w', '--no-filters', '--', path]);
    const raw = output.toString('latin1').trim();
    return { saved: { ...stamp, raw, stored: raw }, content: undefined };
  }
  const content = await readDisk(root, path, file);
  if (!content) return undefined;
  const raw = blobId(content, objectFormat);
  return { saved: { ...stamp, raw, stored: raw }, content };
}

function modeOf(file: DiskFile, look: Look, settings: RepositoryConfig): string {
  if (look.kind === 'tracked') return look.mode;
  if (file.kind === 'link') return '120000';
  if (!settings.fileMode && look.kind === 'flagged') return look.index.mode;
  return settings.fileMode && file.executable ? '100755' : '100644';
}

/** The ids that git would store these files under. Filters that the repository itself names stay off. */
async function convert(
  store: ObjectStore,
  settings: RepositoryConfig,
  paths: readonly string[],
): Promise<Array<[string, string]>> {
  if (paths.length === 0) return [];
  const output = await store.inProject(['hash-object', '-w', '--stdin-paths'], {
    input: paths.map((path) => `${quotePath(path)}\n`).join(''),
    config: settings.withoutOwnFilters,
  });
  const oids = output.toString('latin1').split('\n');
  return paths.map((path, at) => [path, oids[at] ?? '']);
}
