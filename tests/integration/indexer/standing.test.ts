import { renameSync, rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStanding } from '../../../src/platform/git-standing.ts';
import { indexOf } from '../../support/code-index.ts';
import { type GitProject, gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';

const PATHS = ['a.py', 'b.py', 'deep/c.py', 'deep/d e.py', 'ä.py'] as const;

/** What a person does to a repository; what git refuses then simply does not happen. */
const ACTS: Readonly<Record<string, (project: GitProject, path: string, word: string) => void>> = {
  write: (project, path, word) => project.write(path, `def ${word}(): pass\n`),
  remove: (project, path) => rmSync(project.path(path), { force: true }),
  move: (project, path) => renameSync(project.path(path), project.path('moved.py')),
  add: (project) => project.git('add', '-A'),
  commit: (project) => project.git('commit', '-qam', 'next'),
  restore: (project, path) => project.git('checkout', '-q', 'HEAD', '--', path),
  unstage: (project) => project.git('reset', '-q'),
  untrack: (project, path) => project.git('rm', '-q', '--cached', '--', path),
  ignore: (project, path) => project.write('.gitignore', `/${path}\n`),
  back: (project) => project.git('reset', '-q', '--hard', 'HEAD~1'),
};

const step = fc.record({
  act: fc.constantFrom(...Object.keys(ACTS)),
  path: fc.constantFrom(...PATHS),
  word: fc.constantFrom('one', 'two', 'three'),
  look: fc.boolean(),
});

it('looks again at a file that was changed after git was asked and before it was read', async () => {
  using project = gitProject({ 'a.py': 'def one(): pass\n' });
  const index = indexOf(project.root);
  const standing = await readStanding(project.root);
  project.write('a.py', 'def other(): pass\n');
  await index.refresh(standing === undefined ? {} : { standing });
  expect(index.symbols('a.py')).toMatchObject([{ name: 'other' }]);
  project.git('checkout', '-q', '--', 'a.py');
  await index.refresh();
  expect(index.symbols('a.py')).toMatchObject([{ name: 'one' }]);
  index.close();
});

it('knows the same by looking only at what git calls different as by looking at every file', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 10 }), async (steps) => {
      using project = gitProject(Object.fromEntries(PATHS.map((path) => [path, 'def start(): pass\n'])));
      using elsewhere = tempProject();
      const near = indexOf(project.root);
      const whole = indexOf(project.root, { dir: elsewhere.path('index') });
      await near.refresh();
      const known = (index: typeof near) =>
        (index.paths() ?? []).map((path) => [path, index.symbols(path)?.map(({ name }) => name)]);
      for (const { act, path, word, look } of [...steps, { act: 'add', path: PATHS[0], word: 'one', look: true }]) {
        try {
          ACTS[act]?.(project, path, word);
        } catch {
          // Git said no, or the file is not there.
        }
        if (!look) continue;
        const standing = await readStanding(project.root);
        await near.refresh(standing === undefined ? {} : { standing });
        await whole.refresh({ full: true });
        expect(known(near)).toEqual(known(whole));
      }
      near.close();
      whole.close();
    }),
    { numRuns: Number(process.env['NEX_PROPERTY_RUNS'] ?? 8) },
  );
});
