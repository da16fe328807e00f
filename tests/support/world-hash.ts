import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Everything of a repository that its user would miss: refs, stashes, settings, the index with its flags, every file. */
export interface WorldHash {
  head: string;
  /** Branches, tags, stashes and remotes, by name. */
  refs: Record<string, string>;
  stashes: string;
  config: string;
  /** What git says is staged, changed and untracked. */
  status: string[];
  index: string[];
  files: Record<string, string>;
}

/** Takes the world of a repository. Paths below one of `skip` are left out. */
export function worldHash(root: string, skip: readonly string[] = []): WorldHash {
  const git = (...args: string[]) => {
    try {
      const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
      const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
      return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio, env, maxBuffer: 1 << 28 });
    } catch {
      return '';
    }
  };
  const refs = git('for-each-ref', '--format=%(refname) %(objectname)').split('\n').filter(Boolean);
  // Asked of git only where the files do not say it: a hash is taken thousands of times.
  const own = join(root, '.git');
  const plain = lstatSync(own, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const gitDir = plain ? own : resolve(root, git('rev-parse', '--git-common-dir').trim());
  const head = plain
    ? readFileSync(join(own, 'HEAD'), 'utf8')
        .trim()
        .replace(/^ref: /, '')
    : '';
  return {
    head:
      head !== '' && !head.endsWith('.invalid')
        ? head
        : git('symbolic-ref', '-q', 'HEAD').trim() || git('rev-parse', 'HEAD').trim(),
    refs: Object.fromEntries(refs.map((line) => line.split(' '))),
    stashes: refs.some((line) => line.startsWith('refs/stash ')) ? git('stash', 'list', '--format=%gd %H') : '',
    config: digest(readFileSync(join(gitDir, 'config'))),
    status: git('status', '--porcelain=v2', '-z', '-uall', '--no-renames').split('\0'),
    index: git('ls-files', '-s', '-v', '-z').split('\0'),
    files: filesBelow(root, skip),
  };
}

/** Every file below a folder, but for `.git`: permission bits and a hash of the bytes, or where a link points. */
function filesBelow(root: string, skip: readonly string[] = []): Record<string, string> {
  const files: Record<string, string> = {};
  const walk = (folder: string) => {
    for (const { name } of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (name === '.git' || skip.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))) continue;
      const info = lstatSync(join(root, path));
      if (info.isDirectory()) walk(path);
      else if (info.isSymbolicLink()) files[path] = `link ${readlinkSync(join(root, path))}`;
      else if (info.isFile())
        files[path] = `${(info.mode & 0o777).toString(8)} ${digest(readFileSync(join(root, path)))}`;
      else files[path] = 'special';
    }
  };
  walk('');
  return files;
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
