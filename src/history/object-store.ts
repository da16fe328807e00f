import { existsSync, statSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { NexError } from '../errors.ts';
import { createHash, randomHex } from '../platform/crypto.ts';
import type { Repository } from '../platform/git.ts';
import { type GitInput, type GitOptions, git, gitText } from '../platform/git-plumbing.ts';
import { type Change, type Entry, sameEntry } from './change.ts';
import { objectId } from './disk-file.ts';
import { openObjectReader, type StoredObject } from './object-reader.ts';
import { diffTrees, filesAt, formatTree, parseTree, type Tree, type TreeStore } from './trees.ts';

const deflate = promisify(zlib.deflate);

/** Fast rather than small: a checkpoint is waited for, and what stays is packed later. */
const FAST = 'core.compression=1';
/** Trees that are kept in memory. */
const TREES_AT_HAND = 1_000;

/**
 * nex's own object store inside the git folder: a bare repository with refs of its own that borrows the user's
 * objects. The user's git never looks into it, so `git log --all`, a push and `git gc` know nothing of it.
 */
export interface ObjectStore extends TreeStore {
  readonly repository: Repository;
  readonly dir: string;
  /** Runs git on the store itself. */
  git(args: readonly string[], options?: StoreOptions): Promise<Buffer>;
  /** Runs git on the user's repository, with filters and attributes as there; new objects go to the store. */
  inProject(args: readonly string[], options?: StoreOptions): Promise<Buffer>;
  /** What changed from one tree to another, file by file; `paths` limits it to these files. */
  diff(before: string, after: string, paths?: readonly string[]): Promise<Change[]>;
  /** The object of any name git knows; undefined when there is none. */
  readObject(name: string): Promise<StoredObject | undefined>;
  /** Throws where `readObject` says undefined. */
  readBlob(oid: string): Promise<Buffer>;
  /** The tree of a commit; throws when there is none. */
  treeOf(commit: string): Promise<string>;
  /**
   * Stores an object without a run of git. It is not compressed much: packing does that later. Answers its id, which
   * need not be worked out again where it is known. As with git's own loose objects, no power cut is waited for.
   */
  writeObject(type: StoredObject['type'], content: Uint8Array, id?: string): Promise<string>;
  /** Stores many contents with one run of git. */
  importBlobs(contents: AsyncIterable<Uint8Array>): Promise<void>;
  /** Points a ref of the store to a commit, without a run of git. */
  pointRef(ref: string, commit: string): Promise<void>;
  /** Copies objects that only the store has into the user's repository, where a commit or the index will need them. */
  lend(oids: Iterable<string>): Promise<void>;
  /** A new private folder for files that live as long as one operation. */
  scratch(): Promise<AsyncDisposable & { path: string }>;
  /** Lets go of the git that is kept at hand for reading. The store can be used again afterwards. */
  close(): void;
}

interface StoreOptions extends Pick<GitOptions, 'env' | 'config'> {
  input?: GitInput;
}

/** The id of the tree with nothing in it, which git knows without storing it. */
function emptyTree(repository: Pick<Repository, 'objectFormat'>): string {
  return repository.objectFormat === 'sha256'
    ? '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321'
    : '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
}

/** The folder of nex inside the git folder that all work trees share. */
function storeFolder(repository: Repository): string {
  return join(repository.commonDir, 'nex', 'store');
}

/** True when a task has ever changed something in this repository. */
export function hasObjectStore(repository: Repository): boolean {
  // An empty one is of a nex that was ended when it began to write it: git would take the folder for no repository.
  return (statSync(join(storeFolder(repository), 'HEAD'), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Opens the store, creating it when it is not there. */
export async function openObjectStore(repository: Repository): Promise<ObjectStore> {
  const dir = storeFolder(repository);
  if (!hasObjectStore(repository)) await create(repository, dir);
  return storeAt(repository, dir);
}

/** Written by hand: `git init` costs a process and brings templates and hooks. HEAD comes last, and as a whole; it makes it a repository. */
async function create(repository: Repository, dir: string): Promise<void> {
  await mkdir(join(dir, 'objects', 'info'), { recursive: true, mode: 0o700 });
  await mkdir(join(dir, 'objects', 'pack'), { recursive: true });
  await mkdir(join(dir, 'refs'), { recursive: true });
  // Relative, so that the folder can be moved and copied as a whole.
  await writeFile(join(dir, 'objects', 'info', 'alternates'), '../../../objects\n');
  const sha256 = repository.objectFormat === 'sha256';
  const format = sha256 ? '[extensions]\n\tobjectFormat = sha256\n' : '';
  await writeFile(
    join(dir, 'config'),
    `[core]\n\trepositoryFormatVersion = ${sha256 ? 1 : 0}\n\tbare = true\n${format}`,
  );
  await putFile(join(dir, 'HEAD'), 'ref: refs/heads/none\n', 0o600);
}

function storeAt(repository: Repository, dir: string): ObjectStore {
  const objects = join(dir, 'objects');
  const reader = openObjectReader({ cwd: dir, env: { GIT_DIR: dir } });
  const trees = new Map<string, Promise<Tree>>();
  const remember = (oid: string, tree: Promise<Tree>) => {
    if (trees.size >= TREES_AT_HAND) trees.clear();
    trees.set(oid, tree);
    // What could not be read shall be asked for again, and not be remembered as a failure.
    tree.catch(() => trees.delete(oid));
    return tree;
  };
  const readTree = async (oid: string) => {
    const found = await reader.read(oid);
    if (found?.type !== 'tree') throw missing(`The folder ${oid.slice(0, 10)}`);
    return parseTree(found.content, oid.length / 2);
  };
  const store: ObjectStore = {
    repository,
    dir,
    git: (args, options = {}) =>
      git(args, {
        cwd: dir,
        ...(options.input === undefined ? {} : { input: options.input }),
        env: { GIT_DIR: dir, ...options.env },
        config: [FAST, ...(options.config ?? [])],
      }),
    inProject: (args, options = {}) =>
      git(args, {
        cwd: repository.root,
        ...(options.input === undefined ? {} : { input: options.input }),
        env: {
          ...projectEnvironment(repository),
          GIT_OBJECT_DIRECTORY: objects,
          GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteForList(join(repository.commonDir, 'objects')),
          ...options.env,
        },
        config: [FAST, ...(options.config ?? [])],
      }),
    emptyTree: emptyTree(repository),
    readTree: (oid) => trees.get(oid) ?? remember(oid, readTree(oid)),
    async putTree(tree) {
      const oid = await store.writeObject('tree', formatTree(tree));
      await remember(oid, Promise.resolve(tree));
      return oid;
    },
    async diff(before, after, paths) {
      if (paths === undefined) return diffTrees(store, before, after);
      const [was, is] = await Promise.all([filesAt(store, before, paths), filesAt(store, after, paths)]);
      const changes = paths.map((path) => ({ path, before: was.get(path), after: is.get(path) }));
      return changes.filter((change) => !sameEntry(change.before, change.after));
    },
    readObject: (name) => reader.read(name),
    async readBlob(oid) {
      const found = await reader.read(oid);
      if (!found) throw missing(`The content ${oid.slice(0, 10)}`);
      return found.content;
    },
    async treeOf(commit) {
      const found = await reader.read(`${commit}^{tree}`);
      if (!found) throw missing(`The commit ${commit.slice(0, 10)}`);
      return found.oid;
    },
    async writeObject(type, content, id = objectId(type, content, repository.objectFormat)) {
      const path = join(objects, id.slice(0, 2), id.slice(2));
      if (existsSync(path)) return id;
      const header = Buffer.from(`${type} ${content.length}\0`);
      await putFile(path, await deflate(Buffer.concat([header, content]), { level: 0 }), 0o444);
      return id;
    },
    async importBlobs(contents) {
      await store.git(['fast-import', '--quiet', '--done'], { input: blobCommands(contents) });
    },
    // The store is ours and has one file a ref, whatever format the user's own refs have.
    pointRef: (ref, commit) => putFile(join(dir, ref), `${commit}\n`, 0o600, dir),
    async lend(oids) {
      const list = [...new Set(oids)];
      if (list.length === 0) return;
      const options = { cwd: repository.root, env: projectEnvironment(repository) };
      const known = await gitText(['cat-file', '--batch-check=%(objectname) %(objecttype)'], {
        ...options,
        input: `${list.join('\n')}\n`,
      });
      const missing = known.split('\n').filter((line) => line.endsWith(' missing'));
      if (missing.length === 0) return;
      const names = missing.map((line) => line.split(' ')[0]).join('\n');
      const pack = await store.git(['pack-objects', '-q', '--stdout'], { input: `${names}\n` });
      await git(['unpack-objects', '-q'], { ...options, input: pack });
    },
    async scratch() {
      const path = join(dir, `scratch-${randomHex(6)}`);
      await mkdir(path, { mode: 0o700 });
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    },
    close: () => reader.close(),
  };
  return store;
}

/** The ref of a session's states, of the branch that it removed, or of the last look at a work tree. */
export function sessionRef(session: string, what: 'sessions' | 'kept' | 'looks' = 'sessions'): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(session);
  return `refs/${what}/${plain ? session : createHash('sha256').update(session).digest('hex')}`;
}

/** The variables that hold git to this repository, whatever lies in or around the folder it runs in. */
export function projectEnvironment(repository: Repository): Record<string, string> {
  return { GIT_DIR: repository.gitDir, GIT_WORK_TREE: repository.root };
}

/** Edits as `git update-index -z --index-info` reads them: removals first, so that a file can become a folder. */
export function indexInfo(
  repository: Pick<Repository, 'objectFormat'>,
  edits: ReadonlyMap<string, Entry | undefined>,
): string {
  const zeros = '0'.repeat(repository.objectFormat === 'sha256' ? 64 : 40);
  const gone = [...edits].filter(([, entry]) => !entry).map(([path]) => `0 ${zeros}\t${path}\0`);
  const there = [...edits].map(([path, entry]) => (entry ? `${entry.mode} ${entry.oid}\t${path}\0` : ''));
  return [...gone, ...there].join('');
}

/** Writes a file under its name as a whole. */
async function putFile(
  path: string,
  content: Uint8Array | string,
  mode: number,
  // Half a ref among the refs would make git refuse to read any of them.
  workshop?: string,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const random = randomHex(6);
  const temporary =
    workshop === undefined ? join(dirname(path), `tmp_obj_${random}`) : join(workshop, `scratch-${random}`);
  try {
    await writeFile(temporary, content, { mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function missing(what: string): NexError {
  return new NexError('repository', `${what} is missing from git's objects and from nex's store.`, {
    hint: '`git fsck` says what else is. A partial clone may have to fetch it first.',
  });
}

async function* blobCommands(contents: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | string> {
  for await (const content of contents) {
    yield `blob\ndata ${content.length}\n`;
    // A stream takes an empty piece for its end.
    if (content.length > 0) yield content;
    yield '\n';
  }
  yield 'done\n';
}

/** A path as one item of a colon-separated list of git's. */
function quoteForList(path: string): string {
  return /^[^":]*$/.test(path) ? path : `"${path.replace(/["\\]/g, '\\$&')}"`;
}
