import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../support/cli-context.ts';
import { gitProject } from '../../support/git-project.ts';
import { tempProject } from '../../support/temp-project.ts';

const SESSION = {
  type: 'session.start',
  time: '2026-01-01T00:00:00.000Z',
  task: 'Mend the cart: now',
  model: 'm',
  root: '/',
  version: '0',
  dry_run: false,
};

async function answers(shell: string, ...words: string[]): Promise<string[]> {
  using home = tempProject();
  using project = gitProject();
  project.write('.nex/sessions/20260101-000000-aaaa.jsonl', `${JSON.stringify({ ...SESSION, session: 'x' })}\n`);
  const at = { cwd: project.root, home: home.root };
  await runProgram(['errors', 'add', '--failed', 'it broke', '--fixed', 'mended'], at);
  const run = await runProgram(['__complete', shell, '--', ...words], at);
  return run.stdout.split('\n').filter(Boolean);
}

describe('completion', () => {
  it('offers commands, and what may follow them', async () => {
    expect(await answers('bash', 'se')).toEqual(['sessions']);
    expect(await answers('bash', 'sessions', 're')).toEqual(['resume', 'rename']);
    expect(await answers('bash', 'config', 'set', 'max_')).toEqual(['max_iterations', 'max_cost', 'max_cost_per_day']);
    expect(await answers('bash', 'config', 'set', 'plan', '')).toEqual(['never', 'auto', 'always']);
    expect(await answers('bash', 'help', 'sa')).toEqual(['safety']);
    expect(await answers('bash', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers the flags of the command and their values', async () => {
    expect(await answers('bash', '--no-')).toEqual([
      '--no-dry-run',
      '--no-review',
      '--no-tests',
      '--no-wrap-up',
      '--no-commit',
    ]);
    expect(await answers('bash', 'rollback', '--l')).toEqual(['--list']);
    expect(await answers('bash', '--effort', '')).toEqual(['low', 'medium', 'high']);
    expect(await answers('bash', '-m', 'x', 'stat')).toEqual(['status']);
  });

  it('offers ids of sessions and errors, with what they were about', async () => {
    expect(await answers('fish', 'sessions', 'show', '')).toEqual(['20260101-000000-aaaa\tMend the cart: now']);
    expect(await answers('zsh', '--resume', '2026')).toEqual(['20260101-000000-aaaa:Mend the cart: now']);
    expect(await answers('fish', 'errors', 'forget', '')).toEqual(['1\tit broke']);
  });

  it('offers nothing inside a task', async () => {
    expect(await answers('bash', 'fix', 'st')).toEqual([]);
  });

  it('gives bash a script that asks nex for the words before the cursor', async () => {
    using home = tempProject();
    const { stdout } = await runProgram(['completion', 'bash'], { cwd: home.root, home: home.root });
    writeFileSync(join(home.root, 'script'), stdout);
    // A stand-in for nex that says what it was asked.
    const test = `nex() { printf '%s|' "$@"; echo; echo second; }; . ./script
      COMP_WORDS=(nex sessions "sh"); COMP_CWORD=2; _nex; printf '%s\\n' "\${COMPREPLY[@]}"; complete -p nex`;
    const said = execFileSync('bash', ['-c', test], { cwd: home.root, encoding: 'utf8' });
    expect(said).toBe('__complete|bash|--|sessions|sh|\nsecond\ncomplete -o default -F _nex nex\n');
  });
});
