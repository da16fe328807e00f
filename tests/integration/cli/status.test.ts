import { expect, it } from 'vitest';
import { runProgram } from '../../support/cli-context.ts';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';

it('nex status says how the branch stands, in few words', async () => {
  using project = gitProject({ 'a.txt': 'a\n' });
  using home = tempProject();
  const branch = async () => {
    const { stdout } = await runProgram(['status'], { cwd: project.root, home: home.root, env: {} });
    return stdout.split('\n').find((line) => line.startsWith('branch'));
  };
  expect(await branch()).toMatch(/ main, clean$/);
  project.write('a.txt', 'b\n');
  project.write('b.txt', 'b\n');
  expect(await branch()).toMatch(/ main, 1 changed, 1 untracked$/);
});

it('nex status names the size of a small index', async () => {
  using project = gitProject({ 'a.js': 'export function a() {}\n' });
  using home = tempProject();
  const at = { cwd: project.root, home: home.root, env: {} };
  await runProgram(['index'], at);
  const { stdout } = await runProgram(['status'], at);
  expect(stdout).toMatch(/^index +1 file, 1 symbol, \d+ (?:bytes|kB), of /m);
});
