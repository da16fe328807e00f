import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import type { Repository } from '../platform/git.ts';
import { type GitInput, type GitOptions, git, gitText } from '../platform/git-plumbing.ts';
import type { Change, Entry } from './change.ts';
import { objectId } from './disk-file.ts';
import { parseTree, parseTreeDiff } from './git-reports.ts';

const deflate = promisify(zlib.deflate);

/**
 * nex's own object store inside the git folder: a bare repository with refs of its own that borrows the user's
 * objects. The user's git never looks into it, so `git log --all`, a push and `git gc` know nothing of it.
 */
export interface ObjectStore {
  readonly repository: Repository;
  readonly dir: string;
  /** Runs git on the store itself. */
  git(args: readonly string[], options?: StoreOptions): Promise<Buffer>;
  /** Runs git on the user's repository, with filters and attributes as there; new objects go to the store. */
  inProject(args: readonly string[], options?: StoreOptions): Promise<Buffer>;
  /** What changed from one tree to another; `paths` limits it. */
  diff(before: string, after: string, paths?: readonly string[]): Promise<Change[]>;
  /** The files that a tree has at these paths, and below them where one is a folder. */
  entries(tree: string, paths: readonly string[]): Promise<Map<string, Entry>>;
  /** The files that a tree has at exactly these paths. */
  entriesAt(tree: string, paths: readonly string[]): Promise<Map<string, Entry>>;
  readBlob(oid: string): Promise<Buffer>;
  /** The content of several objects by any name git knows; undefined for one that does not exist. */
  readObjects(names: readonly string[]): Promise<Array<Buffer | undefined>>;
  writeBlob(content: Uint8Array): Promise<string>;
  /**
   * Stores an object without a run of git and without compressing it: packing does that later. Answers its id,
   * which need not be worked out again where it is known.
   */
  writeObject(type: 'blob' | 'tree' | 'commit', content: Uint8Array, id?: string): Promise<string>;
  /** Points a ref of the store to a commit, without a run of git. */
  pointRef(ref: string, commit: string): Promise<void>;
  /** A tree like `base` with these edits; undefined removes. Answers an id that names the tree. */
  writeTree(base: string, edits: ReadonlyMap<string, Entry | undefined>): Promise<string>;
  /** Copies objects that only the store has into the user's repository, where a commit or the index will need them. */
  lend(oids: Iterable<string>): Promise<void>;
  /** A new private folder for files that live as long as one operation. */
  scratch(): Promise<AsyncDisposable & { path: string }>;
}

interface StoreOptions extends Pick<GitOptions, 'env' | 'config'> {
  input?: GitInput;
}

/** The id of the tree with nothing in it, which git knows without storing it. */
export function emptyTree(repository: Pick<Repository, 'objectFormat'>): string {
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
  return existsSync(join(storeFolder(repository), 'HEAD'));
}

/** Opens the store, creating it when it is not there. */
export async function openObjectStore(repository: Repository): Promise<ObjectStore> {
  const dir = storeFolder(repository);
  if (!hasObjectStore(repository)) await create(repository, dir);
  return storeAt(repository, dir);
}

/** Written by hand: `git init` costs a process and brings templates and hooks. HEAD comes last; it makes it a repository. */
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
  await writeFile(join(dir, 'HEAD'), 'ref: refs/heads/none\n');
}

function storeAt(repository: Repository, dir: string): ObjectStore {
  const objects = join(dir, 'objects');
  // Fast rather than small: a checkpoint is waited for, and what stays is packed later.
  const config = ['core.compression=1', 'fastimport.unpackLimit=100'];
  const list = async (tree: string, paths: readonly string[], options: readonly string[]) => {
    const found = new Map<string, Entry>();
    if (tree === emptyTree(repository)) return found;
    for (const chunk of chunked(paths)) {
      const output = await store.git(['ls-tree', ...options, '-z', '--full-tree', tree, '--', ...chunk]);
      for (const [path, entry] of parseTree(output)) found.set(path, entry);
    }
    return found;
  };
  const store: ObjectStore = {
    repository,
    dir,
    git: (args, options = {}) =>
      git(args, {
        cwd: dir,
        ...(options.input === undefined ? {} : { input: options.input }),
        env: { GIT_DIR: dir, ...options.env },
        config: [...config, ...(options.config ?? [])],
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
        config: [...config, ...(options.config ?? [])],
      }),
    async diff(before, after, paths) {
      if (before === after || paths?.length === 0) return [];
      const chunks = paths === undefined ? [[]] : chunked(paths);
      const found: Change[] = [];
      for (const chunk of chunks) {
        const args = ['diff-tree', '-r', '-z', '--no-renames', '--full-index', before, after];
        found.push(...parseTreeDiff(await store.git([...args, '--', ...chunk])));
      }
      return found;
    },
    entries: (tree, paths) => list(tree, paths, ['-r']),
    async entriesAt(tree, paths) {
      const found = await list(tree, paths, []);
      return new Map([...found].filter(([, { mode }]) => mode !== '040000'));
    },
    readBlob: (oid) => store.git(['cat-file', 'blob', oid]),
    async readObjects(names) {
      const output = await store.git(['cat-file', '--batch'], { input: `${names.join('\n')}\n` });
      let at = 0;
      return names.map(() => {
        const end = output.indexOf('\n', at);
        const size = /^[0-9a-f]+ \w+ (\d+)$/.exec(output.toString('latin1', at, end))?.[1];
        const from = end + 1;
        at = size === undefined ? from : from + Number(size) + 1;
        return size === undefined ? undefined : output.subarray(from, from + Number(size));
      });
    },
    async writeBlob(content) {
      const oid = await store.git(['hash-object', '-w', '--no-filters', '--stdin'], { input: content });
      return oid.toString('latin1').trim();
    },
    async writeObject(type, content, id = objectId(type, content, repository.objectFormat)) {
      const path = join(objects, id.slice(0, 2), id.slice(2));
      if (existsSync(path)) return id;
      const header = Buffer.from(`${type} ${content.length}\0`);
      await putFile(path, await deflate(Buffer.concat([header, content]), { level: 0 }), 0o444);
      return id;
    },
    // The store is ours and has one file a ref, whatever format the user's own refs have.
    pointRef: (ref, commit) => putFile(join(dir, ref), `${commit}\n`, 0o600, dir),
    async writeTree(base, edits) {
      if (edits.size === 0) return base;
      const index = join(dir, `tree-${randomBytes(6).toString('hex')}`);
      const env = { GIT_INDEX_FILE: index };
      try {
        await store.git(['read-tree', base], { env });
        await store.git(['update-index', '--add', '-z', '--index-info'], { env, input: indexInfo(repository, edits) });
        return (await store.git(['write-tree', '--missing-ok'], { env })).toString('latin1').trim();
      } finally {
        await rm(index, { force: true });
      }
    },
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
      const path = join(dir, `scratch-${randomBytes(6).toString('hex')}`);
      await mkdir(path, { mode: 0o700 });
      return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
    },
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
  const random = randomBytes(6).toString('hex');
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

/** Paths in groups that fit a command line. */
function chunked(paths: readonly string[]): string[][] {
  const chunks: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const path of paths) {
    if (size + path.length > 30_000) {
      chunks.push([]);
      size = 0;
    }
    chunks.at(-1)?.push(path);
    size += path.length + 1;
  }
  return chunks;
}

/** A path as one item of a colon-separated list of git's. */
function quoteForList(path: string): string {
  return /^[^":]*$/.test(path) ? path : `"${path.replace(/["\\]/g, '\\$&')}"`;
}
