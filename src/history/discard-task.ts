import type { Head } from '../platform/git.ts';
import { branchTip } from './nex-commits.ts';
import type { ObjectStore } from './object-store.ts';
import { changesOfRun, runsOf } from './runs.ts';
import type { SessionView } from './sessions.ts';
import { isUnknown, type Snapshot } from './snapshot.ts';
import type { SavedStep } from './step-log.ts';
import { filesAt } from './trees.ts';
import { changedPermissions, type Undoing } from './undoing.ts';

/** Leaves a task behind: back to where HEAD was, with files and index exactly as they were before it. */
export async function discardTask(
  store: ObjectStore,
  now: Snapshot,
  session: SessionView<SavedStep>,
): Promise<Undoing> {
  const before = session.steps[0]?.state ?? now;
  const notes: string[] = [];
  const { branch, commit } = before.head;
  const tip = branch === undefined ? undefined : await branchTip(store.repository, branch);
  let to: Head = before.head;
  if (branch !== undefined && tip !== commit) {
    to = { branch: undefined, commit };
    notes.push(
      `${branch} is no longer where it was (${commit?.slice(0, 10) ?? 'no commit'}), so HEAD will be on no branch.`,
    );
  }
  const removed = session.branch === undefined ? undefined : await branchTip(store.repository, session.branch);
  const changes = (await store.diff(now.worktree, before.worktree)).filter(
    ({ path, before: is, after: was }) =>
      is?.mode !== '160000' && was?.mode !== '160000' && (was || !isUnknown(before, path)),
  );
  const files = new Map(changes.map(({ path, after }) => [path, after]));
  for (const path of rewritten(now, before)) {
    if (!files.has(path)) files.set(path, (await filesAt(store, before.worktree, [path])).get(path));
  }
  const own = new Set<string>();
  for (const run of runsOf(session.steps)) for (const { path } of (await changesOfRun(store, run)).files) own.add(path);
  const others = [...files.keys()].filter((path) => !own.has(path));
  if (others.length > 0) notes.push(`Your own changes since the task began go back too, in ${listed(others)}.`);
  return {
    action: { kind: 'discard', targets: [session.id] },
    task: session.task,
    files,
    permissions: withoutFiles(changedPermissions(now, before), files),
    sources: [before],
    index: { kind: 'exact', state: before },
    commit: undefined,
    head: {
      to,
      remove:
        removed === undefined || session.branch === undefined || session.branch === to.branch
          ? undefined
          : { branch: session.branch, tip: removed },
      restore: undefined,
    },
    conflicts: [],
    notes,
  };
}

/** Files that git takes for the same, but whose bytes on disk differ. */
function rewritten(now: Snapshot, before: Snapshot): string[] {
  const paths = new Set([...Object.keys(before.facts.files), ...Object.keys(now.facts.files)]);
  return [...paths].filter((path) => {
    const was = before.facts.files[path];
    const is = now.facts.files[path];
    if (was && is) return was.stored === is.stored && was.raw !== is.raw;
    // Saved in one state only: then git's own form of it was on disk in the other.
    return (was && was.raw !== was.stored) || (is && is.raw !== is.stored);
  });
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}

/** A file that is written anyway gets its bits then. */
function withoutFiles(
  permissions: ReadonlyMap<string, number>,
  files: ReadonlyMap<string, unknown>,
): Map<string, number> {
  return new Map([...permissions].filter(([path]) => !files.has(path)));
}
