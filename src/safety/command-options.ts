import { flagValues, parseArguments } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import { commandNested } from './environment.ts';
import type { Nested } from './nested.ts';
import type { Stream, Word } from './word.ts';
import { literal, UNKNOWN_STREAM } from './word.ts';

/** Options whose value is a command line. */
const COMMAND_OPTIONS: Readonly<Record<string, readonly string[]>> = {
  tar: ['--to-command', '--use-compress-program', '-I', '--rsh-command', '--info-script', '-F'],
  bsdtar: ['--use-compress-program'],
  npm: ['--script-shell'],
  go: ['-toolexec', '-exec', '-vettool'],
  rg: ['--pre', '--hostname-bin'],
  sort: ['--compress-program'],
  split: ['--filter'],
  rsync: ['-e', '--rsh', '--rsync-path'],
  helm: ['--post-renderer'],
  man: ['-P', '--pager', '-H', '--html'],
  mysql: ['--pager'],
  mariadb: ['--pager'],
  fzf: ['--preview'],
  zip: ['-TT', '--unzip-command'],
  tcpdump: ['-z'],
  compgen: ['-C'],
  complete: ['-C'],
  mapfile: ['-C'],
  readarray: ['-C'],
  ag: ['--pager'],
  bat: ['--pager'],
  delta: ['--pager'],
  wget: ['--use-askpass'],
  scp: ['-S', '-D'],
  sftp: ['-S', '-D'],
  nc: ['-e', '-c', '--exec', '--sh-exec'],
  ncat: ['-e', '-c', '--exec', '--sh-exec', '--lua-exec'],
  netcat: ['-e', '-c'],
};

/** What the options of a program would start; undefined for programs without such options. */
export function commandOptions({ program, words }: SimpleCommand): Nested[] | undefined {
  const options = COMMAND_OPTIONS[program];
  if (options === undefined) return undefined;
  const parsed = parseArguments(program, words);
  // What comes to their input is in some archive or file.
  const input = UNKNOWN_STREAM;
  const nested: Nested[] = flagValues(parsed, options).flatMap((text) => started(text, input));
  words.forEach(({ text }, index) => {
    // Options such as `-TT` are neither one letter nor long.
    const value = words[index + 1];
    if (/^-\w{2,}$/.test(text) && options.includes(text) && value !== undefined) nested.push(...started(value, input));
    const [name = '', given] = text.split(/=(.*)/s, 2);
    if (/^-\w{2,}$/.test(name) && options.includes(name) && given !== undefined)
      nested.push(...started(literal(given), input));
  });
  for (const action of flagValues(parsed, ['--checkpoint-action'])) {
    if (action.text.startsWith('exec=')) nested.push(...started(literal(action.text.slice(5)), input));
  }
  if (program === 'wget') {
    for (const { text } of flagValues(parsed, ['-e', '--execute'])) {
      const askpass = /^\s*use_?askpass\s*=\s*(.+)$/i.exec(text)?.[1];
      if (askpass !== undefined) nested.push(...started(literal(askpass), input));
    }
  }
  return nested;
}

/** A program in an option, and what the command it stands in feeds it. */
function started(text: Word, input: Stream): Nested[] {
  return commandNested(text.text, text).map((item) => (item.kind === 'shell' ? { ...item, input } : item));
}
