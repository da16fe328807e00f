import type { Head } from '../platform/git.ts';
import type { ObjectStore } from './object-store.ts';
import { sessionsOf, undoneSessions } from './sessions.ts';
import { readSnapshots, type Snapshot } from './snapshot.ts';
import { readSteps, type SavedStep, withStates } from './step-log.ts';

/** What earlier runs left. */
export interface Past {
  /** The last step's snapshot, by which a newer past is told from this one. */
  snapshot: string | undefined;
  /** The newest state of the work tree, whoever saved it. */
  previous: Snapshot | undefined;
  /** What this session did so far and still stands: nothing of what was undone since. */
  steps: SavedStep[];
  /** The branch that the session has already, and where HEAD was before it. */
  branch: string | undefined;
  base: Head | undefined;
  /** The session's last snapshot, undone or not, which the next one follows. */
  tip: string | undefined;
}

/** Reads what was saved before, for a session that begins or goes on. */
export async function readPast(store: ObjectStore, session: string, snapshot: string | undefined): Promise<Past> {
  const nothing = { steps: [], branch: undefined, base: undefined, tip: undefined };
  if (snapshot === undefined) return { snapshot, previous: undefined, ...nothing };
  const [previous] = await readSnapshots(store, [snapshot]);
  const own = await readSteps(store, session);
  if (own.length === 0) return { snapshot, previous, ...nothing };
  const sessions = sessionsOf(await readSteps(store));
  const view = undoneSessions(sessions).has(session) ? undefined : sessions.find(({ id }) => id === session);
  const { branch, base } = own.findLast((step) => step.branch !== undefined) ?? nothing;
  const steps = await withStates(store, view?.steps ?? []);
  return { snapshot, previous, steps, branch, base, tip: own.at(-1)?.snapshot };
}
