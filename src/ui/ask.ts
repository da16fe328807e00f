import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Answer, Asker, Question } from '../agent/ask.ts';
import type { ControllingTerminal } from '../platform/terminal.ts';
import { approvalLines } from './approval-question.ts';
import { type ColorLevel, createPaint, type Paint } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { widthOf } from './width.ts';
import { wrap } from './wrap.ts';

/** Columns that an answer has at least beside its question. */
const ROOM_TO_TYPE = 8;

export interface AskerOptions {
  /** Undefined when nobody is there: every question is then answered no, except what `yes` covers. */
  terminal: ControllingTerminal | undefined;
  /** `--yes`: harmless questions are answered yes without asking; never a flagged command. */
  yes: boolean;
  color: ColorLevel;
  /** Words and ASCII in place of signs. */
  plain?: boolean;
  /** Told when a question opens and closes, so that nothing else moves on the screen meanwhile. */
  screen?: { pause(): void; resume(): void };
  /** More to look at before this question is answered: `d` shows it. */
  more?(question: Question): (() => Promise<void>) | undefined;
  /** What Ctrl-C at a question does; by default what it does everywhere: SIGINT to this process. */
  interrupt?: () => void;
}

/** Asks a person on the controlling terminal, one question after the other. */
export function createAsker(options: AskerOptions): Asker {
  const { terminal, yes, screen } = options;
  const paint = createPaint(options.color, { words: options.plain ?? false });
  let last: Promise<unknown> = Promise.resolve();

  const put = async (question: Question, at: ControllingTerminal, signal: AbortSignal): Promise<Answer> => {
    signal.throwIfAborted();
    screen?.pause();
    try {
      // What was typed before the question was seen is no answer to it.
      if (question.kind !== 'text') await at.forgetTyped?.();
      const columns = Math.max(20, at.columns());
      const show = options.more?.(question);
      const prompt = promptOf(question, columns, paint, show !== undefined);
      at.output.write(
        `\n${[...textOfQuestion(question, columns, paint), ...prompt.slice(0, -1)].map((line) => `${line}\n`).join('')}`,
      );
      for (;;) {
        const line = await readLine(at, { prompt: prompt.at(-1) ?? '', signal, interrupt: options.interrupt });
        if (!show || line?.trim().toLowerCase() !== 'd') return answerTo(question, line);
        await show();
      }
    } finally {
      screen?.resume();
    }
  };

  return {
    present: terminal !== undefined,
    async ask(question, signal) {
      if (question.kind === 'confirm' && yes) return { answer: 'yes' };
      if (!terminal) return { answer: 'no' };
      const answer = last.then(() => put(question, terminal, signal));
      last = answer.catch(() => undefined);
      return answer;
    },
  };
}

/** Asks for something that must not be seen, such as a key. Undefined when the input ends or is empty. */
export async function askSecret(
  terminal: ControllingTerminal,
  text: string,
  { signal, interrupt }: { signal: AbortSignal; interrupt?: () => void },
): Promise<string | undefined> {
  const line = await readLine(terminal, { prompt: `${sanitize(text)} `, signal, interrupt, hidden: true });
  terminal.output.write('\n');
  return line?.trim() || undefined;
}

/** Only a plain yes is a yes; what else is typed is a no, and said to the model. */
function answerTo(question: Question, line: string | undefined): Answer {
  const said = line?.trim();
  if (said === undefined) return { answer: 'no' };
  if (question.kind === 'text') return said === '' ? { answer: 'no' } : { answer: 'yes', said };
  if (said === '') return { answer: question.kind === 'confirm' && question.fallback ? 'yes' : 'no' };
  if (/^y(?:es)?$/i.test(said)) return { answer: 'yes' };
  return /^no?$/i.test(said) ? { answer: 'no' } : { answer: 'no', said };
}

/** The question itself; its last line is the one that is typed on, so it must leave room there. */
function promptOf(question: Question, columns: number, paint: Paint, more: boolean): string[] {
  switch (question.kind) {
    case 'approve':
      return asked('Run it, this once?', 'y, n, or say what to do instead:', columns, paint);
    case 'confirm':
      return asked(
        sanitize(question.text),
        `[${question.fallback ? 'Y/n' : 'y/N'}${more ? ', d: whole diff' : ''}]`,
        columns,
        paint,
      );
    case 'text':
      return ['> '];
  }
}

function asked(text: string, choice: string, columns: number, paint: Paint): string[] {
  const lines = wrap([{ text, style: paint.strong }], columns);
  if (lines.length === 1 && widthOf(`${text} ${choice} `) + ROOM_TO_TYPE <= columns) return [`${lines[0]} ${choice} `];
  return [...lines, `${choice} `];
}

/** What stands above the line that is typed. */
function textOfQuestion(question: Question, columns: number, paint: Paint): string[] {
  const paragraphs = (text: string) =>
    sanitize(text)
      .split('\n')
      .flatMap((line) => wrap([{ text: line }], columns));
  switch (question.kind) {
    case 'approve':
      return approvalLines(question, columns, paint);
    case 'confirm':
      return question.detail === undefined ? [] : paragraphs(question.detail);
    case 'text':
      return question.text === '' ? [] : paragraphs(question.text);
  }
}

export interface LineOptions {
  prompt: string;
  signal: AbortSignal;
  interrupt?: (() => void) | undefined;
  hidden?: boolean;
}

/** One line; undefined when the input ends. Rejects with the signal's reason when it aborts while the question is open. */
export function readLine(
  { input, output, isTTY }: ControllingTerminal,
  options: LineOptions,
): Promise<string | undefined> {
  const { prompt, signal, hidden = false, interrupt = () => process.kill(process.pid, 'SIGINT') } = options;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // An input that has ended says nothing any more, not even that it has.
    if (!input.readable) return resolve(undefined);
    const reader = createInterface({
      input,
      output: hidden ? nowhere() : output,
      terminal: isTTY,
      historySize: 0,
      prompt,
    });
    const finish = (settle: () => void) => {
      signal.removeEventListener('abort', stop);
      settle();
      reader.close();
    };
    const stop = () =>
      finish(() => {
        output.write('\n');
        reject(signal.reason);
      });
    const end = () => finish(() => resolve(undefined));
    signal.addEventListener('abort', stop, { once: true });
    // The reader passes on what goes wrong with its input: the terminal may be closed under us.
    reader.on('error', end);
    reader.once('line', (line) => finish(() => resolve(line)));
    reader.once('close', end);
    // While a line is edited the terminal hands Ctrl-C to us as a key: we make it the signal again.
    reader.on('SIGINT', interrupt);
    // Written by us when hidden, and only now: the reader has just told the terminal not to show what is typed.
    if (hidden) output.write(prompt);
    else reader.prompt();
  });
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
