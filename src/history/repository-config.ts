import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NexError } from '../errors.ts';
import type { Repository } from '../platform/git.ts';
import { git } from '../platform/git-plumbing.ts';

/** The settings of git that decide how files are stored. */
export interface RepositoryConfig {
  /** False where the file system has no executable bit. */
  fileMode: boolean;
  /** True when a setting or an attributes file outside the work tree may make git store other bytes than the disk has. */
  converts: boolean;
  signCommits: boolean;
  /** Filters whose programs the repository itself names. They run at the commit, as git would, and nowhere else. */
  ownFilters: string[];
  /** Settings that switch these filters off. */
  withoutOwnFilters: string[];
}

/** `git lfs install --local` writes exactly these; they run the user's own git-lfs. */
const LFS = /^git[- ]lfs (clean|smudge|filter-process)( --skip)?( -- %f)?$/;

/** Reads git's settings, one run of git. */
export async function readConfig(repository: Repository): Promise<RepositoryConfig> {
  const output = await git(['config', '--list', '-z', '--show-scope'], { cwd: repository.root });
  const pieces = output.toString('utf8').split('\0');
  const values = new Map<string, string>();
  const filters = new Set<string>();
  for (let i = 0; i + 1 < pieces.length; i += 2) {
    const scope = pieces[i];
    const setting = pieces[i + 1] ?? '';
    const end = setting.indexOf('\n');
    const name = end === -1 ? setting : setting.slice(0, end);
    const value = end === -1 ? 'true' : setting.slice(end + 1);
    values.set(name, value);
    const filter = /^filter\.(.+)\.(clean|smudge|process)$/s.exec(name)?.[1];
    if (filter && (scope === 'local' || scope === 'worktree') && !LFS.test(value)) filters.add(filter);
  }
  const attributes = values.get('core.attributesfile');
  return {
    fileMode: values.get('core.filemode') !== 'false',
    converts:
      isSet(values.get('core.autocrlf')) ||
      attributes !== undefined ||
      existsSync(join(repository.commonDir, 'info', 'attributes')) ||
      existsSync(join(homedir(), '.config', 'git', 'attributes')),
    signCommits: isSet(values.get('commit.gpgsign')),
    ownFilters: [...filters],
    withoutOwnFilters: [...filters].flatMap(silence),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && !/^(false|no|off|0|)$/i.test(value);
}

function silence(filter: string): string[] {
  if (/[=\n]/.test(filter)) {
    throw new NexError(
      'repository',
      `The repository's git config names a filter that cannot be switched off: ${filter}`,
      {
        hint: 'Look at `git config --list --local`, and remove that entry.',
      },
    );
  }
  const parts = ['clean=', 'smudge=', 'process=', 'required=false'];
  return parts.map((part) => `filter.${filter}.${part}`);
}
