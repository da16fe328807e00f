import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gitProject } from '../support/git-project.ts';
import { startModelServer } from '../support/model-server/server.ts';
import { calls, says, turn } from '../support/model-server/turns.ts';
import { testHome } from '../support/run-nex.ts';

const lines = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

describe('nex safety', () => {
  it('says of one command what it is, in words and by its status', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    const say = (command: string) => home.nex(['safety', 'test', command], { cwd: project.root });

    const [reads, removes, wipes] = await Promise.all([
      say('cat a.txt | wc -l'),
      say('touch ran; rm -rf src'),
      say('rm -rf /'),
    ]);

    expect(reads).toMatchObject({ status: 0, stdout: expect.stringContaining('verdict  allow (only reads)') });
    expect(removes.status).toBe(5);
    expect(removes.stdout).toMatch(/rule +files\.rm-recursive[\s\S]*why +\S[\s\S]*safer +\S/);
    expect(wipes).toMatchObject({ status: 6, stdout: expect.stringContaining('files.wipe-root') });
    expect(existsSync(project.path('ran'))).toBe(false);
  });

  it('takes one JSON string a line and gives one object a line; the strictest is the status', async () => {
    using home = testHome();
    using project = gitProject();
    const commands = ['ls', 'git push --force', 'echo "rm -rf /"'];

    const run = await home.nex(['safety', 'test', '-'], {
      cwd: project.root,
      input: commands.map((command) => `${JSON.stringify(command)}\n`).join(''),
    });

    expect(run.status).toBe(5);
    expect(lines(run.stdout).map(({ command, verdict, rule, category }) => [command, verdict, rule, category])).toEqual(
      [
        ['ls', 'allow', null, null],
        ['git push --force', 'ask', 'git.push-force', 'git'],
        ['echo "rm -rf /"', 'allow', null, null],
      ],
    );
    const broken = await home.nex(['safety', 'test', '-'], { cwd: project.root, input: 'rm -rf x\n' });
    expect(broken).toMatchObject({ status: 2, stderr: expect.stringContaining('hint:') });
  });

  it('knows the rules of the user; a project adds its own but takes none away', async () => {
    using home = testHome();
    using project = gitProject({
      '.nex/config.toml': 'guarded = ["migrations/"]\n[safety]\nask = ["^npm test"]\n',
      'migrations/1.sql': '',
    });
    const config = join(home.path, '.config', 'nex');
    mkdirSync(config, { recursive: true });
    writeFileSync(join(config, 'config.toml'), '[safety]\ndeny = ["^deploy"]\n');
    const status = async (command: string) =>
      (await home.nex(['safety', 'test', command], { cwd: project.root })).status;

    expect(
      await Promise.all(
        ['deploy now', 'npm test', 'npm ci', 'echo x > migrations/1.sql', 'mv migrations old', 'rm -rf src'].map(
          status,
        ),
      ),
    ).toEqual([6, 5, 0, 5, 5, 5]);
  });

  it('lists its rules', async () => {
    using home = testHome();
    using project = gitProject();

    const run = await home.nex(['safety', 'rules', '--json'], { cwd: project.root });

    const rules = lines(run.stdout);
    expect(run.status).toBe(0);
    expect(rules.length).toBeGreaterThan(300);
    expect(rules.filter(({ id, category, verdict, reason }) => !id || !category || !verdict || !reason)).toEqual([]);
  });

  it('shows the commands of a dry run character for character', async () => {
    using home = testHome();
    using project = gitProject({ 'a.txt': 'a\n' });
    const command = 'touch a\u001b[2K \u202eb\nrm a';
    const moves = [turn(calls('run_command', { command }))];
    await using server = await startModelServer({ script: ({ turn: at }) => moves[at] ?? turn(says('Done.')) });

    const run = await home.nex(['--dry-run', 'Clean up'], { cwd: project.root, url: server.url });

    expect(`${run.stdout}${run.stderr}`).toContain('would run: touch a‹ESC›[2K ‹U+202E›b\n           rm a');
  });
});
