import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import type { Head } from '../platform/git.ts';
import { runGit } from '../platform/git-plumbing.ts';
import { workTreeFolder, workTreeName } from './lock.ts';
import { steadily, watched } from './looks.ts';
import { type ObjectStore, sessionRef } from './object-store.ts';
import { readSnapshots, type Snapshot, writeSnapshot } from './snapshot.ts';
import type { Scanner, WorldScan } from './world-scan.ts';

/** What made a session change things. */
export type Action =
  | { kind: 'task' }
  /** These sessions were undone, brought back, or left behind. */
  | { kind: 'rollback'; targets: string[] }
  | { kind: 'redo'; targets: string[] }
  | { kind: 'discard'; targets: string[] }
  /** The files were brought to the state before this step. */
  | { kind: 'to'; step: number }
  /** A dry run's plan was carried out. */
  | { kind: 'apply' };

/** One saved state: before a step, or after it. */
export interface StepRecord {
  version: 1;
  kind: 'before' | 'after';
  /** Counts up over all sessions of a work tree. */
  step: number;
  session: string;
  /** Which work tree, as a path inside the git folder; empty for the main one. */
  workTree: string;
  task: string;
  action: Action;
  tool: string;
  detail: string;
  /** ISO 8601. */
  time: string;
  head: Head;
  /** The task branch, and where HEAD was before it. */
  branch: string | undefined;
  base: Head | undefined;
  /** The commit that this step made. */
  commit: string | undefined;
  /** True for an end that was saved by the next nex, because this one was killed in the middle. */
  interrupted: boolean;
}

export interface LoggedStep extends StepRecord {
  /** The snapshot's commit in the store. */
  snapshot: string;
}

/** A step together with the state it saved. */
export interface SavedStep extends LoggedStep {
  state: Snapshot;
}

/** Writes the steps of one session. */
export interface SessionLog {
  /** The newest state saved in this session, or before it in this work tree. */
  readonly last: Snapshot | undefined;
  /** Saves the state as it is now, under each of these steps. */
  save(...entries: [NewStep, ...NewStep[]]): Promise<Snapshot>;
  /** Notes the name of a branch that is about to be made, for whoever comes after a crash. */
  announce(branch: string): Promise<void>;
  /** Every step of this session so far, with its state. */
  readonly steps: readonly SavedStep[];
}

/** A step to be saved. */
export interface NewStep extends Pick<StepRecord, 'kind' | 'action' | 'tool' | 'detail' | 'branch' | 'base'> {
  commit?: string;
  interrupted?: boolean;
  touched?: readonly string[];
  /** Set where a session begins: the state that going back exactly leads to. */
  whole?: boolean;
}

/** Where the last step of a work tree is, without reading any log. */
interface LastStep {
  step: number;
  kind: StepRecord['kind'];
  session: string;
  /** The newest state; undefined before the first one is saved. */
  snapshot: string | undefined;
  /** The branch that is being made at this moment, which no step can name yet. */
  branch?: string;
}

/** What a session brings along to its log. */
interface SessionClaim {
  session: string;
  task: string;
  clock: Clock;
  /** Its steps so far, as far as they count. */
  steps: readonly SavedStep[];
  /** Its last snapshot, which the next one follows. */
  tip: string | undefined;
  /** True when it has to keep an eye on files of the state before, also on those that git ignores by now. */
  goesOn: boolean;
  /** True when the state before is one that this process saved ahead, with every permission bit. */
  lookedAhead?: boolean;
}

/** Opens the log of a session. The caller holds the lock of the work tree. */
export function openSessionLog(scanner: Scanner, claim: SessionClaim, previous: Snapshot | undefined): SessionLog {
  const { store } = scanner;
  const { session, task, clock } = claim;
  const steps = [...claim.steps];
  let tip = claim.tip;
  let last = previous;
  return {
    steps,
    get last() {
      return last;
    },
    async announce(branch) {
      const last = await readLastStep(store);
      if (last) await noteLastStep(store, { ...last, branch });
    },
    async save(...entries) {
      let left: readonly NewStep[] = entries;
      return steadily(async () => {
        const newest = steps.at(-1);
        const whole = left.some((entry) => entry.whole);
        const scan = await scanner.scan({
          previous: last,
          touched: left.flatMap((entry) => entry.touched ?? []),
          follow: newest === undefined && !claim.goesOn ? [] : watched(last),
          // An end is saved while nobody waits for it, and a session can begin with a look that was taken ahead.
          modes: left.some(({ kind }) => kind === 'after') || (whole && !claim.lookedAhead),
          index: whole,
        });
        let state = last;
        for (const entry of left) {
          state = await write(entry, scan);
          left = left.slice(1);
        }
        if (!state) throw new Error('save was given no step');
        return state;
      });
    },
  };

  async function write(entry: NewStep, scan: WorldScan): Promise<Snapshot> {
    const { touched: _, whole: __, commit, interrupted = false, ...words } = entry;
    const newest = steps.at(-1);
    const before = await readLastStep(store);
    const step = entry.kind === 'after' && newest ? newest.step : (before?.step ?? 0) + 1;
    // Noted before it is saved: whoever comes after a crash must neither take the number again nor miss the step.
    if (entry.kind === 'before')
      await noteLastStep(store, { step, kind: 'before', session, snapshot: before?.snapshot });
    const record: StepRecord = {
      version: 1,
      step,
      session,
      workTree: workTreeName(store.repository),
      task,
      time: clock.now().toISOString(),
      head: scan.facts.head,
      commit,
      interrupted,
      ...words,
    };
    const title = `${entry.kind} step ${step}: ${entry.tool} ${entry.detail}`.replace(/\s+/g, ' ').slice(0, 120);
    const state = await writeSnapshot(store, scan, {
      ref: sessionRef(session),
      parent: tip,
      message: `${title}\n\n${JSON.stringify(record)}\n`,
      clock,
      like: last,
    });
    steps.push({ ...record, snapshot: state.commit, state });
    last = state;
    tip = state.commit;
    await noteLastStep(store, { step, kind: entry.kind, session, snapshot: state.commit });
    return state;
  }
}

/** The end of a log's last step, to be saved; undefined when that is done. */
export function endOfLast(
  { steps }: Pick<SessionLog, 'steps'>,
  where: Pick<NewStep, 'action' | 'branch' | 'base'>,
): NewStep | undefined {
  const last = steps.at(-1);
  return last?.kind === 'before' ? { ...where, kind: 'after', tool: last.tool, detail: last.detail } : undefined;
}

/** The newest state of this work tree; undefined when none was ever saved. */
export async function readLastState(store: ObjectStore): Promise<Snapshot | undefined> {
  const last = await readLastStep(store);
  return last?.snapshot === undefined ? undefined : (await readSnapshots(store, [last.snapshot]))[0];
}

/** Steps together with the states they saved. */
export async function withStates(store: ObjectStore, steps: readonly LoggedStep[]): Promise<SavedStep[]> {
  const states = await readSnapshots(
    store,
    steps.map(({ snapshot }) => snapshot),
  );
  return steps.flatMap((step, at) => {
    const state = states[at];
    return state ? [{ ...step, state }] : [];
  });
}

/** Every step saved for this work tree, oldest first; `session` limits it to one. */
export async function readSteps(store: ObjectStore, session?: string): Promise<LoggedStep[]> {
  const here = workTreeName(store.repository);
  return (await readAllSteps(store, session)).filter(({ workTree }) => workTree === here);
}

/** The same for all work trees of the repository. */
export async function readAllSteps(store: ObjectStore, session?: string): Promise<LoggedStep[]> {
  const log = (...refs: string[]) =>
    runGit(['log', '-z', '--format=%H%n%B', ...refs, '--'], { cwd: store.dir, env: { GIT_DIR: store.dir } });
  let output = await log(session === undefined ? '--glob=refs/sessions/*' : sessionRef(session));
  // One broken ref, as a crash can leave behind, must not hide all other sessions.
  if (output.status !== 0 && session === undefined) output = await log(...(await readableRefs(store)));
  // A session that has no ref yet is no failure.
  if (output.status !== 0) return [];
  return output.stdout
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map(parseStep)
    .toSorted((a, b) => a.step - b.step || (a.kind === b.kind ? 0 : a.kind === 'before' ? -1 : 1));
}

/** The sessions whose newest step git can read. */
async function readableRefs(store: ObjectStore): Promise<string[]> {
  const refs = await store.git(['for-each-ref', '--format=%(refname)', 'refs/sessions/']);
  const names = refs.toString('utf8').split('\n').filter(Boolean);
  const types = await store.git(['cat-file', '--batch-check=%(objecttype)'], { input: refs });
  const lines = types.toString('utf8').split('\n');
  return names.filter((_, at) => lines[at] === 'commit');
}

/** The newest step of this work tree; undefined when there was none. */
export async function readLastStep(store: ObjectStore): Promise<LastStep | undefined> {
  const text = await readFile(lastStepPath(store), 'utf8').catch(() => '');
  if (text === '' && !existsSync(join(store.dir, 'refs', 'sessions'))) return undefined;
  try {
    const last: LastStep = JSON.parse(text);
    if (Number.isSafeInteger(last.step) && /^[0-9a-f]{40,64}$/.test(last.snapshot ?? '0'.repeat(40))) return last;
  } catch {
    // Lost or torn: the logs themselves know it too.
  }
  const newest = (await readSteps(store)).at(-1);
  return newest && { step: newest.step, kind: newest.kind, session: newest.session, snapshot: newest.snapshot };
}

function parseStep(entry: string): LoggedStep {
  const end = entry.indexOf('\n');
  const text = entry.slice(entry.indexOf('\n\n') + 2);
  const record: StepRecord = JSON.parse(text);
  return { ...record, snapshot: entry.slice(0, end) };
}

async function noteLastStep(store: ObjectStore, last: LastStep): Promise<void> {
  const path = lastStepPath(store);
  await writeFile(`${path}.new`, JSON.stringify(last), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function lastStepPath(store: ObjectStore): string {
  return join(workTreeFolder(store.repository), 'last-step');
}
