import type { Repository } from './git.ts';
import { runGit } from './git-plumbing.ts';

/** Where a branch could be pushed to. */
export interface Remote {
  name: string;
  /** Whose command line can open a pull request there. */
  forge: 'github' | 'gitlab' | 'other';
}

/** The remote that a branch belongs to: its own, else `origin`, else the only one. Undefined when there is none. */
export async function remoteFor(
  repository: Pick<Repository, 'root'>,
  branch: string | undefined,
): Promise<Remote | undefined> {
  const listed = await runGit(
    ['config', '--null', '--get-regexp', String.raw`^(remote\..*\.url|branch\..*\.remote)$`],
    {
      cwd: repository.root,
    },
  );
  const settings = new Map(
    listed.stdout
      .toString('utf8')
      .split('\0')
      .filter(Boolean)
      .map((entry): [string, string] => {
        const [key = '', ...value] = entry.split('\n');
        return [key, value.join('\n')];
      }),
  );
  const names = [...settings.keys()].flatMap((key) => /^remote\.(.*)\.url$/.exec(key)?.[1] ?? []);
  const own = branch === undefined ? undefined : settings.get(`branch.${branch}.remote`);
  const name = [own, 'origin'].find((candidate) => candidate !== undefined && names.includes(candidate)) ?? names[0];
  if (name === undefined) return undefined;
  return { name, forge: forgeOf(settings.get(`remote.${name}.url`) ?? '') };
}

/** By the host of an address, in any of the forms that git takes. */
export function forgeOf(url: string): Remote['forge'] {
  const host = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^/:]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  if (/(^|\.)github\./.test(host)) return 'github';
  return /(^|\.)gitlab\./.test(host) ? 'gitlab' : 'other';
}
