import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TaskEnd } from '../../../src/agent/task.ts';
import { type FaultSchedule, faultSchedule, playedInOrder } from '../../support/fault-schedule.ts';
import { gitProject } from '../../support/git-project.ts';
import type { SeenRequest } from '../../support/model-server/request.ts';
import { startModelServer } from '../../support/model-server/server.ts';
import { tempProject } from '../../support/temp-project.ts';
import { openAgent, type TestAgent } from '../../support/test-agent.ts';

/** Schedules of a day; FAULT_SCHEDULES=2000 plays all, FAULT_FROM begins at another. */
const COUNT = Number(process.env['FAULT_SCHEDULES'] ?? 50);
const FROM = Number(process.env['FAULT_FROM'] ?? 0);
/** Schedules in which something was wrong once; played every day, too. */
const HARD = [73, 128, 322, 857, 1206, 1240];
const AT_ONCE = 6;
/** Longer than any answer takes here; a silent server is given up after it. */
const IDLE_MS = 1500;

const template = gitProject({ 'notes.md': '# notes\n\none\ntwo\nthree\nfour\nfive\n', 'dirty.txt': 'committed\n' });
template.write('dirty.txt', 'edited by the user\n');

/** What the user has and no task may touch: the branch, stashes, settings, and the file that is being edited. */
function belongings(root: string): Record<string, string> {
  const names = ['.git/refs/heads/main', '.git/refs/stash', '.git/config', 'dirty.txt'];
  const text = (name: string) => (existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : '');
  return Object.fromEntries(names.map((name) => [name, text(name)]));
}

/** What the server would bill, with answers that were cut billed to their end. */
function billed(requests: readonly SeenRequest[]): number {
  return requests.reduce((sum, { usage, body }) => {
    if (usage === undefined) return sum;
    const light = String(body['model']).includes('haiku');
    const [input, read, write, output] = light ? [0.1, 0.01, 0.125, 0.5] : [2, 0.1, 2.5, 10];
    return (
      sum + (usage.input * input + usage.cacheRead * read + usage.cacheWrite * write + usage.output * output) / 1e6
    );
  }, 0);
}

/** Plays one schedule to its end; returns what is wrong with it. */
async function play(schedule: FaultSchedule): Promise<string[]> {
  const wrong: string[] = [];
  const check = (holds: boolean, what: string) => void (holds || wrong.push(`schedule ${schedule.seed}: ${what}`));
  using project = tempProject();
  using home = tempProject();
  cpSync(template.root, project.root, { recursive: true });
  const server = await startModelServer({
    ...playedInOrder(schedule.script),
    faults: schedule.faults.map((fault) => ({ ...fault })),
    allowViolations: true,
  });
  const ends: TaskEnd[] = [];
  const agents: TestAgent[] = [];
  try {
    // After each "try again later" a new process goes on; the faults run out.
    for (let round = 0; round < 6 && (round === 0 || ends.at(-1)?.outcome.outcome === 'later'); round++) {
      const agent = await openAgent({
        root: project.root,
        home: home.root,
        url: server.url,
        idleTimeoutMs: IDLE_MS,
        goOn: round > 0 && agents.some(({ session }) => session.conversation.length > 0),
        review: schedule.review,
        wrapUp: schedule.wrapUp,
        settings: {
          maxIterations: schedule.maxIterations,
          ...(schedule.maxCost === undefined ? {} : { maxCost: schedule.maxCost }),
        },
      });
      agents.push(agent);
      try {
        ends.push(await agent.turn(round === 0 ? `Task ${schedule.seed}.` : 'Go on where you stopped.'));
      } finally {
        await agent[Symbol.asyncDispose]();
      }
      const usd = billed(server.requests);
      check(schedule.maxCost === undefined || usd <= schedule.maxCost * (round + 1), `${usd} billed, over the limit`);
    }

    const last = ends.at(-1)?.outcome;
    const told = ends.map(({ outcome, error }) => `${outcome.outcome} (${error?.message ?? ''})`).join(', ');
    check(last !== undefined && ['done', 'failed', 'capped', 'later'].includes(last.outcome), `ended ${told}`);
    check((last?.iterations ?? 0) <= schedule.maxIterations, `${last?.iterations} calls ran`);
    check(server.violations.length === 0, `violations: ${server.violations.join('; ')}`);
    if (ends.length === 1 && last?.outcome === 'done' && last.text.startsWith('All of')) {
      check(last.exit_code === 0 || last.exit_code === 3, `done with status ${last.exit_code}`);
      for (const file of schedule.files) check(existsSync(project.path(file)), `${file} was not written`);
    }

    // No command ran twice, whatever was repeated.
    const log = existsSync(project.path('steps.log')) ? readFileSync(project.path('steps.log'), 'utf8') : '';
    for (const line of schedule.lines) {
      const times = log.split('\n').filter((each) => each === line).length;
      check(times <= 1, `"${line}" was written ${times} times; ${told}`);
      if (last?.text.startsWith('All of') && last.outcome === 'done')
        check(times === 1, `"${line}" is missing; ${told}`);
    }
    // Nothing was shown twice, unless it was said that the answer starts again. (A reply that was odd and not cut was
    // really said twice.)
    for (const { events } of schedule.odd ? [] : agents) {
      if (events.some((event) => event.type === 'notice' && event.text.includes('starts again'))) continue;
      const live = events.map((event) => (event.type === 'text' && event.delta ? event.text : '')).join('');
      for (const words of new Set(live.match(/Words \d+-\d+ are said\./g) ?? []))
        check(live.split(words).length === 2, `"${words}" was shown ${live.split(words).length - 1} times`);
    }

    const [had, has] = [belongings(template.root), belongings(project.root)];
    check(JSON.stringify(has) === JSON.stringify(had), 'something of the user changed');
  } finally {
    await server.close();
  }
  return wrong;
}

describe(`fault schedules ${FROM} to ${FROM + COUNT - 1}`, () => {
  it(
    'break no promise: every run ends, nothing is done or shown twice, no limit is passed, no byte of the user is lost',
    async () => {
      const range = Array.from({ length: COUNT }, (_, index) => FROM + index);
      const left = [...new Set([...range, ...HARD])];
      const wrong: string[] = [];
      const worker = async () => {
        for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
          wrong.push(
            ...(await play(faultSchedule(seed)).catch((error: unknown) => [
              `schedule ${seed}: ${error instanceof Error ? error.stack : String(error)}`,
            ])),
          );
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      template[Symbol.dispose]();
      expect(wrong).toEqual([]);
    },
    COUNT * 20_000,
  );
});
