import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
// Passed on to git, never read for a setting: nex's own settings come from its config alone.
import { env as inherited } from 'node:process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { codeOf, NexError } from '../errors.ts';
import { randomUUID } from './crypto.ts';
import { endFamily, familyOf } from './process-family.ts';
import { isSecretVariable } from './scrub-environment.ts';

/** What git gets on its standard input: text, bytes, or pieces made while it reads. */
export type GitInput = string | Uint8Array | AsyncIterable<Uint8Array | string>;

export interface GitOptions {
  cwd: string;
  input?: GitInput;
  /** Added to the scrubbed environment. */
  env?: Readonly<Record<string, string>>;
  /** Further `key=value` settings for this call. */
  config?: readonly string[];
  /** Lets the user's own hooks and language apply. The commit sets it, nothing else. */
  asUser?: boolean;
  /** Ends git, and with it the hooks that it runs. */
  signal?: AbortSignal;
}

/** What a run of git gave back. */
export interface GitOutput {
  /** The exit status; 255 when a signal ended it. */
  status: number;
  stdout: Buffer;
  stderr: string;
}

/** How long a hook may take to end when it is told to. */
const HOOK_GRACE_MS = 1_000;

/** Settings for every call: nothing runs in the background or behind our back. */
const CALM = ['core.fsmonitor=false', 'gc.auto=0', 'maintenance.auto=false'] as const;

/**
 * Settings of a repository that run programs, switched off. A repository's files may come from anybody, and nobody
 * has agreed to run anything when nex looks at its state.
 */
const QUIET = [
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'diff.external=',
  'core.sshCommand=',
  'core.askPass=',
  'core.gitProxy=',
  'credential.helper=',
  'protocol.ext.allow=never',
  'log.showSignature=false',
  'submodule.recurse=false',
  'safe.bareRepository=explicit',
] as const;

/** What stays of the user's `GIT_*` variables: who they are and where their settings lie, not which repository. */
const KEPT =
  /^GIT_(AUTHOR_|COMMITTER_|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)$|CEILING_DIRECTORIES$|DISCOVERY_ACROSS_FILESYSTEM$)/;

/** Runs git and resolves however it ends; rejects when it cannot start, when the input fails, or on abort. */
export async function runGit(args: readonly string[], options: GitOptions): Promise<GitOutput> {
  const { cwd, input, signal } = options;
  signal?.throwIfAborted();
  // Not a group of its own, or signing could not ask for a passphrase; so hooks are found by what they inherited.
  const token = signal && `NEX_GIT=${randomUUID()}`;
  const child = spawn('git', [...settings(options), ...args], {
    cwd,
    env: { ...environment(options), ...(token === undefined ? {} : { NEX_GIT: token.slice('NEX_GIT='.length) }) },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const family = token && familyOf(child.pid ?? 0, token, process.platform);
  const stop = () => {
    child.kill();
    if (family) void endFamily(family, HOOK_GRACE_MS);
  };
  signal?.addEventListener('abort', stop, { once: true });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr?.on('data', (piece: Buffer) => stderr.push(piece));
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error)));
    child.once('close', (status) => resolve(status ?? 255));
  });
  const fed = input === undefined || child.stdin === null ? undefined : feed(input, child.stdin);
  try {
    const [status] = await Promise.all([ended, fed]);
    signal?.throwIfAborted();
    return { status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') };
  } catch (error) {
    child.kill();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** A git that answers questions until its input ends. */
export interface OpenGit {
  child: ChildProcessWithoutNullStreams;
  /** Resolves when it ended, without its standard output; rejects when it could not start. */
  ended: Promise<GitOutput>;
}

/**
 * Starts a git that stays at hand. It leads a group of its own: Ctrl-C in the terminal is for nex, which then still has
 * something to save. However nex ends, git's input ends with it, and so does git.
 */
export function openGit(args: readonly string[], options: Pick<GitOptions, 'cwd' | 'env' | 'config'>): OpenGit {
  const child = spawn('git', [...settings(options), ...args], {
    cwd: options.cwd,
    env: environment(options),
    stdio: 'pipe',
    detached: true,
    windowsHide: true,
  });
  const stderr: Buffer[] = [];
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
  // That git left is told by its end.
  child.stdin.on('error', () => {});
  const ended = new Promise<GitOutput>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(error)));
    child.once('close', (status) =>
      resolve({ status: status ?? 255, stdout: Buffer.alloc(0), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
  });
  return { child, ended };
}

/** Runs git and returns what it printed. Throws a NexError with git's own sentence when it fails. */
export async function git(args: readonly string[], options: GitOptions): Promise<Buffer> {
  const output = await runGit(args, options);
  if (output.status !== 0) throw gitFailure(args, output);
  return output.stdout;
}

/** As `git`, for one line or a short text: without the last newline. */
export async function gitText(args: readonly string[], options: GitOptions): Promise<string> {
  return (await git(args, options)).toString('utf8').replace(/\n$/, '');
}

/** Git's several ways to say so, which name files that nobody knows. */
const NO_ROOM = /no space left on device|out of diskspace|disk quota exceeded/i;

/** A failed call of git as an error for people: the sentence that git itself printed. */
export function gitFailure(args: readonly string[], output: GitOutput): NexError {
  const name = args.find((arg) => !arg.startsWith('-')) ?? '';
  if (NO_ROOM.test(output.stderr))
    return new NexError('repository', `git ${name} failed: the disk is full.`, { hint: 'Make room, then try again.' });
  return new NexError('repository', `git ${name} failed: ${gitSentence(output.stderr) || `status ${output.status}`}`);
}

/** The line of git's messages that says what went wrong, without `fatal:`. */
export function gitSentence(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const told = lines.find((line) => /^(fatal|error): /.test(line)) ?? lines[0] ?? '';
  return told.replace(/^(fatal|error): /, '').trim();
}

/** The environment that git gets: the user's, without secrets and without variables that lead it elsewhere. */
export function environment(options: Pick<GitOptions, 'env' | 'asUser'>): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined || isSecretVariable(name, value)) continue;
    if (name.startsWith('GIT_') && !KEPT.test(name)) continue;
    env[name] = value;
  }
  Object.assign(env, { GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: ':', GIT_PAGER: 'cat' });
  // Hooks inherit all of this, and a hook may rely on patterns, on locks and on the user's language.
  if (!options.asUser) {
    Object.assign(env, { GIT_LITERAL_PATHSPECS: '1', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' });
  }
  return { ...env, ...options.env };
}

/** The `-c` settings of a call, in git's argument form. Hooks inherit those of a call made as the user. */
export function settings(options: Pick<GitOptions, 'config' | 'asUser'>): string[] {
  const all = [...CALM, ...(options.asUser ? [] : QUIET), ...(options.config ?? [])];
  return all.flatMap((setting) => ['-c', setting]);
}

async function feed(input: GitInput, stdin: NodeJS.WritableStream): Promise<void> {
  const source =
    typeof input === 'string' || input instanceof Uint8Array ? Readable.from([input]) : Readable.from(input);
  try {
    await pipeline(source, stdin);
  } catch (error) {
    // Git left before it had read all: its exit status tells why, and better.
    if (codeOf(error) !== 'EPIPE' && codeOf(error) !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

function notStarted(error: Error): Error {
  if (codeOf(error) !== 'ENOENT') return error;
  return new NexError('repository', 'git cannot be run here: no `git` on the PATH, or the folder is gone.', {
    hint: 'Install git 2.30 or newer, then try again.',
    cause: error,
  });
}
