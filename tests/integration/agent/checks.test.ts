import { describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/errors.ts';
import { gitProject } from '../../support/git-project.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { calls, says, turn } from '../../support/model-server/turns.ts';
import { tempProject } from '../../support/temp-project.ts';
import { openAgent } from '../../support/test-agent.ts';

const manifest = (test: string) => `${JSON.stringify({ name: 'p', scripts: { test } })}\n`;

describe('tests whose program is not installed', () => {
  it('are not run, which is no failure of the change and costs no further request', async () => {
    using project = gitProject({ 'package.json': manifest('no-such-runner --all'), 'a.js': 'a\n' });
    using home = tempProject();
    await using server = await startModelServer({
      script: [turn(calls('write_file', { path: 'b.js', content: 'b\n' })), says('Done.')],
    });
    await using agent = await openAgent({ root: project.root, home: home.root, url: server.url, tests: true });
    const { outcome } = await agent.turn('Add b.js');
    expect(outcome).toMatchObject({
      outcome: 'done',
      exit_code: 0,
      tests: {
        status: 'not_run',
        summary: expect.stringMatching(/no-such-runner.*not found; are the dependencies installed\?$/),
      },
    });
    expect(server.requests).toHaveLength(2);
  });

  it('go back to a model that named the program itself', async () => {
    using project = gitProject({ 'package.json': manifest('true') });
    using home = tempProject();
    await using server = await startModelServer({
      script: [
        turn(calls('read_file', { path: 'package.json' })),
        turn(
          calls('write_file', { path: 'package.json', edits: [{ old_text: '"true"', new_text: '"no-such-runner"' }] }),
        ),
        says('Done.'),
        turn(
          calls('write_file', { path: 'package.json', edits: [{ old_text: '"no-such-runner"', new_text: '"true"' }] }),
        ),
        says('Mended.'),
      ],
    });
    await using agent = await openAgent({ root: project.root, home: home.root, url: server.url, tests: true });
    const { outcome } = await agent.turn('Test with another runner, as package.json says');
    expect(outcome).toMatchObject({ text: expect.stringContaining('Mended.'), tests: { status: 'passed' } });
  });
});

describe('a session that goes on', () => {
  it('takes over what it left once; a question after that tests nothing', async () => {
    using project = gitProject({ 'package.json': manifest('true') });
    using home = tempProject();
    const at = { root: project.root, home: home.root, tests: true };
    const stop = new AbortController();
    await using server = await startModelServer({
      script: ({ turn: place }) => {
        if (place === 0) return turn(calls('write_file', { path: 'b.js', content: 'b\n' }));
        stop.abort(new Interrupted('SIGINT'));
        return says('Said.');
      },
    });
    {
      await using agent = await openAgent({ ...at, url: server.url });
      expect((await agent.turn('Add b.js', stop.signal)).outcome).toMatchObject({
        outcome: 'interrupted',
        files: ['b.js'],
      });
    }
    await using agent = await openAgent({ ...at, url: server.url, goOn: true });
    const told = async (task: string) => {
      const from = agent.events.length;
      await agent.turn(task);
      return agent.events.slice(from).map(({ type }) => type);
    };
    expect(await told('What now?')).toContain('tests');
    expect(await told('And now?')).not.toContain('tests');
  });
});
