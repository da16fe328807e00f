import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Head, Repository } from '../platform/git.ts';
import { gitText } from '../platform/git-plumbing.ts';
import { projectEnvironment } from './object-store.ts';

/** Where every branch, tag and stash is, and what the repository's settings say. */
export interface RefState {
  refs: ReadonlyMap<string, string>;
  config: string;
  /** The branch that HEAD is on, and its commit; absent where HEAD is detached or there is no commit yet. */
  head?: Head;
  /** Stands for the files that all of it was read from; undefined where they cannot tell. */
  files: string | undefined;
}

/** More single files of refs than this are slower to read than it is to ask git. */
const MANY_REFS = 500;

/** What moved, in words, and whether the task can go on. */
export interface MovedRefs {
  sentence: string;
  stop: boolean;
}

/** Where everything is now. Git is not asked when none of the files that say so changed since `before`. */
export async function readRefs(repository: Repository, before?: RefState): Promise<RefState> {
  const files = await refFiles(repository);
  if (files !== undefined && files === before?.files) return before;
  const [refs, config] = await Promise.all([
    gitText(['for-each-ref', '--format=%(HEAD)%(refname) %(objectname)'], {
      cwd: repository.root,
      env: projectEnvironment(repository),
    }),
    readFile(join(repository.commonDir, 'config')).catch(() => Buffer.alloc(0)),
  ]);
  const lines = refs.split('\n').filter(Boolean);
  const rows = lines.map(
    (line) => [line.slice(1, line.indexOf(' ', 1)), line.slice(line.indexOf(' ', 1) + 1)] as const,
  );
  const [name, commit] = rows[lines.findIndex((line) => line.startsWith('*'))] ?? [];
  return {
    refs: new Map(rows),
    ...(name === undefined ? {} : { head: { branch: name.replace(/^refs\/heads\//, ''), commit } }),
    config: createHash('sha256').update(config).digest('hex'),
    files,
  };
}

/** HEAD, settings and single refs by their content; the packed ones by their stamp, because git only ever replaces them. */
async function refFiles({ gitDir, commonDir }: Repository): Promise<string | undefined> {
  if (existsSync(join(commonDir, 'reftable'))) return undefined;
  const hash = createHash('sha256');
  const add = async (path: string) =>
    hash
      .update(`${path}\0`)
      .update(await readFile(path).catch(() => ''))
      .update('\0');
  const packed = await stat(join(commonDir, 'packed-refs'), { bigint: true }).catch(() => undefined);
  hash.update(packed ? `${packed.ino} ${packed.size} ${packed.mtimeNs} ${packed.ctimeNs}\0` : '\0');
  await add(join(gitDir, 'HEAD'));
  await add(join(commonDir, 'config'));
  for (const folder of new Set([commonDir, gitDir].map((dir) => join(dir, 'refs')))) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
    if (names.length > MANY_REFS) return undefined;
    for (const name of names.toSorted()) await add(name);
  }
  return hash.digest('hex');
}

/** What the comparison goes by: the task's branch, where it started, and where HEAD is now. */
interface Bearings {
  branch: string | undefined;
  base: Head | undefined;
  head: Head;
}

/**
 * Says what moved between two looks, the task's own branch aside. The task has to stop when the branch it started
 * from moved, or when HEAD left the task's branch: then its next change would land in the wrong place.
 */
export function compareRefs(before: RefState, now: RefState, { branch, base, head }: Bearings): MovedRefs | undefined {
  const said: string[] = [];
  let stop = false;
  for (const ref of new Set([...before.refs.keys(), ...now.refs.keys()])) {
    const was = before.refs.get(ref);
    const is = now.refs.get(ref);
    if (was === is || ref === `refs/heads/${branch}`) continue;
    const back = was === undefined ? `git update-ref -d ${ref}` : `git update-ref ${ref} ${was}`;
    said.push(`${shortName(ref)} ${movement(was, is)} (back: \`${back}\`).`);
    if (base?.branch !== undefined && ref === `refs/heads/${base.branch}`) stop = true;
  }
  if (branch !== undefined && head.branch !== branch) {
    said.push(`HEAD left ${branch} for ${head.branch ?? head.commit ?? 'nothing'} (back: \`git switch ${branch}\`).`);
    stop = true;
  }
  if (before.config !== now.config) said.push("The repository's git config was changed.");
  return said.length === 0 ? undefined : { sentence: said.join(' '), stop };
}

function movement(was: string | undefined, is: string | undefined): string {
  if (was === undefined) return 'was created';
  if (is === undefined) return `was deleted; it was at ${was.slice(0, 10)}`;
  return `moved from ${was.slice(0, 10)} to ${is.slice(0, 10)}`;
}

function shortName(ref: string): string {
  return ref === 'refs/stash' ? 'The stash' : ref.replace(/^refs\/(heads|tags|remotes)\//, '');
}
