import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/session/outcome.ts';
import { createPaint } from '../../../src/ui/paint.ts';
import { renderSummary } from '../../../src/ui/summary.ts';

const BASE: Outcome = {
  outcome: 'done',
  text: 'Done.',
  files: [],
  tests: { status: 'not_run' },
  review: { status: 'not_reviewed', objections: [] },
  refused: [],
  iterations: 0,
  usage: { requests: 2, inputTokens: 200, cacheReadTokens: 800, cacheWriteTokens: 0, outputTokens: 50 },
  cost_usd: 0.01,
  duration_ms: 3_000,
  exit_code: 0,
};
const CHANGED: Partial<Outcome> = { files: ['a.ts'], branch: 'nex/x', base: 'main' };
const HASH = '0123456789abcdef0123456789abcdef01234567';

function render(rest: Partial<Outcome>, { columns = 80, color = 0 }: { columns?: number; color?: 0 | 1 } = {}): string {
  return renderSummary({ ...BASE, ...rest }, { paint: createPaint(color), columns, session: 's-1' }).join('\n');
}

/** The row of that name. */
function row(name: string, rest: Partial<Outcome>): string | undefined {
  return render({ ...CHANGED, ...rest })
    .split('\n')
    .find((line) => line.startsWith(`  ${name}`))
    ?.slice(10);
}

describe('renderSummary', () => {
  it('is one line for a question', () => {
    expect(render({})).toBe('✓ Done in 3.0 s · $0.010 · 1.0k tokens in (80 % from cache), 50 out');
  });

  it('is painted', () => {
    expect(render({}, { color: 1, columns: 100 })).toBe(
      '\x1b[32m✓ Done in 3.0 s\x1b[39m\x1b[2m · $0.010 · 1.0k tokens in (80 % from cache), 50 out\x1b[22m',
    );
  });

  it.each([
    ['preview', '! Dry run, nothing was changed, in 3.0 s'],
    ['needs_input', '! Needs your answer after 3.0 s'],
    ['failed', '✗ Failed after 3.0 s'],
    ['capped', '✗ Stopped by a limit after 3.0 s'],
    ['refused', '✗ Not finished, something was refused, after 3.0 s'],
    ['later', '✗ Not finished, try again later, after 3.0 s'],
    ['interrupted', '✗ Interrupted after 3.0 s'],
  ] as const)('says how a task ended: %s', (outcome, head) => {
    expect(render({ outcome }, { columns: 200 }).split(/ · |\n/)[0]).toBe(head);
  });

  it('never calls a task simply done whose tests fail, that the review objects to, or whose commit waits', () => {
    const head = (rest: Partial<Outcome>) => render({ ...CHANGED, exit_code: 3, ...rest }).split('\n')[0];
    const objections = { status: 'objections' as const, objections: [{ problem: 'x' }] };
    expect(head({ tests: { status: 'failed' } })).toBe('! Done, but the tests fail, in 3.0 s');
    expect(head({ review: objections })).toBe('! Done, but the review objects, in 3.0 s');
    expect(head({ tests: { status: 'failed' }, review: objections })).toBe(
      '! Done, but the tests fail, the review objects, in 3.0 s',
    );
    expect(head({ uncommitted: 'git does not know who you are' })).toBe(
      '! Done, but the commit waits for you, in 3.0 s',
    );
    expect(head({ tests: { status: 'failed_before' }, exit_code: 0 })).toBe('✓ Done in 3.0 s');
    expect(head({ uncommitted: 'you said no', exit_code: 0 })).toBe('✓ Done in 3.0 s');
  });

  it('prints the commands for a push and a pull request, where the remote allows', () => {
    const committed = { commit: HASH, remote: { name: 'origin', forge: 'github' as const } };
    expect(row('push', committed)).toBe('git push -u origin nex/x');
    expect(row('propose', committed)).toBe('gh pr create --fill --base main');
    const gitlab = { commit: HASH, remote: { name: 'my lab', forge: 'gitlab' as const } };
    expect(row('push', gitlab)).toBe("git push -u 'my lab' nex/x");
    expect(row('propose', gitlab)).toBe('glab mr create --fill --target-branch main');
    expect(row('propose', { ...committed, base: HASH })).toBe('gh pr create --fill');
    expect(row('propose', { commit: HASH, remote: { name: 'origin', forge: 'other' } })).toBeUndefined();
    expect(row('push', { commit: HASH })).toBeUndefined();
  });

  it.each(['needs_input', 'failed', 'capped', 'later', 'interrupted'] as const)(
    'tells how to go on after %s',
    (outcome) => {
      expect(render({ outcome })).toContain('\n  resume  nex sessions resume s-1');
    },
  );

  it('names files, and counts those beyond a few', () => {
    expect(row('files', { files: Array.from({ length: 10 }, (_, index) => `${index}.ts`) })).toBe(
      '0.ts, 1.ts, 2.ts, 3.ts, 4.ts, 5.ts, 6.ts, 7.ts and 2 others',
    );
    expect(row('files', { files: ['a\x1b[2J\n.ts'] })).toBe('a‹ESC›[2J‹LF›.ts');
  });

  it.each([
    [{ status: 'passed', command: 'npm test' }, 'passed (npm test)'],
    [{ status: 'failed', command: 'npm test', summary: '2 of 3 fail\ndetails' }, 'failed (npm test): 2 of 3 fail'],
    [{ status: 'failed_before' }, 'failed, as they did before'],
    [{ status: 'not_run', summary: 'no test command was found' }, 'not run: no test command was found'],
  ] as const)('says of the tests %j', (tests, text) => {
    expect(row('tests', { tests })).toBe(text);
  });

  it.each([
    [{ status: 'approved', summary: 'fits\nthe task', objections: [] }, 'approved: fits the task'],
    [{ status: 'objections', objections: [{ problem: 'a' }, { problem: 'b' }] }, '2 objections'],
    [{ status: 'not_reviewed', summary: 'it made no sense', objections: [] }, 'not reviewed: it made no sense'],
    [{ status: 'not_reviewed', objections: [] }, undefined],
  ] as const)('says of the review %j', (review, text) => {
    expect(row('review', { review })).toBe(text);
  });

  it('says nothing of a cost where no model was asked', () => {
    const usage = { requests: 0, inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };
    expect(row('cost', { usage, cost_usd: 0 })).toBeUndefined();
    expect(render({ usage, cost_usd: 0 })).toBe('✓ Done in 3.0 s');
  });

  it('never shows an unknown cost as zero', () => {
    expect(row('cost', { cost_usd: null })).toMatch(/^unknown · /);
    expect(render({ cost_usd: null })).toContain('· cost unknown ·');
  });

  it('says what was refused', () => {
    const refused = [{ command: 'rm -rf /\n', rule: 'files.rm', reason: 'r' }];
    expect(row('refused', { refused })).toBe('rm -rf /‹LF› (files.rm)');
    expect(render({ refused })).toContain('\n  refused rm -rf /‹LF› (files.rm)');
  });

  it.each<[Partial<Outcome>, Array<string | undefined>]>([
    [
      { commit: HASH },
      ['nex/x (from main) at 012345678', 'git switch main', 'git switch main && git merge nex/x', 'nex rollback'],
    ],
    [
      { uncommitted: 'you said no' },
      ['nex/x (from main), not committed: you said no', 'git switch main', undefined, 'nex rollback'],
    ],
    [
      { commit: HASH, base: HASH },
      ['nex/x (from 012345678) at 012345678', 'git switch --detach 0123456789ab', undefined, 'nex rollback'],
    ],
    [
      { commit: HASH, base: "it's $(me)" },
      [
        "nex/x (from it's $(me)) at 012345678",
        "git switch 'it'\\''s $(me)'",
        "git switch 'it'\\''s $(me)' && git merge nex/x",
        'nex rollback',
      ],
    ],
  ])('tells of the branch and the ways from it: %j', (rest, rows) => {
    expect(['branch', 'return', 'merge', 'undo'].map((name) => row(name, rest))).toEqual(rows);
  });

  it('does not know the way back to what had no name', () => {
    const { base: _, ...nameless } = { ...BASE, ...CHANGED, commit: HASH };
    const lines = renderSummary(nameless, { paint: createPaint(0), columns: 80, session: 's' });

    expect(lines).toContain('  return  git switch -');
    expect(lines.join('\n')).not.toContain('merge');
  });

  it('says why changes are not committed where there is no branch', () => {
    const { branch: _, base: __, ...rest } = { ...BASE, ...CHANGED, uncommitted: 'there is no repository' };
    const text = renderSummary(rest, { paint: createPaint(0), columns: 80, session: 's' }).join('\n');

    expect(text).toContain('\n  branch  not committed: there is no repository');
    expect(text).not.toContain('undo');
  });
});
