import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitProject } from '../support/git-project.ts';
import { systemTextOf } from '../support/model-server/request.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, turn } from '../support/model-server/turns.ts';
import { testHome } from '../support/run-nex.ts';

/** A program that notes that it was called, and with which files. */
const NOTE = `import { appendFileSync } from 'node:fs';
appendFileSync('order.log', process.argv.slice(2).join(' ') + '\\n');
`;

const FILES = {
  'package.json': JSON.stringify({ name: 'x', type: 'module', scripts: { test: 'node tools/note.js test' } }),
  '.gitignore': 'order.log\n',
  'tools/note.js': NOTE,
  'docs/rules.txt': 'Always say please.\n',
  'src/a.js': 'export const a = 1;\n',
};

const SETTINGS = `lint_command = "node tools/note.js lint"
format = "node tools/note.js format"
co_author = "Nex <nex@example.invalid>"
guarded = ["src/locked/**"]
always_include = ["docs/rules.txt"]
`;

describe('settings at work in a task', () => {
  it('formats what nex wrote, lints, then tests; guards, includes, credits, and names the way to a pull request', async () => {
    using home = testHome();
    using project = gitProject(FILES);
    project.git('remote', 'add', 'origin', 'git@github.com:someone/x.git');
    const config = join(home.path, '.config/nex/config.toml');
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(config, SETTINGS);
    await using server = await startModelServer({
      script: [
        turn(calls('write_file', { path: 'src/locked/key.js', content: 'export const key = 1;\n' })),
        turn(
          calls('write_file', { path: 'src/new one.js', content: 'export const b = 2;\n' }),
          calls('write_file', { path: 'src/c.js', content: 'export const c = 3;\n' }),
        ),
        turn(says('Added b and c (src/c.js:1).')),
      ],
    });

    const run = await home.nex(['--yes', '--no-review', 'Add b and c'], { cwd: project.root, url: server.url });

    expect(run).toMatchObject({ status: 0 });
    expect(readFileSync(project.path('order.log'), 'utf8').trim().split('\n')).toEqual([
      'format src/c.js ./src/new one.js',
      'lint',
      'test',
    ]);
    const [first, second] = server.requests;
    expect(first?.raw).toContain('Always say please.');
    expect(first && systemTextOf(first)).toContain('path:line');
    expect(second?.raw).toMatch(/Not run:.*Nobody was there to approve it/);
    expect(project.git('show', '--name-only', '--format=%b', 'HEAD')).toMatch(
      /Co-authored-by: Nex <nex@example\.invalid>\n*\s*src\/c\.js\nsrc\/new one\.js$/,
    );
    const branch = project.git('symbolic-ref', '--short', 'HEAD');
    expect(run.stderr).toContain(`git push -u origin ${branch}`);
    expect(run.stderr).toContain('gh pr create --fill --base main');
  });

  it('does not test what the linter refuses: its complaint goes back first', async () => {
    using home = testHome();
    using project = gitProject({
      ...FILES,
      'tools/lint.js':
        "import { existsSync } from 'node:fs';\nif (!existsSync('src/ok.js')) { console.log('src/a.js:1: no'); process.exit(1); }\n",
      '.nex/config.toml': '',
    });
    const config = join(home.path, '.config/nex/config.toml');
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(config, 'lint_command = "node tools/lint.js"\n');
    await using server = await startModelServer({
      script: [
        turn(calls('write_file', { path: 'src/b.js', content: 'export const b = 2;\n' })),
        turn(says('Done.')),
        turn(calls('write_file', { path: 'src/ok.js', content: 'export {};\n' })),
        turn(says('Now it is.')),
      ],
    });
    const run = await home.nex(['--yes', '--no-review', 'Add b'], { cwd: project.root, url: server.url });
    expect(run).toMatchObject({ status: 0 });
    const complaint = server.requests.find(({ raw }) => raw.includes('The linter failed after your changes'));
    expect(complaint?.raw).toMatch(/The linter failed after your changes.*src\/a\.js:1: no/);
    expect(readFileSync(project.path('order.log'), 'utf8')).toBe('test\n');
  });
});
