import { expect, it } from 'vitest';
import { runProgram } from '../../support/cli-context.ts';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';

it.each([
  ['nosuch', 'There is no nosuch.'],
  ['.', '. is a folder, not a file.'],
])('nex errors import says in words what is wrong with %j', async (file, message) => {
  using project = gitProject({ 'a.txt': 'a\n' });
  using home = tempProject();
  const run = await runProgram(['errors', 'import', file], { cwd: project.root, home: home.root, env: {} });
  expect(run).toMatchObject({
    status: 2,
    error: { message, hint: 'Give a file that `nex errors export` wrote.' },
  });
});
