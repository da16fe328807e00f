import type { AskedGit } from '../cli/asked-git.ts';
import { askPlace, askStanding } from '../platform/git-standing.ts';

/**
 * Asks git before the program is loaded, so that it answers meanwhile. A command line is taken for a task when one of
 * its words has a space in it and no other command comes first; where that is wrong, two answers are not needed.
 */
export function askAhead(argv: readonly string[]): AskedGit | undefined {
  const [first = ''] = argv;
  const command = /^[a-z]+$/.test(first) && first !== 'run';
  const asks = first === 'index' || first === 'context' || (!command && argv.some((word) => word.includes(' ')));
  const cwd = asks ? currentFolder() : undefined;
  if (cwd === undefined) return undefined;
  const asked = { cwd, place: askPlace(cwd), standing: askStanding(cwd) };
  // Heard where they are awaited; until then a rejection must not count as unhandled.
  for (const answer of [asked.place, asked.standing]) answer.catch(() => {});
  return asked;
}

/** Undefined where it was removed under the shell, which the program then says. */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
