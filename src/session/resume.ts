import { closeSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { codeOf, NexError } from '../errors.ts';
import type { AssistantMessage, Message, ToolAnswer, ToolCall } from '../model/message.ts';
import type { StampedEvent } from './events.ts';
import { excerptOf } from './excerpt.ts';
import { filesOf, openForAppending, pathOf } from './journal.ts';
import { type JournalLine, type Prefix, readLine, writeLine } from './journal-lines.ts';
import type { OutcomeKind } from './outcome.ts';
import { type StepCost, tallySteps } from './session-cost.ts';

/** A session as its journal tells it. */
export interface Session {
  id: string;
  /** What the user called it. */
  name: string | undefined;
  events: StampedEvent[];
  /** What the last conversation stands on; undefined when the model was never asked. */
  prefix: Prefix | undefined;
  /** The messages of the last conversation. */
  messages: Message[];
  /** The messages of the conversations before it, which were begun anew. */
  earlier: Message[];
  /** Everything the model said in the loop, in all conversations. */
  answers: AssistantMessage[];
  /** True when the messages are not byte for byte what was sent. */
  altered: boolean;
  /** What a person should know about how it was read. */
  notices: string[];
}

/** A session in a line. */
export interface SessionSummary {
  id: string;
  name: string | undefined;
  /** What the wrap-up made of it, in a line. */
  summary: string | undefined;
  started: string;
  task: string;
  /** `unfinished`: running, or cut off. */
  outcome: OutcomeKind | 'unfinished';
  /** Null when a price is unknown. */
  cost_usd: number | null;
  /** The same by what the calls were for: the loop itself, plan, review, wrap-up. */
  steps: StepCost[];
  branch: string | undefined;
  model: string;
}

/** What the model needs to go on where a session stopped. */
export interface Conversation extends Prefix {
  messages: Message[];
}

const NOT_RUN = 'Not run: nex was stopped before.';
const CUT = 'Cut off: nex was stopped while this ran. What it did is not known; look before you run it again.';

/** The sessions of a folder, newest first; all of them, or the first so many. */
export async function listSessions(dir: string, most = Number.POSITIVE_INFINITY): Promise<SessionSummary[]> {
  const summaries: SessionSummary[] = [];
  for (const id of await idsIn(dir)) {
    if (summaries.length >= most) break;
    const summary = summarise(id, await readText(dir, id));
    if (summary) summaries.push(summary);
  }
  return summaries;
}

/**
 * The newest session when it never ended, with the process that ran it: either it still runs, or it was cut off.
 * Undefined as well where there is no session.
 */
export async function unendedSession(dir: string): Promise<(SessionSummary & { pid: number | undefined }) | undefined> {
  const [id] = await idsIn(dir);
  if (id === undefined) return undefined;
  const journal = await readText(dir, id);
  const last = Math.max(...['start', 'end'].map((what) => journal.lastIndexOf(`\n{"type":"session.${what}"`)));
  if (journal.startsWith('{"type":"session.end"', last + 1)) return undefined;
  const summary = summarise(id, journal);
  const start = linesOf(journal.slice(last + 1)).find((line) => line.type === 'event');
  const pid = start?.event.type === 'session.start' ? start.event.pid : undefined;
  return summary?.outcome === 'unfinished' ? { ...summary, pid } : undefined;
}

/** Sessions in whose task, name, words, commands or commits the text occurs, newest first, with the first place. */
export async function searchSessions(dir: string, text: string): Promise<Array<SessionSummary & { excerpt: string }>> {
  const found: Array<SessionSummary & { excerpt: string }> = [];
  for (const id of await idsIn(dir)) {
    const journal = await readText(dir, id);
    const summary = summarise(id, journal);
    const excerpt = summary && excerptOf(linesOf(journal), text);
    if (summary && excerpt !== undefined) found.push({ ...summary, excerpt });
  }
  return found;
}

/**
 * Reads a session. A last line torn by a crash is left out; other lines that cannot be read are skipped and
 * told of. The file itself is not touched: it may belong to a nex that is running.
 */
export async function readSession(dir: string, id: string): Promise<Session> {
  const rows = (await readText(dir, id)).split('\n');
  const lines = rows.map(readLine);
  // The last row is empty, or a line without its end.
  const skipped = rows.slice(0, -1).filter((row, index) => row.trim() !== '' && lines[index] === undefined).length;
  const session: Session = {
    id,
    name: undefined,
    events: [],
    prefix: undefined,
    messages: [],
    earlier: [],
    answers: [],
    altered: skipped > 0,
    notices: [],
  };
  if (skipped > 0) {
    const [were, they] = skipped === 1 ? ['line was', 'it'] : ['lines were', 'they'];
    session.notices.push(`${skipped} ${were} skipped in session ${id}: ${they} could not be read.`);
  }
  for (const line of lines.filter((read) => read !== undefined)) {
    switch (line.type) {
      case 'event':
        session.events.push(line.event);
        break;
      case 'name':
        session.name = line.name;
        break;
      case 'summary':
        break;
      case 'prefix':
        session.earlier.push(...session.messages);
        Object.assign(session, { prefix: line.prefix, messages: [], altered: skipped > 0 });
        break;
      case 'message':
        session.messages.push(line.message);
        if (line.message.role === 'assistant') session.answers.push(line.message);
        session.altered ||= line.altered;
        break;
    }
  }
  return session;
}

/**
 * The conversation to go on with: byte for byte what was sent, up to the last answer, where every call has an
 * answer: what a call that ended gave, and for the rest that it was cut off or never ran.
 */
export function conversationOf(session: Session): Conversation {
  if (!session.prefix || session.messages[0]?.role !== 'user') {
    throw new NexError('usage', `Session ${session.id} holds no conversation to go on with.`, {
      hint: 'nex sessions list shows the others.',
    });
  }
  const messages: Message[] = [];
  for (const [index, message] of session.messages.entries()) {
    // Answers are taken along with the calls they answer.
    if (message.role === 'tools') continue;
    messages.push(session.altered ? unsealed(message) : message);
    if (message.role !== 'assistant' || message.calls.length === 0) continue;
    const next = session.messages[index + 1];
    messages.push(answersTo(message.calls, next?.role === 'tools' ? next.answers : [], session.events));
  }
  return { ...session.prefix, messages };
}

/** Gives a session a name of the user's. */
export async function renameSession(dir: string, id: string, name: string): Promise<void> {
  return addLine(dir, id, { type: 'name', name });
}

/** Notes what the wrap-up made of a session; a name of the user's stays beside it. */
export async function summariseSession(dir: string, id: string, summary: string): Promise<void> {
  return addLine(dir, id, { type: 'summary', summary });
}

async function addLine(dir: string, id: string, line: JournalLine): Promise<void> {
  await readText(dir, id);
  const file = openForAppending(pathOf(dir, id));
  try {
    writeFileSync(file, `${writeLine(line)}\n`);
  } finally {
    closeSync(file);
  }
}

/** Deletes a session's journal and what was kept beside it. */
export async function removeSession(dir: string, id: string): Promise<void> {
  await readText(dir, id);
  await rm(pathOf(dir, id));
  await rm(filesOf(dir, id), { recursive: true, force: true });
}

async function idsIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => basename(name, '.jsonl'))
    .toSorted()
    .reverse();
}

async function readText(dir: string, id: string): Promise<string> {
  const hint = 'nex sessions list shows the sessions of this repository.';
  // The id becomes a file name: nothing in it may lead out of the folder.
  if (!/^[\w-][\w.-]*$/.test(id)) throw new NexError('usage', `"${id}" is not the id of a session.`, { hint });
  return readFile(pathOf(dir, id), 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw new NexError('usage', `There is no session ${id}.`, { hint });
    throw error;
  });
}

function linesOf(journal: string): JournalLine[] {
  return journal
    .split('\n')
    .map(readLine)
    .filter((line) => line !== undefined);
}

/** Reads only the few lines that matter here: journals are long, and lists are short. */
function summarise(id: string, journal: string): SessionSummary | undefined {
  let summary: SessionSummary | undefined;
  let spent: number | null = 0;
  const tally = tallySteps();
  for (const text of journal.split('\n')) {
    if (!/^\{"type":"(?:session\.start|session\.end|commit|usage|name|summary)"/.test(text)) continue;
    const line = readLine(text);
    if (line?.type === 'name' && summary) summary.name = line.name;
    if (line?.type === 'summary' && summary) summary.summary = line.summary;
    if (line?.type !== 'event') continue;
    const { event } = line;
    if (event.type === 'session.start') {
      summary ??= {
        id,
        name: undefined,
        summary: undefined,
        started: event.time,
        task: event.task,
        outcome: 'unfinished',
        cost_usd: 0,
        steps: [],
        branch: undefined,
        model: event.model,
      };
      summary.outcome = 'unfinished';
    }
    if (!summary) continue;
    if (event.type === 'usage') {
      tally.add(event);
      spent = spent === null || event.cost_usd === null ? null : spent + event.cost_usd;
    }
    if (event.type === 'commit') summary.branch = event.branch;
    if (event.type === 'session.end') {
      summary.outcome = event.outcome;
      summary.branch = event.branch ?? summary.branch;
    }
    summary.cost_usd = spent;
    summary.steps = tally.steps();
  }
  return summary;
}

/** What the provider sealed is bound to every byte before it; after a change it would be refused. */
function unsealed(message: Message): Message {
  if (message.role !== 'assistant') return message;
  const { sealed: _, ...rest } = message;
  return rest;
}

function answersTo(calls: readonly ToolCall[], given: readonly ToolAnswer[], events: readonly StampedEvent[]): Message {
  const answers = calls.map(({ id }): ToolAnswer => {
    const answer = given.find(({ callId }) => callId === id);
    if (answer) return answer;
    const result = events.findLast((event) => event.type === 'tool.result' && event.id === id);
    if (result?.type === 'tool.result') return { callId: id, text: result.text, isError: !result.ok };
    const began = events.some((event) => event.type === 'tool.call' && event.id === id);
    return { callId: id, text: began ? CUT : NOT_RUN, isError: true };
  });
  return { role: 'tools', answers };
}
