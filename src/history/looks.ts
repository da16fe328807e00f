import { NexError } from '../errors.ts';
import type { Clock } from '../platform/clock.ts';
import { workTreeName } from './lock.ts';
import { sessionRef } from './object-store.ts';
import { ChangedMeanwhile, type Snapshot, writeSnapshot } from './snapshot.ts';
import type { Scanner, ScanRequest } from './world-scan.ts';

/** Bytes of changed files that are saved before it is known that the task will change anything. */
const WORTH_AHEAD = 8 * 1024 * 1024;
/** How often a state is looked at again when files change under the eye. */
const LOOKS = 5;

/** Looks at the world as it is now, without a place in any log. */
export async function lookAtWorld(
  scanner: Scanner,
  clock: Clock,
  options: { previous: Snapshot | undefined; follow?: readonly string[] },
): Promise<Snapshot> {
  const { previous } = options;
  const follow = [...watched(previous), ...(options.follow ?? [])];
  return look(scanner, clock, { previous, touched: [], follow, modes: true, index: false });
}

/**
 * Saves ahead, while nobody waits, what the first step of a session will find. Rejects with `TooMuchToRead` when that
 * is more than a task that may never change anything is worth.
 */
export async function lookAhead(
  scanner: Scanner,
  clock: Clock,
  { previous, goesOn }: { previous: Snapshot | undefined; goesOn: boolean },
): Promise<Snapshot> {
  const follow = goesOn ? watched(previous) : [];
  return look(scanner, clock, { previous, touched: [], follow, modes: true, index: true, budget: WORTH_AHEAD });
}

async function look(scanner: Scanner, clock: Clock, request: ScanRequest): Promise<Snapshot> {
  const ref = sessionRef(workTreeName(scanner.store.repository), 'looks');
  const place = { ref, parent: undefined, message: 'A look', clock, like: request.previous };
  return steadily(async () => writeSnapshot(scanner.store, await scanner.scan(request), place));
}

/** Files that new ignore rules may hide, but that were saved before and so have to be saved on. */
export function watched(state: Snapshot | undefined): string[] {
  return state ? [...new Set([...state.facts.untracked, ...state.facts.watched])] : [];
}

/** Looks until the files hold still for as long as that takes. */
export async function steadily<T>(look: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ChangedMeanwhile)) throw error;
      if (tries < LOOKS) continue;
      throw new NexError('repository', `A file keeps changing while nex saves it: ${error.message}`, {
        hint: 'Stop what writes to it, or add it to .gitignore, then try again.',
        cause: error,
      });
    }
  }
}
