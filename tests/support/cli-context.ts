import { PassThrough } from 'node:stream';
import type { CliContext } from '../../src/cli/context.ts';
import { exitCodeOfError } from '../../src/cli/exit-code.ts';
import { createProgram } from '../../src/cli/program.ts';
import type { Environment } from '../../src/config.ts';
import { NexError } from '../../src/errors.ts';
import type { KeyringSearch } from '../../src/platform/keyring.ts';
import { userFolders } from '../../src/platform/user-folders.ts';

const NO_KEYRING: KeyringSearch = { reason: 'this machine has none' };

/** A keyring that forgets when the test ends. */
export function memoryKeyring(kept: Record<string, string> = {}): KeyringSearch & { kept: Map<string, string> } {
  const secrets = new Map(Object.entries(kept));
  return {
    kept: secrets,
    keyring: {
      name: 'test keyring',
      read: (account) => secrets.get(account),
      write: (account, secret) => void secrets.set(account, secret),
      remove: (account) => secrets.delete(account),
    },
  };
}

/** A command line's context without a terminal: what is written to either stream is kept. */
export function cliContext(
  options: { cwd?: string; home?: string; env?: Environment; keyring?: KeyringSearch; stdin?: string } = {},
): {
  context: CliContext;
  written: string[];
  out: string[];
} {
  const written: string[] = [];
  const out: string[] = [];
  const stream = (...kept: string[][]): NodeJS.WriteStream =>
    Object.assign(new PassThrough(), {
      write(text: string) {
        for (const list of kept) list.push(text);
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  return {
    written,
    out,
    context: {
      env: options.env ?? {},
      cwd: options.cwd ?? '/',
      folders: userFolders({ HOME: options.home ?? '/home/nobody' }, 'linux'),
      stdin: new PassThrough().end(options.stdin) as unknown as NodeJS.ReadStream,
      stdout: stream(written, out),
      stderr: stream(written),
      signal: new AbortController().signal,
      openKeyring: () => Promise.resolve(options.keyring ?? NO_KEYRING),
    },
  };
}

/** Runs a command line in this process. An expected failure is an answer, too. */
export async function runProgram(
  argv: readonly string[],
  options: { cwd: string; home: string; env?: Environment; keyring?: KeyringSearch; stdin?: string },
): Promise<{ status: number; stdout: string; all: string; error?: NexError }> {
  const { context, written, out } = cliContext(options);
  let status = 0;
  const program = createProgram(context, (code) => {
    status = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return { status, stdout: out.join(''), all: written.join('') };
  } catch (error) {
    if (!(error instanceof NexError)) throw error;
    return { status: exitCodeOfError(error.kind), stdout: out.join(''), all: written.join(''), error };
  }
}
