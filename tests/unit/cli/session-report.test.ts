import { expect, it } from 'vitest';
import { reportOf } from '../../../src/cli/session-report.ts';
import type { AgentEvent, StampedEvent } from '../../../src/session/events.ts';
import type { Session } from '../../../src/session/resume.ts';

const usage = { input: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 1 };
const EVENTS: AgentEvent[] = [
  { type: 'session.start', task: 'Mend the cart\nsoon', model: 'm-1', root: '/p', version: '0', dry_run: false },
  { type: 'usage', purpose: 'main', model: 'm-1', usage, cost_usd: 0.01, task_cost_usd: 0.01, request_id: 'req_1' },
  { type: 'text', text: 'I will look.' },
  { type: 'tool.call', id: '1', name: 'read_file', input: { path: 'src/cart.js' } },
  { type: 'tool.result', id: '1', name: 'read_file', ok: true, text: '1 a', changed: [], duration_ms: 1 },
  { type: 'tool.call', id: '2', name: 'run_command', input: { command: 'npm test' } },
  {
    type: 'tool.result',
    id: '2',
    name: 'run_command',
    ok: true,
    text: '```\nnot ok 1',
    changed: [],
    exit: 1,
    duration_ms: 1,
  },
  {
    type: 'approval',
    id: '3',
    command: 'rm -rf x',
    rule: 'files.rm-recursive',
    reason: '',
    answer: 'no',
    said: 'keep it',
  },
  { type: 'tests', round: 1, status: 'passed', command: 'npm test', summary: 'pass 1' },
  { type: 'review', status: 'approved', summary: 'Fine.', objections: [] },
  { type: 'commit', commit: '0123456789abcdef', branch: 'nex/mend', subject: 'fix: mend the cart' },
];

function session(events: AgentEvent[]): Session {
  const stamped = events.map(
    (event, index): StampedEvent => ({ ...event, time: `2026-01-01T00:00:0${index % 10}.000Z`, session: 's' }),
  );
  return {
    id: 's-1',
    name: undefined,
    events: stamped,
    prefix: undefined,
    messages: [],
    earlier: [],
    answers: [],
    altered: false,
    notices: [],
  };
}

it('reads as a report: facts, task, what was said and done, checks, commit', () => {
  expect(reportOf(session(EVENTS), { requests: false })).toBe(`# Mend the cart

- session: \`s-1\`
- started: 2026-01-01T00:00:00.000Z
- model: m-1
- ended: not yet, or cut off
- commits: \`0123456789\` on \`nex/mend\`
- spent: 1 requests, $0.0100

## Task

> Mend the cart
> soon

I will look.

- \`Read src/cart.js\`
- \`Run npm test\`
  - failed:

        \`\`\`
        not ok 1


- asked about \`rm -rf x\` (files.rm-recursive): no, "keep it"

**Tests** passed (\`npm test\`): pass 1

**Review** approved: Fine.

**Commit** \`0123456789\` on \`nex/mend\`: fix: mend the cart`);
});

it('names the requests for whoever asks the vendor about them', () => {
  expect(reportOf(session(EVENTS), { requests: true })).toContain('\n- request req_1: main, m-1');
});

it('says the price is unknown when one call had none', () => {
  const unknown: AgentEvent = {
    type: 'usage',
    purpose: 'main',
    model: 'x',
    usage,
    cost_usd: null,
    task_cost_usd: null,
  };
  expect(reportOf(session([...EVENTS, unknown]), { requests: false })).toContain('2 requests, cost unknown');
});
