import { environment, settings } from '../platform/git-plumbing.ts';
import { type ProgramResult, runProgram } from '../platform/run-program.ts';

const LIST_MS = 20_000;
/** They become arguments of a program, which can take only so many. */
const MAX_FORCED = 2_000;

/** A git to ask, and where. */
export interface GitAsk {
  git: string;
  root: string;
  signal: AbortSignal;
}

/** Runs git within the search's limits on time and output, with nothing in force that would run a program. */
export function askGit(
  { git, root, signal }: GitAsk,
  args: readonly string[],
  timeoutMs: number,
): Promise<ProgramResult> {
  // A C locale would make every letter beyond ASCII several characters to a pattern.
  const env = environment({ env: { LC_ALL: 'C.UTF-8' } });
  return runProgram(git, [...settings({}), ...args], { cwd: root, env, signal, timeoutMs });
}

/** What git leaves out of sight in a folder: untracked and ignored. Whole folders end in `/`. Undefined outside a repository. */
export function ignoredEntries(ask: GitAsk, folder: string): Promise<string[] | undefined> {
  return list(ask, ['-o', '-i', '--directory'], folder);
}

/** Files that are tracked although the ignore rules name them: they belong to the project like any other. */
export async function forcedFiles(ask: GitAsk, folder: string): Promise<string[] | undefined> {
  return (await list(ask, ['-c', '-i'], folder))?.slice(0, MAX_FORCED);
}

async function list(ask: GitAsk, what: readonly string[], folder: string): Promise<string[] | undefined> {
  const args = ['ls-files', '-z', '--exclude-standard', ...what, '--', folder];
  const { exit, stdout } = await askGit(ask, args, LIST_MS);
  return exit === 0 ? stdout.split('\0').filter((path) => path !== '') : undefined;
}
