import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A command with everything it started: its process group, and who carries its token in the environment. */
export interface Family {
  readonly leader: number;
  readonly token: string;
  readonly platform: NodeJS.Platform;
  readonly startedAt: number;
}

/** How often the family is looked for again: processes that fork as fast as they are killed need several rounds. */
const MAX_ROUNDS = 50;
const POLL_MS = 10;
/** In less time than this no machine goes once round all process ids. */
const NO_WRAP_MS = 1_000;

/** The family of a command that was just started as the leader of its own group. */
export function familyOf(leader: number, token: string, platform: NodeJS.Platform): Family {
  return { leader, token, platform, startedAt: performance.now() };
}

/**
 * Ends all of a family: asks first, kills what is still there after the grace. Resolves with how many processes were
 * alive at the beginning; at once when there was none.
 */
export async function endFamily(family: Family, graceMs: number): Promise<number> {
  const first = signalFamily(family, 'SIGTERM');
  if (first === 0) return 0;
  const until = performance.now() + graceMs;
  while (performance.now() < until) {
    await pause(POLL_MS);
    if (membersOf(family).length === 0) return first;
  }
  for (let round = 0; round < MAX_ROUNDS && signalFamily(family, 'SIGKILL') > 0; round++) await pause(POLL_MS);
  return first;
}

/** Kills a family at once and without waiting, for the last moment of the process. */
export function killFamily(family: Family): void {
  for (let round = 0; round < MAX_ROUNDS && signalFamily(family, 'SIGKILL') > 0; round++);
}

interface Member {
  pid: number;
  inGroup: boolean;
}

/** Sends a signal to everybody in the family; says how many they are. */
function signalFamily(family: Family, signal: 'SIGTERM' | 'SIGKILL'): number {
  if (family.platform === 'win32') return endTreeOnWindows(family);
  const members = membersOf(family);
  // The group in one go: nobody in it can fork out of the way between two signals.
  if (members.some(({ inGroup }) => inGroup)) send(-family.leader, signal);
  for (const { pid, inGroup } of members) if (!inGroup) send(pid, signal);
  return members.length;
}

/** Who of the family is alive. Those who left the group are only found where the system shows environments (Linux). */
function membersOf(family: Family): Member[] {
  // Without a leader the command never started; -0 would be nex's own group.
  if (family.leader <= 1) return [];
  const candidates = candidatesOf(family);
  if (candidates === undefined) return send(-family.leader, 0) ? [{ pid: family.leader, inGroup: true }] : [];
  return candidates.flatMap((pid): Member[] => {
    const { state, group } = statusOf(pid);
    // A zombie is dead already and only waits for its parent to take note.
    if (state === '' || state === 'Z' || state === 'X') return [];
    if (group === family.leader) return [{ pid, inGroup: true }];
    return readProc(pid, 'environ').includes(family.token) ? [{ pid, inGroup: false }] : [];
  });
}

/**
 * Process ids that can belong to the family: right after the start only those given out since then, which are few.
 * Undefined where the system does not list its processes.
 */
function candidatesOf({ leader, startedAt, platform }: Family): number[] | undefined {
  if (platform !== 'linux' || !existsSync('/proc/loadavg')) return undefined;
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  if (performance.now() - startedAt > NO_WRAP_MS) return all;
  const newest = Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));
  return all.filter((pid) => (newest >= leader ? pid >= leader : pid >= leader || pid <= newest));
}

function statusOf(pid: number): { state: string; group: number } {
  const stat = readProc(pid, 'stat');
  // The name in brackets may hold anything, brackets and spaces too.
  const [state = '', , group = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state, group: Number(group) };
}

function readProc(pid: number, name: 'stat' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return ''; // gone by now, or another user's
  }
}

/** True when somebody got it. Signal 0 only asks whether there is anybody. */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function endTreeOnWindows({ leader }: Family): number {
  if (leader <= 1) return 0;
  // By its full path: Windows would look for a program of that name in the current folder first.
  const { status } = spawnSync('C:\\Windows\\System32\\taskkill.exe', ['/PID', String(leader), '/T', '/F'], {
    stdio: 'ignore',
    windowsHide: true,
  });
  return status === 0 ? 1 : 0;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
