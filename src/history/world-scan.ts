import { createHash } from '../platform/crypto.ts';
import { git } from '../platform/git-plumbing.ts';
import { type Entry, sameEntry } from './change.ts';
import { blobId } from './disk-file.ts';
import { parseStatus, type StatusLine, type StatusReport } from './git-reports.ts';
import { indexTime, readIndex } from './index-file.ts';
import { type ObjectStore, projectEnvironment } from './object-store.ts';
import { type RepositoryConfig, readConfig } from './repository-config.ts';
import { unmergedIndex } from './repository-state.ts';
import { type FreshContent, type Look, readFiles } from './saved-files.ts';
import type { Facts, Snapshot } from './snapshot.ts';
import { type FileModes, listTracked, scanModes, type TrackedFiles } from './tracked-files.ts';

/** The world as edits of HEAD's tree, found without touching the user's index. */
export interface WorldScan {
  headTree: string;
  staged: ReadonlyMap<string, Entry | undefined>;
  worktree: ReadonlyMap<string, Entry | undefined>;
  ignored: readonly string[];
  facts: Facts;
  /** Contents that the store does not have yet. */
  fresh: readonly FreshContent[];
}

export interface ScanRequest {
  /** The state before: what did not change since need not be read again. */
  previous: Snapshot | undefined;
  /** Paths about to be written; saved even if ignored. */
  touched: readonly string[];
  /** Further paths to look at, wherever they are. */
  follow: readonly string[];
  /** Look at every file's permission bits, not only the changed ones'. */
  modes: boolean;
  /** Save the index byte by byte, to go back to exactly this one. */
  index: boolean;
  /** Bytes that may be read before it is given up with `TooMuchToRead`. */
  budget?: number;
}

/** Looks at the world again and again, remembering what cannot have changed. */
export interface Scanner {
  readonly store: ObjectStore;
  config(): Promise<RepositoryConfig>;
  scan(request: ScanRequest): Promise<WorldScan>;
}

/** What git and the disk said for one scan. */
interface Findings {
  settings: RepositoryConfig;
  status: StatusReport;
  headTree: string;
  index: { id: string; content: Buffer; time: number | undefined };
  tracked: TrackedFiles;
  /** Tracked at the scan before, but no longer. */
  dropped: readonly string[];
  modes: FileModes | undefined;
}

export function openScanner(store: ObjectStore): Scanner {
  const { repository } = store;
  let settings: Promise<RepositoryConfig> | undefined;
  let tracked: { id: string; files: Promise<TrackedFiles> } | undefined;
  let modes: Promise<FileModes> | undefined;
  const config = () => {
    settings ??= readConfig(repository);
    return settings;
  };
  const trackedAt = (id: string, index: Buffer) => {
    if (tracked?.id !== id) tracked = { id, files: listTracked(repository, index) };
    return tracked.files;
  };
  const modesOf = ({ paths }: TrackedFiles, previous: Snapshot | undefined) => {
    modes ??= scanModes(repository.root, paths, previous?.facts.modes);
    return modes;
  };

  async function look(request: ScanRequest): Promise<Findings> {
    const before = await tracked?.files;
    for (;;) {
      // Before the content: written anew in between, it is older than it looks, which is the safe side.
      const time = request.index ? await indexTime(store) : undefined;
      const content = await readIndex(store);
      const id = blobId(content, repository.objectFormat);
      const files = trackedAt(id, content);
      const [known, now, status, allModes] = await Promise.all([
        config(),
        files,
        config().then(({ withoutOwnFilters }) => readStatus(store, withoutOwnFilters)),
        request.modes ? files.then((all) => modesOf(all, request.previous)) : undefined,
        request.index && content.length > 0 ? store.writeObject('blob', content, id) : undefined,
      ]);
      // Somebody staged something meanwhile: then the parts do not fit each other.
      if (blobId(await readIndex(store), repository.objectFormat) !== id) continue;
      // Good for one scan only: the next one that wants all modes has to look again.
      if (request.modes) modes = undefined;
      return {
        settings: known,
        status,
        headTree: await treeOfHead(store, status.head.commit, request.previous),
        index: { id, content, time },
        tracked: now,
        dropped: before && before !== now ? [...before.paths].filter((path) => !now.paths.has(path)) : [],
        modes: allModes,
      };
    }
  }

  return {
    store,
    config,
    async scan(request) {
      try {
        return await composeScan(store, request, await look(request));
      } catch (error) {
        // What failed must not be remembered: the next scan asks again.
        settings = tracked = modes = undefined;
        throw error;
      }
    },
  };
}

async function composeScan(store: ObjectStore, request: ScanRequest, findings: Findings): Promise<WorldScan> {
  const { previous } = request;
  const { settings, status, tracked, index } = findings;
  if (status.unmerged.length > 0) throw unmergedIndex(status.unmerged);
  const attributes = [...status.untracked, ...status.changed.map(({ path }) => path)].some(isAttributes);
  const converts = settings.converts || tracked.attributes || attributes;
  const looks = looksFor(request, findings, converts);
  const { sights, fresh } = await readFiles(store, looks, {
    settings,
    converts,
    // New attributes can change how every file is stored, also of those that did not change.
    known: attributes ? {} : (previous?.facts.files ?? {}),
    budget: request.budget ?? Number.POSITIVE_INFINITY,
  });

  const listed = new Set(status.changed.map(({ path }) => path));
  const worktree = new Map<string, Entry | undefined>();
  for (const line of status.changed) {
    if (!looks.has(line.path)) worktree.set(line.path, keepsEntry(line) ? line.index : undefined);
  }
  const known = findings.modes ?? previous?.facts.modes ?? { file: 0o644, executable: 0o755, others: {} };
  const modes = { ...known, others: { ...known.others } };
  const facts: Facts = {
    version: 1,
    head: status.head,
    index: index.content.length === 0 ? null : index.id,
    indexSaved: request.index,
    ...(index.time === undefined ? {} : { indexTime: index.time }),
    untracked: [],
    intended: status.changed.filter(({ index, onDisk }) => !index && onDisk === 'changed').map(({ path }) => path),
    notCovered: [
      ...status.untracked.filter((path) => path.endsWith('/')),
      ...tracked.submodules.map((path) => `${path}/`),
    ].map((path) => ({ path, reason: 'a repository of its own' })),
    watched: [...new Set([...request.follow, ...request.touched])].filter((path) => !tracked.paths.has(path)),
    assumed: tracked.flagged.filter(({ assumeUnchanged }) => assumeUnchanged).map(({ path }) => path),
    converts,
    sparse: [],
    modes,
    files: {},
    contents: '',
  };
  const leftOut = new Set(tracked.flagged.filter(({ skipWorktree }) => skipWorktree).map(({ path }) => path));
  for (const [path, sight] of sights) {
    const look = looks.get(path);
    if (!look) continue;
    if (sight.status === 'not-covered') {
      facts.notCovered.push({ path, reason: sight.reason });
      if (look.kind === 'tracked') worktree.set(path, look.index);
    } else if (sight.status === 'missing') {
      if (isRemoval(look, listed.has(path))) worktree.set(path, undefined);
    } else {
      facts.files[path] = sight.saved;
      if (look.kind !== 'exact') worktree.set(path, sight.entry);
      if (look.kind === 'untracked') facts.untracked.push(path);
      if (leftOut.has(path)) facts.sparse.push(path);
      const usual = sight.file.executable ? modes.executable : modes.file;
      if (sight.file.kind === 'file' && sight.file.permissions !== usual) modes.others[path] = sight.file.permissions;
      else delete modes.others[path];
    }
  }
  const staged = new Map(
    status.changed.filter(({ head, index }) => !sameEntry(head, index)).map(({ path, index }) => [path, index]),
  );
  facts.contents = digestOf(findings.headTree, staged, worktree, facts.files);
  return { headTree: findings.headTree, staged, worktree, ignored: status.ignored, facts, fresh };
}

/** Stands for what the trees of a state hold, whatever order it was found in. */
function digestOf(
  headTree: string,
  staged: WorldScan['staged'],
  worktree: WorldScan['worktree'],
  files: Facts['files'],
): string {
  const entries = (edits: WorldScan['staged']) =>
    [...edits].map(([path, entry]) => `${path}\0${entry?.mode ?? ''} ${entry?.oid ?? ''}`).toSorted();
  const raw = Object.entries(files).map(([path, saved]) => `${path}\0${saved.raw}`);
  return createHash('sha256')
    .update(JSON.stringify([headTree, entries(staged), entries(worktree), raw.toSorted()]))
    .digest('hex');
}

/** Which files have to be looked at on disk. */
function looksFor(request: ScanRequest, findings: Findings, converts: boolean): Map<string, Look> {
  const { touched, follow } = request;
  const { status, tracked, dropped } = findings;
  const looks = new Map<string, Look>();
  for (const line of status.changed) {
    const look = lookFor(line);
    if (look) looks.set(line.path, look);
  }
  for (const path of status.untracked) if (!path.endsWith('/')) looks.set(path, { kind: 'untracked' });
  for (const line of tracked.flagged) {
    if (!looks.has(line.path))
      looks.set(line.path, { kind: 'flagged', index: entryOf(line), sparse: line.skipWorktree });
  }
  // What git no longer lists may still be there: new ignore rules hide files, `git rm --cached` forgets them.
  for (const path of [...touched, ...follow, ...dropped]) {
    if (!looks.has(path) && !tracked.paths.has(path)) looks.set(path, { kind: 'untracked' });
  }
  // Git would bring back its own form of a clean file, not always the bytes that were there.
  if (converts) for (const path of touched) if (!looks.has(path)) looks.set(path, { kind: 'exact' });
  return looks;
}

function lookFor(line: StatusLine): Look | undefined {
  if (isSubmodule(line) || line.onDisk === 'missing') return undefined;
  if (line.onDisk === 'changed') return { kind: 'tracked', index: line.index, mode: line.diskMode };
  // Removed from the index only: the file may lie there still, and even be ignored now.
  return line.index ? undefined : { kind: 'untracked' };
}

/** True when the work tree has what the index says; a submodule's content is another repository's business. */
function keepsEntry(line: StatusLine): boolean {
  return isSubmodule(line) || line.onDisk === 'same';
}

/** Whether a file that is not on disk is missing there. A path that only nex follows may be a folder of HEAD's by now. */
function isRemoval(look: Look, listed: boolean): boolean {
  if (look.kind === 'untracked') return listed;
  return look.kind === 'tracked' || (look.kind === 'flagged' && !look.sparse);
}

function isSubmodule(line: StatusLine): boolean {
  return line.submodule || line.index?.mode === '160000' || line.head?.mode === '160000';
}

function isAttributes(path: string): boolean {
  return /(^|\/)\.gitattributes$/.test(path);
}

function entryOf({ mode, oid }: Entry): Entry {
  return { mode, oid };
}

async function readStatus(store: ObjectStore, config: readonly string[]): Promise<StatusReport> {
  const { repository } = store;
  const args = ['--porcelain=v2', '-z', '--branch', '--untracked-files=all', '--ignored=matching', '--no-renames'];
  return parseStatus(
    await git(['status', ...args, '--ignore-submodules=dirty'], {
      cwd: repository.root,
      env: projectEnvironment(repository),
      config,
    }),
  );
}

async function treeOfHead(
  store: ObjectStore,
  commit: string | undefined,
  previous: Pick<Snapshot, 'head' | 'headTree'> | undefined,
): Promise<string> {
  if (commit === undefined) return store.emptyTree;
  const { head, headTree } = store.repository;
  if (previous?.head.commit === commit) return previous.headTree;
  if (headTree !== undefined && head.commit === commit) return headTree;
  const tree = await git(['rev-parse', '--verify', `${commit}^{tree}`], {
    cwd: store.repository.root,
    env: projectEnvironment(store.repository),
  });
  return tree.toString('latin1').trim();
}
