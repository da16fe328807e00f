import { runProgram } from '../platform/run-program.ts';

/** A git to ask, and where. */
export interface GitAsk {
  git: string;
  root: string;
  env: Readonly<Record<string, string | undefined>>;
  signal: AbortSignal;
}

/** Settings of a repository that would run programs of its choice, or change what is printed, are put out of force. */
export const QUIET_GIT = ['-c', 'core.fsmonitor=false', '-c', 'safe.bareRepository=explicit', '--no-optional-locks', '--literal-pathspecs'] as const;

/** What git leaves out of sight in a folder: untracked and ignored. Whole folders end in `/`. Undefined outside a repository. */
export function ignoredEntries(ask: GitAsk, folder: string): Promise<string[] | undefined> {
  return list(ask, ['-o', '-i', '--directory'], folder);
}

/** Files that are tracked although the ignore rules name them: they belong to the project like any other. */
export function forcedFiles(ask: GitAsk, folder: string): Promise<string[] | undefined> {
  return list(ask, ['-c', '-i'], folder);
}

async function list({ git, root, env, signal }: GitAsk, what: readonly string[], folder: string): Promise<string[] | undefined> {
  const args = [...QUIET_GIT, 'ls-files', '-z', '--exclude-standard', ...what, '--', folder];
  const { exit, stdout } = await runProgram(git, args, { cwd: root, env, signal, timeoutMs: 20_000 });
  return exit === 0 ? stdout.split('\0').filter((path) => path !== '') : undefined;
}
