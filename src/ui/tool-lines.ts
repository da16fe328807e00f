import type { JsonObject } from '../model/message.ts';
import { makeVisible } from '../platform/visible.ts';
import type { AgentEvent } from '../session/events.ts';
import { collectErrorLines } from '../tools/error-lines.ts';
import { renderDiff } from './diff.ts';
import { count, duration } from './figures.ts';
import type { Paint } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { cut, widthOf } from './width.ts';
import { paintSpans, type Span, textOf } from './wrap.ts';

export interface ToolLineOptions {
  paint: Paint;
  columns: number;
  /** Shows whole what is otherwise shown in part. */
  verbose: boolean;
}

export type ToolResultEvent = Extract<AgentEvent, { type: 'tool.result' }>;

/** Lines of a command's output that stay on the screen. */
const KEPT_ON_SUCCESS = 3;
const KEPT_ON_FAILURE = 10;
/** Of a failure the last ones, which often sum it up, and some behind an error that is named, which often say more. */
const LAST_OF_FAILURE = 2;
const AFTER_AN_ERROR = 3;
/** Lines of a change that are shown; the whole diff comes at the end of the task. */
const DIFF_LINES = 16;
/** Shorter than this no time is named. */
const WORTH_TELLING_MS = 100;

/** A call in a few words: `Read src/a.ts:10-40`. One line, whatever is in it. */
export function describeCall(name: string, input: JsonObject): string {
  const text = (key: string) => {
    const value = input[key];
    return typeof value === 'string' || typeof value === 'number' ? makeVisible(String(value)) : '';
  };
  const path = text('path') || '.';
  switch (name) {
    case 'read_file': {
      const from = text('start_line');
      const to = text('end_line');
      return `Read ${path}${from || to ? `:${from || '1'}-${to}` : ''}`;
    }
    case 'write_file':
      return `${input['edits'] === undefined ? 'Write' : 'Edit'} ${path}`;
    case 'run_command': {
      const [first = '', ...more] = String(input['command'] ?? '')
        .trim()
        .split('\n');
      return `Run ${makeVisible(first)}${more.length > 0 ? ` … (+${count(more.length, 'line')})` : ''}`;
    }
    case 'search_files':
      return `Search ${text('pattern')}${path === '.' ? '' : ` in ${path}`}${text('glob') ? ` (${text('glob')})` : ''}`;
    case 'list_directory':
      return `List ${path}`;
    default:
      return `${makeVisible(name)} ${path}`;
  }
}

/** The line that names a call, with the result behind it when there is one; below it when there is no room. */
export function callLine(label: string, result: readonly Span[], { paint, columns }: ToolLineOptions): string[] {
  const { call } = paint.signs;
  const [name = '', ...rest] = cut(label, columns - widthOf(call) - 1).split(' ');
  const line = [paint.accent(call), paint.strong(name), ...rest].join(' ');
  if (result.length === 0) return [line];
  const room = columns - widthOf(`${call} ${label}  `);
  return widthOf(textOf(result)) <= room ? [`${line}  ${paintSpans(result)}`] : [line, `  ${paintSpans(result)}`];
}

/** What came of a call, in a few words: `✓ 42 lines`, `✗ exit 1, 3.2 s`. */
export function resultSpans(
  event: ToolResultEvent,
  { paint, columns, said: instead }: ToolLineOptions & { said?: string | undefined },
): Span[] {
  const took = event.duration_ms >= WORTH_TELLING_MS ? `, ${duration(event.duration_ms)}` : '';
  const sign = event.ok ? paint.signs.good : paint.signs.bad;
  const outcome = instead === undefined ? outcomeOf(event) : `not run; you said: ${sanitize(instead)}`;
  // A sentence that goes on with the time has not ended yet.
  const said = cut(
    took === '' ? outcome : outcome.replace(/\.$/, ''),
    Math.max(10, columns - widthOf(`  ${sign} ${took}`)),
  );
  return [
    { text: sign, style: event.ok ? paint.good : paint.bad },
    { text: ` ${said}${took}`, style: event.ok ? paint.dim : undefined },
  ];
}

/** What is worth seeing below a result: the change that was made, the end of what a command printed. */
export function detailLines(event: ToolResultEvent, { paint, columns, verbose }: ToolLineOptions): string[] {
  const [first = '', ...rest] = event.text.split('\n');
  if (event.name === 'write_file' && event.ok) {
    const maxLines = verbose ? Number.POSITIVE_INFINITY : DIFF_LINES;
    return renderDiff(rest.join('\n'), { paint, columns: columns - 2, maxLines }).map((line) => `  ${line}`);
  }
  // With -v all of it went over the screen already.
  if (event.name !== 'run_command' || verbose || !STATUS.test(first)) return [];
  // What is remembered of such a failure is told on a line of its own.
  const lines = linesOf(rest.filter((line) => !line.startsWith('[nex] ')));
  // A success needs no proof: its first lines, without npm's own, say what ran.
  const kept = event.ok
    ? lines.filter((line) => line.trim() !== '' && !/^> /.test(line)).slice(0, KEPT_ON_SUCCESS)
    : tellingLines(lines);
  return kept.map((line) => outputLine(line, { paint, columns }));
}

/** A line of what a command printed, beside a bar that says whose words they are. */
export function outputLine(line: string, { paint, columns }: Pick<ToolLineOptions, 'paint' | 'columns'>): string {
  const bar = paint.signs.output;
  return paint.dim(`  ${bar}${cut(line, columns - 2 - widthOf(bar))}`.trimEnd());
}

/** Of a failure: the lines that look like errors, what follows the errors by name, and the end; each line once. */
function tellingLines(lines: readonly string[]): string[] {
  if (lines.length <= KEPT_ON_FAILURE) return [...lines];
  const filled = [...lines.keys()].filter((index) => (lines[index] ?? '').trim() !== '');
  const errors = collectErrorLines();
  errors.add(lines.map((line) => `${line}\n`).join(''));
  const found = errors.between(1, lines.length).map(({ number }) => number - 1);
  const named = found.filter((index) => /\w(?:Error|Exception)\b/.test(lines[index] ?? ''));
  const after = named.flatMap((index) => filled.filter((next) => next > index).slice(0, AFTER_AN_ERROR));
  const kept = new Set<number>();
  const said = new Set<string>();
  for (const index of [...filled.slice(-LAST_OF_FAILURE), ...found, ...after, ...filled.toReversed()]) {
    const text = (lines[index] ?? '').trim();
    if (kept.size === KEPT_ON_FAILURE || said.has(text)) continue;
    kept.add(index);
    said.add(text);
  }
  return [...kept].toSorted((a, b) => a - b).map((index) => lines[index] ?? '');
}

/** How run_command begins what it says of a command that ran. */
const STATUS = /^(?:Exit status (\d+)|Timed out after \d+ s|No exit status)/;

function outcomeOf({ name, ok, text, exit }: ToolResultEvent): string {
  const [line = '', ...rest] = text.split('\n');
  const first = sanitize(line).replaceAll('\t', ' ');
  const status = STATUS.exec(first);
  if (ok && first.startsWith('Dry run: ')) return 'noted, not run';
  if (name === 'run_command' && status) {
    const lines = linesOf(rest).length;
    if (typeof exit === 'number')
      return `exit ${exit}${lines > (ok ? KEPT_ON_SUCCESS : KEPT_ON_FAILURE) ? `, ${count(lines, 'line')}` : ''}`;
    return status[1] === undefined ? status[0].toLowerCase() : first.slice('Exit status '.length).replace(/\.$/, '');
  }
  if (!ok) return /^Not run: .* The user said no\b/.test(first) ? 'not run; you said no' : first;
  if (name === 'read_file') {
    const read = text.split('\n').filter((each) => /^ *\d+ \| /.test(each)).length;
    // A file whose words stand in the conversation already is not said again.
    return read === 0 && text !== '' ? 'known already' : count(read, 'line');
  }
  if (name === 'write_file')
    return first
      .replace(/^Created .*, (\d+ lines?)/s, 'created, $1')
      .replace(/^Changed .*, (?=\+\d)/s, '')
      .replace(/\.$/, '');
  return count(linesOf([line, ...rest]).length, 'line');
}

/** Lines to show, without the blank ones at the end and without the one that says there was nothing. */
function linesOf(lines: readonly string[]): string[] {
  const shown = sanitize(lines.join('\n')).replaceAll('\t', '    ').trimEnd().split('\n');
  return shown.length === 1 && (shown[0] === '' || shown[0] === 'No output.') ? [] : shown;
}
