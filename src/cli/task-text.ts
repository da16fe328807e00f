import { fstatSync } from 'node:fs';
import { NexError } from '../errors.ts';
import type { CliContext } from './context.ts';

/** How long a pipe beside a task may stay silent before nex goes on without it. */
const PATIENCE_MS = 1000;
/** More than this in a pipe is no context for a task; bytes. */
const MOST_PIPED = 400_000;

/**
 * The task in words, and what came through a pipe beside it. `nex -`, or a pipe with no words, takes the task
 * from stdin. Throws NexError 'usage' when there is no task.
 */
export async function readTask(
  context: CliContext,
  words: readonly string[],
): Promise<{ task: string; piped: string }> {
  const said = words.join(' ').trim();
  const fromPipe = said === '-' || said === '';
  const input =
    context.stdin.isTTY && said !== '-' ? '' : await readAll(context.stdin, fromPipe ? undefined : PATIENCE_MS);
  const task = fromPipe ? input.trim() : said;
  if (task === '')
    throw new NexError('usage', 'There is no task.', { hint: 'Say what to do: nex "fix the failing test".' });
  return { task, piped: fromPipe ? '' : input.trim() };
}

/** What comes through a pipe; '' when nothing will. */
export async function readPipe(stream: NodeJS.ReadStream): Promise<string> {
  return readAll(stream, PATIENCE_MS);
}

/** All of a stream; with `patience`, nothing when its first bytes do not come in time. */
async function readAll(stream: NodeJS.ReadStream, patience: number | undefined): Promise<string> {
  if (isNothing(stream)) return '';
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const timer = patience === undefined ? undefined : setTimeout(() => finish(), patience);
    const finish = () => {
      clearTimeout(timer);
      stream.off('data', take).off('end', finish).off('error', fail);
      // A pipe that stays open must not keep the process alive.
      stream.pause();
      stream.unref?.();
      resolve(Buffer.concat(chunks).toString('utf8'));
    };
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(
        new NexError('usage', `Stdin cannot be read: ${error.message}`, {
          hint: 'Give the task as an argument.',
          cause: error,
        }),
      );
    };
    const take = (chunk: Buffer) => {
      clearTimeout(timer);
      size += chunk.length;
      if (size > MOST_PIPED) return fail(new Error(`more than ${MOST_PIPED / 1000} kB came through it`));
      chunks.push(Buffer.from(chunk));
    };
    stream.on('data', take).on('end', finish).on('error', fail);
  });
}

/** True when it is closed or a device such as /dev/null: nothing will come, so nothing is waited for. */
function isNothing(stream: object): boolean {
  const fd = 'fd' in stream ? stream.fd : undefined;
  if (typeof fd !== 'number') return false;
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return true;
  }
}
