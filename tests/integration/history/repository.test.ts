import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findRepository, openGitView } from '../../../src/platform/git.ts';
import { gitProject } from '../../support/git-project.ts';
import { repositoryAt } from '../../support/task-script.ts';
import { tempProject } from '../../support/temp-project.ts';

describe('the repository', () => {
  it('is found from a folder inside it, and through a link', async () => {
    using project = gitProject({ 'a b/c/file.txt': 'x' });
    using elsewhere = tempProject();
    symlinkSync(project.root, elsewhere.path('link'));
    const expected = {
      root: project.root,
      gitDir: project.path('.git'),
      commonDir: project.path('.git'),
      objectFormat: 'sha1',
      headTree: project.git('rev-parse', 'HEAD^{tree}'),
      head: { branch: 'main', commit: project.git('rev-parse', 'HEAD') },
    };
    expect(await findRepository(project.path('a b/c'))).toEqual(expected);
    expect(await findRepository(elsewhere.path('link/a b'))).toEqual(expected);
  });

  it('may have no commit yet, or a HEAD on no branch, or another object format', async () => {
    using unborn = gitProject({}, { commit: false });
    expect((await repositoryAt(unborn.root)).head).toEqual({ branch: 'main', commit: undefined });
    using detached = gitProject({ 'a.txt': 'a' });
    detached.git('checkout', '-q', '--detach');
    expect((await repositoryAt(detached.root)).head).toEqual({
      branch: undefined,
      commit: detached.git('rev-parse', 'HEAD'),
    });
    using sha256 = tempProject();
    using _ = gitProject();
    const { execFileSync } = await import('node:child_process');
    execFileSync('git', ['init', '-q', '--object-format=sha256'], { cwd: sha256.root });
    expect((await repositoryAt(sha256.root)).objectFormat).toBe('sha256');
  });

  it('has its own git folder in a linked work tree and in a submodule', async () => {
    using project = gitProject({ 'a.txt': 'a' });
    using other = tempProject();
    project.git('worktree', 'add', '-q', '-b', 'side', other.path('side'));
    expect(await findRepository(other.path('side'))).toMatchObject({
      root: other.path('side'),
      gitDir: project.path('.git/worktrees/side'),
      commonDir: project.path('.git'),
      head: { branch: 'side' },
    });
  });

  it('is not there outside of one, and a bare one is refused', async () => {
    using folder = tempProject();
    expect(await findRepository(folder.root)).toBeUndefined();
    using bare = gitProject({}, { commit: false });
    bare.git('init', '-q', '--bare', 'inner.git');
    await expect(findRepository(bare.path('inner.git'))).rejects.toMatchObject({ kind: 'repository' });
  });

  it("refuses with git's own words what git refuses", async () => {
    using project = gitProject({ 'a.txt': 'a' });
    writeFileSync(project.path('.git/config'), '[core\n');
    await expect(findRepository(project.root)).rejects.toMatchObject({
      kind: 'repository',
      message: expect.stringContaining('bad config line 1'),
    });
  });
});

describe('the view for people', () => {
  it('counts what is staged, changed and untracked, and shows log and diff', async () => {
    using project = gitProject({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
    project.write('a.txt', 'two\n');
    project.git('add', 'a.txt');
    project.write('b.txt', 'B\n');
    project.write('new.txt', 'n\n');
    const view = await openGitView(await repositoryAt(project.root));
    expect(await view.status()).toEqual({ branch: 'main', ahead: 0, behind: 0, staged: 1, changed: 1, untracked: 1 });
    expect((await view.log(5)).map(({ subject }) => subject)).toEqual(['first']);
    const patch = await view.diff();
    expect(patch).toContain('-one');
    expect(patch).toContain('+B');
  });

  it('takes a range for a range, even one that looks like an option', async () => {
    using project = gitProject({ 'a.txt': 'one\n' });
    const view = await openGitView(await repositoryAt(project.root));
    await expect(view.diff(`--output=${project.path('written')}`)).rejects.toThrow(/bad revision|unknown revision/);
    expect(await findRepository(project.root)).toBeDefined();
  });

  it('runs no program that the repository names', async () => {
    using project = gitProject({ 'a.txt': 'one\n', '.gitattributes': '*.txt diff=evil\n' });
    const canary = project.path('canary');
    const script = project.path('evil.sh');
    mkdirSync(join(project.root, 'x'), { recursive: true });
    writeFileSync(script, `#!/bin/sh\ntouch '${canary}'\n`, { mode: 0o755 });
    for (const key of ['core.fsmonitor', 'diff.external', 'diff.evil.command', 'diff.evil.textconv', 'core.pager']) {
      project.git('config', key, script);
    }
    project.git('config', 'log.showSignature', 'true');
    project.git('config', 'gpg.program', script);
    project.write('a.txt', 'two\n');
    const view = await openGitView(await repositoryAt(project.root));
    await view.status();
    await view.log(3);
    expect(await view.diff()).toContain('+two');
    expect((await import('node:fs')).existsSync(canary)).toBe(false);
  });
});
