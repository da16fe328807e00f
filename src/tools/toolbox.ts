import { findProgram } from '../platform/find-program.ts';
import { findRipgrep } from '../platform/ripgrep.ts';
import { type Environment, scrubEnvironment } from '../platform/scrub-environment.ts';
import type { GitAsk } from './git-lists.ts';
import { listDirectory } from './list-directory.ts';
import { readFile } from './read-file.ts';
import { runCommand } from './run-command.ts';
import { type ChooseEngines, searchFiles } from './search-files.ts';
import { gitEngine } from './search-git.ts';
import { ripgrepEngine } from './search-ripgrep.ts';
import type { Tool } from './tool.ts';
import { writeFile } from './write-file.ts';

export interface ToolboxOptions {
  env: Environment;
  /** The ripgrep to use before any other (`NEX_RG`, or the one in the single binary). */
  ripgrep?: string | undefined;
}

/** The five tools, always in this order: the model's cache depends on it. */
export function createToolbox({ env, ripgrep }: ToolboxOptions): readonly Tool[] {
  const scrubbed = scrubEnvironment(env);
  const askGit = (root: string, signal: AbortSignal): GitAsk | undefined => {
    const git = findProgram('git', { env, outside: root });
    return git === undefined ? undefined : { git, root, signal };
  };
  const chooseEngines: ChooseEngines = async ({ root }, signal) => {
    const git = askGit(root, signal);
    const rg = await findRipgrep({ env, outside: root, configured: ripgrep });
    return [
      ...(rg === undefined ? [] : [ripgrepEngine({ rg, root, env: scrubbed, git })]),
      ...(git ? [gitEngine(git)] : []),
    ];
  };
  return [readFile, writeFile, runCommand, searchFiles(chooseEngines), listDirectory(askGit)];
}
