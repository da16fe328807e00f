import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { readHead } from '../platform/git.ts';
import { git, gitText, runGit } from '../platform/git-plumbing.ts';
import { type Change, type Conflict, type Entry, invert, sameEntry } from './change.ts';
import { committable } from './committable.ts';
import { blobId } from './disk-file.ts';
import { editIndex, readIndex } from './index-file.ts';
import { indexInfo, type ObjectStore, projectEnvironment } from './object-store.ts';
import { throughOwnFilters } from './own-filters.ts';
import { changesOfRun, intentsBefore, RECORDS, type Run } from './runs.ts';
import type { Snapshot } from './snapshot.ts';
import { applyChanges, editsOf, type Layer, layerOf } from './three-way.ts';
import { filesAt } from './trees.ts';
import type { Scanner } from './world-scan.ts';

interface CommitRequest {
  /** What nex did since its last commit. */
  runs: readonly Run[];
  /** The state now. */
  now: Snapshot;
  message: string;
  /** Asked when lines that nex changed are mixed with the user's own; true commits those files as a whole. */
  onOverlap: (paths: readonly string[]) => Promise<boolean>;
  /** Ends git and its hooks; rejects with the signal's reason unless the commit was made already. */
  signal?: AbortSignal | undefined;
}

export type CommitResult =
  | { status: 'committed'; commit: string; notes: string[] }
  | { status: 'uncommitted'; reason: string };

/** The words of a task's commit, and whom to ask. */
export interface CommitOptions {
  subject: string;
  body?: string;
  coAuthor?: string;
  /** Asked when nex's lines are mixed with the user's own in these files; true commits the files as a whole. */
  onOverlap: (paths: readonly string[]) => Promise<boolean>;
  /** A hook can take its time: this ends it, and the commit with it. */
  signal?: AbortSignal;
}

/** What became of it, as the task tells it. */
export type TaskCommit =
  | { status: 'committed'; commit: string; branch: string; notes: string[] }
  | { status: 'uncommitted'; reason: string };

type Edits = ReadonlyMap<string, Entry | undefined>;

/**
 * Commits what nex changed and nothing else, on top of HEAD. The user's own edits stay as they were, staged ones
 * staged. Git itself commits, so the user's hooks, signing and identity apply; when they say no, nothing has changed.
 */
export async function commitRuns(scanner: Scanner, request: CommitRequest, clock: Clock): Promise<CommitResult> {
  const { store } = scanner;
  const { runs, now, onOverlap } = request;
  const config = await scanner.config();
  const head = layerOf(now.headTree);
  const conflicts: Conflict[] = [];
  for (const run of runs) {
    const changes = await throughOwnFilters(store, run, await committable(store, run), config);
    conflicts.push(...(await applyChanges(store, changes, head, pathsOf(conflicts))));
  }
  const mixed = new Set<string>();
  for (const { path } of conflicts) {
    // The notes are nex's own file: before their first commit there is nothing they could be merged with.
    if (RECORDS.includes(path)) await takeWhole(store, head, now, [path]);
    else mixed.add(path);
  }
  const edits = await editsOf(store, head);
  for (const path of await indexConflicts(store, now, runs, edits)) mixed.add(path);
  if (mixed.size > 0) {
    const paths = [...mixed].toSorted();
    if (!(await onOverlap(paths))) return { status: 'uncommitted', reason: overlapReason(paths) };
    await takeWhole(store, head, now, paths);
  }
  const wanted = await editsOf(store, head);
  if (wanted.size === 0) return { status: 'uncommitted', reason: 'there is nothing to commit' };
  await requireIdentity(store);
  await store.lend([...wanted.values()].flatMap((entry) => (entry ? [entry.oid] : [])));
  const failure = await runCommit(store, now, wanted, request);
  if (failure !== undefined) return { status: 'uncommitted', reason: failure };

  const commit = await gitText(['rev-parse', '--verify', 'HEAD'], inProject(store));
  const made = await followCommit(store, { runs, now, commit }, clock);
  return { status: 'committed', commit, notes: hookNotes(wanted, made) };
}

/**
 * Brings the user's index after a commit that was made without it: what was staged by the user stays staged, what
 * was committed no longer differs. Answers what the commit holds.
 */
export async function followCommit(
  store: ObjectStore,
  { runs, now, commit }: { runs: readonly Run[]; now: Snapshot; commit: string },
  clock: Clock,
): Promise<Edits> {
  const made = await committedEdits(store, now, commit);
  const index = await readIndex(store);
  const moved = now.facts.index !== (index.length === 0 ? null : blobId(index, store.repository.objectFormat));
  const entries = await indexEdits(store, moved ? await stagedNow(store) : now.staged, now, runs, made);
  const assumed = runs[0]?.before.facts.assumed ?? [];
  await editIndex(store, { entries, intents: intentsBefore(runs, now), assumed }, clock);
  return made;
}

/** Paths whose staged content and whose commit touch the same lines. */
async function indexConflicts(
  store: ObjectStore,
  now: Snapshot,
  runs: readonly Run[],
  edits: Edits,
): Promise<string[]> {
  const { conflicts } = await planIndex(store, now.staged, now, runs, edits);
  return conflicts.map(({ path }) => path);
}

/** What has to change in the index: nex's own staging goes, what was committed comes. */
async function indexEdits(
  store: ObjectStore,
  staged: string,
  now: Snapshot,
  runs: readonly Run[],
  made: Edits,
): Promise<Edits> {
  const { layer, conflicts } = await planIndex(store, staged, now, runs, made);
  for (const { path } of conflicts) layer.edits.set(path, made.get(path));
  return editsOf(store, layer);
}

async function planIndex(
  store: ObjectStore,
  staged: string,
  now: Snapshot,
  runs: readonly Run[],
  made: Edits,
): Promise<{ layer: Layer; conflicts: Conflict[] }> {
  const layer = layerOf(staged);
  for (const run of runs.toReversed()) {
    await applyChanges(store, invert((await changesOfRun(store, run)).staged), layer);
  }
  const were = await filesAt(store, now.headTree, [...made.keys()]);
  const changes: Change[] = [...made].map(([path, after]) => ({ path, before: were.get(path), after }));
  return { layer, conflicts: await applyChanges(store, changes, layer) };
}

async function takeWhole(store: ObjectStore, layer: Layer, now: Snapshot, paths: readonly string[]): Promise<void> {
  const entries = await filesAt(store, now.worktree, paths);
  for (const path of paths) layer.edits.set(path, entries.get(path));
}

/** Runs `git commit` on an index of its own; answers why there is no commit, if so. */
async function runCommit(
  store: ObjectStore,
  now: Snapshot,
  edits: Edits,
  { message, signal }: Pick<CommitRequest, 'message' | 'signal'>,
): Promise<string | undefined> {
  if ((await readHead(store.repository)).commit !== now.head.commit) return 'HEAD moved at this moment';
  await using folder = await store.scratch();
  const index = join(folder.path, 'index');
  const words = join(folder.path, 'message');
  await writeFile(words, message);
  const env = { ...projectEnvironment(store.repository), GIT_INDEX_FILE: index };
  if (now.head.commit !== undefined) {
    // The copy brings what git knows of unchanged files, which it would have to read again otherwise. What it was told to
    // assume of files it would hold on to.
    if (now.facts.index !== null && now.facts.assumed.length === 0)
      await copyFile(join(store.repository.gitDir, 'index'), index);
    await git(['read-tree', '--reset', now.head.commit], { cwd: store.repository.root, env });
  }
  await git(['update-index', '--add', '-z', '--index-info'], {
    cwd: store.repository.root,
    env,
    input: indexInfo(store.repository, edits),
  });
  // No GIT_DIR here: hooks would inherit it, and run git in other folders too.
  const made = await runGit(['commit', '-q', '--cleanup=whitespace', '-F', words], {
    cwd: store.repository.root,
    env: { GIT_INDEX_FILE: index },
    asUser: true,
    ...(signal === undefined ? {} : { signal }),
  }).catch(async (error: unknown) => {
    if (!signal?.aborted || (await readHead(store.repository)).commit === now.head.commit) throw error;
    // Only what runs after the commit was cut off.
    return { status: 0, stdout: Buffer.alloc(0), stderr: '' };
  });
  if (made.status === 0) return undefined;
  const said = `${made.stderr}\n${made.stdout.toString('utf8')}`.trim();
  return `git commit was refused:\n${said || `status ${made.status}`}`;
}

async function requireIdentity(store: ObjectStore): Promise<void> {
  const found = await runGit(['var', 'GIT_COMMITTER_IDENT'], inProject(store));
  if (found.status === 0) return;
  throw new NexError('config', 'git does not know who you are, so the changes are not committed; they are kept.', {
    hint: 'git config --global user.name "Your Name" && git config --global user.email "you@example.com"',
  });
}

/** What the commit really holds: a hook may have changed more than nex asked for. */
async function committedEdits(
  store: ObjectStore,
  now: Snapshot,
  commit: string,
): Promise<Map<string, Entry | undefined>> {
  const changes = await store.diff(now.headTree, await store.treeOf(commit));
  return new Map(changes.map(({ path, after }) => [path, after]));
}

async function stagedNow(store: ObjectStore): Promise<string> {
  await using folder = await store.scratch();
  const index = join(folder.path, 'index');
  const content = await readIndex(store);
  if (content.length === 0) return store.emptyTree;
  await writeFile(index, content);
  return (await store.inProject(['write-tree'], { env: { GIT_INDEX_FILE: index } })).toString('latin1').trim();
}

function hookNotes(wanted: Edits, made: Edits): string[] {
  const changed = [...new Set([...wanted.keys(), ...made.keys()])].filter(
    (path) => wanted.has(path) !== made.has(path) || !sameEntry(wanted.get(path), made.get(path)),
  );
  return changed.length === 0 ? [] : [`A commit hook changed what was committed: ${changed.slice(0, 5).join(', ')}`];
}

function overlapReason(paths: readonly string[]): string {
  return `your own uncommitted edits and nex's are mixed in ${paths.join(', ')}`;
}

function pathsOf(conflicts: readonly Conflict[]): Set<string> {
  return new Set(conflicts.map(({ path }) => path));
}

function inProject(store: ObjectStore): { cwd: string; env: Record<string, string> } {
  return { cwd: store.repository.root, env: projectEnvironment(store.repository) };
}
