import { type GitOptions, gitFailure, openGit } from '../platform/git-plumbing.ts';

/** An object of git's: its id, its type and its bytes. */
export interface StoredObject {
  oid: string;
  type: 'blob' | 'tree' | 'commit' | 'tag';
  content: Buffer;
}

/** Reads objects from one git process that stays at hand, because starting one takes longer than most answers. */
export interface ObjectReader {
  /** The object of this name, by any name git knows; undefined when there is none. */
  read(name: string): Promise<StoredObject | undefined>;
  /** Ends the process; the next question starts another. */
  close(): void;
}

/** How long the process waits for another question, in milliseconds. */
const IDLE_MS = 5_000;

interface Process {
  ask(name: string): Promise<StoredObject | undefined>;
  end(): void;
}

/** Starts nothing before the first question. Keeps no process alive that has nothing else to do, and ends with it. */
export function openObjectReader(options: Pick<GitOptions, 'cwd' | 'env'>): ObjectReader {
  let running: Process | undefined;
  return {
    async read(name) {
      // A line is a question.
      if (name.includes('\n')) return undefined;
      if (!running) {
        const started = start(options, () => {
          if (running === started) running = undefined;
        });
        running = started;
      }
      return running.ask(name);
    },
    close() {
      running?.end();
      running = undefined;
    },
  };
}

function start(options: Pick<GitOptions, 'cwd' | 'env'>, gone: () => void): Process {
  const args = ['cat-file', '--batch'];
  const { child, ended } = openGit(args, options);
  // Pipes are sockets, which their types do not say.
  const handles = [child, child.stdin, child.stdout, child.stderr] as Array<{ ref?(): void; unref?(): void }>;
  const waiting: Array<PromiseWithResolvers<StoredObject | undefined>> = [];
  let idle: NodeJS.Timeout | undefined;
  let failure: Error | undefined;
  const end = () => {
    gone();
    child.stdin.end();
  };
  const rest = () => {
    for (const handle of handles) handle.unref?.();
    idle = setTimeout(end, IDLE_MS).unref();
  };
  const over = (error: Error) => {
    gone();
    clearTimeout(idle);
    failure = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  child.stdout.on(
    'data',
    readAnswers((object) => {
      waiting.shift()?.resolve(object);
      if (waiting.length === 0) rest();
    }),
  );
  ended.then((output) => over(gitFailure(args, output)), over);
  return {
    end,
    ask(name) {
      const question = Promise.withResolvers<StoredObject | undefined>();
      if (failure) question.reject(failure);
      else {
        clearTimeout(idle);
        for (const handle of handles) handle.ref?.();
        waiting.push(question);
        child.stdin.write(`${name}\n`);
      }
      return question.promise;
    },
  };
}

/**
 * Reads what `git cat-file --batch` prints, in whatever pieces it comes, and tells each answer when it is whole: a line
 * `ID TYPE SIZE`, the bytes and a newline; or one line that says why there is no such object.
 */
export function readAnswers(tell: (object: StoredObject | undefined) => void): (piece: Buffer) => void {
  let head = Buffer.alloc(0);
  let object: StoredObject | undefined;
  let filled = 0;
  return (piece) => {
    for (let at = 0; at < piece.length; ) {
      if (object) {
        // The newline after the bytes is counted, and has no place among them.
        const taken = Math.min(object.content.length + 1 - filled, piece.length - at);
        piece.copy(object.content, filled, at, at + taken);
        filled += taken;
        at += taken;
        if (filled <= object.content.length) return;
        const whole = object;
        object = undefined;
        tell(whole);
      } else {
        const end = piece.indexOf('\n', at);
        head = Buffer.concat([head, piece.subarray(at, end === -1 ? piece.length : end)]);
        if (end === -1) return;
        at = end + 1;
        const [, oid = '', type, size] =
          /^([0-9a-f]+) (blob|tree|commit|tag) (\d+)$/.exec(head.toString('latin1')) ?? [];
        head = Buffer.alloc(0);
        filled = 0;
        if (size === undefined) tell(undefined);
        else object = { oid, type: type as StoredObject['type'], content: Buffer.allocUnsafe(Number(size)) };
      }
    }
  };
}
