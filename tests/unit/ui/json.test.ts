import { expect, it } from 'vitest';
import type { StampedEvent } from '../../../src/session/events.ts';
import { jsonEnd, jsonLines } from '../../../src/ui/json.ts';

const stamp = { time: '2026-01-02T03:04:05.000Z', session: 's1' };
const end: StampedEvent = {
  exit_code: 0,
  duration_ms: 12,
  ...stamp,
  type: 'session.end',
  outcome: 'done',
  text: 'Hello\nthere',
  files: [],
  tests: { status: 'not_run' },
  review: { status: 'not_reviewed', objections: [] },
  refused: [],
  iterations: 0,
  usage: { requests: 1, inputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 5 },
  cost_usd: null,
};

function sink() {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text) };
}

it('prints one event a line, stamp first, without live pieces', () => {
  const out = sink();
  const listen = jsonLines(out);

  listen({ text: 'Hel', delta: true, type: 'text', ...stamp });
  listen({ text: 'Hello\n', type: 'text', ...stamp });
  listen({ type: 'thinking', text: 'x', delta: true, ...stamp });

  expect(out.written).toEqual(['{"type":"text","time":"2026-01-02T03:04:05.000Z","session":"s1","text":"Hello\\n"}\n']);
});

it('prints the end alone, with every key always', () => {
  const out = sink();
  const listen = jsonEnd(out);

  listen({ type: 'text', text: 'Hello', ...stamp });
  listen(end);

  expect(out.written).toHaveLength(1);
  expect(JSON.parse(out.written[0] ?? '')).toEqual({ ...end, branch: null, commit: null });
  expect(out.written[0]).toMatch(
    /^\{"type":"session.end","time":"[^"]+","session":"s1","outcome":"done","text":"Hello\\nthere","branch":null,/,
  );
});

it('says the same of the end in both forms, and what more there is', () => {
  const [lines, alone] = [sink(), sink()];
  const committed: StampedEvent = { ...end, branch: 'nex/x', commit: 'abc', base: 'main', uncommitted: 'no' };

  jsonLines(lines)(committed);
  jsonEnd(alone)(committed);

  expect(lines.written).toEqual(alone.written);
  expect(JSON.parse(alone.written[0] ?? '')).toMatchObject({
    branch: 'nex/x',
    commit: 'abc',
    base: 'main',
    uncommitted: 'no',
  });
});
