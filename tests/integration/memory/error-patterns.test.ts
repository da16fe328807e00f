import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openErrorPatterns } from '../../../src/memory/error-patterns.ts';
import type { Lesson } from '../../../src/memory/pattern.ts';
import { type Failure, readFailure } from '../../../src/memory/signature.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { tempProject } from '../../support/temp-project.ts';

function store(more: Partial<Parameters<typeof openErrorPatterns>[0]> = {}) {
  const project = tempProject();
  const clock = manualClock();
  const notices: string[] = [];
  const patterns = openErrorPatterns({
    path: project.path('errors.db'),
    clock,
    onNotice: (text) => notices.push(text),
    ...more,
  });
  return {
    ...project,
    clock,
    notices,
    patterns,
    [Symbol.dispose]() {
      patterns.dispose();
      project[Symbol.dispose]();
    },
  };
}

function failure(name = 'zod'): Failure {
  const output = `src/app.ts(3,7): error TS2307: Cannot find module '${name}' or its corresponding type declarations.\n`;
  const read = readFailure({ command: 'npx tsc', exit: 2, output });
  if (read === undefined) throw new Error('no failure');
  return read;
}

const lesson: Lesson = {
  taskSummary: 'Round the VAT at checkout',
  errorType: 'logic',
  whatFailed: 'Rounded each line',
  whatFixed: 'Round once, at the end',
  filePath: 'src/vat.ts',
  language: 'typescript',
  resolvedBy: 'user',
};

describe('openErrorPatterns', () => {
  it('makes no file as long as nothing is kept', () => {
    using it = store();
    const known = it.patterns.recallForFailure(failure());
    expect([
      it.patterns.recallForTask({ task: 'Round the VAT' }),
      known,
      it.patterns.list(),
      it.patterns.count(),
    ]).toEqual([[], undefined, [], 0]);
    expect(existsSync(it.path('errors.db'))).toBe(false);
  });

  it('opens, counts and closes an entry', () => {
    using it = store();
    const id = it.patterns.open(failure(), 'Add validation');
    expect(it.patterns.recallForFailure(failure())).toBeUndefined();
    it.clock.advance(60_000);
    expect(it.patterns.open(failure(), 'Add more validation')).toBe(id);
    it.patterns.close(id, { whatFixed: 'ran `npm install zod`', codeContext: 'x'.repeat(600), resolvedBy: 'edits' });
    expect(it.patterns.recallForFailure(failure())).toEqual({
      id,
      timestamp: '2026-01-02 03:04:05',
      taskSummary: 'Add validation',
      errorType: 'import',
      whatFailed: "TS2307: Cannot find module 'zod' or its corresponding type declarations.",
      whatFixed: 'ran `npm install zod`',
      filePath: 'src/app.ts',
      language: 'typescript',
      codeContext: `${'x'.repeat(499)}…`,
      signature: 'tsc import: TS2307: Cannot find module <q> or its corresponding type declarations.',
      subject: 'zod',
      command: 'tsc',
      exitStatus: 2,
      count: 2,
      lastSeen: '2026-01-02 03:05:05',
      resolvedBy: 'edits',
      helped: 0,
      ignored: 0,
    });
  });

  it('keeps failures with one signature apart by what they are about', () => {
    using it = store();
    expect(it.patterns.open(failure('zod'), 'a')).not.toBe(it.patterns.open(failure('chalk'), 'b'));
    expect(it.patterns.count()).toBe(2);
  });

  it('finds a lesson by the task, in its better words too', () => {
    using it = store();
    const id = it.patterns.add(lesson);
    it.patterns.reword(id, { whatFixed: 'Sum in cents and round the total with bankers rounding' });
    expect(it.patterns.recallForTask({ task: 'VAT at checkout is off by a cent' })).toMatchObject([
      {
        id,
        whatFailed: 'Rounded each line',
        whatFixed: 'Sum in cents and round the total with bankers rounding',
        resolvedBy: 'wrap-up',
      },
    ]);
    expect(it.patterns.forget(id)).toBe(true);
    expect(it.patterns.forget(id)).toBe(false);
    expect(it.patterns.recallForTask({ task: 'VAT at checkout is off by a cent' })).toEqual([]);
  });

  it('never recalls a failure that nobody has solved', () => {
    using it = store();
    it.patterns.open(failure(), 'Validate the order form with zod');
    expect(it.patterns.recallForTask({ task: 'Validate the order form with zod' })).toEqual([]);
  });

  it('keeps a record of every time a lesson was brought up, and of what came of it', () => {
    using it = store();
    const id = it.patterns.add(lesson);
    const first = it.patterns.hit(id, 'start');
    it.patterns.settle(first, true);
    it.patterns.settle(first, false);
    it.clock.advance(1_000);
    it.patterns.settle(it.patterns.hit(id, 'failure'), false);
    it.patterns.hit(id, 'failure');
    expect(it.patterns.show(id)).toMatchObject({
      helped: 1,
      ignored: 1,
      hits: [
        { time: '2026-01-02 03:04:05', moment: 'start', passed: true },
        { time: '2026-01-02 03:04:06', moment: 'failure', passed: false },
        { time: '2026-01-02 03:04:06', moment: 'failure' },
      ],
    });
    for (let round = 0; round < 30; round++) it.patterns.hit(id, 'start');
    expect(it.patterns.show(id)?.hits).toHaveLength(20);
  });

  it('gives its lessons to others and takes theirs, each once', () => {
    using ours = store();
    using theirs = store();
    ours.patterns.add(lesson);
    const id = ours.patterns.open(failure(), 'Add validation');
    ours.patterns.open(failure('never solved'), 'x');
    ours.patterns.close(id, { whatFixed: 'installed it', resolvedBy: 'edits' });
    const lines = ours.patterns.exportLines();
    expect(lines).toHaveLength(2);
    expect(theirs.patterns.importLines([...lines, '', 'no json', '{"what_failed":"only half"}', '[]'])).toEqual({
      added: 2,
      known: 0,
      broken: 3,
    });
    expect(theirs.patterns.importLines(lines)).toEqual({ added: 0, known: 2, broken: 0 });
    expect(theirs.patterns.recallForFailure(failure())).toMatchObject({
      whatFixed: 'installed it',
      resolvedBy: 'import',
      count: 1,
    });
    expect(theirs.patterns.exportLines()).toEqual(lines);
  });

  it('takes nothing from an import that could pass for something else', () => {
    using it = store();
    const line = JSON.stringify({
      what_failed: 'a\u001b[31m\u202eb',
      what_fixed: 'c'.repeat(5_000),
      timestamp: '2999-01-01 00:00:00',
      helped: 1_000,
      id: 7,
      count: 99,
      resolved_by: 'user',
    });
    it.patterns.importLines([line]);
    expect(it.patterns.list()).toEqual([
      {
        id: 1,
        timestamp: '2026-01-02 03:04:05',
        taskSummary: '',
        errorType: 'runtime',
        whatFailed: 'a [31m b',
        whatFixed: `${'c'.repeat(999)}…`,
        count: 1,
        lastSeen: '2026-01-02 03:04:05',
        resolvedBy: 'import',
        helped: 0,
        ignored: 0,
      },
    ]);
  });

  it('forgets the least useful lessons beyond its bounds', () => {
    using it = store({ bounds: { rows: 40, bytes: 1e9 } });
    const told = it.patterns.add(lesson);
    for (let round = 0; round < 60; round++)
      it.patterns.open(
        failure(`module${String.fromCharCode(97 + (round % 26))}${round > 25 ? 'x' : ''}${round > 51 ? 'y' : ''}`),
        'x',
      );
    const solved = it.patterns.open(failure('solved'), 'x');
    it.patterns.close(solved, { whatFixed: 'done', resolvedBy: 'edits' });
    for (let round = 0; round < 60; round++)
      it.patterns.open(
        failure(`other${String.fromCharCode(97 + (round % 26))}${round > 25 ? 'x' : ''}${round > 51 ? 'y' : ''}`),
        'x',
      );
    expect(it.patterns.count()).toBeLessThanOrEqual(40);
    expect([told, solved].map((id) => it.patterns.show(id)?.id)).toEqual([told, solved]);
    expect(it.patterns.check()).toEqual([]);
  });

  it('lists the newest first, page by page', () => {
    using it = store();
    for (const whatFailed of ['first', 'second', 'third']) {
      it.patterns.add({ ...lesson, whatFailed });
      it.clock.advance(1_000);
    }
    expect(it.patterns.list({ limit: 2 }).map(({ whatFailed }) => whatFailed)).toEqual(['third', 'second']);
    expect(it.patterns.list({ limit: 2, offset: 2 }).map(({ whatFailed }) => whatFailed)).toEqual(['first']);
  });

  it('lets lessons fade whose file is gone', () => {
    const recalled = (exists: boolean) => {
      using it = store({ exists: () => exists });
      it.patterns.add(lesson);
      return it.patterns.recallForTask({ task: 'Round the VAT on printed receipts of returned goods' }).length;
    };
    expect([recalled(true), recalled(false)]).toEqual([1, 0]);
  });

  it('answers by words that stand in quotes, operators and other scripts', () => {
    using it = store();
    it.patterns.add({ ...lesson, taskSummary: 'Корзина считает налог "дважды"' });
    for (const task of ['"unbalanced', "a' OR 1=1 --", 'NEAR(x y) AND NOT *', '日本語の課税'])
      expect(it.patterns.recallForTask({ task })).toEqual([]);
    expect(it.patterns.recallForTask({ task: 'Налог: корзина считает неверно' })).toHaveLength(1);
    expect(it.notices).toEqual([]);
  });
});
