import { describe, expect, it } from 'vitest';
import type { Pattern } from '../../../src/memory/pattern.ts';
import { nearest, type Surroundings, sameFailure } from '../../../src/memory/recall.ts';

const lesson = (more: Partial<Pattern>): Pattern => ({
  id: 1,
  timestamp: '2026-01-01 00:00:00',
  taskSummary: 'Compute VAT at checkout',
  errorType: 'runtime',
  whatFailed: 'RangeError: rounding mode',
  whatFixed: 'src/vat.ts: rounds once',
  filePath: 'src/vat.ts',
  language: 'typescript',
  count: 1,
  lastSeen: '2026-01-01 00:00:00',
  helped: 0,
  ignored: 0,
  ...more,
});
const around: Surroundings = { frequency: () => 1, total: 10, now: new Date('2026-01-02T00:00:00Z') };
const ids = (task: string, lessons: Pattern[], more: object = {}, world: Partial<Surroundings> = {}) =>
  nearest({ task, language: 'typescript', ...more }, lessons, { ...around, ...world }).map(({ id }) => id);

describe('nearest', () => {
  it('takes a lesson on the same matter, and none on another', () => {
    expect(ids('Checkout shows the wrong VAT', [lesson({})])).toEqual([1]);
    expect(ids('Checkout needs a new button colour', [lesson({})])).toEqual([]);
    expect(ids('Fix the failing test', [lesson({ taskSummary: 'Fix the test' })])).toEqual([]);
  });

  it('needs only one telling word when the file is one the task will touch', () => {
    expect(ids('Show VAT on receipts', [lesson({})])).toEqual([]);
    expect(ids('Show VAT on receipts', [lesson({})], { files: ['src/vat.ts'] })).toEqual([1]);
    expect(ids('Change colours', [lesson({})], { files: ['src/vat.ts'] })).toEqual([]);
    const named = lesson({ taskSummary: 'Mend test/cart.test.ts', filePath: 'src/cart.ts' });
    expect(ids('test/cart.test.ts fails again', [named])).toEqual([1]);
    expect(ids('test/user.test.ts fails again', [named])).toEqual([]);
    expect(ids('Write src/returns.ts: what comes back', [lesson({})], { files: ['src/vat.ts'] })).toEqual([]);
  });

  it('answers at most as many as asked, each fix once', () => {
    const many = [1, 2, 3, 4, 5].map((id) => lesson({ id, whatFixed: `fix ${id}` }));
    expect(ids('Checkout VAT', many)).toHaveLength(3);
    expect(ids('Checkout VAT', many, { limit: 1 })).toHaveLength(1);
    expect(ids('Checkout VAT', [lesson({ id: 1 }), lesson({ id: 2 })])).toEqual([2]);
  });

  it('prefers what helped, is recent, and whose file is still there', () => {
    const better = (more: Partial<Pattern>, world: Partial<Surroundings> = {}) =>
      ids(
        'Checkout VAT',
        [lesson({ id: 2, whatFixed: 'other', filePath: 'gone.ts', ...more }), lesson({ id: 1 })],
        {},
        world,
      )[0];
    expect(better({ helped: 3 })).toBe(2);
    expect(better({ ignored: 3 })).toBe(1);
    expect(better({ lastSeen: '2020-01-01 00:00:00' })).toBe(1);
    expect(better({}, { exists: (path) => path !== 'gone.ts' })).toBe(1);
  });

  it('takes the language from the files when nobody says it, and close languages for one', () => {
    const task = 'Checkout VAT on the printed receipts of returned goods';
    const asked = (path: string, language: string) =>
      nearest({ task, files: [path] }, [lesson({ language })], around).map(({ id }) => id);
    expect(asked('src/a.py', 'typescript')).toEqual([]);
    expect(asked('src/a.py', 'python')).toEqual([1]);
    expect(asked('src/a.js', 'typescript')).toEqual([1]);
    expect(asked('README.md', 'typescript')).toEqual([1]);
  });

  it('lets a lesson fade away that was contradicted again and again', () => {
    const task = 'Checkout VAT on the printed receipts of returned goods';
    expect(ids(task, [lesson({})])).toEqual([1]);
    expect(ids(task, [lesson({ ignored: 5 })])).toEqual([]);
  });
});

describe('sameFailure', () => {
  const failure = { subject: 'cart > adds', errorType: 'test_failure' as const, files: ['tests/cart.test.ts'] };

  it('takes a failed assertion for known only in the same test or file', () => {
    expect(sameFailure(failure, [lesson({ subject: 'user > logs in' })])).toBeUndefined();
    expect(sameFailure(failure, [lesson({ subject: 'cart > adds' })])?.id).toBe(1);
    expect(sameFailure(failure, [lesson({ subject: 'other', filePath: 'tests/cart.test.ts' })])?.id).toBe(1);
  });

  it('takes a failure that says what it is for known wherever it happens', () => {
    const missing = { subject: 'zod', errorType: 'import' as const, files: [] };
    expect(sameFailure(missing, [lesson({ subject: 'left-pad' })])?.id).toBe(1);
  });

  it('prefers the lesson on the same names, and drops one that did not help', () => {
    const missing = { subject: 'zod', errorType: 'import' as const, files: [] };
    expect(sameFailure(missing, [lesson({ id: 1, subject: 'left-pad' }), lesson({ id: 2, subject: 'zod' })])?.id).toBe(
      2,
    );
    expect(sameFailure(missing, [lesson({ subject: 'left-pad', ignored: 2 })])).toBeUndefined();
  });

  it('drops a lesson on other names when its file is gone', () => {
    const missing = { subject: 'zod', errorType: 'import' as const, files: [] };
    const gone = () => false;
    expect(sameFailure(missing, [lesson({ subject: 'left-pad' })], gone)).toBeUndefined();
    expect(sameFailure(missing, [lesson({ subject: 'zod' })], gone)?.id).toBe(1);
  });
});
