import { describe, expect, it } from 'vitest';
import { createPaint } from '../../../src/ui/paint.ts';
import { createProgress } from '../../../src/ui/progress.ts';
import { terminalScreen } from '../../support/terminal-screen.ts';

/** Progress at these seconds and counts, of a thousand. */
function seen(steps: ReadonlyArray<[seconds: number, done: number]>, { columns = 80, words = false } = {}) {
  let now = 0;
  const screen = terminalScreen(columns);
  const progress = createProgress({
    out: { write: (text) => screen.write(text.replaceAll('\n', '\r\n')) },
    columns: () => columns,
    paint: createPaint(0, { words }),
    label: 'indexing',
    clock: { now: () => new Date(now) },
  });
  const lines = steps.map(([seconds, done]) => {
    now = seconds * 1000;
    progress.update(done, 1000);
    return screen.lines().at(-1) ?? '';
  });
  progress.end();
  return { lines, left: screen.lines(), unknown: screen.unknown };
}

describe('progress', () => {
  it('fills a line, says what is left of the time, and goes away', () => {
    expect(
      seen([
        [0.1, 10],
        [1, 50],
        [2, 250],
        [8, 1000],
      ]),
    ).toEqual({
      lines: [
        '',
        `indexing ${'━'.repeat(2)}${'─'.repeat(28)}   5 %  50/1000`,
        `indexing ${'━'.repeat(8)}${'─'.repeat(22)}  25 %  250/1000, 6.0 s left`,
        `indexing ${'━'.repeat(30)} 100 %  1000/1000`,
      ],
      left: [],
      unknown: [],
    });
  });

  it('is one line at any width', () => {
    for (const columns of [20, 40, 60, 200]) {
      const { lines } = seen([[3, 437]], { columns });
      expect(lines).toHaveLength(1);
      expect(lines[0]?.length).toBeLessThan(columns);
      expect(lines[0]).toContain('43 %');
    }
  });

  it('is a few plain lines for a screen reader', () => {
    expect(
      seen(
        [
          [1, 100],
          [2, 260],
          [3, 300],
          [4, 760],
          [5, 1000],
        ],
        { words: true },
      ).left,
    ).toEqual(['indexing: 260 of 1000', 'indexing: 760 of 1000', 'indexing: 1000 of 1000']);
  });
});
