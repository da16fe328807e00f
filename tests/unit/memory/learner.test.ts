import { describe, expect, it } from 'vitest';
import { createLearner } from '../../../src/memory/learner.ts';
import { inMemoryPatterns } from './in-memory-patterns.ts';

const missing = (name: string) =>
  `src/app.ts(1,7): error TS2307: Cannot find module './${name}' or its corresponding type declarations.\n`;
const patch = '@@ -1 +1 @@\n-import x from "./x";\n+import x from "./x.ts";\n';
const failing = (output: string, command = 'npx tsc') => ({ command, exit: 2, output });
const passing = (command = 'npx tsc') => ({ command, exit: 0, output: '' });

function world() {
  const patterns = inMemoryPatterns();
  const task = (text: string) => createLearner({ patterns, task: text, root: '/srv/shop' });
  return { patterns, task };
}

describe('createLearner', () => {
  it('learns: a check fails, files are edited, the check passes', () => {
    const { patterns, task } = world();
    const learner = task('Add a login');
    expect(learner.afterCommand(failing(missing('session')))).toEqual({ recalled: [], learned: [] });
    learner.afterEdit({ path: 'src/app.ts', patch });
    const { learned } = learner.afterCommand(passing());
    expect(learned.map(({ whatFailed, whatFixed, filePath }) => ({ whatFailed, whatFixed, filePath }))).toEqual([
      {
        whatFailed: "TS2307: Cannot find module './session' or its corresponding type declarations.",
        whatFixed: 'src/app.ts: `import x from "./x";` became `import x from "./x.ts";`',
        filePath: 'src/app.ts',
      },
    ]);
    expect(patterns.rows).toMatchObject([
      { errorType: 'import', taskSummary: 'Add a login', command: 'tsc', count: 1 },
    ]);
  });

  it('brings the fix up when the same failure comes again, once a task, and counts whether it helped', () => {
    const { patterns, task } = world();
    const first = task('one');
    first.afterCommand(failing(missing('session')));
    first.afterEdit({ path: 'src/app.ts', patch });
    first.afterCommand(passing());

    const second = task('two');
    const { note, recalled } = second.afterCommand(failing(missing('other')));
    expect(note).toBe(
      `[nex] Much the same was seen before (#1, once): "TS2307: Cannot find module './session' or its corresponding type declarations."; fixed by: "src/app.ts: \`import x from './x';\` became \`import x from './x.ts';\`"`,
    );
    expect(recalled.map(({ id }) => id)).toEqual([1]);
    expect(second.afterCommand(failing(missing('other'))).note).toBeUndefined();
    second.afterEdit({ path: 'src/other.ts', patch });
    second.afterCommand(passing());
    expect(patterns.hits).toEqual([{ id: 1, time: expect.any(String), moment: 'failure', passed: true }]);
    expect(patterns.rows.map(({ helped, ignored }) => ({ helped, ignored }))).toEqual([
      { helped: 1, ignored: 0 },
      { helped: 0, ignored: 0 },
    ]);
  });

  it('keeps the better words of a lesson that was followed, and takes another fix in its place', () => {
    const { patterns, task } = world();
    const meet = (text: string, edit: string) => {
      const learner = task(text);
      learner.afterCommand(failing(missing('session')));
      learner.afterEdit({ path: 'src/app.ts', patch: edit });
      return learner.afterCommand(passing()).learned.map(({ whatFixed }) => whatFixed);
    };
    meet('one', patch);
    patterns.reword(1, { whatFixed: 'import with the ending .ts' });
    expect(meet('two', patch)).toEqual([]);
    expect(patterns.rows.map(({ whatFixed }) => whatFixed)).toEqual(['import with the ending .ts']);
    expect(meet('three', '@@ -1 +1 @@\n-const a = 1;\n+declare global {}\n')).toEqual([
      'src/app.ts: `const a = 1;` became `declare global {}`',
    ]);
  });

  it('counts against a lesson when the failure comes back after edits', () => {
    const { patterns, task } = world();
    const first = task('one');
    first.afterCommand(failing(missing('session')));
    first.afterEdit({ path: 'src/app.ts', patch });
    first.afterCommand(passing());

    const second = task('two');
    second.afterCommand(failing(missing('session')));
    second.afterEdit({ path: 'src/app.ts', patch: '+nonsense\n' });
    second.afterCommand(failing(missing('session')));
    second.afterEdit({ path: 'src/right.ts', patch: '+better\n' });
    second.afterCommand(passing());
    expect(patterns.rows).toMatchObject([{ helped: 0, ignored: 1, count: 3, filePath: 'src/app.ts' }]);
    expect(patterns.rows[0]?.whatFixed).toContain('src/right.ts');
  });

  it('learns over the turns of a chat: a failure of one turn, mended in the next', () => {
    const { patterns, task } = world();
    const learner = task('Add a login');
    learner.afterCommand(failing(missing('session')));
    learner.begin('Now mend it', []);
    learner.afterEdit({ path: 'src/app.ts', patch });
    expect(learner.afterCommand(passing()).learned.map(({ taskSummary }) => taskSummary)).toEqual(['Add a login']);
    expect(patterns.rows).toHaveLength(1);
  });

  it('learns nothing from a check that passes by itself', () => {
    const { patterns, task } = world();
    const learner = task('one');
    learner.afterCommand(failing(missing('session')));
    expect(learner.afterCommand(passing()).learned).toEqual([]);
    expect(patterns.rows).toMatchObject([{ whatFixed: '' }]);
  });

  it('learns the command that put the machine right', () => {
    const { task } = world();
    const learner = task('one');
    const output =
      "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'zod' imported from /srv/shop/a.mjs\n    at x (node:internal/a:1:1)\n\nNode.js v24.1.0\n";
    learner.afterCommand({ command: 'node a.mjs', exit: 1, output });
    learner.afterCommand({ command: 'cat package.json', exit: 0, output: '{}' });
    learner.afterCommand({ command: 'npm install zod', exit: 0, output: 'added 1 package' });
    const { learned } = learner.afterCommand({ command: 'node a.mjs', exit: 0, output: '' });
    expect(learned.map(({ whatFixed }) => whatFixed)).toEqual(['ran `npm install zod`']);
  });

  it('gives each failure the edits that were made while it lasted', () => {
    const { patterns, task } = world();
    const learner = task('one');
    const wrongType = "src/b.ts(3,1): error TS2304: Cannot find name 'foo'.\n";
    learner.afterCommand(failing(missing('session')));
    learner.afterEdit({ path: 'src/first.ts', patch: '+one\n' });
    learner.afterCommand(failing(wrongType));
    learner.afterEdit({ path: 'src/second.ts', patch: '+two\n' });
    learner.afterCommand(passing());
    expect(patterns.rows.map(({ whatFailed, whatFixed }) => [whatFailed.slice(0, 6), whatFixed])).toEqual([
      ['TS2307', 'src/first.ts (+1 −0): `one`'],
      ['TS2304', 'src/second.ts (+1 −0): `two`'],
    ]);
  });

  it('closes a failed suite by a passing run of the failing file, and not by another check', () => {
    const { patterns, task } = world();
    const learner = task('one');
    const output =
      ' FAIL  tests/cart.test.ts > adds\nAssertionError: expected 3 to be 4\n\n ❯ tests/cart.test.ts:5:20\n\n Test Files  1 failed (1)\n';
    learner.afterCommand({ command: 'npm test', exit: 1, output });
    learner.afterEdit({ path: 'src/cart.ts', patch });
    expect(learner.afterCommand({ command: 'npx tsc', exit: 0, output: '' }).learned).toEqual([]);
    expect(
      learner.afterCommand({
        command: 'npx vitest run tests/user.test.ts',
        exit: 0,
        output: ' Test Files  1 passed (1)',
      }).learned,
    ).toEqual([]);
    const { learned } = learner.afterCommand({
      command: 'npx vitest run tests/cart.test.ts',
      exit: 0,
      output: ' Test Files  1 passed (1)',
    });
    expect(learned).toHaveLength(1);
    expect(patterns.rows).toMatchObject([{ errorType: 'test_failure', subject: 'adds' }]);
  });

  it('learns from edits that would not apply', () => {
    const { patterns, task } = world();
    const learner = task('one');
    const error = 'old_text was not found in src/cart.ts. Nearest lines: …';
    learner.afterFailedEdit({ path: 'src/cart.ts', error });
    learner.afterEdit({ path: 'src/cart.ts', patch });
    expect(patterns.rows).toMatchObject([{ errorType: 'logic', filePath: 'src/cart.ts', language: 'typescript' }]);
    expect(patterns.rows[0]?.whatFixed).toContain('became');
  });

  it('keeps a rejected diff with its reason', () => {
    const { patterns, task } = world();
    const git = `diff --git a/src/vat.ts b/src/vat.ts\n--- a/src/vat.ts\n+++ b/src/vat.ts\n@@ -1 +1 @@\n-const rate = 0.19;\n+const rate = parseFloat(env.RATE);\n`;
    task('Make the VAT rate configurable').afterRejection({ reason: 'Money is never a float here.', patch: git });
    expect(patterns.rows).toMatchObject([
      {
        taskSummary: 'Make the VAT rate configurable',
        whatFailed:
          'The user turned down this change: src/vat.ts: `const rate = 0.19;` became `const rate = parseFloat(env.RATE);`',
        whatFixed: 'Money is never a float here.',
        filePath: 'src/vat.ts',
        resolvedBy: 'rejection',
      },
    ]);
  });

  it('notes what became of the lessons that the prompt told', () => {
    const { patterns, task } = world();
    const first = task('one');
    first.afterCommand(failing(missing('session')));
    first.afterEdit({ path: 'src/app.ts', patch });
    const { learned } = first.afterCommand(passing());
    const warned = () => createLearner({ patterns, task: 'two', root: '/srv/shop', recalled: learned });
    warned().afterCommand(passing());
    warned().afterCommand(failing(missing('session')));
    expect(patterns.hits.map(({ moment, passed }) => [moment, passed])).toEqual([
      ['start', true],
      ['start', false],
      ['failure', undefined],
    ]);
  });
});
