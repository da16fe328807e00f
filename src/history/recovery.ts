import type { Clock } from '../platform/clock.ts';
import { preserve } from './retention.ts';
import { openSessionLog, readLastStep, readSteps, withStates } from './step-log.ts';
import type { Scanner } from './world-scan.ts';

/** A session that died in the middle of a step: its last change ends where the world is now. */
export async function closeLastStep(scanner: Scanner, clock: Clock): Promise<void> {
  const { store } = scanner;
  const last = await readLastStep(store);
  if (last?.kind !== 'before') return;
  const steps = await withStates(store, await readSteps(store, last.session));
  const open = steps.at(-1);
  if (open?.kind !== 'before') return;
  const { session, task, action, tool, detail, branch, base } = open;
  const log = openSessionLog(scanner, { session, task, clock, steps, tip: open.snapshot, goesOn: true }, open.state);
  await log.save({ kind: 'after', action, tool, detail, branch, base });
  await preserve(
    store,
    session,
    log.steps.map(({ state }) => state),
  );
}
