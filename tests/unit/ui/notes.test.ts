import { describe, expect, it } from 'vitest';
import { type Notable, noteLines } from '../../../src/ui/notes.ts';
import { createPaint } from '../../../src/ui/paint.ts';

function note(event: Notable, options: { color?: 0 | 1; columns?: number; verbose?: boolean } = {}): string[] {
  return noteLines(event, {
    paint: createPaint(options.color ?? 0),
    columns: options.columns ?? 62,
    verbose: options.verbose ?? false,
  });
}

describe('noteLines', () => {
  it('opens a dry run and a resumed session with a word on it', () => {
    expect(
      note({
        type: 'session.start',
        task: 't',
        model: 'm',
        root: '/r',
        version: '1.0.0',
        resumed: 's0',
        dry_run: true,
      }),
    ).toEqual([
      'nex 1.0.0 · m · /r',
      'goes on with session s0',
      'Dry run: nothing is written, and no command changes anything.',
    ]);
  });

  it('says nothing of usage unless asked', () => {
    const usage = { input: undefined, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: undefined };
    const event: Notable = { type: 'usage', purpose: 'plan', model: 'm', usage, cost_usd: null, task_cost_usd: null };

    expect(note(event)).toEqual([]);
    expect(note(event, { verbose: true })).toEqual(['plan: 0 tokens in, 0 out, unknown']);
  });

  it.each([
    ['One thought.', ['One thought.']],
    ['**A title**\n\nAnd then a lot.', ['A title']],
    ['two\nlines', ['two lines']],
    ['  \n ', []],
    ['', []],
    ['word '.repeat(60), ['word '.repeat(12).trim(), 'word '.repeat(12).trim(), `${'word '.repeat(12).trim()} …`]],
  ])('shortens thinking to its first paragraph: %j', (text, lines) => {
    expect(note({ type: 'thinking', text })).toEqual(lines);
  });

  it('dims thinking', () => {
    expect(note({ type: 'thinking', text: 'Hm.' }, { color: 1 })).toEqual(['\x1b[2mHm.\x1b[22m']);
  });

  it.each([
    ['info', 'a\nb', ['\x1b[2ma\x1b[22m', '\x1b[2mb\x1b[22m']],
    ['warning', 'a\x1b[2J', ['\x1b[33m! a\x1b[39m']],
  ] as const)('shows a notice of level %s', (level, text, lines) => {
    expect(note({ type: 'notice', level, text }, { color: 1 })).toEqual(lines);
  });

  it.each([
    [{ status: 'passed' }, '✓ tests passed'],
    [{ status: 'failed', command: 'make' }, '✗ tests failed (make)'],
    [{ status: 'failed_before' }, '! tests failed, as they did before'],
    [{ status: 'not_run' }, '! tests not run'],
  ] as const)('shows tests: %j', (tests, line) => {
    expect(note({ type: 'tests', round: 1, ...tests })).toEqual([line]);
  });

  it('shows each objection with its place', () => {
    expect(
      note({
        type: 'review',
        status: 'objections',
        summary: 'close',
        objections: [
          { problem: 'no\ntest' },
          { file: 'a\x07.ts', problem: 'x' },
          { file: 'b.ts', line: 3, problem: 'y' },
        ],
      }),
    ).toEqual(['! review: 3 objections: close', '  no test', '  a‹BEL›.ts x', '  b.ts:3 y']);
  });

  it('shows a plan as a list to tick off, long titles hanging', () => {
    expect(
      note(
        {
          type: 'plan',
          steps: [{ title: 'Find all places where the sum is computed today', files: ['a.ts', 'b.ts'], done: false }],
        },
        { columns: 40 },
      ),
    ).toEqual(['Plan', '  ☐ Find all places where the sum is', '    computed today (a.ts, b.ts)']);
  });

  it('counts what is too much of a diff, and shows it all when verbose', () => {
    const event: Notable = { type: 'diff', files: [], patch: `@@ -0,0 +1,500 @@\n${'+x\n'.repeat(500)}` };

    expect(note(event)).toHaveLength(80);
    expect(note(event).at(-1)).toBe('… 421 more lines');
    expect(note(event, { verbose: true })).toHaveLength(500);
  });
});
