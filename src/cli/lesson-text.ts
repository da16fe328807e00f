import type { Hit, Pattern } from '../memory/pattern.ts';
import { oneLine } from '../platform/one-line.ts';
import { sanitize } from '../ui/sanitize.ts';
import { hanging } from './hanging.ts';

export type Lesson = Pattern & { hits: readonly Hit[] };

/** A lesson in three short paragraphs for a list: what failed, what fixed it, and whether knowing it helped. */
export function lessonInList(lesson: Lesson, columns: number): string[] {
  const lead = `#${lesson.id}`.padEnd(4);
  const fixed = lesson.whatFixed === '' ? 'not solved yet' : `${fixedBy(lesson)} ${oneLine(lesson.whatFixed, 140)}`;
  return [
    ...hanging(`${lead} `, oneLine(lesson.whatFailed, 140), columns),
    ...hanging('     ', fixed, columns),
    ...hanging('     ', `${seen(lesson)}; ${verdict(lesson)}`, columns),
  ];
}

/** Everything that is known of a lesson. */
export function lessonInFull(lesson: Lesson, columns: number): string[] {
  const { helped, ignored, hits, codeContext } = lesson;
  const rows: Array<[string, string | undefined]> = [
    ['failed', lesson.whatFailed],
    [lesson.whatFixed === '' ? 'open' : fixedBy(lesson), lesson.whatFixed || 'nobody has found out yet'],
    ['kind', [lesson.errorType, lesson.language].filter(Boolean).join(', ')],
    ['file', lesson.filePath],
    [
      'command',
      lesson.command &&
        `${lesson.command}${lesson.exitStatus === undefined ? '' : `, exit status ${lesson.exitStatus}`}`,
    ],
    ['about', lesson.subject || undefined],
    ['signature', lesson.signature || undefined],
    ['task', lesson.taskSummary || undefined],
    ['known by', lesson.resolvedBy && SOURCES[lesson.resolvedBy]],
    ['seen', `${seen(lesson).replace('seen ', '')}, first ${lesson.timestamp.slice(0, 16)}`],
    [
      'helped',
      helped + ignored === 0 ? undefined : `the check that followed passed ${helped} of ${helped + ignored} times`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    `Lesson #${lesson.id}`,
    ...rows.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : hanging(`  ${name.padEnd(width)}`, value, columns),
    ),
    ...(codeContext === undefined ? [] : ['', 'The change:', ...lines(codeContext).map((line) => `  ${line}`)]),
    '',
    ...(hits.length === 0
      ? ['It was not brought up yet.']
      : [
          'Brought up (times are UTC):',
          ...hits.map((hit) => `  ${hit.time}  ${MOMENTS[hit.moment].padEnd(16)} ${RESULTS[String(hit.passed)] ?? ''}`),
        ]),
  ];
}

const SOURCES: Readonly<Record<NonNullable<Pattern['resolvedBy']>, string>> = {
  edits: 'the check passed after these edits',
  'wrap-up': 'the check passed after the edits; words of the wrap-up',
  user: 'you told it',
  rejection: 'you turned the change down',
  import: 'an import',
};
const MOMENTS: Readonly<Record<Hit['moment'], string>> = { start: 'before the task', failure: 'at the failure' };
const RESULTS: Readonly<Record<string, string>> = {
  true: 'the next check passed',
  false: 'it failed the same way again',
  undefined: 'no check since',
};

function fixedBy({ resolvedBy }: Pattern): string {
  return resolvedBy === 'rejection' ? 'your reason:' : 'fixed by';
}

function seen({ count, lastSeen }: Pattern): string {
  return `seen ${count === 1 ? 'once' : `${count} times`}, last ${lastSeen.slice(0, 16)}`;
}

function verdict({ hits, helped, ignored }: Lesson): string {
  const last = hits.at(-1);
  if (last === undefined) return 'not brought up yet';
  const judged = helped + ignored === 0 ? '' : `, helped ${helped} of ${helped + ignored} times`;
  return `brought up ${last.time.slice(0, 16)} ${MOMENTS[last.moment]}, ${RESULTS[String(last.passed)]}${judged}`;
}

function lines(text: string): string[] {
  return sanitize(text).split('\n');
}
