import { describe, expect, it } from 'vitest';
import { tableOf } from '../../../src/cli/table.ts';
import { createPaint } from '../../../src/ui/paint.ts';

const HEAD = ['id', 'what'];
const ROWS = [
  ['1', 'a\ntext that is longer than its line'],
  ['200', '日本 \x1b[2Jb'],
];

describe('a table', () => {
  it('is one line a row for a pipe', () => {
    expect(tableOf(HEAD, ROWS)).toBe('id   what\n1    a text that is longer than its line\n200  日本 b');
  });

  it('folds its last column in a terminal, below itself', () => {
    expect(tableOf(HEAD, ROWS, { columns: 25, paint: createPaint(0) })).toBe(
      'id   what\n1    a text that is\n     longer than its line\n200  日本 b',
    );
  });

  it('leaves it alone where it could not be read', () => {
    expect(tableOf(HEAD, ROWS, { columns: 12, paint: createPaint(0) })).toContain(
      '1    a text that is longer than its line',
    );
  });
});
