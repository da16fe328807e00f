import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compareRefs, readRefs } from '../../../src/history/moved-refs.ts';
import { findRepository } from '../../../src/platform/git.ts';
import { gitProject } from '../../support/git-project.ts';

async function repositoryAt(root: string) {
  const repository = await findRepository(root);
  if (!repository) throw new Error('no repository');
  return repository;
}

/** As git lists them. */
function listed(root: string): Map<string, string> {
  const output = execFileSync('git', ['for-each-ref', '--format=%(refname) %(objectname)'], { cwd: root });
  const rows = output.toString().split('\n').filter(Boolean);
  return new Map(rows.map((row): [string, string] => [row.split(' ')[0] ?? '', row.split(' ')[1] ?? '']));
}

it('refs are those that git lists, loose, packed, annotated, symbolic, stashed and half written', async () => {
  using project = gitProject({ 'a.txt': 'a\n' });
  const { root } = project;
  const repository = await repositoryAt(root);
  const same = async (before?: Awaited<ReturnType<typeof readRefs>>) => {
    const state = await readRefs(repository, before);
    expect(new Map([...state.refs].toSorted())).toEqual(listed(root));
    return state;
  };
  const first = await same();
  project.git('branch', 'feature/one');
  project.git('tag', '-a', '-m', 'v1', 'v1');
  project.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  project.git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main');
  project.write('a.txt', 'changed\n');
  project.git('stash');
  const second = await same(first);
  project.git('pack-refs', '--all');
  project.git('update-ref', 'refs/heads/feature/one', 'HEAD');
  project.git('tag', 'v2');
  project.write('.git/refs/heads/new.lock', 'a'.repeat(40));
  project.write('.git/refs/heads/torn', '');
  const third = await same(second);
  expect(compareRefs(second, third, { branch: undefined, base: undefined })?.sentence).toMatch(/^v2 was created/);
  project.git('tag', '-d', 'v1');
  rmSync(project.path('.git/refs/heads/torn'));
  project.git('pack-refs', '--all');
  await same(third);
});

it('HEAD is known on a branch, detached, before the first commit and in a linked work tree', async () => {
  using project = gitProject({ 'a.txt': 'a\n' });
  const { root } = project;
  const commit = project.git('rev-parse', 'HEAD').trim();
  const headOf = async (at: string) => (await readRefs(await repositoryAt(at))).head;
  expect(await headOf(root)).toEqual({ branch: 'main', commit });
  project.git('worktree', 'add', '-q', '-b', 'side', 'linked');
  expect(await headOf(project.path('linked'))).toEqual({ branch: 'side', commit });
  project.git('switch', '-q', '--detach');
  expect(await headOf(root)).toEqual({ branch: undefined, commit });
  project.git('switch', '-q', '--orphan', 'fresh');
  expect(await headOf(root)).toEqual({ branch: 'fresh', commit: undefined });
});
