import type { TestSuite } from '../checks/test-runner.ts';
import { collectErrorLines } from '../tools/error-lines.ts';
import type { TaskState } from './task-state.ts';

/**
 * Whether a suite that is red now was red before the task: it is run once more, on the first checkpoint's files. Red
 * "before" it was only when each line that tells of a failure now was there then: in a folder of its own a suite can
 * fail for reasons of its own, and then it is not known.
 */
export async function stateBefore(
  { world, signal }: TaskState,
  suite: TestSuite,
  now: string,
): Promise<'passed' | 'failed' | 'unknown'> {
  const { history } = world;
  if (!history?.started) return 'unknown';
  const run = await world.checks.runBefore(
    suite,
    (folder) => history.exportFirst(folder),
    world.settings.testTimeout,
    signal,
  );
  if (run?.exit === 0) return 'passed';
  if (!run || run.exit === null) return 'unknown';
  const [then, failing] = [failuresIn(run.shown), failuresIn(now)];
  return failing.size > 0 && failing.isSubsetOf(then) ? 'failed' : 'unknown';
}

/** The lines that tell of a failure, without figures and folders, which differ from run to run. */
function failuresIn(shown: string): Set<string> {
  const lines = collectErrorLines();
  lines.add(`${shown}\n`);
  const found = lines.between(1, Number.MAX_SAFE_INTEGER);
  return new Set(
    found.map(({ text }) =>
      text
        .replace(/\S*[\\/]/g, '')
        .replace(/[\d.]+/g, '#')
        .trim(),
    ),
  );
}
