import { existsSync, lstatSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { createHash } from '../platform/crypto.ts';
import { type Head, type Repository, readHead } from '../platform/git.ts';
import { gitText } from '../platform/git-plumbing.ts';
import { projectEnvironment } from './object-store.ts';

/** Where every branch, tag and stash is, and what the repository's settings say. */
export interface RefState {
  refs: ReadonlyMap<string, string>;
  config: string;
  head: Head;
  /** The refs that git has packed into one file, as long as it is the same file. */
  packed?: PackedRefs;
}

interface PackedRefs {
  stamp: string;
  refs: ReadonlyMap<string, string>;
}

/** More single files of refs than this are slower to read than it is to ask git. */
const MANY_REFS = 500;

/** What moved, in words, and whether the task can go on. */
export interface MovedRefs {
  sentence: string;
  stop: boolean;
}

/** Where everything is now. What was packed before is read again only when git has replaced it. */
export async function readRefs(repository: Repository, before?: RefState): Promise<RefState> {
  const [found, config] = await Promise.all([
    refsInFiles(repository, before?.packed),
    readFile(join(repository.commonDir, 'config')).catch(() => Buffer.alloc(0)),
  ]);
  const known = found ?? (await refsByGit(repository));
  return { ...known, config: createHash('sha256').update(config).digest('hex') };
}

/** Reads the files of refs as gitrepository-layout(5) describes them; undefined where only git itself can tell. */
async function refsInFiles(
  { gitDir, commonDir }: Repository,
  before: PackedRefs | undefined,
): Promise<Omit<RefState, 'config'> | undefined> {
  if (existsSync(join(commonDir, 'reftable')) || lstatSync(join(gitDir, 'HEAD')).isSymbolicLink()) return undefined;
  const packed = await packedRefs(commonDir, before);
  const refs = new Map(packed.refs);
  const links = new Map<string, string>();
  for (const dir of new Set([commonDir, gitDir])) {
    const entries = await readdir(join(dir, 'refs'), { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = entries.filter((entry) => !entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
    if (paths.length > MANY_REFS) return undefined;
    for (const path of paths.filter((one) => !one.endsWith('.lock'))) {
      const name = relative(dir, path).split(sep).join('/');
      const { id, link } = parseRef(await readFile(path, 'latin1').catch(() => ''));
      if (id !== undefined) refs.set(name, id);
      if (link !== undefined) links.set(name, link);
    }
  }
  // Such as refs/remotes/origin/HEAD.
  for (const [name, link] of links) {
    const target = refs.get(link);
    if (target !== undefined) refs.set(name, target);
  }
  const head = parseRef(await readFile(join(gitDir, 'HEAD'), 'latin1'));
  const commit = head.id ?? (head.link === undefined ? undefined : refs.get(head.link));
  return { refs, packed, head: { branch: head.link?.replace(/^refs\/heads\//, ''), commit } };
}

async function packedRefs(commonDir: string, before: PackedRefs | undefined): Promise<PackedRefs> {
  const path = join(commonDir, 'packed-refs');
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  const stamp = info ? `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}` : '';
  if (stamp === before?.stamp) return before;
  const text = info ? await readFile(path, 'utf8').catch(() => '') : '';
  // Lines of `ID NAME`; others are a heading, or what a tag object points to.
  const refs = [...text.matchAll(/^([0-9a-f]{40,64}) (\S.*)$/gm)].map(([, id = '', name = '']) => [name, id] as const);
  return { stamp, refs: new Map(refs) };
}

function parseRef(content: string): { id?: string; link?: string } {
  const [, link, id] = /^(?:ref: (\S+)|([0-9a-f]{40,64}))\s*$/.exec(content) ?? [];
  return { ...(id === undefined ? {} : { id }), ...(link === undefined ? {} : { link }) };
}

async function refsByGit(repository: Repository): Promise<Omit<RefState, 'config'>> {
  const options = { cwd: repository.root, env: projectEnvironment(repository) };
  const [refs, head] = await Promise.all([
    gitText(['for-each-ref', '--format=%(refname) %(objectname)'], options),
    readHead(repository),
  ]);
  const rows = refs.split('\n').filter(Boolean);
  return {
    refs: new Map(rows.map((row) => [row.slice(0, row.indexOf(' ')), row.slice(row.indexOf(' ') + 1)])),
    head,
  };
}

/** What the comparison goes by: the task's branch, and where it started. */
interface Bearings {
  branch: string | undefined;
  base: Head | undefined;
}

/**
 * Says what moved between two looks, the task's own branch aside. The task has to stop when the branch it started
 * from moved, or when HEAD left the task's branch: then its next change would land in the wrong place.
 */
export function compareRefs(before: RefState, now: RefState, { branch, base }: Bearings): MovedRefs | undefined {
  const { head } = now;
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
