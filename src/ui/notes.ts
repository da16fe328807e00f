import { makeVisible } from '../platform/visible.ts';
import type { AgentEvent } from '../session/events.ts';
import { renderDiff } from './diff.ts';
import { count, duration, money, tokens, usageLine } from './figures.ts';
import type { Paint, Style } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { reviewLine, testsLine } from './summary.ts';
import { cut, widthOf } from './width.ts';
import { type Span, wrap } from './wrap.ts';

export interface NoteOptions {
  paint: Paint;
  columns: number;
  /** Shows whole what is otherwise shown in part, and what is otherwise not shown. */
  verbose: boolean;
  /** Written as `~` in paths. */
  home?: string | undefined;
}

type EventOf<Type extends AgentEvent['type']> = Extract<AgentEvent, { type: Type }>;

/** Events that are told in a few lines once they have happened. */
export type Notable = EventOf<
  | 'session.start'
  | 'context'
  | 'plan'
  | 'thinking'
  | 'usage'
  | 'retry'
  | 'notice'
  | 'error.recalled'
  | 'error.learned'
  | 'tests'
  | 'review'
  | 'diff'
  | 'commit'
>;

const THINKING_LINES = 3;
/** More lines of the diff are shown when asked for. */
export const DIFF_LINES = 80;

/** What the screen says of an event. */
export function noteLines(event: Notable, options: NoteOptions): string[] {
  const { paint, columns, verbose } = options;
  const note = (spans: readonly Span[], rest = '  ') => wrap(spans, columns, { rest: [{ text: rest }] });
  const dim = (text: string) => note([{ text, style: paint.dim }]);
  switch (event.type) {
    case 'session.start':
      return [
        ...dim(
          `nex ${event.version}${event.model === 'none' ? '' : ` · ${event.model}`} · ${tilde(makeVisible(event.root), options.home)}`,
        ),
        ...(event.resumed === undefined ? [] : dim(`goes on with session ${makeVisible(event.resumed)}`)),
        ...(event.dry_run
          ? note([{ text: 'Dry run: nothing is written, and no command changes anything.', style: paint.warning }])
          : []),
      ];
    case 'context':
      if (event.files.length === 0 && event.errors === 0) return [];
      return [
        ...dim(
          `context: ${count(event.files.length, 'file')}, ${tokens(event.tokens)} tokens${event.errors > 0 ? `, ${count(event.errors, 'past error')}` : ''}`,
        ),
        ...(verbose
          ? event.files.flatMap(({ path, mode, tokens: size }) =>
              dim(`  ${makeVisible(path)} (${mode}, ${tokens(size)} tokens)`),
            )
          : []),
      ];
    case 'plan':
      return planLines(event, options);
    case 'thinking':
      return thinkingLines(event.text, options);
    case 'usage': {
      if (!verbose) return [];
      const { input = 0, cacheRead, cacheWrite5m, cacheWrite1h, output = 0 } = event.usage;
      const usage = {
        inputTokens: input,
        cacheReadTokens: cacheRead,
        cacheWriteTokens: cacheWrite5m + cacheWrite1h,
        outputTokens: output,
      };
      return dim(
        [`${event.purpose}: ${usageLine(usage)}`, money(event.cost_usd), event.request_id ?? '']
          .filter((part) => part !== '')
          .join(', '),
      );
    }
    case 'retry': {
      const text = `${sanitize(event.reason).replace(/\.$/, '')}; trying again in ${duration(event.wait_ms)} (attempt ${event.attempt})`;
      return note([{ text: `${paint.signs.warning} ${text}`, style: paint.warning }]);
    }
    case 'notice':
      return sanitize(event.text)
        .split('\n')
        .flatMap((line) =>
          event.level === 'warning'
            ? note([{ text: `${paint.signs.warning} ${line}`, style: paint.warning }])
            : dim(line),
        );
    case 'error.recalled':
      return lessonLines('seen before', event, options);
    case 'error.learned':
      return lessonLines('learned', event, options);
    case 'tests':
      return note(marked(event.status, `tests ${testsLine(event)}`, paint));
    case 'review':
      return [
        ...note(marked(event.status, `review: ${reviewLine(event)}`, paint)),
        ...event.objections.flatMap(({ file, line, problem }) => {
          const place = file === undefined ? '' : `${makeVisible(file)}${line === undefined ? '' : `:${line}`} `;
          return note([{ text: '  ' }, { text: place, style: paint.strong }, { text: oneLine(problem) }], '    ');
        }),
      ];
    case 'diff':
      return renderDiff(event.patch, { paint, columns, ...(verbose ? {} : { maxLines: DIFF_LINES }) });
    case 'commit':
      return note([
        { text: `${paint.signs.good} committed ${event.commit.slice(0, 9)}`, style: paint.good },
        { text: ` ${oneLine(event.subject)}` },
      ]);
  }
}

function planLines({ steps, finished }: EventOf<'plan'>, { paint, columns }: NoteOptions): string[] {
  const step = finished === undefined ? undefined : steps[finished - 1];
  if (step) {
    const text = `step ${finished} of ${steps.length} done: ${oneLine(step.title)}`;
    return wrap([{ text: `${paint.signs.good} `, style: paint.good }, { text }], columns);
  }
  return [
    paint.strong('Plan'),
    ...steps.flatMap(({ title, files }) => {
      const names = files.length === 0 ? '' : ` (${files.map(makeVisible).join(', ')})`;
      const first = [{ text: `  ${paint.signs.open} ` }];
      return wrap([{ text: oneLine(title) }, { text: names, style: paint.dim }], columns, {
        first,
        rest: [{ text: '    ' }],
      });
    }),
  ];
}

/** Its first paragraph, in short: the model's own progress note. With -v all of it. */
function thinkingLines(text: string, { paint, columns, verbose }: NoteOptions): string[] {
  const whole = sanitize(text).trim();
  if (whole === '') return [];
  const dim = (line: string) => wrap([{ text: line, style: paint.dim }], columns);
  if (verbose) return whole.split('\n').flatMap(dim);
  const [paragraph = ''] = whole.split(/\n\s*\n/);
  const plain = oneLine(paragraph).replaceAll(/\*\*|`/g, '');
  const lines = wrap([{ text: plain }], columns);
  const last = lines.length > THINKING_LINES ? [cut(`${lines[THINKING_LINES - 1] ?? ''} …`, columns)] : [];
  return [...lines.slice(0, THINKING_LINES - last.length), ...last].map(paint.dim);
}

function marked(status: EventOf<'tests'>['status'] | EventOf<'review'>['status'], text: string, paint: Paint): Span[] {
  const { good, bad, warning } = paint.signs;
  const looks: Record<typeof status, [sign: string, style: Style]> = {
    passed: [good, paint.good],
    approved: [good, paint.good],
    failed: [bad, paint.bad],
    failed_before: [warning, paint.warning],
    objections: [warning, paint.warning],
    not_run: [warning, paint.dim],
    not_reviewed: [warning, paint.dim],
  };
  const [sign, style] = looks[status];
  return [{ text: `${sign} ${text}`, style }];
}

/** In short, a line each: `nex errors show` has the whole. */
function lessonLines(
  word: string,
  { what_failed, what_fixed }: EventOf<'error.learned' | 'error.recalled'>,
  { paint, columns, verbose }: NoteOptions,
): string[] {
  const whole = `${word}: ${oneLine(what_failed)}; fixed by: ${oneLine(what_fixed)}`;
  const lines =
    widthOf(whole) <= columns ? [whole] : [`${word}: ${oneLine(what_failed)}`, `  fixed by: ${oneLine(what_fixed)}`];
  return lines.flatMap((line) =>
    verbose
      ? wrap([{ text: line, style: paint.dim }], columns, { rest: [{ text: '  ' }] })
      : [paint.dim(cut(line, columns))],
  );
}

function oneLine(text: string): string {
  return sanitize(text).trim().replaceAll(/\s+/g, ' ');
}

/** A path as people write it: their home folder is `~`. */
function tilde(path: string, home: string | undefined): string {
  if (home === undefined || home === '/' || home === '') return path;
  return path === home || path.startsWith(`${home}/`) || path.startsWith(`${home}\\`)
    ? `~${path.slice(home.length)}`
    : path;
}
