import type { Clock } from '../platform/clock.ts';
import type { Head } from '../platform/git.ts';
import type { ObjectStore } from './object-store.ts';
import { contentOf, type SavedFile } from './saved-files.ts';
import type { FileModes } from './tracked-files.ts';
import { editTree, type Tree } from './trees.ts';
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

/** More new contents than this are written as one pack. */
const FEW = 100;

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
  const { facts, headTree, ignored } = scan;
  const { ref, parent, message, clock, like } = place;
  const folders = like?.facts.contents === facts.contents ? like : await writeContents(store, scan);
  const [factsId, ignoredId] = await Promise.all([
    store.writeObject('blob', Buffer.from(JSON.stringify(facts))),
    store.writeObject('blob', Buffer.from(ignored.join('\0'))),
  ]);
  const index = facts.index !== null && facts.indexSaved ? facts.index : undefined;
  const { raw, staged, worktree } = folders;
  // In git's order of names; an empty tree is told by its absence.
  const tree = await store.putTree(
    treeFrom([
      ['facts', '100644', factsId],
      ['ignored', '100644', ignoredId],
      ['index', '100644', index],
      ...Object.entries({ raw, staged, worktree }).map(
        ([name, oid]) => [name, '40000', oid === store.emptyTree ? undefined : oid] as const,
      ),
    ]),
  );
  const who = `nex <nex@localhost> ${Math.max(0, Math.floor(clock.now().getTime() / 1000))} +0000`;
  const after = parent === undefined ? '' : `parent ${parent}\n`;
  const words = `tree ${tree}\n${after}author ${who}\ncommitter ${who}\n\n${message}`;
  const commit = await store.writeObject('commit', Buffer.from(words));
  await store.pointRef(ref, commit);
  return { commit, worktree, staged, raw, head: facts.head, headTree, facts, ignored: new Set(ignored) };
}

function treeFrom(entries: ReadonlyArray<readonly [name: string, mode: string, oid: string | undefined]>): Tree {
  return new Map(entries.flatMap(([name, mode, oid]) => (oid === undefined ? [] : [[name, { mode, name, oid }]])));
}

/** Writes the contents that are new, and the trees that name them. */
async function writeContents(
  store: ObjectStore,
  { fresh, facts, headTree, staged, worktree }: WorldScan,
): Promise<Pick<Snapshot, 'worktree' | 'staged' | 'raw'>> {
  if (fresh.length > FEW) await store.importBlobs(contentsOf(store, fresh));
  else for await (const content of contentsOf(store, fresh)) await store.writeObject('blob', content);
  const raw = Object.entries(facts.files).map(([path, saved]) => [path, { mode: '100644', oid: saved.raw }] as const);
  return {
    staged: await editTree(store, headTree, staged),
    worktree: await editTree(store, headTree, worktree),
    raw: await editTree(store, store.emptyTree, new Map(raw)),
  };
}

async function* contentsOf(store: ObjectStore, fresh: WorldScan['fresh']): AsyncGenerator<Buffer> {
  for (const one of fresh) {
    const content = await contentOf(store, one);
    if (!content) throw new ChangedMeanwhile(one.path);
    yield content;
  }
}

/** Reads snapshots back. */
export async function readSnapshots(store: ObjectStore, commits: readonly string[]): Promise<Snapshot[]> {
  return Promise.all(
    commits.map(async (commit) => {
      const root = await store.readTree(await store.treeOf(commit));
      const blob = async (name: string) => (await store.readBlob(root.get(name)?.oid ?? name)).toString('utf8');
      const facts: Facts = JSON.parse(await blob('facts'));
      const tree = (name: string) => root.get(name)?.oid ?? store.emptyTree;
      // A commit of the user's that is gone takes its tree with it.
      const head = facts.head.commit === undefined ? undefined : await store.readObject(`${facts.head.commit}^{tree}`);
      return {
        commit,
        worktree: tree('worktree'),
        staged: tree('staged'),
        raw: tree('raw'),
        head: facts.head,
        headTree: head?.oid ?? store.emptyTree,
        facts,
        ignored: new Set((await blob('ignored')).split('\0').filter(Boolean)),
      };
    }),
  );
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
