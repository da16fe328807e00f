import type { Settings } from '../settings-table.ts';

/** What a task may say in place of its settings; absent where it says nothing. */
export interface FlaggedSettings {
  model?: string;
  effort?: Settings['effort'];
  maxIterations?: number;
  maxCost?: number;
  plan?: Settings['plan'];
  dryRun?: boolean;
}

/** The flags of a task that are settings. */
export function settingsOf(flags: FlaggedSettings): Partial<Settings> {
  return {
    ...(flags.model === undefined ? {} : { model: flags.model }),
    ...(flags.effort === undefined ? {} : { effort: flags.effort }),
    ...(flags.maxIterations === undefined ? {} : { maxIterations: flags.maxIterations }),
    ...(flags.maxCost === undefined ? {} : { maxCost: flags.maxCost }),
    ...(flags.plan === undefined ? {} : { plan: flags.plan }),
    ...(flags.dryRun === undefined ? {} : { dryRun: flags.dryRun }),
  };
}
