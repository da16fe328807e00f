import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { NexError } from '../errors.ts';
import { environment, gitSentence, runGit, settings } from './git-plumbing.ts';
import { askPlace } from './git-standing.ts';

/** Where HEAD is: on a branch (without `refs/heads/`), and at a commit unless the branch has none yet. */
export interface Head {
  branch: string | undefined;
  commit: string | undefined;
}

/** A git repository with a work tree. */
export interface Repository {
  /** The work tree's real path. */
  root: string;
  /** This work tree's git folder; differs from `commonDir` in a linked work tree. */
  gitDir: string;
  /** The git folder with the objects and branches. */
  commonDir: string;
  objectFormat: 'sha1' | 'sha256';
  /** Where HEAD was when the repository was found. */
  head: Head;
  /** The tree of that commit. */
  headTree: string | undefined;
}

/** The state of a repository in figures. */
export interface StatusSummary {
  branch: string | undefined;
  ahead: number;
  behind: number;
  staged: number;
  changed: number;
  untracked: number;
}

export interface LogLine {
  commit: string;
  subject: string;
  author: string;
  date: string;
}

/** What git says for people to read. Runs no program that the repository names. */
export interface GitView {
  status(): Promise<StatusSummary>;
  /** Newest first. */
  log(limit: number): Promise<LogLine[]>;
  /** The patch of a range such as `main..HEAD`; without one, of everything uncommitted that git tracks. */
  diff(range?: string): Promise<string>;
}

/**
 * The repository that holds this folder, or undefined when there is none. One run of git. Throws a NexError
 * (`repository`) for a bare one, and for one that git itself refuses to use.
 */
export async function findRepository(cwd: string, asked = askPlace(cwd)): Promise<Repository | undefined> {
  const output = await asked;
  const [bare, format, gitDir, commonDir, root, commit, tree, ref] = output.stdout.toString('utf8').split('\n');
  if (bare === 'true' || /cannot use bare repository/.test(output.stderr)) {
    throw new NexError('repository', 'This is a bare repository: it has no files to work on.', {
      hint: 'Run nex in a clone or a work tree of it.',
    });
  }
  if (!gitDir || !commonDir || !root) {
    if (/not a git repository/i.test(output.stderr)) return undefined;
    throw unusable(output.stderr);
  }
  const unborn = output.status !== 0;
  return {
    root,
    gitDir,
    // Given relative to the folder as git knows it, with links resolved.
    commonDir: resolve(await realpath(cwd), commonDir),
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    head: unborn ? { branch: await unbornBranch(cwd), commit: undefined } : { branch: branchOf(ref), commit },
    headTree: unborn ? undefined : tree,
  };
}

/** Where HEAD is now. */
export async function readHead(repository: Repository): Promise<Head> {
  const [commit, ref] = await Promise.all([
    runGit(['rev-parse', '-q', '--verify', 'HEAD^{commit}'], { cwd: repository.root }),
    runGit(['symbolic-ref', '-q', 'HEAD'], { cwd: repository.root }),
  ]);
  return {
    branch: ref.status === 0 ? branchOf(ref.stdout.toString('utf8').trim()) : undefined,
    commit: commit.status === 0 ? commit.stdout.toString('utf8').trim() : undefined,
  };
}

/** Opens the view for people; loads its library only now. */
export async function openGitView(repository: Repository): Promise<GitView> {
  const { simpleGit } = await import('simple-git');
  // The library guards against settings from strangers; these are ours, and all of them switch programs off.
  const unsafe = {
    allowUnsafeFsMonitor: true,
    allowUnsafePager: true,
    allowUnsafeDiffExternal: true,
    allowUnsafeSshCommand: true,
    allowUnsafeAskPass: true,
    allowUnsafeGitProxy: true,
    allowUnsafeCredentialHelper: true,
    allowUnsafeProtocolOverride: true,
    allowUnsafeHooksPath: true,
    allowUnsafeEditor: true,
    allowUnsafeConfigPaths: true,
  };
  const config = settings({}).filter((word) => word !== '-c');
  const env = environment({});
  const allowEnvironment = Object.keys(env);
  const view = simpleGit({ baseDir: repository.root, config, unsafe, allowEnvironment }).env(env);
  return {
    async status() {
      const { current, detached, ahead, behind, files } = await view.status();
      const count = (test: (file: { index: string; working_dir: string }) => boolean) => files.filter(test).length;
      return {
        branch: detached ? undefined : (current ?? undefined),
        ahead,
        behind,
        staged: count(({ index }) => index !== ' ' && index !== '?'),
        changed: count(({ working_dir }) => working_dir !== ' ' && working_dir !== '?'),
        untracked: count(({ index }) => index === '?'),
      };
    },
    async log(limit) {
      if (repository.head.commit === undefined) return [];
      const { all } = await view.log({ maxCount: limit });
      return all.map(({ hash, message, author_name, date }) => ({
        commit: hash,
        subject: message,
        author: author_name,
        date,
      }));
    },
    async diff(range) {
      const from = range ?? (repository.head.commit === undefined ? undefined : 'HEAD');
      // --end-of-options: a range that looks like an option must stay a range.
      const named = from === undefined ? [] : ['--end-of-options', from];
      return view.diff(['--no-ext-diff', '--no-textconv', '--no-color', '-M', ...named, '--']);
    },
  };
}

async function unbornBranch(cwd: string): Promise<string | undefined> {
  const { stdout } = await runGit(['symbolic-ref', '-q', 'HEAD'], { cwd });
  return branchOf(stdout.toString('utf8').trim());
}

function branchOf(ref: string | undefined): string | undefined {
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}

function unusable(stderr: string): NexError {
  const owner = /dubious ownership/.test(stderr);
  return new NexError('repository', `git cannot use this repository: ${gitSentence(stderr)}`, {
    ...(owner ? { hint: 'If you trust it: git config --global --add safe.directory "$(pwd)"' } : {}),
  });
}
