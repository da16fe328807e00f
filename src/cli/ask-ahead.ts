import { askPlace } from '../platform/git.ts';
import type { GitOutput } from '../platform/git-plumbing.ts';
import { askStanding } from '../platform/git-standing.ts';

/** What a task, or a command that looks at the code, asks git first, for the folder it was asked in. */
export interface AskedGit {
  cwd: string;
  place: Promise<GitOutput>;
  standing: Promise<GitOutput>;
}

/**
 * Asks git before anything of a task is loaded, so that it answers meanwhile. A command line is taken for a task when
 * one of its words has a space in it and no other command comes first; where that is wrong, two answers are not needed.
 */
export function askAhead(argv: readonly string[], cwd: string): AskedGit | undefined {
  const [first = ''] = argv;
  const command = /^[a-z]+$/.test(first) && first !== 'run';
  const asks = first === 'index' || first === 'context' || (!command && argv.some((word) => word.includes(' ')));
  if (!asks) return undefined;
  const asked = { cwd, place: askPlace(cwd), standing: askStanding(cwd) };
  // Heard where they are awaited; until then a rejection must not count as unhandled.
  for (const answer of [asked.place, asked.standing]) answer.catch(() => {});
  return asked;
}

/** The answers, where they were asked for in this folder. */
export function askedIn({ cwd, asked }: { cwd: string; asked?: AskedGit | undefined }): Partial<AskedGit> {
  return asked?.cwd === cwd ? asked : {};
}
