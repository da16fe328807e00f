import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { gitProject } from '../../support/git-project.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { calls, says } from '../../support/model-server/turns.ts';
import { tempProject } from '../../support/temp-project.ts';
import { openAgent } from '../../support/test-agent.ts';

/** A suite that fails where a.txt does not say `good`, needs a package that git ignores, and leaves a file behind. */
const SUITE = `const { readFileSync, appendFileSync } = require('node:fs');
appendFileSync('runs.log', process.cwd() + '\\n');
if (readFileSync('local.txt', 'utf8') !== require('helper')) throw new Error('local.txt is wrong');
if (readFileSync('a.txt', 'utf8').trim() !== 'good') throw new Error('a.txt is not good');
console.log('1 passed');
`;

async function taskOn(files: Record<string, string>, write: { path: string; content: string }) {
  using project = gitProject({
    'check.cjs': SUITE,
    '.gitignore': 'node_modules\nlocal.txt\nruns.log\n',
    'local.txt': 'here',
    'package.json': '{}\n',
    ...files,
  });
  project.write('node_modules/helper/index.js', "module.exports = 'here';\n");
  using home = tempProject();
  await using server = await startModelServer({
    script: [
      calls('read_file', { path: 'a.txt' }),
      calls('write_file', write),
      says('Done.'),
      says('I cannot mend that.'),
      says('Still not.'),
    ],
  });
  const open = { root: project.root, home: home.root, url: server.url, tests: true };
  await using agent = await openAgent({ ...open, settings: { testCommand: 'node check.cjs' } });
  const { outcome } = await agent.turn('Write a file.');
  const runs = readFileSync(project.path('runs.log'), 'utf8').trim().split('\n');
  return { outcome, runs, elsewhere: runs.filter((folder) => folder !== project.root) };
}

const leftInTmp = () => readdirSync(tmpdir()).filter((name) => name.startsWith('nex-before-'));

describe('a suite that is red at the end', () => {
  it('and was before, though nobody had run it, is said to have been; the copy it ran in is gone', async () => {
    const before = leftInTmp();
    const files = { 'a.txt': 'bad\n', '.gitignore': 'node_modules\nruns.log\n' };
    const { outcome, elsewhere } = await taskOn(files, { path: 'b.txt', content: 'b\n' });
    expect(outcome.tests).toMatchObject({ status: 'failed_before', command: 'node check.cjs' });
    expect(outcome.exit_code).toBe(3);
    // The run in the copy wrote its log there.
    expect(elsewhere).toEqual([]);
    expect(leftInTmp()).toEqual(before);
  });

  it('and passed before, is said to have passed', async () => {
    const files = { 'a.txt': 'good\n', '.gitignore': 'node_modules\nruns.log\n' };
    const { outcome, runs } = await taskOn(files, { path: 'a.txt', content: 'bad\n' });
    expect(outcome.tests).toMatchObject({ status: 'failed', before: 'passed' });
    // Of the user's files it ran three times, each time after the model had its say.
    expect(runs).toHaveLength(3);
  });

  it('is not said to have been anything where the copy fails in its own way', async () => {
    const { outcome } = await taskOn({ 'a.txt': 'good\n' }, { path: 'a.txt', content: 'bad\n' });
    expect(outcome.tests).toMatchObject({ status: 'failed', before: 'unknown' });
    expect(outcome.exit_code).toBe(3);
  });

  it('is not run on the old files when it passes', async () => {
    const { outcome, runs } = await taskOn({ 'a.txt': 'good\n' }, { path: 'b.txt', content: 'b\n' });
    expect([outcome.tests.status, outcome.tests.before, runs.length]).toEqual(['passed', undefined, 1]);
  });
});
