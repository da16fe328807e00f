import { messageOf, NexError } from '../../errors.ts';

/** One thing that nex needs, and how it is. */
export interface Check {
  name: string;
  status: 'pass' | 'warn' | 'fail';
  found: string;
  /** What the user can do about it. */
  mend?: string;
  /** Mends what is nex's own, for `--repair`; says what was done. */
  repair?: () => Promise<string>;
}

export function pass(name: string, found: string): Check {
  return { name, status: 'pass', found };
}

export function warn(name: string, found: string, mend: string, repair?: Check['repair']): Check {
  return { name, status: 'warn', found, mend, ...(repair === undefined ? {} : { repair }) };
}

export function fail(name: string, found: string, mend: string, repair?: Check['repair']): Check {
  return { ...warn(name, found, mend, repair), status: 'fail' };
}

/** Runs a check. What it cannot look at is a finding, too: one fault must not hide the others. */
export async function looked(name: string, look: () => Check | Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    const hint = error instanceof NexError ? error.hint : undefined;
    return fail(name, messageOf(error), hint ?? 'Run `nex doctor` with NEX_LOG_LEVEL=debug and report what it prints.');
  }
}
