// What the npm package offers to programs: the same as the command line, typed. The program itself is loaded when the
// first task runs.
import type { RunTaskOptions } from './cli/api-types.ts';
import { folderFiles } from './launch/folder-files.ts';
import { loadProgram, type Program } from './launch/load-program.ts';
import type { StampedEvent } from './session/events.ts';

export type { CallerAnswer, CallerQuestion, RunTaskOptions } from './cli/api-types.ts';
export type { ErrorKind } from './errors.ts';
export type { StampedEvent as AgentEvent } from './session/events.ts';
export type { Outcome, OutcomeKind, ReviewOutcome, TaskUsage, TestsOutcome } from './session/outcome.ts';

let program: Program | undefined;

/**
 * Runs one task and tells what happens, event by event; the last one is `session.end` with the outcome. To stop
 * listening stops the task. Throws an error with `kind`, `message` and `hint` when it could not begin: wrong options,
 * settings or key. Needs Node 22.12 or newer.
 */
export function runTask(options: RunTaskOptions): AsyncIterable<StampedEvent> {
  const { env = process.env, cwd = process.cwd() } = options;
  program ??= loadProgram(folderFiles(import.meta.dirname, env), 'task');
  return program.runTask(options, { env, cwd });
}
