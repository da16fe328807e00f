import { readFileSync } from 'node:fs';
import { codeOf } from '../errors.ts';

/** When a process started, by the system's own count: tells a reused pid from the same process. Undefined off Linux. */
export function birthOf(pid: number): string | undefined {
  try {
    // Field 22 of the process table, counted behind the name, which may hold spaces and brackets.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

/** True when this process still runs; with `birth`, when it is also the one that started then. */
export function isRunning(pid: number, birth?: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
  return birth === undefined || birth === birthOf(pid);
}
