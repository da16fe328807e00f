import type { Clock } from '../platform/clock.ts';
import type { Head } from '../platform/git.ts';
import type { Entry } from './change.ts';
import { quotePath } from './git-reports.ts';
import { emptyTree, type ObjectStore } from './object-store.ts';
import { contentOf, type SavedFile } from './saved-files.ts';
import type { FileModes } from './tracked-files.ts';
import type { Uncovered } from './uncovered.ts';
import type { WorldScan } from './world-scan.ts';

/** What a checkpoint knows beside its trees. */
export interface Facts {
  version: 1;
  head: Head;
  /** The id of the index file's bytes; null when there is no index. */
  index: string | null;
  /** Whether the index is saved byte by byte. */
  indexSaved: boolean;
  /** When it was written, in milliseconds; states of older versions do not say. */
  indexTime?: number;
  untracked: string[];
  /** Files that the index only intends to add; no tree can say that. */
  intended: string[];
  /** What the checkpoint does not hold, and why. */
  notCovered: Uncovered[];
  /** Paths that were looked at although git does not list them: if they are not in the tree, they were not there. */
  watched: string[];
  /** Files that git is told to assume unchanged. */
  assumed: string[];
  /** Whether git may store other bytes than the disk has: filters, line endings. */
  converts: boolean;
  /** Files left out of a sparse checkout that are on disk all the same. */
  sparse: string[];
  modes: FileModes;
  files: Record<string, SavedFile>;
  /** Stands for everything in the trees: two states with the same one differ in these facts at most. */
  contents: string;
}

/** The state of HEAD, index and work tree at one moment, in the object store. */
export interface Snapshot {
  commit: string;
  /** Every tracked or untracked file that is not ignored, as git would store it. */
  worktree: string;
  /** What the index holds. */
  staged: string;
  /** The exact bytes of the files that git would not bring back by itself. */
  raw: string;
  head: Head;
  headTree: string;
  facts: Facts;
  /** Ignored files, and ignored folders with a `/` at the end. */
  ignored: ReadonlySet<string>;
}

/** Thrown when a file is not what it was a moment ago; looking again helps. */
export class ChangedMeanwhile extends Error {}

/** Where a snapshot is written: on a ref, after the commit before it, with words for the log. */
interface SnapshotPlace {
  ref: string;
  parent: string | undefined;
  message: string;
  clock: Clock;
  /** A state that is in the store already, perhaps the same. */
  like: Snapshot | undefined;
}

/** Writes what a scan found, and only what the store does not have yet. */
export async function writeSnapshot(store: ObjectStore, scan: WorldScan, place: SnapshotPlace): Promise<Snapshot> {
  const { like } = place;
  const { facts, headTree, ignored, staged, worktree } = scan;
  const clean = staged.size === 0 && worktree.size === 0 && Object.keys(facts.files).length === 0;
  const known = clean
    ? { staged: headTree, worktree: headTree, raw: emptyTree(store.repository) }
    : like?.facts.contents === facts.contents
      ? like
      : undefined;
  const written = known ? await nameAgain(store, scan, known, place) : await importSnapshot(store, scan, place);
  return { ...written, head: facts.head, headTree, facts, ignored: new Set(ignored) };
}

type Written = Pick<Snapshot, 'commit' | 'worktree' | 'staged' | 'raw'>;

/** Nothing changed, since HEAD or the state before, so the trees are there: a commit that names them needs no run of git. */
async function nameAgain(
  store: ObjectStore,
  { facts, ignored }: WorldScan,
  { worktree, staged, raw }: Pick<Snapshot, 'worktree' | 'staged' | 'raw'>,
  { ref, parent, message, clock }: SnapshotPlace,
): Promise<Written> {
  const empty = emptyTree(store.repository);
  const folders = Object.entries({ raw, staged, worktree }).filter(([, oid]) => oid !== empty);
  const [factsId, ignoredId] = await Promise.all([
    store.writeObject('blob', Buffer.from(JSON.stringify(facts))),
    store.writeObject('blob', Buffer.from(ignored.join('\0'))),
  ]);
  // In git's order of names.
  const entries: Array<[string, string, string]> = [
    ['100644', 'facts', factsId],
    ['100644', 'ignored', ignoredId],
    ...(facts.index === null || !facts.indexSaved
      ? []
      : [['100644', 'index', facts.index] as [string, string, string]]),
    ...folders.map(([name, oid]): [string, string, string] => ['40000', name, oid]),
  ];
  const tree = await store.writeObject(
    'tree',
    Buffer.concat(entries.flatMap(([mode, name, oid]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])),
  );
  const who = signature(clock);
  const commit = await store.writeObject(
    'commit',
    Buffer.from(
      `tree ${tree}\n${parent === undefined ? '' : `parent ${parent}\n`}author ${who}\ncommitter ${who}\n\n${message}`,
    ),
  );
  await store.pointRef(ref, commit);
  return { commit, worktree, staged, raw };
}

function signature(clock: Clock): string {
  return `nex <nex@localhost> ${Math.max(0, Math.floor(clock.now().getTime() / 1000))} +0000`;
}

/** One run of git writes everything. */
async function importSnapshot(
  store: ObjectStore,
  scan: WorldScan,
  { ref, parent, message, clock }: SnapshotPlace,
): Promise<Written> {
  const ignored = Buffer.from(scan.ignored.join('\0'));
  async function* stream(): AsyncGenerator<Uint8Array | string> {
    for (const fresh of scan.fresh) {
      const content = await contentOf(store, fresh);
      if (!content) throw new ChangedMeanwhile(fresh.path);
      yield* blob(content);
    }
    const commands = [
      `commit ${ref}\nmark :1\n`,
      `committer ${signature(clock)}\n`,
      data(message),
      parent === undefined ? '' : `from ${parent}\n`,
      'deleteall\n',
      ...folder(store, 'staged', scan.headTree, scan.staged),
      ...folder(store, 'worktree', scan.headTree, scan.worktree),
      ...Object.entries(scan.facts.files).map(([path, { raw }]) => modify({ mode: '100644', oid: raw }, `raw/${path}`)),
      scan.facts.index === null || !scan.facts.indexSaved
        ? ''
        : modify({ mode: '100644', oid: scan.facts.index }, 'index'),
      `M 100644 inline "facts"\n${data(JSON.stringify(scan.facts))}`,
    ];
    yield commands.join('');
    yield 'M 100644 inline "ignored"\n';
    yield* dataPieces(ignored);
    yield 'ls "worktree"\nls "staged"\nls "raw"\n\nget-mark :1\ndone\n';
  }
  const output = await store.git(['fast-import', '--quiet', '--done', '--force', '--date-format=raw'], {
    input: stream(),
  });
  const [worktree = '', staged = '', raw = '', commit = ''] = output.toString('utf8').split('\n');
  return { commit, worktree: treeOf(store, worktree), staged: treeOf(store, staged), raw: treeOf(store, raw) };
}

/** Reads snapshots back, all of them with two runs of git. */
export async function readSnapshots(store: ObjectStore, commits: readonly string[]): Promise<Snapshot[]> {
  if (commits.length === 0) return [];
  const blobs = await store.readObjects(commits.flatMap((commit) => [`${commit}:facts`, `${commit}:ignored`]));
  const known = commits.map((commit, at) => {
    const facts: Facts = JSON.parse(blobs[at * 2]?.toString('utf8') ?? '');
    return { commit, facts, ignored: blobs[at * 2 + 1]?.toString('utf8') ?? '' };
  });
  const names = known.flatMap(({ commit, facts }) => [
    `${commit}:worktree`,
    `${commit}:staged`,
    `${commit}:raw`,
    `${facts.head.commit ?? emptyTree(store.repository)}^{tree}`,
  ]);
  const output = await store.git(['cat-file', '--batch-check=%(objectname)'], { input: `${names.join('\n')}\n` });
  const empty = emptyTree(store.repository);
  // A tree without files is never written; a commit that is gone takes its tree with it.
  const trees = output
    .toString('utf8')
    .split('\n')
    .map((line) => (line.endsWith(' missing') ? empty : line));
  return known.map(({ commit, facts, ignored }, at) => ({
    commit,
    worktree: trees[at * 4] ?? empty,
    staged: trees[at * 4 + 1] ?? empty,
    raw: trees[at * 4 + 2] ?? empty,
    head: facts.head,
    headTree: trees[at * 4 + 3] ?? empty,
    facts,
    ignored: new Set(ignored.split('\0').filter(Boolean)),
  }));
}

/** True when a path was there but not looked into: ignored, too large, or in another repository. */
export function isUnknown(snapshot: Snapshot, path: string): boolean {
  const { watched, notCovered } = snapshot.facts;
  if (watched.includes(path)) return false;
  return isIgnored(snapshot, path) || notCovered.some((item) => item.path === path || isBelow(path, item.path));
}

/** True when git ignores this path, itself or a folder above it. */
export function isIgnored({ ignored }: Snapshot, path: string): boolean {
  if (ignored.has(path)) return true;
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    if (ignored.has(path.slice(0, slash + 1))) return true;
  }
  return false;
}

function isBelow(path: string, folder: string): boolean {
  return folder.endsWith('/') && path.startsWith(folder);
}

function folder(
  store: ObjectStore,
  name: string,
  base: string,
  edits: ReadonlyMap<string, Entry | undefined>,
): string[] {
  const start = base === emptyTree(store.repository) ? '' : `M 040000 ${base} "${name}"\n`;
  // Removals first, so that a file can become a folder.
  const gone = [...edits].filter(([, entry]) => !entry).map(([path]) => `D ${quotePath(`${name}/${path}`)}\n`);
  const there = [...edits].map(([path, entry]) => (entry ? modify(entry, `${name}/${path}`) : ''));
  return [start, ...gone, ...there];
}

function modify({ mode, oid }: Entry, path: string): string {
  return `M ${mode} ${oid} ${quotePath(path)}\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function* blob(content: Uint8Array): Generator<Uint8Array | string> {
  yield 'blob\n';
  yield* dataPieces(content);
}

function* dataPieces(content: Uint8Array): Generator<Uint8Array | string> {
  yield `data ${content.length}\n`;
  // A stream takes an empty piece for its end.
  if (content.length > 0) yield content;
  yield '\n';
}

function treeOf(store: ObjectStore, line: string): string {
  return /^\d+ tree ([0-9a-f]+)/.exec(line)?.[1] ?? emptyTree(store.repository);
}
