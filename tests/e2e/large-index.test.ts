import { describe, expect, it } from 'vitest';
import { gitProject } from '../support/git-project.ts';
import { testHome } from '../support/run-nex.ts';

describe('nex index', () => {
  it('builds a large index on worker threads, which the built program brings along', async () => {
    using home = testHome();
    using project = gitProject(
      Object.fromEntries(
        Array.from({ length: 450 }, (_, index) => [`d${index % 9}/f${index}.py`, `def token${index}(): pass\n`]),
      ),
    );
    const run = await home.nex(['index', '--json'], { cwd: project.root });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ files: 450, symbols: 450 });
  });
});
