import { expect, it } from 'vitest';
import { runProgram } from '../../support/cli-context.ts';
import { tempProject } from '../../support/temp-project.ts';

it('shows a guide as text to read where its output is no terminal, too', async () => {
  using home = tempProject();
  const { status, stdout } = await runProgram(['help', 'memory'], { cwd: home.root, home: home.root, env: {} });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^file +│ what it is +│ in git$/m);
  expect(stdout).not.toMatch(/\*\*|^```|^\|/m);
  expect(stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('  '))).toEqual([]);
});
