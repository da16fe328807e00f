import { realpathSync } from 'node:fs';
import { join, parse, relative } from 'node:path';
import { type Config, loadConfig } from '../config.ts';
import { NexError } from '../errors.ts';
import { findRepository, type Repository } from '../platform/git.ts';
import { openStateFolder, type StateFolder } from '../platform/state-folder.ts';
import type { Settings } from '../settings-table.ts';
import { askedIn } from './asked-git.ts';
import type { CliContext } from './context.ts';

/** The folder that a command works on, and what is set for it. */
export interface Project {
  /** Real path of the repository's work tree, or of the folder itself outside one. */
  root: string;
  /** Where the user is, relative to the root; `.` at the root. */
  cwd: string;
  repository: Repository | undefined;
  /** `.nex` in the root; may not exist. */
  nexDir: string;
  config: Config;
  state: StateFolder;
}

/** The real path of the folder that the user's place belongs to: the repository's work tree, or the folder itself. */
export async function findRoot(context: CliContext): Promise<string> {
  const here = realpathSync(context.cwd);
  return (await findRepository(here))?.root ?? here;
}

/**
 * Finds the project around the user's folder and loads its settings. Changes nothing. Throws NexError
 * 'repository' in the home folder or the root of the disk: nobody means to hand those to an agent.
 */
export async function openProject(context: CliContext, flags: Partial<Settings> = {}): Promise<Project> {
  const here = realpathSync(context.cwd);
  const repository = await findRepository(here, askedIn(context).place);
  const root = repository?.root ?? here;
  if (root === parse(root).root || root === realHome(context)) {
    throw new NexError(
      'repository',
      `${root} is ${root === parse(root).root ? 'the root of the disk' : 'your home folder'}; nex works on one project.`,
      {
        hint: 'Go into a project folder, or make one: mkdir project && cd project && git init.',
      },
    );
  }
  const config = await loadConfig({ env: context.env, folders: context.folders, root, flags });
  return {
    root,
    cwd: relative(root, here) || '.',
    repository,
    nexDir: join(root, '.nex'),
    config,
    state: openStateFolder(context.folders.state),
  };
}

function realHome({ folders }: CliContext): string | undefined {
  try {
    return realpathSync(folders.home);
  } catch {
    return undefined; // no home folder at all
  }
}
