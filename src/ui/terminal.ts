import type { AgentEvent, Listener } from '../agent/events.ts';
import type { Outcome } from '../agent/outcome.ts';
import type { Clock } from '../platform/clock.ts';
import type { TextFilter } from '../platform/shell.ts';
import { makeVisible } from '../platform/visible.ts';
import { renderDiff } from './diff.ts';
import { count, duration, money, tokens, usageLine } from './figures.ts';
import type { Sink } from './json.ts';
import { type MarkdownStream, markdownStream, renderMarkdown } from './markdown.ts';
import { type ColorLevel, createPaint } from './paint.ts';
import { sanitize, sanitizer } from './sanitize.ts';
import { createStatusLine } from './status-line.ts';
import { renderSummary, reviewLine, testsLine } from './summary.ts';
import { callLine, describeCall, detailLines, resultSpans } from './tool-lines.ts';
import { type Span, wrap } from './wrap.ts';

export interface TerminalOptions {
  /** Where progress goes: stderr. */
  out: NodeJS.WritableStream & { isTTY?: boolean };
  /** Where the final text goes: stdout. */
  answer: Sink & { isTTY?: boolean };
  columns: () => number;
  color: ColorLevel;
  /** No cursor tricks, no escapes, words in place of signs. */
  plain: boolean;
  /** Nothing but the final text. */
  quiet: boolean;
  /** Thinking, output and diffs whole. */
  verbose: boolean;
  clock: Clock;
}

export interface Terminal {
  listen: Listener;
  /** Stops what moves, while a question is open. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Lines of a running command's output below the status line. */
const LIVE_LINES = 4;
const THINKING_LINES = 3;
const DIFF_LINES = 150;

interface OpenCall {
  label: string;
  /** Whether the line that names it was printed. */
  named: boolean;
  output: TextFilter;
  /** The last lines; the last of them unfinished. */
  tail: string[];
}

/**
 * Shows a task to a person: the model's words as they come, a line for each call, the rest as short notes, the end
 * as a summary. When stdout is another place than stderr it gets the final text alone, unpainted; when both are the
 * same terminal nothing is shown twice.
 */
export function createTerminal(options: TerminalOptions): Terminal {
  const { out, answer, quiet, verbose, clock } = options;
  const toScreen = out.isTTY === true && !quiet;
  const paint = createPaint(options.plain ? 0 : options.color, { words: options.plain });
  const answerPaint = answer.isTTY === true ? paint : createPaint(0);
  const columns = () => Math.max(20, options.columns());
  const status = toScreen && !options.plain ? createStatusLine({ out, columns: options.columns, paint, clock }) : undefined;
  const calls = new Map<string, OpenCall>();
  /** The answer that streams in, and whether anything of it came. */
  let stream: { clean: TextFilter; markdown: MarkdownStream; kind: 'fresh' | 'begun' } | undefined;
  /** A text that may turn out to be the final one, which belongs to stdout. */
  let held: string | undefined;
  let shownText = '';
  let section: 'text' | 'progress' | 'report' | undefined;
  let total = 0;

  /** Sections stand apart by a blank line; notes and calls follow each other without. */
  const print = (kind: 'text' | 'progress' | 'report', text: string) => {
    if (quiet || text === '') return;
    const gap = section !== undefined && (section !== kind || kind === 'report') ? '\n' : '';
    section = kind;
    out.write(gap + text);
  };
  const printLines = (kind: 'text' | 'progress' | 'report', lines: readonly string[]) => {
    if (lines.length > 0) print(kind, `${lines.join('\n')}\n`);
  };
  const note = (spans: readonly Span[], indent = 2) => printLines('progress', wrap(spans, columns(), { rest: [{ text: ' '.repeat(indent) }] }));
  const dim = (text: string) => note([{ text, style: paint.dim }]);
  const lineOptions = () => ({ paint, columns: columns(), verbose });

  const showText = (text: string, delta: boolean) => {
    // A screen sees words as they come. A log gets whole texts, the final one left to stdout.
    if (!toScreen) {
      if (delta) return;
      flushHeld();
      held = text;
      return;
    }
    stream ??= { clean: sanitizer(), markdown: markdownStream({ paint, columns }), kind: 'fresh' };
    if (delta || stream.kind === 'fresh') {
      if (stream.kind === 'fresh' && section === 'text') out.write('\n');
      stream.kind = 'begun';
      print('text', stream.markdown.push(stream.clean.push(text)));
    }
    if (delta) return;
    endStream();
    shownText = text;
  };
  const endStream = () => {
    if (!stream) return;
    print('text', stream.markdown.push(stream.clean.end()) + stream.markdown.end());
    stream = undefined;
  };
  const flushHeld = () => {
    if (held !== undefined) print('text', renderMarkdown(sanitize(held), { paint, columns }));
    held = undefined;
  };

  const nameCall = (call: OpenCall) => {
    if (!call.named) printLines('progress', callLine(call.label, [], lineOptions()));
    call.named = true;
  };

  const busy = () => {
    const open = [...calls.values()];
    const last = open.at(-1);
    if (!last) return status?.show(() => 'waiting for the model');
    status?.show(() => (open.length > 1 ? `${last.label} (+${open.length - 1})` : last.label));
  };

  const showOutput = (id: string, text: string) => {
    const call = calls.get(id);
    if (!call) return;
    const [first = '', ...more] = call.output.push(text).replaceAll('\t', '    ').split('\n');
    const lines = [(call.tail.pop() ?? '') + first, ...more];
    if (verbose) printLines('progress', lines.slice(0, -1).map((line) => `  ${paint.dim(line)}`));
    call.tail = [...call.tail, ...lines].slice(-LIVE_LINES - 1);
    if (!verbose) status?.tail(call.tail.filter((line) => line !== '').slice(-LIVE_LINES));
  };

  const showResult = (event: Extract<AgentEvent, { type: 'tool.result' }>) => {
    const call = calls.get(event.id);
    calls.delete(event.id);
    const spans = resultSpans(event, lineOptions());
    const details = detailLines(event, lineOptions());
    if (call && verbose) showRest(call);
    if (call && !call.named) printLines('progress', [...callLine(call.label, spans, lineOptions()), ...details]);
    else printLines('progress', [...details, ...wrap([{ text: '  ' }, ...spans], columns())]);
    busy();
  };
  const showRest = (call: OpenCall) => {
    const rest = (call.tail.pop() ?? '') + call.output.end();
    if (rest !== '') printLines('progress', [`  ${paint.dim(rest)}`]);
  };

  const showThinking = (text: string) => {
    const [first = ''] = sanitize(text).trim().split(/\n\s*\n/);
    const lines = (verbose ? sanitize(text).trim() : first.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/\*\*|`/g, ''))
      .split('\n')
      .flatMap((line) => wrap([{ text: line, style: paint.dim }], columns()));
    const kept = verbose ? lines : lines.slice(0, THINKING_LINES);
    const last = kept.pop() ?? '';
    printLines('progress', [...kept, kept.length + 1 < lines.length ? `${last}${paint.dim(' …')}` : last].filter((line) => line !== ''));
  };

  const finish = (outcome: Outcome, session: string) => {
    endStream();
    const final = sanitize(outcome.text).trim();
    const seen = toScreen && answer.isTTY === true && sanitize(shownText).trim() === final;
    if (held !== undefined && sanitize(held).trim() !== final) flushHeld();
    status?.close();
    if (final !== '' && !seen) {
      if (toScreen && answer.isTTY === true && section !== undefined) out.write('\n');
      section = 'text';
      answer.write(answer.isTTY === true ? renderMarkdown(final, { paint: answerPaint, columns }) : `${final}\n`);
    }
    printLines('report', renderSummary(outcome, { paint, columns: columns(), session }));
  };

  const listen: Listener = (event) => {
    if (event.type !== 'text') endStream();
    if (event.type === 'tool.call' || event.type === 'thinking') flushHeld();
    switch (event.type) {
      case 'session.start':
        dim(`nex ${event.version} · ${event.model} · ${makeVisible(event.root)}`);
        if (event.resumed !== undefined) dim(`goes on with session ${makeVisible(event.resumed)}`);
        if (event.dry_run) note([{ text: 'Dry run: nothing is written, no command changes anything.', style: paint.warning }]);
        return;
      case 'context': {
        const learned = event.errors > 0 ? `, ${count(event.errors, 'past error')}` : '';
        dim(`context: ${count(event.files.length, 'file')}, ${tokens(event.tokens)} tokens${learned}`);
        if (verbose) for (const { path, mode, tokens: size } of event.files) dim(`  ${makeVisible(path)} (${mode}, ${tokens(size)})`);
        return busy();
      }
      case 'plan':
        return printLines('report', [
          paint.strong('Plan'),
          ...event.steps.flatMap(({ title, files }) =>
            wrap(
              [{ text: sanitize(title) }, ...(files.length > 0 ? [{ text: ` (${files.map(makeVisible).join(', ')})`, style: paint.dim }] : [])],
              columns(),
              { first: [{ text: `  ${paint.signs.open} ` }], rest: [{ text: '    ' }] },
            ),
          ),
        ]);
      case 'text':
        if (event.delta) status?.show(() => 'writing');
        return showText(event.text, event.delta === true);
      case 'thinking':
        if (event.delta) return status?.show(() => 'thinking');
        return showThinking(event.text);
      case 'tool.call': {
        const call: OpenCall = { label: describeCall(event.name, event.input), named: false, output: sanitizer(), tail: [] };
        calls.set(event.id, call);
        // A command takes its time: what runs must be seen before it is done.
        if (event.name === 'run_command') nameCall(call);
        return busy();
      }
      case 'approval': {
        const call = calls.get(event.id);
        if (call) nameCall(call);
        return;
      }
      case 'tool.output':
        return showOutput(event.id, event.text);
      case 'tool.result':
        return showResult(event);
      case 'usage': {
        const { input = 0, cacheRead, cacheWrite5m, cacheWrite1h, output = 0 } = event.usage;
        const usage = { inputTokens: input, cacheReadTokens: cacheRead, cacheWriteTokens: cacheWrite5m + cacheWrite1h, outputTokens: output };
        total += input + cacheRead + cacheWrite5m + cacheWrite1h + output;
        status?.figures(` · ${tokens(total)} tokens${event.task_cost_usd === null ? '' : ` · ${money(event.task_cost_usd)}`}`);
        if (verbose) dim(`${event.purpose}: ${usageLine(usage)}, ${money(event.cost_usd)}${event.request_id === undefined ? '' : `, ${event.request_id}`}`);
        return;
      }
      case 'retry': {
        const until = clock.now().getTime() + event.wait_ms;
        const reason = sanitize(event.reason);
        note([{ text: `${paint.signs.warning} ${reason}; trying again in ${duration(event.wait_ms)} (attempt ${event.attempt})`, style: paint.warning }]);
        return status?.show(() => `trying again in ${duration(Math.max(0, until - clock.now().getTime()))}`);
      }
      case 'notice':
        for (const line of sanitize(event.text).split('\n')) {
          if (event.level === 'warning') note([{ text: `${paint.signs.warning} ${line}`, style: paint.warning }]);
          else dim(line);
        }
        return;
      case 'error.recalled':
        return dim(`seen before: ${sanitize(event.what_failed)}, fixed by: ${sanitize(event.what_fixed)}`);
      case 'error.learned':
        return dim(`learned: ${sanitize(event.what_failed)}, fixed by: ${sanitize(event.what_fixed)}`);
      case 'tests': {
        const { style, sign } = { passed: { style: paint.good, sign: paint.signs.good }, failed: { style: paint.bad, sign: paint.signs.bad }, failed_before: { style: paint.warning, sign: paint.signs.warning }, not_run: { style: paint.dim, sign: paint.signs.warning } }[event.status];
        return note([{ text: `${sign} tests ${testsLine(event)}`, style }]);
      }
      case 'review': {
        const { style, sign } = { approved: { style: paint.good, sign: paint.signs.good }, objections: { style: paint.warning, sign: paint.signs.warning }, not_reviewed: { style: paint.dim, sign: paint.signs.warning } }[event.status];
        note([{ text: `${sign} review: ${reviewLine(event)}`, style }]);
        for (const { file, line, problem } of event.objections) {
          const place = file === undefined ? '' : `${makeVisible(file)}${line === undefined ? '' : `:${line}`} `;
          note([{ text: '  ' }, { text: place, style: paint.strong }, { text: sanitize(problem).replaceAll('\n', ' ') }]);
        }
        return;
      }
      case 'diff':
        return printLines('report', renderDiff(event.patch, { paint, columns: columns(), ...(verbose ? {} : { maxLines: DIFF_LINES }) }));
      case 'commit':
        return printLines('report', wrap([{ text: `${paint.signs.good} committed ${event.commit.slice(0, 9)} `, style: paint.good }, { text: sanitize(event.subject) }], columns()));
      case 'session.end':
        return finish(event, event.session);
    }
  };

  return {
    listen,
    pause: () => status?.pause(),
    resume: () => status?.resume(),
    close() {
      endStream();
      flushHeld();
      status?.close();
    },
  };
}
