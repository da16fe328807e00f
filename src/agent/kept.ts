import type { Message, ToolCall } from '../model/message.ts';
import { oneLine } from '../platform/one-line.ts';
import { ends } from './ends.ts';
import { statedDecisions } from './wrap-up.ts';

/** What of a conversation outlives it: told without a model, so that a summary can forget none of it. */
export interface Kept {
  /** What the user asked for, oldest first. */
  tasks: string[];
  decisions: string[];
  /** Files that were changed. */
  files: string[];
  /** Commands whose last run failed, and how. */
  errors: Array<{ command: string; output: string }>;
  /** Words and deeds in a line each, oldest first; for when no model can sum them up. */
  deeds: string[];
  /** What came from outside, word for word: whoever repeats it later quotes it. */
  heard: string[];
}

/** Before anything was said. */
export const nothingKept = (): Kept => ({ tasks: [], decisions: [], files: [], errors: [], deeds: [], heard: [] });

/** Entries of each list that are kept, the newest ones. */
const MOST = { tasks: 20, decisions: 40, files: 100, errors: 5, deeds: 200, heard: 2000 };

/** What is kept after these messages, on top of what was kept before them. */
export function keepFrom(before: Kept, messages: readonly Message[]): Kept {
  const kept: Kept = structuredClone(before);
  const failures = new Map(kept.errors.map((error) => [error.command, error]));
  const files = new Set(kept.files);
  for (const [index, message] of messages.entries()) {
    if (message.role === 'user') {
      const { task } = atTask(message.text);
      if (task !== undefined) kept.tasks.push(oneLine(task, 400));
    }
    if (message.role !== 'assistant') continue;
    kept.decisions.push(
      ...statedDecisions(message.text).map(({ decision, reasoning }) => decisionLine(decision, reasoning)),
    );
    if (message.text.trim() !== '') kept.deeds.push(`said: ${oneLine(message.text, 300)}`);
    const next = messages[index + 1];
    for (const call of message.calls) {
      const answer = next?.role === 'tools' ? next.answers.find(({ callId }) => callId === call.id) : undefined;
      if (!answer) continue;
      const object = objectOf(call);
      const first = answer.text.split('\n', 1)[0] ?? '';
      kept.deeds.push(
        `${call.name} ${oneLine(object, 120)}: ${answer.isError ? 'failed, ' : ''}${oneLine(first, 120)}`,
      );
      if (call.name === 'write_file' && !answer.isError) files.add(object);
      if (call.name !== 'run_command') continue;
      failures.delete(object);
      if (answer.isError) failures.set(object, { command: object, output: ends(answer.text, 1200) });
    }
  }
  return {
    tasks: [...new Set(kept.tasks)].slice(-MOST.tasks),
    decisions: [...new Set(kept.decisions)].slice(-MOST.decisions),
    files: [...files].slice(-MOST.files),
    errors: [...failures.values()].slice(-MOST.errors),
    deeds: kept.deeds.slice(-MOST.deeds),
    heard: [...kept.heard, ...heardIn(messages)].slice(-MOST.heard),
  };
}

/**
 * What came from outside: answers of tools but for the diffs of the model's own writes, and what nex told of files and
 * checks. The message that began the conversation anew holds nothing that was not said before.
 */
export function heardIn(messages: readonly Message[]): string[] {
  const own = new Set<string>();
  return messages.flatMap((message) => {
    if (message.role === 'user') return message.text.startsWith(ANEW) ? [] : [atTask(message.text).gathered];
    if (message.role === 'tools')
      return message.answers.filter(({ callId }) => !own.has(callId)).map(({ text }) => text);
    for (const { id, name } of message.calls) if (name === 'write_file') own.add(id);
    return [];
  });
}

/** A decision and its reason in a line. */
export function decisionLine(decision: string, reasoning: string): string {
  return reasoning.trim() === '' ? decision.trim() : `${decision.trim()} (${reasoning.trim()})`;
}

/** What a fresh conversation begins with, beside what is kept. */
export interface FreshStart {
  /** The task that is being worked on, whole; undefined between two tasks. */
  task: string | undefined;
  /** The plan as a checklist; empty when there is none. */
  plan: string;
  /** Files that are changed and not yet committed. */
  changed: readonly string[];
  /** What a model made of the conversation; undefined when none could be asked. */
  summary: string | undefined;
}

const ANEW = '## Conversation so far\n';

/** The message that takes the place of a conversation, in at most about `room` characters. */
export function freshStart(kept: Kept, start: FreshStart, room: number): string {
  const files = [...new Set([...kept.files, ...start.changed])];
  const told = start.summary ?? kept.deeds.join('\n');
  const sections: Array<[title: string, text: string]> = [
    ['Asked for so far', newest(bullets(kept.tasks), room * 0.1)],
    ['Task', ends(start.task ?? '', Math.max(200, room * 0.3))],
    ['Plan', ends(start.plan, Math.max(200, room * 0.05))],
    ['Decisions', newest(bullets(kept.decisions), room * 0.15)],
    ['Changed files', newest(files, room * 0.05)],
    [
      'Open errors',
      newest(
        kept.errors.map(({ command, output }) => `\`${command}\`:\n${output}`),
        room * 0.1,
      ),
    ],
    [
      'Summary',
      start.summary === undefined ? newest(told.split('\n'), room * 0.25) : ends(told, Math.max(200, room * 0.25)),
    ],
  ];
  return [
    `${ANEW}The conversation grew long; this takes its place. What you read before is not in front of you any more: read a file again before you change it.`,
    ...sections.filter(([, text]) => text.trim() !== '').map(([title, text]) => `### ${title}\n${text.trim()}`),
    ...(start.task === undefined ? [] : ['Go on with the task from here.']),
  ].join('\n\n');
}

const MARK = '## Task\n';

/** A message that opened a turn, cut at its last section: what nex gathered, and the task. Other messages have no task. */
export function atTask(text: string): { gathered: string; task?: string } {
  const at = `\n${text}`.lastIndexOf(`\n${MARK}`);
  return at === -1 ? { gathered: text } : { gathered: text.slice(0, at), task: text.slice(at + MARK.length) };
}

/** What a call is about: its command, its path or what it searches for. */
function objectOf({ input }: ToolCall): string {
  const found = [input['command'], input['path'], input['pattern']].find((value) => typeof value === 'string');
  return typeof found === 'string' ? found : '';
}

function bullets(lines: readonly string[]): string[] {
  return lines.map((line) => `- ${line}`);
}

/** The last entries that fit, with a word on what is left out. */
function newest(entries: readonly string[], room: number): string {
  const taken: string[] = [];
  let left = room;
  for (const entry of entries.toReversed()) {
    left -= entry.length + 1;
    if (left < 0 && taken.length > 0) break;
    taken.unshift(entry.slice(0, Math.max(200, Math.floor(room))));
  }
  const missing = entries.length - taken.length;
  return [...(missing > 0 ? [`(${missing} earlier left out)`] : []), ...taken].join('\n');
}
