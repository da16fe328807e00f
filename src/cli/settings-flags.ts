import type { Settings } from '../settings-table.ts';
import type { TaskFlags } from './flags/task.ts';

/** The flags of a task that are settings. */
export function settingsOf(flags: TaskFlags): Partial<Settings> {
  return {
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.effort === undefined ? {} : { effort: flags.effort }),
    ...(flags.maxIterations === undefined ? {} : { maxIterations: flags.maxIterations }),
    ...(flags.maxCost === undefined ? {} : { maxCost: flags.maxCost }),
    ...(flags.plan === undefined ? {} : { plan: flags.plan }),
    ...(flags.dryRun === undefined ? {} : { dryRun: flags.dryRun }),
  };
}
