import { describe, expect, it } from 'vitest';
import { type Lesson, lessonInFull, lessonInList } from '../../../src/cli/lesson-text.ts';

const lesson = (more: Partial<Lesson>): Lesson => ({
  id: 12,
  timestamp: '2026-01-02 03:04:05',
  taskSummary: 'Add a login',
  errorType: 'type',
  whatFailed: "TS2307: Cannot find module './session' or its corresponding type declarations.",
  whatFixed: 'src/app.ts: `./session` became `./session.ts`',
  count: 1,
  lastSeen: '2026-01-02 03:04:05',
  helped: 0,
  ignored: 0,
  hits: [],
  ...more,
});

describe('lessonInList', () => {
  it('says what failed, what fixed it and whether it helped, in the width there is', () => {
    const hits = [{ time: '2026-02-02 03:04:05', moment: 'failure' as const, passed: false }];
    expect(lessonInList(lesson({ count: 3, helped: 1, ignored: 1, hits }), 60)).toEqual([
      "#12  TS2307: Cannot find module './session' or its",
      '     corresponding type declarations.',
      '     fixed by src/app.ts: `./session` became `./session.ts`',
      '     seen 3 times, last 2026-01-02 03:04; brought up',
      '     2026-02-02 03:04 at the failure, it failed the same way',
      '     again, helped 1 of 2 times',
    ]);
  });

  it.each([
    ['an open one', { whatFixed: '' }, '     not solved yet'],
    ['a rejection', { whatFixed: 'No floats.', resolvedBy: 'rejection' as const }, '     your reason: No floats.'],
    ['control characters', { whatFixed: 'a\u001b[2Jb' }, '     fixed by ab'],
  ])('tells %s', (_, more, line) => {
    expect(lessonInList(lesson(more), 80)).toContain(line);
  });
});

describe('lessonInFull', () => {
  it('shows every time it was brought up, and what is not known is left out', () => {
    const hits = [
      { time: '2026-02-02 03:04:05', moment: 'start' as const, passed: true },
      { time: '2026-03-02 03:04:05', moment: 'failure' as const },
    ];
    expect(lessonInFull(lesson({ helped: 1, hits, resolvedBy: 'edits' }), 80)).toEqual([
      'Lesson #12',
      "  failed     TS2307: Cannot find module './session' or its corresponding type",
      '             declarations.',
      '  fixed by   src/app.ts: `./session` became `./session.ts`',
      '  kind       type',
      '  task       Add a login',
      '  known by   the check passed after these edits',
      '  seen       once, last 2026-01-02 03:04, first 2026-01-02 03:04',
      '  helped     the check that followed passed 1 of 1 times',
      '',
      'Brought up (times are UTC):',
      '  2026-02-02 03:04:05  before the task  the next check passed',
      '  2026-03-02 03:04:05  at the failure   no check since',
    ]);
  });
});
