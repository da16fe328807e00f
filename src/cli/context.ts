import type { Environment } from '../config.ts';
import type { OpenKeyring } from '../credential.ts';
import type { UserFolders } from '../platform/user-folders.ts';
import type { AskedGit } from './asked-git.ts';

/** What the process brings along; commands get it instead of reaching for globals. */
export interface CliContext {
  env: Environment;
  /** Where the user is; `-C` already applied. */
  cwd: string;
  folders: UserFolders;
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Aborted by Ctrl-C and by termination; its reason is an `Interrupted`. */
  signal: AbortSignal;
  /** What git was asked before the command was known. */
  asked?: AskedGit | undefined;
  /** The system's keyring, opened when a key is looked for. */
  openKeyring: OpenKeyring;
}

/** One line on stdout. */
export function print(context: CliContext, text: string): void {
  context.stdout.write(`${text}\n`);
}

/** One note on stderr, as `nex: what happened` and an optional hint. */
export function complain(context: CliContext, message: string, hint?: string): void {
  context.stderr.write(`nex: ${message}\n${hint === undefined ? '' : `  hint: ${hint}\n`}`);
}
