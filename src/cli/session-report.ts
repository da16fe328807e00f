import type { StampedEvent } from '../session/events.ts';
import type { Session } from '../session/resume.ts';
import { describeCall } from '../ui/tool-lines.ts';

/** Lines of a failing command's output that a report quotes. */
const QUOTED = 12;

/** A session as a report in Markdown: what was asked, said, done, checked and spent. With `requests`, each call to the model's server by its id, too. */
export function reportOf({ id, name, events }: Session, { requests }: { requests: boolean }): string {
  const parts = [`# ${name ?? taskOf(events) ?? `Session ${id}`}`, factsOf(id, events)];
  for (const event of events) {
    const text = partOf(event, requests);
    if (text !== undefined) parts.push(text);
  }
  // Items of a list that follow each other belong together.
  return parts.reduce((report, part) => {
    const lastLine = report.slice(report.lastIndexOf('\n') + 1);
    return `${report}${isItem(lastLine) && isItem(part) ? '\n' : '\n\n'}${part}`;
  });
}

function isItem(text: string): boolean {
  return /^\s*- /.test(text);
}

function taskOf(events: readonly StampedEvent[]): string | undefined {
  const start = events.find((event) => event.type === 'session.start');
  return start?.type === 'session.start' ? start.task.split('\n')[0] : undefined;
}

function factsOf(id: string, events: readonly StampedEvent[]): string {
  const start = events.find((event) => event.type === 'session.start');
  const end = events.findLast((event) => event.type === 'session.end');
  const commits = events.flatMap((event) => (event.type === 'commit' ? [event] : []));
  const facts: Array<[string, string | undefined]> = [
    ['session', `\`${id}\``],
    ['started', start?.time],
    ['model', start?.type === 'session.start' ? start.model : undefined],
    ['ended', end?.type === 'session.end' ? `${end.outcome}, status ${end.exit_code}` : 'not yet, or cut off'],
    [
      'commits',
      commits.map(({ commit, branch }) => `\`${commit.slice(0, 10)}\` on \`${branch}\``).join(', ') || undefined,
    ],
    ['spent', spentOn(events)],
  ];
  return facts.flatMap(([label, text]) => (text === undefined ? [] : [`- ${label}: ${text}`])).join('\n');
}

function spentOn(events: readonly StampedEvent[]): string {
  const calls = events.flatMap((event) => (event.type === 'usage' ? [event] : []));
  const cost = calls.reduce<number | null>(
    (sum, { cost_usd }) => (sum === null || cost_usd === null ? null : sum + cost_usd),
    0,
  );
  return `${calls.length} requests, ${cost === null ? 'cost unknown' : `$${cost.toFixed(4)}`}`;
}

function partOf(event: StampedEvent, requests: boolean): string | undefined {
  switch (event.type) {
    case 'session.start':
      return `## Task\n\n${event.task.replace(/^/gm, '> ')}`;
    case 'plan':
      return event.finished === undefined
        ? event.steps.map(({ title }, index) => `${index + 1}. ${title}`).join('\n')
        : undefined;
    case 'text':
      return event.delta ? undefined : event.text.trim() || undefined;
    case 'tool.call':
      return `- \`${inCode(describeCall(event.name, event.input))}\``;
    case 'tool.result':
      return event.ok && (event.exit ?? 0) === 0 ? undefined : `  - failed:\n${quoted(event.text)}`;
    case 'approval':
      if (event.answer === undefined) return undefined;
      return `- asked about \`${inCode(event.command)}\` (${event.rule}): ${event.answer}${event.said ? `, "${event.said}"` : ''}`;
    case 'error.learned':
      return `- learned: ${oneLine(event.what_failed)} → ${oneLine(event.what_fixed)}`;
    case 'tests':
      return `**Tests** ${event.status.replace('_', ' ')}${event.command === undefined ? '' : ` (\`${inCode(event.command)}\`)`}${event.summary ? `: ${oneLine(event.summary)}` : ''}`;
    case 'review':
      return [
        `**Review** ${event.status.replace('_', ' ')}${event.summary ? `: ${oneLine(event.summary)}` : ''}`,
        ...event.objections.map(
          ({ file, line, problem }) => `- ${file ? `${file}${line ? `:${line}` : ''}: ` : ''}${oneLine(problem)}`,
        ),
      ].join('\n');
    case 'diff':
      return event.files
        .map(({ path, added, removed, status }) => `- ${status} ${path} +${added} -${removed}`)
        .join('\n');
    case 'commit':
      return `**Commit** \`${event.commit.slice(0, 10)}\` on \`${event.branch}\`: ${event.subject}`;
    case 'session.end':
      return `**${event.outcome}**, status ${event.exit_code}, ${event.iterations} tool calls${event.uncommitted ? `; not committed: ${event.uncommitted}` : ''}`;
    case 'usage':
      return requests ? `- request ${event.request_id ?? '(no id)'}: ${event.purpose}, ${event.model}` : undefined;
    case 'retry':
      return requests ? `- tried again (${event.attempt}): ${oneLine(event.reason)}` : undefined;
    case 'notice':
      return event.level === 'warning' ? `- note: ${oneLine(event.text)}` : undefined;
    case 'context':
    case 'thinking':
    case 'tool.output':
    case 'error.recalled':
      return undefined;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Text that stands between backticks. */
function inCode(text: string): string {
  return oneLine(text).replaceAll('`', "'");
}

/** The end of an output, where what went wrong stands; indented, so that nothing in it can end the quotation. */
function quoted(text: string): string {
  const lines = text.trimEnd().split('\n');
  const shown = lines.length > QUOTED ? ['…', ...lines.slice(-QUOTED)] : lines;
  return `\n${shown.map((line) => `        ${line}`.trimEnd()).join('\n')}\n`;
}
