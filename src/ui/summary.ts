import { shellQuoted } from '../platform/shell-quote.ts';
import { makeVisible } from '../platform/visible.ts';
import type { Outcome, OutcomeKind, ReviewOutcome, TestsOutcome } from '../session/outcome.ts';
import { count, duration, money, usageLine } from './figures.ts';
import type { Paint, Style } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { widthOf } from './width.ts';
import { wrap } from './wrap.ts';

export interface SummaryOptions {
  paint: Paint;
  columns: number;
  /** The session to go on with; undefined where it goes on by itself. */
  session: string | undefined;
}

/** Files named; the others are counted. */
const NAMED_FILES = 8;

/** The end of a task in a few lines: what was done, what it cost, and how to go on from here. */
export function renderSummary(outcome: Outcome, { paint, columns, session }: SummaryOptions): string[] {
  const lacks = lacksOf(outcome);
  const style = styleOf(lacks.length > 0 ? 'preview' : outcome.outcome, paint);
  const { usage, branch } = outcome;
  const words = lacks.length > 0 ? `Done, but ${lacks.join(', ')}, in` : WORDS[outcome.outcome];
  const head = `${style.sign} ${words} ${duration(outcome.duration_ms)}`;
  const spent =
    usage.requests === 0
      ? ''
      : `· ${outcome.cost_usd === null ? 'cost unknown' : money(outcome.cost_usd)} · ${usageLine(outcome.usage)}`;
  const resume = session !== undefined && RESUMABLE.has(outcome.outcome) ? `nex sessions resume ${session}` : undefined;
  const changed = outcome.files.length > 0;
  // That there was no review needs a word only where there is a reason to give.
  const reviewed = outcome.review.status !== 'not_reviewed' || outcome.review.summary !== undefined;
  const rows: Array<[name: string, text: string | undefined]> = changed
    ? [
        ['files', namesOf(outcome.files)],
        ['tests', testsLine(outcome.tests)],
        ['review', reviewed ? reviewLine(outcome.review) : undefined],
        ['refused', refusedLine(outcome)],
        [
          'cost',
          usage.requests === 0
            ? undefined
            : `${money(outcome.cost_usd)} · ${usageLine(usage)}, ${count(usage.requests, 'request')}`,
        ],
        ['branch', branchLine(outcome)],
        ['return', branch === undefined ? undefined : returnCommand(outcome)],
        ['merge', mergeCommand(outcome)],
        ['push', pushCommand(outcome)],
        ['propose', proposeCommand(outcome)],
        ['undo', branch === undefined ? undefined : 'nex rollback'],
        ['resume', resume],
      ]
    : [
        ['refused', refusedLine(outcome)],
        ['resume', resume],
      ];
  const fits = widthOf(`${head} ${spent}`) <= columns;
  const first = fits
    ? [`${style.style(head)}${changed ? '' : paint.dim(spent === '' ? '' : ` ${spent}`)}`]
    : [
        ...wrap([{ text: head, style: style.style }], columns),
        ...(changed || spent === ''
          ? []
          : wrap([{ text: spent.slice(2), style: paint.dim }], columns, { first: [{ text: '  ' }] })),
      ];
  return first.concat(
    rows.flatMap(([name, text]) =>
      text === undefined
        ? []
        : wrap([{ text }], columns, {
            first: [{ text: `  ${name.padEnd(8)}`, style: paint.dim }],
            rest: [{ text: ' '.repeat(10) }],
          }),
    ),
  );
}

/** Said before the time it took. */
const WORDS: Readonly<Record<OutcomeKind, string>> = {
  done: 'Done in',
  preview: 'Dry run, nothing was changed, in',
  needs_input: 'Needs your answer after',
  failed: 'Failed after',
  capped: 'Stopped by a limit after',
  refused: 'Not finished, something was refused, after',
  later: 'Not finished, try again later, after',
  interrupted: 'Interrupted after',
};

/** Why a finished task is not simply done: what makes its exit status 3. */
function lacksOf({ outcome, tests, review, exit_code }: Outcome): string[] {
  if (outcome !== 'done' || exit_code !== 3) return [];
  const lacks = [
    tests.status === 'failed' ? 'the tests fail' : '',
    review.status === 'objections' ? 'the review objects' : '',
  ].filter((lack) => lack !== '');
  return lacks.length > 0 ? lacks : ['the commit waits for you'];
}

const RESUMABLE: ReadonlySet<OutcomeKind> = new Set(['needs_input', 'failed', 'capped', 'later', 'interrupted']);

function styleOf(kind: OutcomeKind, { signs, good, bad, warning }: Paint): { sign: string; style: Style } {
  if (kind === 'done') return { sign: signs.good, style: good };
  return kind === 'preview' || kind === 'needs_input'
    ? { sign: signs.warning, style: warning }
    : { sign: signs.bad, style: bad };
}

function namesOf(files: readonly string[]): string {
  const named = files.slice(0, NAMED_FILES).map(makeVisible).join(', ');
  return files.length > NAMED_FILES ? `${named} and ${count(files.length - NAMED_FILES, 'other')}` : named;
}

/** The test run in a line, for here and for the moment it ends. */
export function testsLine({ status, before, command, summary }: TestsOutcome): string {
  const words = { passed: 'passed', failed: 'failed', failed_before: 'failed, as they did before', not_run: 'not run' }[
    status
  ];
  const past = { passed: ', though they passed before', unknown: ', whether before too is not known' };
  const word = before === undefined ? words : `${words}${past[before]}`;
  return `${word}${command === undefined ? '' : ` (${makeVisible(command)})`}${summary === undefined ? '' : `: ${sanitize(summary).split('\n')[0]}`}`;
}

/** The review in a line, without its objections. */
export function reviewLine({ status, summary, objections }: ReviewOutcome): string {
  const word = {
    approved: 'approved',
    objections: count(objections.length, 'objection'),
    not_reviewed: 'not reviewed',
  }[status];
  return summary === undefined ? word : `${word}: ${sanitize(summary).replaceAll(/\s+/g, ' ')}`;
}

function refusedLine({ refused }: Outcome): string | undefined {
  if (refused.length === 0) return undefined;
  return refused.map(({ command, rule }) => `${makeVisible(command)} (${rule})`).join(', ');
}

function branchLine({ branch, commit, base, uncommitted }: Outcome): string | undefined {
  if (branch === undefined) return uncommitted === undefined ? undefined : `not committed: ${sanitize(uncommitted)}`;
  const at =
    commit === undefined
      ? `, not committed${uncommitted === undefined ? '' : `: ${sanitize(uncommitted)}`}`
      : ` at ${commit.slice(0, 9)}`;
  return `${makeVisible(branch)}${base === undefined ? '' : ` (from ${isCommit(base) ? base.slice(0, 9) : makeVisible(base)})`}${at}`;
}

function returnCommand({ base }: Outcome): string {
  if (base === undefined) return 'git switch -';
  return isCommit(base) ? `git switch --detach ${base.slice(0, 12)}` : `git switch ${quoted(base)}`;
}

/** Only what is committed can be merged, and only into a branch. */
function mergeCommand({ base, branch, commit }: Outcome): string | undefined {
  if (branch === undefined || base === undefined || commit === undefined || isCommit(base)) return undefined;
  return `git switch ${quoted(base)} && git merge ${quoted(branch)}`;
}

/** For a person to run: nex pushes nothing. */
function pushCommand({ branch, remote }: Outcome): string | undefined {
  return branch === undefined || remote === undefined
    ? undefined
    : `git push -u ${quoted(remote.name)} ${quoted(branch)}`;
}

/** The command that opens a pull request for the branch, once it is pushed. */
function proposeCommand({ base, remote }: Outcome): string | undefined {
  const into = base === undefined || isCommit(base) ? '' : quoted(base);
  switch (remote?.forge) {
    case 'github':
      return `gh pr create --fill${into === '' ? '' : ` --base ${into}`}`;
    case 'gitlab':
      return `glab mr create --fill${into === '' ? '' : ` --target-branch ${into}`}`;
    case 'other':
    case undefined:
      return undefined;
  }
}

function isCommit(base: string): boolean {
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(base);
}

/** Branch names may hold what a shell would take for its own. */
function quoted(name: string): string {
  return /^[\w./@:+-]+$/.test(name) ? name : shellQuoted(makeVisible(name));
}
