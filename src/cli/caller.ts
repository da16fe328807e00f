import { createInterface } from 'node:readline';
import type { Answer, Asker, Question } from '../agent/ask.ts';
import type { Emit } from '../session/events.ts';
import type { CallerAnswer, CallerQuestion } from './api-types.ts';

/**
 * An asker whose person is the program that runs nex. Flagged commands were announced when they were judged; the
 * other questions are announced here, as approvals without a command's rule.
 */
export function createCaller(options: {
  yes: boolean;
  emit: Emit;
  ask: (question: CallerQuestion, signal: AbortSignal) => Promise<CallerAnswer>;
}): Asker {
  const { yes, emit } = options;
  return {
    present: true,
    async ask(question, signal) {
      if (question.kind === 'confirm' && yes) return { answer: 'yes' };
      const told = questionOf(question);
      const event = { type: 'approval' as const, id: told.id, command: told.text, rule: question.kind, reason: '' };
      if (question.kind !== 'approve') emit(event);
      const { answer, reason } = await options.ask(told, signal);
      const said: Answer = { answer, ...(reason === undefined ? {} : { said: reason }) };
      if (question.kind !== 'approve') emit({ ...event, ...said });
      return said;
    },
  };
}

function questionOf(question: Question): CallerQuestion {
  switch (question.kind) {
    case 'approve': {
      const { rule, reason, safer } = question.judgement;
      return {
        kind: question.kind,
        id: question.id,
        text: question.command,
        ...(rule === undefined ? {} : { rule }),
        ...(reason === undefined ? {} : { reason }),
        ...(safer === undefined ? {} : { safer }),
      };
    }
    case 'confirm':
    case 'text':
      return { kind: question.kind, id: question.id, text: question.text };
  }
}

/** Answers that come as lines of JSON, in any order, also before their question. Without more input every answer is no. */
export function answerLines(
  input: NodeJS.ReadableStream,
  complain: (text: string) => void,
): { ask(question: CallerQuestion, signal: AbortSignal): Promise<CallerAnswer>; close(): void } {
  const early = new Map<string, CallerAnswer>();
  const waiting = new Map<string, (answer: CallerAnswer) => void>();
  let ended = false;
  let number = 0;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    number += 1;
    if (line.trim() === '') return;
    const read = answerIn(line);
    if (!read) return complain(`Line ${number} of stdin is no answer: ${line.slice(0, 80)}`);
    const take = waiting.get(read.id);
    if (take) take(read.answer);
    else early.set(read.id, read.answer);
  });
  lines.on('close', () => {
    ended = true;
    for (const take of waiting.values()) take(NOBODY);
  });
  return {
    close: () => lines.close(),
    ask({ id }, signal) {
      const given = early.get(id);
      early.delete(id);
      if (given) return Promise.resolve(given);
      if (ended) return Promise.resolve(NOBODY);
      return new Promise((resolve, reject) => {
        const stop = () => reject(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
        waiting.set(id, (answer) => {
          waiting.delete(id);
          signal.removeEventListener('abort', stop);
          resolve(answer);
        });
      });
    },
  };
}

const NOBODY: CallerAnswer = { answer: 'no', reason: 'nobody answers any more: stdin was closed' };

/** `{"type":"approval.answer","id":…,"answer":"yes"|"no","reason":…}` */
function answerIn(line: string): { id: string; answer: CallerAnswer } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // the caller is told which line
  }
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'approval.answer')
    return undefined;
  if (!('id' in value) || typeof value.id !== 'string' || !('answer' in value)) return undefined;
  const { id, answer } = value;
  if (answer !== 'yes' && answer !== 'no') return undefined;
  const reason = 'reason' in value && typeof value.reason === 'string' ? value.reason : undefined;
  return { id, answer: { answer, ...(reason === undefined ? {} : { reason }) } };
}
