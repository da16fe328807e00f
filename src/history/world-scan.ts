import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import { git, runGit } from '../platform/git-plumbing.ts';
import type { Head } from '../platform/git.ts';
import type { Entry } from './change.ts';
import { sameEntry } from './change.ts';
import { blobId, type DiskFile, lookAt, readDisk } from './disk-file.ts';
import { parseStatus, quotePath, type StatusLine, type StatusReport } from './git-reports.ts';
import { emptyTree, type ObjectStore, projectEnvironment } from './object-store.ts';
import { type RepositoryConfig, readConfig } from './repository-config.ts';
import { unmergedIndex } from './repository-state.ts';
import type { Facts, SavedFile, Snapshot } from './snapshot.ts';
import { type FileModes, listTracked, scanModes, type TrackedFiles } from './tracked-files.ts';

/** Untracked files above this are named, not saved. */
const LARGEST_UNTRACKED = 50 * 1024 * 1024;
/** Tracked files above this are read by git itself, piece by piece. */
const LARGEST_IN_MEMORY = 64 * 1024 * 1024;
/** The coarsest clock of a file system in use; a younger stamp can hide a second change. */
const CLOCK_TICK_MS = 2_000;

/** What differs from HEAD, found without touching the user's index. */
export interface WorldScan {
  head: Head;
  headTree: string;
  /** Index and work tree as edits of HEAD's tree. Complete once `newContents` has ended. */
  staged: ReadonlyMap<string, Entry | undefined>;
  worktree: ReadonlyMap<string, Entry | undefined>;
  ignored: string[];
  facts: Facts;
  /** Reads what the store does not have yet, one file at a time. */
  newContents(): AsyncIterable<Uint8Array>;
}

export interface ScanRequest {
  /** The state before, whose unchanged files need not be read again and whose files are watched on. */
  previous: Snapshot | undefined;
  /** Paths about to be written; saved even if ignored. */
  touched: readonly string[];
  /** Further paths to look at, wherever they are. */
  follow: readonly string[];
  /** Look at every file's permission bits, not only the changed ones'. */
  allModes: boolean;
}

/** Looks at the world again and again, remembering what cannot have changed. */
export interface Scanner {
  readonly store: ObjectStore;
  /** Does ahead what the first scan needs; harmless to leave out. */
  prepare(): Promise<void>;
  config(): Promise<RepositoryConfig>;
  scan(request: ScanRequest): Promise<WorldScan>;
}

export function openScanner(store: ObjectStore): Scanner {
  const { repository } = store;
  let config: Promise<RepositoryConfig> | undefined;
  let tracked: { index: string; files: Promise<TrackedFiles> } | undefined;
  let modes: { index: string; found: Promise<FileModes> } | undefined;
  const readSettings = () => {
    config ??= readConfig(repository);
    return config;
  };
  const trackedAt = (index: string) => {
    if (tracked?.index !== index) tracked = { index, files: listTracked(repository) };
    return tracked.files;
  };
  const modesAt = (index: string) => {
    if (modes?.index !== index) {
      modes = { index, found: trackedAt(index).then(({ paths }) => scanModes(repository.root, paths)) };
    }
    return modes.found;
  };
  return {
    store,
    config: readSettings,
    async prepare() {
      const index = blobId(await readIndex(store), repository.objectFormat);
      await Promise.all([readSettings(), modesAt(index)]);
    },
    async scan(request) {
      const before = tracked?.index;
      for (;;) {
        const index = await readIndex(store);
        const id = blobId(index, repository.objectFormat);
        const [settings, files, status, tree] = await Promise.all([
          readSettings(),
          trackedAt(id),
          readSettings().then((settings) => readStatus(store, settings)),
          request.previous ? undefined : headTree(store),
          request.allModes ? modesAt(id) : undefined,
        ]);
        // Somebody staged something while we looked: then the parts do not fit each other.
        if (blobId(await readIndex(store), repository.objectFormat) !== id) continue;
        const listed = before === id ? undefined : files;
        const known = request.allModes ? await modesAt(id) : undefined;
        // Valid for one scan: the next one that wants all modes has to look again.
        if (request.allModes) modes = undefined;
        return composeScan(store, { request, settings, status, files, listed, index, id, tree, modes: known });
      }
    },
  };
}

interface Findings {
  request: ScanRequest;
  settings: RepositoryConfig;
  status: StatusReport;
  files: TrackedFiles;
  /** Set when the index changed since the scan before. */
  listed: TrackedFiles | undefined;
  index: Buffer;
  id: string;
  tree: string | undefined;
  modes: FileModes | undefined;
}

async function composeScan(store: ObjectStore, findings: Findings): Promise<WorldScan> {
  const { request, settings, status, files, index, id } = findings;
  const { repository } = store;
  const { previous } = request;
  if (status.unmerged.length > 0) throw unmergedIndex(status.unmerged);
  const head: Head = status.head;
  const tree =
    previous && previous.head.commit === head.commit ? previous.headTree : await treeOfCommit(store, head.commit, findings.tree);
  const converts = settings.converts || files.attributes || status.untracked.some((path) => /(^|\/)\.gitattributes$/.test(path));

  const staged = new Map<string, Entry | undefined>();
  const worktree = new Map<string, Entry | undefined>();
  const known = findings.modes ?? previous?.facts.modes ?? { file: 0o644, executable: 0o755, others: {} };
  const facts: Facts = {
    version: 1,
    index: index.length === 0 ? null : id,
    untracked: [],
    notCovered: [],
    touched: [...new Set([...(previous?.facts.touched ?? []), ...request.touched.filter((path) => !files.paths.has(path))])],
    sparse: [],
    modes: { ...known, others: { ...known.others } },
    files: {},
  };
  /** What has to be read: why, and the mode that git sees where it tracks the file. */
  const reads = new Map<string, Look>();

  for (const line of status.changed) {
    if (!sameEntry(line.head, line.index)) staged.set(line.path, line.index);
    const look = lookFor(line);
    if (look) reads.set(line.path, look);
    else worktree.set(line.path, line.onDisk === 'missing' && !line.submodule ? undefined : line.index);
  }
  for (const path of status.untracked) {
    if (path.endsWith('/')) facts.notCovered.push({ path, reason: 'a repository of its own' });
    else reads.set(path, { kind: 'untracked' });
  }
  for (const line of files.flagged) {
    if (!reads.has(line.path)) reads.set(line.path, { kind: 'flagged', index: line, sparse: line.skipWorktree });
  }
  for (const path of followed(findings)) {
    if (!reads.has(path) && !files.paths.has(path)) reads.set(path, { kind: 'untracked' });
  }
  // Git would bring back its own form of a clean file, not always the bytes that were there.
  if (converts) {
    for (const path of request.touched) {
      if (files.paths.has(path) && !reads.has(path)) reads.set(path, { kind: 'exact' });
    }
  }

  return {
    head,
    headTree: tree,
    staged,
    worktree,
    ignored: status.ignored,
    facts,
    async *newContents() {
      const earlier = new Set(Object.values(previous?.facts.files ?? {}).map(({ raw }) => raw));
      const toConvert: string[] = [];
      const modes = new Map<string, string>();
      if (index.length > 0 && previous?.facts.index !== id) yield index;
      for (const [path, look] of reads) {
        const file = lookAt(repository.root, path);
        if (typeof file === 'string' || path.includes('\uFFFD')) {
          noFile(path, look, path.includes('\uFFFD') ? 'unreadable' : file);
          continue;
        }
        if (look.kind === 'untracked' && file.size > LARGEST_UNTRACKED) {
          facts.notCovered.push({ path, reason: 'larger than 50 MB' });
          continue;
        }
        const saved = unchanged(previous?.facts.files[path], file) ?? (await save(path, file));
        if (!saved) {
          noFile(path, look, 'unreadable');
          continue;
        }
        if (saved.content && !earlier.has(saved.file.raw)) yield saved.content;
        facts.files[path] = saved.file;
        modes.set(path, modeOf(file, look, settings));
        rememberMode(facts.modes, path, file);
        if (look.kind === 'untracked') facts.untracked.push(path);
        if (look.kind === 'flagged' && look.sparse) facts.sparse.push(path);
        if (converts && saved.fresh && file.kind === 'file') toConvert.push(path);
      }
      for (const [path, oid] of await convert(store, settings, toConvert)) {
        const saved = facts.files[path];
        if (saved) saved.stored = oid;
      }
      for (const [path, mode] of modes) place(path, mode, reads.get(path));
    },
  };

  function noFile(path: string, look: Look, why: 'missing' | 'other' | 'unreadable' | DiskFile): void {
    if (why === 'unreadable') {
      facts.notCovered.push({ path, reason: 'cannot be read' });
      if (look.kind === 'tracked') worktree.set(path, look.index);
    } else if (look.kind === 'tracked' || (look.kind === 'flagged' && !look.sparse)) {
      worktree.set(path, undefined);
    } else if (look.kind === 'untracked' && status.changed.some((line) => line.path === path)) {
      worktree.set(path, undefined);
    }
  }

  function place(path: string, mode: string, look: Look | undefined): void {
    const saved = facts.files[path];
    if (!saved || !look || look.kind === 'exact') return;
    const entry = { mode, oid: saved.stored };
    if (look.kind === 'flagged' && sameEntry(entry, { mode: look.index.mode, oid: look.index.oid })) return;
    worktree.set(path, entry);
  }

  async function save(
    path: string,
    file: DiskFile,
  ): Promise<{ file: SavedFile; content: Buffer | undefined; fresh: true } | undefined> {
    const stamp = { stamp: file.stamp, readAt: Date.now() };
    if (file.size > LARGEST_IN_MEMORY) {
      const output = await store.inProject(['hash-object', '-w', '--no-filters', '--', path]);
      const raw = output.toString('latin1').trim();
      return { file: { ...stamp, raw, stored: raw }, content: undefined, fresh: true };
    }
    const content = await readDisk(repository.root, path, file);
    if (!content) return undefined;
    const raw = blobId(content, repository.objectFormat);
    return { file: { ...stamp, raw, stored: raw }, content, fresh: true };
  }
}

/** Why a path is looked at, and what git knows of it. */
type Look =
  | { kind: 'tracked'; index: Entry | undefined; mode: string }
  | { kind: 'untracked' }
  | { kind: 'flagged'; index: Entry; sparse: boolean }
  /** Clean; only its exact bytes are wanted. */
  | { kind: 'exact' };

function lookFor(line: StatusLine): Look | undefined {
  if (line.submodule || line.index?.mode === '160000' || line.onDisk === 'missing') return undefined;
  if (line.onDisk === 'changed') return { kind: 'tracked', index: line.index, mode: line.diskMode };
  // Removed from the index only: the file may lie there still, and even be ignored now.
  return line.index ? undefined : { kind: 'untracked' };
}

/** Paths that no listing of git's would name any more, although they may still be there. */
function followed({ request, files, listed }: Findings): string[] {
  const { previous, touched, follow } = request;
  const paths = [...touched, ...follow, ...(previous?.facts.untracked ?? []), ...(previous?.facts.touched ?? [])];
  if (!listed || !previous) return paths;
  return [...paths, ...Object.keys(previous.facts.files).filter((path) => !files.paths.has(path))];
}

function unchanged(
  saved: SavedFile | undefined,
  file: DiskFile,
): { file: SavedFile; content: undefined; fresh: false } | undefined {
  if (saved?.stamp !== file.stamp || saved.readAt - file.changedMs < CLOCK_TICK_MS) return undefined;
  return { file: saved, content: undefined, fresh: false };
}

function modeOf(file: DiskFile, look: Look, settings: RepositoryConfig): string {
  if (look.kind === 'tracked' && look.mode !== '000000') return look.mode;
  if (file.kind === 'link') return '120000';
  return settings.fileMode && file.executable ? '100755' : '100644';
}

function rememberMode(modes: FileModes, path: string, file: DiskFile): void {
  const usual = file.executable ? modes.executable : modes.file;
  if (file.kind === 'file' && file.permissions !== usual) modes.others[path] = file.permissions;
  else delete modes.others[path];
}

/** The ids that git would store these files under, with the filters that the user's own settings name. */
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

async function readStatus(store: ObjectStore, settings: RepositoryConfig): Promise<StatusReport> {
  const { repository } = store;
  const args = ['--porcelain=v2', '-z', '--branch', '--untracked-files=all', '--ignored=matching', '--no-renames'];
  return parseStatus(
    await git(['status', ...args, '--ignore-submodules=dirty'], {
      cwd: repository.root,
      env: projectEnvironment(repository),
      config: settings.withoutOwnFilters,
    }),
  );
}

/** The index as one file, byte for byte; empty when there is none. */
async function readIndex(store: ObjectStore): Promise<Buffer> {
  const { repository } = store;
  const content = await readFile(join(repository.gitDir, 'index')).catch((error) => {
    if (codeOf(error) === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  // A split index keeps most of itself in a second file, which git deletes when it likes.
  const parts = content.includes('link') ? await readdir(repository.gitDir) : [];
  if (!parts.some((name) => name.startsWith('sharedindex.'))) return content;
  await using folder = await store.scratch();
  const whole = join(folder.path, 'index');
  await git(['read-tree', `--index-output=${whole}`, '-m', 'HEAD'], { cwd: repository.root }).catch(() => {});
  return readFile(whole).catch(() => content);
}

async function headTree(store: ObjectStore): Promise<string | undefined> {
  const output = await runGit(['rev-parse', '-q', '--verify', 'HEAD^{tree}'], {
    cwd: store.repository.root,
    env: projectEnvironment(store.repository),
  });
  return output.status === 0 ? output.stdout.toString('latin1').trim() : undefined;
}

async function treeOfCommit(store: ObjectStore, commit: string | undefined, tree: string | undefined): Promise<string> {
  if (commit === undefined) return emptyTree(store.repository);
  if (tree !== undefined) return tree;
  const found = await runGit(['rev-parse', '-q', '--verify', `${commit}^{tree}`], { cwd: store.repository.root });
  if (found.status !== 0) throw new NexError('repository', `The commit that HEAD names is missing: ${commit}.`);
  return found.stdout.toString('latin1').trim();
}
