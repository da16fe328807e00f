import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Answer, Asker, Question } from '../agent/ask.ts';
import type { ControllingTerminal } from '../platform/terminal.ts';
import { makeVisible } from '../platform/visible.ts';
import { type ColorLevel, createPaint, type Paint } from './paint.ts';
import { sanitize } from './sanitize.ts';
import { fold, type Span, wrap } from './wrap.ts';

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
      if (question.kind === 'approve') await at.forgetTyped?.();
      const columns = Math.max(20, at.columns());
      at.output.write(
        `\n${textOfQuestion(question, columns, paint)
          .map((line) => `${line}\n`)
          .join('')}`,
      );
      const line = await readLine(at, { prompt: promptOf(question, paint), signal, interrupt: options.interrupt });
      return answerTo(question, line);
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
  terminal.output.write(`${sanitize(text)} `);
  const line = await readLine(terminal, { prompt: '', signal, interrupt, hidden: true });
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

function promptOf(question: Question, paint: Paint): string {
  switch (question.kind) {
    case 'approve':
      return 'Run it, this once? y, n, or say what to do instead: ';
    case 'confirm':
      return `${paint.strong(sanitize(question.text))} ${question.fallback ? '[Y/n]' : '[y/N]'} `;
    case 'text':
      return '> ';
  }
}

/** What stands above the line that is typed. */
function textOfQuestion(question: Question, columns: number, paint: Paint): string[] {
  const paragraphs = (text: string) =>
    sanitize(text)
      .split('\n')
      .flatMap((line) => wrap([{ text: line }], columns));
  switch (question.kind) {
    case 'approve':
      return approval(question, columns, paint);
    case 'confirm':
      return question.detail === undefined ? [] : paragraphs(question.detail);
    case 'text':
      return question.text === '' ? [] : paragraphs(question.text);
  }
}

/** A question longer than this may not be whole on the screen. */
const TALL = 15;

/** The command as it will run, character for character; then who objects to it, why, and what would be safer. */
function approval(
  { command, judgement }: Extract<Question, { kind: 'approve' }>,
  columns: number,
  paint: Paint,
): string[] {
  const { rule, category, reason, safer, part } = judgement;
  const shown = commandLines(command, part, columns, paint);
  // A part that was resolved, or that scrolled away, is named again.
  const apart =
    part !== undefined && part !== '' && (!command.includes(part) || shown.length > TALL) ? part : undefined;
  const facts: Array<[name: string, text: string | undefined]> = [
    ['part', apart],
    ['rule', rule === undefined ? undefined : category === undefined ? rule : `${rule} (${category})`],
    ['why', reason],
    ['safer', safer],
  ];
  const count = command.split('\n').length;
  return [
    paint.warning(`${paint.signs.warning} This needs your yes${count > 1 ? `, all ${count} lines of it` : ''}:`),
    ...shown,
    ...facts.flatMap(([name, text]) =>
      text === undefined
        ? []
        : wrap([{ text: makeVisible(text) }], columns, {
            first: [{ text: `  ${name.padEnd(6)}`, style: paint.dim }],
            rest: [{ text: '        ' }],
          }),
    ),
  ];
}

/** Folded where a line is full: `│` begins a line of the command, `┊` goes on with it. The part that matched is marked. */
function commandLines(command: string, part: string | undefined, columns: number, paint: Paint): string[] {
  const from = part === undefined || part === '' ? -1 : command.indexOf(part);
  const to = from === -1 ? -1 : from + (part ?? '').length;
  let at = 0;
  return command.split('\n').flatMap((line) => {
    const start = at;
    at += line.length + 1;
    const cuts = [0, from - start, to - start, line.length].map((cut) => Math.min(Math.max(cut, 0), line.length));
    const [a = 0, b = 0, c = 0, d = 0] = from === -1 ? [0, line.length, line.length, line.length] : cuts;
    const mark = (text: string) => paint.bad(paint.strong(text));
    const spans: Span[] = [
      { text: makeVisible(line.slice(a, b)) },
      { text: makeVisible(line.slice(b, c)), style: mark },
      { text: makeVisible(line.slice(c, d)) },
    ];
    const folded = fold(spans, columns, {
      first: [{ text: `  ${paint.signs.begun} `, style: paint.dim }],
      rest: [{ text: `  ${paint.signs.continued} `, style: paint.dim }],
    });
    return paint.colorless && c > b ? underline(folded, spans, columns) : folded;
  });
}

/** Without colour the matched part is marked by carets below it. */
function underline(folded: readonly string[], [before, marked]: readonly Span[], columns: number): string[] {
  const carets: Span[] = [
    { text: (before?.text ?? '').replaceAll(/./gsu, ' ') },
    { text: (marked?.text ?? '').replaceAll(/./gsu, '^') },
  ];
  const below = fold(carets, columns, { first: [{ text: '    ' }] });
  return folded.flatMap((line, index) => (below[index]?.includes('^') ? [line, below[index]] : [line]));
}

interface LineOptions {
  prompt: string;
  signal: AbortSignal;
  interrupt: (() => void) | undefined;
  hidden?: boolean;
}

/** One line; undefined when the input ends. Rejects with the signal's reason when it aborts while the question is open. */
function readLine({ input, output, isTTY }: ControllingTerminal, options: LineOptions): Promise<string | undefined> {
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
      input.removeListener('error', end);
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
    input.once('error', end);
    reader.once('line', (line) => finish(() => resolve(line)));
    reader.once('close', end);
    // While a line is edited the terminal hands Ctrl-C to us as a key: we make it the signal again.
    reader.on('SIGINT', interrupt);
    reader.prompt();
  });
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
