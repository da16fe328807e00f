import type { Stream, Word } from './word.ts';
import { lineOf } from './word.ts';

/** Where a command runs: on this machine, on another one, or inside a container. */
export type Place = 'here' | 'remote' | 'container';

/** A file that the shell opens for a command. */
export interface FileRedirect {
  readonly mode: 'read' | 'write' | 'append';
  readonly target: Word;
}

/** One program call that would happen, resolved and unwrapped. */
export interface SimpleCommand {
  /** Base name of the program in lower case, without `.exe`; empty for a bare redirect. */
  readonly program: string;
  /** The program as it was called. */
  readonly name: Word;
  readonly words: readonly Word[];
  readonly environment: ReadonlyMap<string, Word>;
  readonly redirects: readonly FileRedirect[];
  readonly input: Stream;
  /** Folders that it may run in, absolute; empty text for an unknown one. */
  readonly bases: readonly string[];
  readonly place: Place;
  /** How it is written in the command, for marking it. */
  readonly source: string;
  /** It may never run: the body of a function, or words that only look like a command. */
  readonly guessed: boolean;
}

/** Base name of a program in lower case, without folders and the endings of Windows. */
export function programName(name: string): string {
  const base = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1).toLowerCase();
  const bare = LOADER.test(base) ? 'ld.so' : base.replace(/(?<=.)\.(?:exe|cmd|bat|com)$/, '');
  return SAME_PROGRAM[bare] ?? bare;
}

/** Starts the program behind it: `/lib64/ld-linux-x86-64.so.2 /bin/rm`. */
const LOADER = /^ld(?:-linux.*|-musl.*|-\d[\d.]*)?\.so(?:\.\d+)?$/;

/** Other names of programs: GNU tools on macOS, front ends, short forms. */
const SAME_PROGRAM: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  hub: 'git',
  grm: 'rm',
  gfind: 'find',
  gsed: 'sed',
  gtar: 'tar',
  gxargs: 'xargs',
  gchmod: 'chmod',
  gchown: 'chown',
  gcp: 'cp',
  gmv: 'mv',
  gdd: 'dd',
  gtruncate: 'truncate',
  gshred: 'shred',
  gtee: 'tee',
  gln: 'ln',
  k: 'kubectl',
});

/** The resolved command as one line. */
export function commandLine(command: SimpleCommand): string {
  const words = command.name.text === '' ? command.words : [command.name, ...command.words];
  const redirects = command.redirects.map(
    ({ mode, target }) => `${mode === 'read' ? '<' : mode === 'write' ? '>' : '>>'} ${target.text}`,
  );
  return [lineOf(words), ...redirects].filter((part) => part !== '').join(' ');
}
