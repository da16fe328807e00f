import type { Clock } from '../platform/clock.ts';
import type { TextFilter } from '../platform/shell.ts';
import type { Listener, StampedEvent } from '../session/events.ts';
import type { Outcome } from '../session/outcome.ts';
import { duration, money, tokens } from './figures.ts';
import type { Sink } from './json.ts';
import { type MarkdownStream, markdownStream, renderMarkdown } from './markdown.ts';
import { noteLines } from './notes.ts';
import { type OpenCall, openCall } from './open-call.ts';
import { type ColorLevel, createPaint } from './paint.ts';
import { sanitize, sanitizer } from './sanitize.ts';
import { createStatusLine } from './status-line.ts';
import { renderSummary } from './summary.ts';
import { callLine, detailLines, outputLine, resultSpans, type ToolResultEvent } from './tool-lines.ts';
import { paintSpans } from './wrap.ts';

export interface TerminalOptions {
  /** Where progress goes: stderr. */
  out: NodeJS.WritableStream & { isTTY?: boolean };
  /** Where the final text goes: stdout. */
  answer: Sink & { isTTY?: boolean };
  columns: () => number;
  color: ColorLevel;
  /** Addresses behind words (OSC 8). */
  links?: boolean;
  /** No cursor tricks, no escapes, words in place of signs. */
  plain: boolean;
  /** Nothing but the final text. */
  quiet: boolean;
  /** Thinking, output and diffs whole. */
  verbose: boolean;
  /** A conversation says once who speaks, and how to go on, not at each turn. */
  chat?: boolean;
  /** Written as `~` in paths. */
  home?: string;
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

/** Stretches of the same kind follow each other closely; kinds stand apart by a blank line. */
type Section = 'text' | 'thought' | 'progress' | 'report' | 'question';

/** What is said in whole lines. */
type Told = 'thought' | 'progress' | 'report';

/**
 * Shows a task to a person: the model's words as they come, a line for each call, the rest as short notes, the end
 * as a summary. When stdout is another place than stderr it gets the final text alone, unpainted; when both are the
 * same terminal nothing is shown twice.
 */
export function createTerminal({
  out,
  answer,
  color,
  plain,
  quiet,
  verbose,
  clock,
  links = false,
  chat = false,
  home,
  ...options
}: TerminalOptions): Terminal {
  const paint = createPaint(plain ? 0 : color, { words: plain, links: links && !plain });
  const columns = () => Math.max(20, options.columns());
  const lines = () => ({ paint, columns: columns(), verbose, home });
  const onScreen = out.isTTY === true && !quiet;
  const status = onScreen && !plain ? createStatusLine({ out, columns, paint, clock }) : undefined;
  const live = status !== undefined && !verbose;
  const calls = new Map<string, OpenCall>();
  let section: Section | undefined;
  let used = 0;
  let lesson: string | undefined;
  /** The text that streams in; whether anything of it was heard, and printed. */
  let stream: { clean: TextFilter; markdown: MarkdownStream; heard: boolean; printed: boolean } | undefined;
  /** Texts since the last call: together perhaps the final one. A log does not get that one, so there they wait. */
  let recent: string[] = [];
  /** Notes on what a call showed, which wait for its result. */
  let late: string[] = [];

  const print = (kind: Section, text: string, apart: boolean) => {
    if (quiet || text === '') return;
    out.write(apart && section !== undefined ? `\n${text}` : text);
    section = kind;
  };
  const printLines = (kind: Told, printed: readonly string[]) => {
    if (printed.length > 0) print(kind, `${printed.join('\n')}\n`, kind === 'report' || section !== kind);
  };

  const hearText = (text: string, piece: boolean) => {
    if (!piece) recent.push(text);
    if (!onScreen) return;
    stream ??= { clean: sanitizer(), markdown: markdownStream({ paint, columns }), heard: false, printed: false };
    // A block whose pieces were heard is on the screen already.
    if (piece || !stream.heard) printPart(stream.markdown.push(stream.clean.push(text)));
    stream.heard = true;
    if (!piece) endText();
  };
  const printPart = (text: string) => {
    if (!stream || text === '') return;
    print('text', text, !stream.printed);
    stream.printed = true;
  };
  const endText = () => {
    if (stream) printPart(stream.markdown.push(stream.clean.end()) + stream.markdown.end());
    stream = undefined;
  };
  const logTexts = (texts: readonly string[]) => {
    if (!onScreen) for (const text of texts) print('text', renderMarkdown(sanitize(text), { paint, columns }), true);
  };

  const nameCall = (call: OpenCall | undefined) => {
    if (call && !call.named) printLines('progress', callLine(call.label, [], lines()));
    if (call) call.named = true;
  };
  /** A call that a task leaves open was stopped with it; the next turn has nothing to do with it. */
  const tellCut = (call: OpenCall) => {
    const cut = [{ text: paint.signs.bad, style: paint.bad }, { text: ' stopped' }];
    printLines('progress', call.named ? [`  ${paintSpans(cut)}`] : callLine(call.label, cut, lines()));
  };
  const showBusy = () => {
    const others = calls.size > 1 ? ` (+${calls.size - 1})` : '';
    const label = [...calls.values()].at(-1)?.label;
    status?.show(() => (label === undefined ? 'working' : label + others));
  };
  const hearOutput = (call: OpenCall, text: string) => {
    const [first = '', ...more] = call.clean.push(text).replaceAll('\t', '    ').split('\n');
    const all = [(call.tail.pop() ?? '') + first, ...more];
    if (verbose)
      printLines(
        'progress',
        all.slice(0, -1).map((line) => outputLine(line, lines())),
      );
    call.tail = [...call.tail, ...all].slice(-LIVE_LINES - 1);
    if (!verbose) status?.tail(call.tail.filter((line) => line !== '').slice(-LIVE_LINES));
  };
  const hearResult = (event: ToolResultEvent) => {
    const call = calls.get(event.id);
    calls.delete(event.id);
    if (call && verbose) hearOutput(call, `${call.clean.end()}${call.tail.at(-1) ? '\n' : ''}`);
    const result = resultSpans(event, { ...lines(), said: call?.said });
    const details = detailLines(event, lines());
    // Below a line that stands already, the result closes what came in between; below a question it needs its name again.
    if (!call || (call.named && section !== 'question'))
      printLines('progress', [...details, `  ${paintSpans(result)}`]);
    else printLines('progress', [...callLine(call.label, result, lines()), ...details]);
    printLines('progress', late);
    late = [];
    showBusy();
  };

  const finish = (outcome: Outcome, session: string) => {
    endText();
    for (const call of calls.values()) tellCut(call);
    calls.clear();
    status?.hide();
    const final = sanitize(outcome.text).trim();
    const isFinal = (texts: readonly string[]) => squash(sanitize(texts.join(''))) === squash(final);
    const from = recent.findIndex((_, index) => isFinal(recent.slice(index)));
    logTexts(from === -1 ? recent : recent.slice(0, from));
    const shared = onScreen && answer.isTTY === true;
    if (final !== '' && !(shared && from !== -1)) {
      if (shared && section !== undefined) out.write('\n');
      if (shared) section = 'text';
      answer.write(answer.isTTY === true ? renderMarkdown(final, { paint, columns }) : `${final}\n`);
    }
    recent = [];
    printLines('report', renderSummary(outcome, { paint, columns: columns(), session: chat ? undefined : session }));
  };

  const listen = (event: StampedEvent) => {
    if (event.type !== 'text') endText();
    switch (event.type) {
      case 'text':
        status?.show(() => (event.delta ? 'writing' : 'working'));
        return hearText(event.text, event.delta === true);
      case 'tool.call': {
        logTexts(recent);
        recent = [];
        const call = openCall(event);
        calls.set(event.id, call);
        // A command takes its time: what runs must be seen before it is done. The status line says it, where there is one.
        if (event.name === 'run_command' && !live) nameCall(call);
        return showBusy();
      }
      case 'approval': {
        const call = calls.get(event.id);
        if (call) call.asked = true;
        if (call && event.answer === 'no') call.said = event.said;
        return live ? undefined : nameCall(call);
      }
      case 'tool.output': {
        const call = calls.get(event.id);
        return call && hearOutput(call, event.text);
      }
      case 'tool.result':
        return hearResult(event);
      case 'session.end':
        return finish(event, event.session);
      case 'thinking':
        if (event.delta) return status?.show(() => 'thinking');
        status?.show(() => 'working');
        if (!onScreen) {
          logTexts(recent);
          recent = [];
        }
        break;
      case 'usage': {
        const { input = 0, cacheRead, cacheWrite5m, cacheWrite1h, output = 0 } = event.usage;
        used += input + cacheRead + cacheWrite5m + cacheWrite1h + output;
        const cost = event.task_cost_usd === null ? '' : ` · ${money(event.task_cost_usd)}`;
        status?.figures(` · ${tokens(used)} tokens${cost}`);
        break;
      }
      case 'context':
        showBusy();
        break;
      case 'retry': {
        const until = clock.now().getTime() + event.wait_ms;
        status?.show(() => `trying again in ${duration(Math.max(0, until - clock.now().getTime()))}`);
        break;
      }
      case 'session.start':
        if (chat) {
          // Each turn begins below what was typed.
          section = undefined;
          used = 0;
          return;
        }
        break;
      case 'error.recalled':
      case 'error.learned': {
        const said = noteLines(event, lines());
        // Several tests that fail alike and are mended by the same change: as many lessons, and the same lines.
        const same = said.join('\n');
        if (same === lesson) return;
        lesson = same;
        if (calls.size > 0) late.push(...said);
        else printLines(sectionOf(event.type), said);
        return;
      }
      case 'plan':
      case 'notice':
        if (calls.size === 0) break;
        late.push(...noteLines(event, lines()));
        return;
      case 'tests':
      case 'review':
      case 'diff':
      case 'commit':
        break;
    }
    printLines(sectionOf(event.type), noteLines(event, lines()));
  };

  return {
    listen,
    pause: () => {
      endText();
      status?.pause();
      for (const call of calls.values()) if (live && !call.asked) nameCall(call);
      if (section !== undefined) section = 'question';
    },
    resume: () => status?.resume(),
    close() {
      endText();
      logTexts(recent);
      recent = [];
      status?.close();
    },
  };
}

function sectionOf(type: StampedEvent['type']): Told {
  if (type === 'thinking') return 'thought';
  return type === 'plan' || type === 'diff' || type === 'commit' ? 'report' : 'progress';
}

/** Blocks are joined with more or less space between them. */
function squash(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
