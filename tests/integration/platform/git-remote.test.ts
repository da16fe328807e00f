import { describe, expect, it } from 'vitest';
import { forgeOf, remoteFor } from '../../../src/platform/git-remote.ts';
import { gitProject } from '../../support/git-project.ts';

describe('remoteFor', () => {
  it("takes the branch's own remote, then origin, then the only one", async () => {
    using project = gitProject();
    const remote = (branch?: string) => remoteFor({ root: project.root }, branch);
    expect(await remote('main')).toBeUndefined();
    project.git('remote', 'add', 'backup', 'https://git.example.org/x.git');
    expect(await remote('main')).toEqual({ name: 'backup', forge: 'other' });
    project.git('remote', 'add', 'origin', 'git@github.com:someone/x.git');
    expect(await remote('main')).toEqual({ name: 'origin', forge: 'github' });
    project.git('config', 'branch.main.remote', 'backup');
    expect(await remote('main')).toEqual({ name: 'backup', forge: 'other' });
    expect(await remote('side')).toEqual({ name: 'origin', forge: 'github' });
  });

  it.each([
    ['git@github.com:a/b.git', 'github'],
    ['https://user@github.example.com/a/b', 'github'],
    ['ssh://git@gitlab.com:22/a/b.git', 'gitlab'],
    ['/srv/git/github.com/x.git', 'other'],
    ['https://example.org/github.com/x', 'other'],
  ])('knows the forge of %s', (url, forge) => {
    expect(forgeOf(url)).toBe(forge);
  });
});
