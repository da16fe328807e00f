import { type ChildProcess, spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { codeOf, messageOf, NexError } from '../errors.ts';
import { findProgram, isProgram } from './find-program.ts';
import { keepOutput } from './kept-output.ts';
import { lifeline } from './lifeline.ts';
import { endFamily, type Family, familyOf, killFamily } from './process-family.ts';
import { type Environment, scrubEnvironment } from './scrub-environment.ts';
import type { CommandOptions, CommandResult, Shell } from './shell.ts';

/** Characters kept in memory unless the caller says otherwise. */
const KEEP = 400_000;
/** A command that has printed this much is running away; ending it spares minutes of a busy machine. */
const FLOOD_BYTES = 1_100_000_000;
/** How long a command has to clean up between being asked to end and being made to. */
const GRACE_MS = 2_000;
/** The same for what a finished command left in the background. */
const LEFTOVER_GRACE_MS = 300;
/** Output may lie in the pipe when the command has ended; a process that cannot be found may hold it open for ever. */
const DRAIN_MS = 1_000;
const QUIET_MS = 100;
/** How long a killed command may take to be gone. */
const STUCK_MS = 1_000;

/** A shell that can also be cleared away in the last moment of the process. */
export interface SystemShell extends Shell {
  /** Kills everything that still runs, at once and without waiting. */
  kill(): void;
}

export interface ShellOptions {
  env: Environment;
  /** Random text of this session, by which processes that left their group are found again. */
  marker: string;
  platform?: NodeJS.Platform;
}

/** The system's shell, with a scrubbed environment. Nothing that a command starts outlives it. */
export function systemShell({ env, marker, platform = process.platform }: ShellOptions): SystemShell {
  const program = chooseShell(env, platform);
  const scrubbed = scrubEnvironment(env);
  const running = new Set<Family>();
  const line = platform === 'win32' ? undefined : lifeline(marker, scrubbed['PATH']);
  let count = 0;

  return {
    name: program.name,
    kill: () => {
      running.forEach(killFamily);
      line?.close();
    },
    async run(command, options) {
      options.signal.throwIfAborted();
      const token = `${marker}.${++count};`;
      // A nex inside a command of nex adds its own marker: both find what is below them.
      const environment = { ...scrubbed, ...options.env, NEX_COMMAND: `${env['NEX_COMMAND'] ?? ''}${token}` };
      const started = performance.now();
      const child = start(program, command, options.cwd, environment, platform);
      const family = familyOf(child.pid ?? 0, token, platform);
      running.add(family);
      line?.began(family.leader);
      try {
        return await followed(child, family, options, started);
      } finally {
        running.delete(family);
        line?.ended(family.leader);
      }
    },
  };
}

interface ShellProgram {
  /** As the model is told. */
  name: string;
  path: string;
  args: readonly string[];
}

/** The shell of this machine: bash, else sh; on Windows Git Bash, else PowerShell. */
export function chooseShell(
  env: Environment,
  platform: NodeJS.Platform,
  exists: (path: string) => boolean = isProgram,
): ShellProgram {
  if (platform === 'win32') {
    const folders = [
      env['ProgramFiles'],
      env['ProgramW6432'],
      env['LOCALAPPDATA'] && `${env['LOCALAPPDATA']}\\Programs`,
    ];
    const bash = folders
      .map((folder) => folder && `${folder}\\Git\\bin\\bash.exe`)
      .find((path) => path && exists(path));
    if (bash) return { name: 'Git Bash', path: bash, args: ['-c', '--'] };
    const path = `${env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
    return { name: 'PowerShell', path, args: ['-NoProfile', '-NonInteractive', '-Command'] };
  }
  const bash =
    ['/bin/bash', '/usr/bin/bash', '/usr/local/bin/bash'].find(exists) ?? findProgram('bash', { env, platform });
  return bash === undefined
    ? { name: 'sh', path: '/bin/sh', args: ['-c', '--'] }
    : { name: 'bash', path: bash, args: ['-c', '--'] };
}

function start(
  program: ShellProgram,
  command: string,
  cwd: string,
  env: Record<string, string>,
  platform: NodeJS.Platform,
): ChildProcess {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  try {
    if (platform === 'win32')
      return spawn(program.path, [...program.args, command], { cwd, env, stdio, windowsHide: true });
    // One pipe for both streams is the only way to get them in the order they were written. `sh` only joins them and
    // becomes the shell; the command is an argument, so it runs as it was shown. A session of its own (detached) has
    // no terminal to ask on.
    const join = 'exec "$0" "$@" 2>&1';
    return spawn('/bin/sh', ['-c', join, program.path, ...program.args, command], { cwd, env, stdio, detached: true });
  } catch (error) {
    throw cannotStart(error);
  }
}

function cannotStart(error: unknown): NexError {
  const hint =
    codeOf(error) === 'E2BIG' ? 'The command is too long for one argument: put it into a script.' : undefined;
  return new NexError('failed', `The shell could not start: ${messageOf(error)}.`, {
    cause: error,
    ...(hint && { hint }),
  });
}

/** Follows a command to its end: its output, its time limit, its children. */
function followed(
  child: ChildProcess,
  family: Family,
  options: CommandOptions,
  started: number,
): Promise<CommandResult> {
  const { signal, filter, onOutput } = options;
  const kept = keepOutput(options.keep ?? KEEP, options.spool);
  let bytes = 0;
  let timedOut = false;
  let flooded = false;
  let ending: Promise<number> | undefined;

  return new Promise((resolve, reject) => {
    const take = (text: string) => {
      if (text === '') return;
      kept.add(text);
      onOutput?.(text);
    };
    const end = () => {
      if (ending) return;
      ending = endFamily(family, GRACE_MS);
      // A process that hangs in the kernel cannot even be killed; nobody should wait for it.
      void ending.then(() => setTimeout(() => void finish(null, 'SIGKILL'), STUCK_MS).unref());
    };
    const timer = setTimeout(() => {
      timedOut = true;
      end();
    }, options.timeoutMs);
    signal.addEventListener('abort', end, { once: true });
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    };

    const decoders = [child.stdout, child.stderr].map((stream) => {
      const decoder = new StringDecoder('utf8');
      stream?.on('data', (piece: Buffer) => {
        bytes += piece.length;
        const text = decoder.write(piece);
        take(filter ? filter.push(text) : text);
        if (bytes <= FLOOD_BYTES) return;
        flooded = true;
        end();
      });
      // A pipe that breaks is no news: what counts is how the command ends.
      stream?.on('error', () => {});
      return decoder;
    });
    const closed = new Promise<void>((done) => child.once('close', () => done()));

    let finished = false;
    const finish = async (exit: number | null, endedBy: string | null) => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      const leftovers = ending ? 0 : await endFamily(family, LEFTOVER_GRACE_MS);
      await ending;
      await drained(closed, () => bytes);
      settle();
      child.stdout?.destroy();
      child.stderr?.destroy();
      const rest = decoders.map((decoder) => decoder.end()).join('');
      take(filter ? filter.push(rest) + filter.end() : rest);
      const output = kept.end();
      if (signal.aborted) return reject(signal.reason);
      resolve({
        exit,
        signal: endedBy,
        timedOut,
        flooded,
        bytes,
        leftovers,
        durationMs: performance.now() - started,
        ...output,
      });
    };
    child.once('exit', (exit, endedBy) => void finish(exit, endedBy).catch(reject));
    child.once('error', (error) => {
      settle();
      reject(cannotStart(error));
    });
  });
}

/** Resolves when the pipes are closed, or when nothing has come for a while although they are still open. */
async function drained(closed: Promise<void>, received: () => number): Promise<void> {
  let open = true;
  const isClosed = closed.then(() => {
    open = false;
  });
  const until = performance.now() + DRAIN_MS;
  for (let before = -1; open && before !== received() && performance.now() < until; ) {
    before = received();
    let quiet: NodeJS.Timeout | undefined;
    await Promise.race([
      isClosed,
      new Promise((resolve) => {
        quiet = setTimeout(resolve, QUIET_MS);
      }),
    ]);
    // Left alone it would keep a process alive that has nothing else to do.
    clearTimeout(quiet);
  }
}
