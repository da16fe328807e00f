import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { createHash, randomUUID } from '../platform/crypto.ts';
import type { Head, Repository } from '../platform/git.ts';
import { git } from '../platform/git-plumbing.ts';
import { type AgentChanges, describeTrees } from './agent-changes.ts';
import type { Conflict } from './change.ts';
import { discardTask } from './discard-task.ts';
import { editIndex, restoreIndex } from './index-file.ts';
import { keepCommits, returnCommits } from './kept-commits.ts';
import { takeLock } from './lock.ts';
import { lookAtWorld } from './looks.ts';
import { nexCommits } from './nex-commits.ts';
import { type ObjectStore, openObjectStore, projectEnvironment } from './object-store.ts';
import { closeLastStep } from './recovery.ts';
import { redoUndo } from './redo.ts';
import { requireCalm } from './repository-state.ts';
import { restoreFiles, restorePermissions } from './restore.ts';
import { tidyUp } from './retention.ts';
import { runsOf } from './runs.ts';
import { lastUndo, type SessionView, sessionsOf, standingTasks, taskToLeave, undoneSessions } from './sessions.ts';
import type { Snapshot } from './snapshot.ts';
import { type LoggedStep, openSessionLog, readLastState, readSteps, type SavedStep, withStates } from './step-log.ts';
import { moveHead } from './task-branch.ts';
import { editTree, filesAt } from './trees.ts';
import { makeUndoCommit, publishUndoCommit } from './undo-commit.ts';
import { undoSteps, undoTask } from './undo-task.ts';
import { isNothing, type Undoing } from './undoing.ts';
import { openScanner, type Scanner } from './world-scan.ts';

/** What `nex rollback` shall do: undo the last task, go to before a step, take the last undoing back, or leave the task. */
export type RollbackTarget = { kind: 'last' } | { kind: 'step'; step: number } | { kind: 'redo' } | { kind: 'discard' };

/** What an undoing would do, for a person to read first. Plain data; nothing was changed to make it. */
export interface RollbackPlan {
  target: RollbackTarget;
  /** The task that is undone or brought back. */
  task: string;
  files: AgentChanges['files'];
  patch: string;
  /** What cannot be undone without losing something the user did since; it stays as it is. */
  conflicts: Conflict[];
  /** A commit that it makes, and on which branch (undefined: on HEAD, which is on none). */
  commit: { branch: string | undefined; subject: string } | undefined;
  /** Where HEAD goes. */
  head: { to: Head; removes: string | undefined; restores: string | undefined } | undefined;
  notes: string[];
  /** True when there is nothing left to do. */
  nothing: boolean;
  /** Stands for the state of the project that the plan was made for. */
  world: string;
}

export interface RollbackResult {
  /** The step under which it is recorded: `--redo` takes it back. */
  step: number;
  files: AgentChanges['files'];
  conflicts: Conflict[];
  commit: string | undefined;
  head: Head | undefined;
}

interface Planned {
  plan: RollbackPlan;
  undoing: Undoing;
  now: Snapshot;
}

/** Works out what an undoing would do. Throws a NexError when there is nothing to undo or the state forbids it. */
export async function planRollback(
  repository: Repository,
  target: RollbackTarget,
  clock: Clock,
): Promise<RollbackPlan> {
  await requireCalm(repository, clock);
  const session = `undo-${randomUUID()}`;
  const lock = await takeLock(repository, { session, task: 'nex rollback', clock });
  try {
    const scanner = openScanner(await openObjectStore(repository));
    await closeLastStep(scanner, clock);
    return (await plan(scanner, target, clock)).plan;
  } finally {
    await lock.release();
  }
}

/**
 * Carries a plan out, after saving the state that is there. Throws a NexError (`repository`), with nothing changed,
 * when the project is no longer the one that the plan was made for.
 */
export async function applyRollback(
  repository: Repository,
  agreed: RollbackPlan,
  clock: Clock,
): Promise<RollbackResult> {
  await requireCalm(repository, clock);
  const session = `undo-${randomUUID()}`;
  const lock = await takeLock(repository, { session, task: 'nex rollback', clock });
  try {
    const scanner = openScanner(await openObjectStore(repository));
    const { store } = scanner;
    await closeLastStep(scanner, clock);
    const planned = await plan(scanner, agreed.target, clock);
    const { undoing, now } = planned;
    if (planned.plan.world !== agreed.world) {
      throw new NexError('repository', 'The project changed since the preview, so nothing was done.', {
        hint: 'Run the same command again to see what it would do now.',
      });
    }
    const log = openSessionLog(
      scanner,
      { session, task: undoing.task, clock, steps: [], tip: undefined, goesOn: true },
      now,
    );
    const step = { action: undoing.action, tool: 'rollback', detail: undoing.task, branch: undefined, base: now.head };
    await log.save({ kind: 'before', whole: true, ...step });
    const { signCommits, withoutOwnFilters } = await scanner.config();
    const commit = undoing.commit && (await makeUndoCommit(store, undoing.commit, signCommits));
    await keepBranch(store, session, undoing, now);
    const conflicts = await restoreFiles(store, undoing.files, {
      now,
      sources: undoing.sources,
      filters: withoutOwnFilters,
    });
    await restorePermissions(store, undoing.permissions);
    await restoreStaged(store, undoing, clock);
    if (undoing.commit && commit !== undefined) await publishUndoCommit(store, undoing.commit, commit);
    const head = await moveBranches(store, undoing);
    await log.save({ kind: 'after', ...step, ...(commit === undefined ? {} : { commit }) });
    const states = log.steps.map(({ state }) => state);
    await tidyUp(store, session, states, clock);
    return {
      step: log.steps[0]?.step ?? 0,
      files: planned.plan.files,
      conflicts: [...undoing.conflicts, ...conflicts],
      commit,
      head,
    };
  } finally {
    await lock.release();
  }
}

async function plan(scanner: Scanner, target: RollbackTarget, clock: Clock): Promise<Planned> {
  const { store } = scanner;
  const steps = await readSteps(store);
  let now = await lookAtWorld(scanner, clock, { previous: await readLastState(store) });
  let undoing = await undo(store, now, target, steps);
  // Where a file would be written and none was seen, one may lie all the same, ignored by now: it has to be saved.
  const written = [...undoing.files].filter(([, entry]) => entry).map(([path]) => path);
  const seen = await filesAt(store, now.worktree, written);
  if (written.some((path) => !seen.has(path))) {
    now = await lookAtWorld(scanner, clock, { previous: now, follow: written.filter((path) => !seen.has(path)) });
    undoing = await undo(store, now, target, steps);
  }
  const { files, patch } = await describeTrees(store, now.worktree, await editTree(store, now.worktree, undoing.files));
  const { commit, head, conflicts, notes, task } = undoing;
  return {
    now,
    undoing,
    plan: {
      target,
      task,
      files,
      patch,
      conflicts,
      commit: commit && { branch: commit.branch, subject: commit.message.split('\n')[0] ?? '' },
      head: head && { to: head.to, removes: head.remove?.branch, restores: head.restore?.branch },
      notes,
      nothing: isNothing(undoing, now),
      world: createHash('sha256')
        .update(JSON.stringify([now.worktree, now.staged, now.head, patch, head, conflicts]))
        .digest('hex'),
    },
  };
}

async function undo(
  store: ObjectStore,
  now: Snapshot,
  target: RollbackTarget,
  steps: readonly LoggedStep[],
): Promise<Undoing> {
  const sessions = sessionsOf(steps);
  switch (target.kind) {
    case 'last':
      return undoTask(store, now, await lastChange(store, sessions));
    case 'discard': {
      const last = taskToLeave(sessions, now.head.branch);
      if (!last) throw nothingToUndo();
      return discardTask(store, now, await withSteps(store, last));
    }
    case 'redo': {
      const last = lastUndo(sessions);
      if (!last) throw new NexError('failed', 'Nothing was undone that could be brought back.');
      const targets = 'targets' in last.action ? last.action.targets : [];
      const task = sessions.find(({ id }) => targets.includes(id));
      return redoUndo(store, now, await withSteps(store, last), task);
    }
    case 'step': {
      const from = steps.findIndex(({ step }) => step === target.step);
      if (from !== -1) return undoSteps(store, now, await withStates(store, steps.slice(from)), target.step);
      throw new NexError('usage', `There is no step ${target.step}.`, { hint: '`nex rollback --list` shows them.' });
    }
  }
}

/** The last task that still stands and changed something; in a clone without records, the last commit of nex's. */
async function lastChange(store: ObjectStore, sessions: readonly SessionView[]): Promise<SessionView<SavedStep>> {
  const undone = undoneSessions(sessions);
  for (const session of standingTasks(sessions).toReversed()) {
    const view = await withSteps(store, session);
    if (view.commits.length > 0 || runsOf(view.steps).length > 0) return view;
  }
  const [commit] = (await nexCommits(store.repository, 'HEAD')).filter(({ session }) => !undone.has(session));
  if (!commit) throw nothingToUndo();
  return {
    id: commit.session,
    task: commit.subject,
    action: { kind: 'task' },
    steps: [],
    branch: undefined,
    base: { branch: undefined, commit: undefined },
    commits: [commit.commit],
    complete: true,
  };
}

async function withSteps(store: ObjectStore, session: SessionView): Promise<SessionView<SavedStep>> {
  return { ...session, steps: await withStates(store, session.steps) };
}

function nothingToUndo(): NexError {
  return new NexError('failed', "There is nothing of nex's left to undo here.", {
    hint: '`nex rollback --list` shows what was done, `nex rollback --redo` brings back what was undone.',
  });
}

async function keepBranch(store: ObjectStore, session: string, { head }: Undoing, now: Snapshot): Promise<void> {
  if (head?.remove) await keepCommits(store, session, { tip: head.remove.tip, from: head.to.commit });
  if (head?.restore) await returnCommits(store, { tip: head.restore.tip, from: now.head.commit });
}

async function restoreStaged(store: ObjectStore, { index }: Undoing, clock: Clock): Promise<void> {
  if (index.kind === 'edits') return editIndex(store, index, clock);
  const { facts, headTree, staged } = index.state;
  const blobs = (await store.diff(headTree, staged)).flatMap(({ after }) =>
    after && after.mode !== '160000' ? [after.oid] : [],
  );
  await store.lend(blobs);
  const content = facts.index === null ? Buffer.alloc(0) : await store.readBlob(facts.index);
  await restoreIndex(store, { content, time: facts.indexTime }, clock);
}

async function moveBranches(store: ObjectStore, { head }: Undoing): Promise<Head | undefined> {
  if (!head) return undefined;
  const { repository } = store;
  const options = { cwd: repository.root, env: projectEnvironment(repository) };
  if (head.restore) {
    const { branch, tip } = head.restore;
    const there = await git(['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`], options);
    if (there.length === 0) await git(['update-ref', `refs/heads/${branch}`, tip, ''], options);
  }
  await moveHead(repository, head.to, 'nex: rollback');
  if (head.remove && !(await isCheckedOutElsewhere(repository, head.remove.branch))) {
    await git(['update-ref', '-d', `refs/heads/${head.remove.branch}`, head.remove.tip], options);
  }
  return head.to;
}

/** True when another work tree is on this branch; it would lose the ground under it. */
async function isCheckedOutElsewhere(repository: Repository, branch: string): Promise<boolean> {
  const linked = join(repository.commonDir, 'worktrees');
  const names = existsSync(linked) ? await readdir(linked) : [];
  const heads = [repository.commonDir, ...names.map((name) => join(linked, name))].filter(
    (dir) => dir !== repository.gitDir,
  );
  const texts = await Promise.all(heads.map((dir) => readFile(join(dir, 'HEAD'), 'utf8').catch(() => '')));
  return texts.some((text) => text.trim() === `ref: refs/heads/${branch}`);
}
