import { expect, it } from 'vitest';
import { runTask } from '../../../src/agent/task.ts';
import type { World } from '../../../src/agent/world.ts';
import { gitProject } from '../../support/git-project.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { says } from '../../support/model-server/turns.ts';
import { tempProject } from '../../support/temp-project.ts';
import { openAgent } from '../../support/test-agent.ts';

it('the plan is asked for while the context is being put together, and both are there before the first request', async () => {
  using project = gitProject({ 'a.txt': 'a\n' });
  using home = tempProject();
  await using server = await startModelServer({
    script: [says('Nothing to do.')],
    side: () => says('{"steps":[{"title":"Look","files":["a.txt"]},{"title":"Tell","files":[]}]}'),
  });
  await using agent = await openAgent({ root: project.root, home: home.root, url: server.url });
  const signal = new AbortController().signal;
  const task = 'Look at a.txt. Then say what it holds. Then tell why.';
  const real = agent.composition.nextTurn(task, signal);
  const order: string[] = [];
  const planAsked = Promise.withResolvers<void>();
  const contextBegun = Promise.withResolvers<void>();
  // Each of the two ends only after the other has begun: one after the other, none of them would.
  const light: World['light'] = {
    ...real.light,
    async ask(request) {
      order.push('plan asked');
      planAsked.resolve();
      await contextBegun.promise;
      return real.light.ask(request);
    },
  };
  const context: World['context'] = async (...args) => {
    order.push('context begun');
    contextBegun.resolve();
    await planAsked.promise;
    const found = await real.context(...args);
    order.push('context there');
    return found;
  };
  const world: World = Object.assign(Object.create(real), { light, context });
  const request = { task, piped: '', tests: false, review: false, wrapUp: false, commit: true };
  const { outcome } = await runTask(world, agent.session, request, signal);
  expect(outcome.outcome).toBe('done');
  expect(order.indexOf('plan asked')).toBeLessThan(order.indexOf('context there'));
  const kinds = agent.events.map(({ type }) => type).filter((type) => type === 'context' || type === 'plan');
  expect(kinds).toEqual(['context', 'plan']);
  expect(server.requests.map(({ side }) => side)).toEqual([true, false]);
  expect(server.requests[1]?.raw).toContain('Look');
});
