/** Why nex could not go on; `cli/exit-code.ts` gives each kind its exit status. */
export type ErrorKind =
  | 'usage' // wrong flags or arguments
  | 'config' // settings, keys
  | 'repository' // the repository's state forbids it
  | 'refused' // a needed yes was not given or could not be asked
  | 'failed' // the work itself went wrong
  | 'capped' // a limit was reached
  | 'later' // trying again later may work: overload, limits, network
  | 'interrupted'; // the user stopped it

/**
 * An expected failure, told to the user in two lines: what happened, and what to do.
 * Everything else that is thrown is a bug, and `cli/program.ts` says so.
 */
export class NexError extends Error {
  readonly kind: ErrorKind;
  /** What the user can do about it: one sentence, shown after `hint:`. */
  readonly hint: string | undefined;

  constructor(kind: ErrorKind, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'NexError';
    this.kind = kind;
    this.hint = options.hint;
  }
}

/** The message of anything that can be thrown, for a sentence of our own. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error (`ENOENT`, `EACCES` …), or undefined. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The user, or the machine, asked nex to stop. */
export class Interrupted extends NexError {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

  constructor(signal: Interrupted['signal']) {
    super('interrupted', signal === 'SIGINT' ? 'Stopped.' : `Stopped by ${signal}.`);
    this.signal = signal;
  }
}

/** A limit that the user set was reached: calls, money or time. */
export class CapReached extends NexError {
  constructor(message: string, hint: string) {
    super('capped', message, { hint });
  }
}
