import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/model/message.ts';
import { gitProject } from '../../support/git-project.ts';
import type { SeenRequest } from '../../support/model-server/request.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { calls, says, thinks, turn } from '../../support/model-server/turns.ts';
import { tempProject } from '../../support/temp-project.ts';
import { openAgent } from '../../support/test-agent.ts';

/** The body as it counts for the cache and for signatures: without the markers. */
function unmarked(value: Json | undefined): string {
  return JSON.stringify(value ?? null, (key, part) => (key === 'cache_control' ? undefined : part));
}

/** Shares of the request before that each request read from the cache. */
function sharesRead(requests: readonly SeenRequest[]): number[] {
  return requests.slice(1).map(({ usage }, index) => (usage?.cacheRead ?? 0) / (requests[index]?.promptTokens ?? 0));
}

describe('the conversation of a session', () => {
  it('is read from the cache and keeps its bytes, over the turns of a chat, changes to the project, and a resume', async () => {
    using project = gitProject({ 'src/a.js': 'export const a = 1;\n', 'README.md': '# parts\n' });
    using home = tempProject();
    await using server = await startModelServer({
      script: [
        turn(thinks(), calls('read_file', { path: 'README.md' }), calls('run_command', { command: 'ls src' })),
        turn(thinks(), calls('write_file', { path: 'src/b.js', content: 'export const b = 2;\n' })),
        turn(thinks(), says('b is there.')),
        turn(thinks(), calls('run_command', { command: 'cat no-such-file' })),
        turn(says('No such file.')),
        turn(thinks(), calls('search_files', { pattern: 'export' })),
        says('Two exports.'),
      ],
    });
    const open = { root: project.root, home: home.root, url: server.url, review: true, wrapUp: true };
    await using agent = await openAgent(open);
    await agent.turn('Add src/b.js.');
    project.write('NOTES.md', 'written by the user between two turns\n');
    await agent.turn('Is there a no-such-file?');
    await agent[Symbol.asyncDispose]();
    await using again = await openAgent({ ...open, goOn: true });
    expect((await again.turn('How many exports are there?')).outcome.text).toBe('Two exports.');

    const mains = server.requests.filter(({ side }) => !side);
    expect(mains).toHaveLength(7);
    expect(Math.min(...sharesRead(mains))).toBeGreaterThanOrEqual(0.99);
    for (const [index, { body }] of mains.entries()) {
      const before = mains[index - 1]?.body;
      if (!before) continue;
      expect([unmarked(body['system']), unmarked(body['tools'])]).toEqual([
        unmarked(before['system']),
        unmarked(before['tools']),
      ]);
      expect(unmarked(body['messages']).startsWith(unmarked(before['messages']).slice(0, -1))).toBe(true);
    }
    expect(server.violations).toEqual([]);
  });
});
