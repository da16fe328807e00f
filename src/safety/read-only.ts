import type { Arguments } from './arguments.ts';
import { hasFlag } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import type { Ground } from './paths.ts';
import { locate } from './paths.ts';
import { readSedScript } from './sed.ts';
import type { Word } from './word.ts';

/** What a program may be given and still only read; undefined options mean any. */
interface Reader {
  /** These options make it write, run or send. */
  readonly never?: readonly string[];
  /** At most so many operands: the next one would be written to. */
  readonly most?: number;
  /** A closer look at the words. */
  readonly test?: (words: readonly Word[], parsed: Arguments) => boolean;
}

/** Only read whatever they are given. */
const PURE =
  'cat tac nl head wc ls pwd echo printf true false test [ : basename dirname realpath readlink stat du df uname whoami id groups nproc arch cal tr cut paste comm cmp column fold fmt rev expand unexpand od hexdump strings md5sum sha1sum sha224sum sha256sum sha384sum sha512sum shasum cksum b2sum md5 seq sleep which whereis type uptime free ps pgrep printenv locale tty getconf numfmt factor expr jq egrep fgrep grep zgrep zcat bzcat xzcat lsof tsort pr sum getent lscpu lsblk vmstat ldd-none cd pushd popd read local declare typeset export readonly unset set shift return exit break continue wait let getopts ulimit umask-none hash-none dirs jobs times join';

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ...PURE.split(' ').map((program): [string, Reader] => [program, {}]),
  ['tail', {}],
  ['date', { never: ['-s', '--set'], test: (_, { operands }) => operands.every(({ text }) => text.startsWith('+')) }],
  ['hostname', { test: (words) => words.every(({ text }) => /^-[adfiIs]+$/.test(text)) }],
  ['file', { never: ['-C', '--compile'] }],
  ['diff', { never: ['--output'] }],
  ['base64', { never: ['-o', '--output'] }],
  ['sort', { never: ['-o', '--output', '--compress-program', '-T', '--temporary-directory', '-S'] }],
  ['uniq', { most: 1 }],
  ['xxd', { most: 1, never: ['-r', '-revert'] }],
  ['tree', { never: ['-o', '-R', '--output'] }],
  ['rg', { never: ['--pre', '--hostname-bin', '-z', '--search-zip'] }],
  ['fd', { never: ['-x', '-X', '--exec', '--exec-batch', '-l', '--list-details'] }],
  ['fdfind', { never: ['-x', '-X', '--exec', '--exec-batch', '-l', '--list-details'] }],
  ['yq', { never: ['-i', '--inplace', '-s', '--split-exp'] }],
  ['find', { test: (words) => !words.some(({ text }) => /^-(?:delete|fprint0?|fprintf|fls)$/.test(text)) }],
  ['sed', { never: ['-i', '--in-place', '-f', '--file'], test: readsOnlySed }],
  ['awk', { never: ['-f', '--file', '-i', '--include', '-l', '--load', '-e', '-E', '--exec'], test: readsOnlyAwk }],
  ['env', { never: ['-S', '--split-string'] }],
  ['git', { test: readsOnlyGit }],
]);

/** They carry a command, which is looked at by itself. */
const CARRIERS = new Set('command builtin time timeout nice ionice stdbuf xargs eval'.split(' '));
const SHELLS = new Set(['bash', 'sh', 'zsh', 'dash']);

/** Say their version and nothing else; programs that a project can redirect (`yarnPath`, toolchain files) are not here. */
const TELL_VERSION = new Set(
  'node npm python python3 ruby java javac gcc g++ clang make cmake docker git jq rg curl bash php perl'.split(' '),
);

const HARMLESS_VARIABLE =
  /^(?:[a-z]\w*|LC_\w+|LANG|LANGUAGE|TZ|NO_COLOR|FORCE_COLOR|CLICOLOR\w*|TERM|COLUMNS|LINES|CI|DEBUG|VERBOSE|FILES?|DIRS?|NAMES?|COUNT|TARGET|SRC|DST|PATTERN|RESULT|OUTPUT|VERSION|BRANCH|[A-Z])$/;

/** True when the command provably changes nothing and runs nothing of the project's: everything not known to be harmless is not. */
export function isReadOnly(
  command: SimpleCommand,
  parsed: Arguments,
  context: { ground: Ground; cwd: string; gitRuns: boolean },
): boolean {
  const { program, name, words, environment, redirects, place, bases } = command;
  const { ground } = context;
  if (place !== 'here' || !name.certain || name.glob) return false;
  if (name.text.includes('/') && !/^\/(?:usr\/)?(?:local\/)?bin\/[\w.+-]+$/.test(name.text)) return false;
  for (const variable of environment.keys())
    if (!HARMLESS_VARIABLE.test(variable) && !isQuietPager(variable, environment)) return false;
  for (const { mode, target } of redirects) {
    if (mode !== 'read' && locate(target, bases, place, ground).area !== 'stream') return false;
  }
  if (program === '') return true;
  if (CARRIERS.has(program)) return true;
  if (SHELLS.has(program))
    return (
      words.some(({ text }) => /^-\w*c$/.test(text)) &&
      !words.some(({ text }) => /file|^-\w*[is]/.test(text) && text.startsWith('-'))
    );
  if (TELL_VERSION.has(program) && words.length === 1 && /^(?:--version|-v|-V|version)$/.test(words[0]?.text ?? '')) {
    return program !== 'docker' || words[0]?.text !== 'version';
  }
  const reader = READERS.get(program);
  if (reader === undefined) return false;
  if (program === 'git' && (context.gitRuns || bases.some((base) => base !== context.cwd))) return false;
  const { never, most, test } = reader;
  if (never === undefined && most === undefined && test === undefined) return true;
  // What is only known when it runs could be one of the options that write.
  if (words.some(mayBeOption)) return false;
  if (never !== undefined && hasFlag(parsed, never)) return false;
  if (most !== undefined && parsed.operands.length > most) return false;
  return test === undefined || test(words, parsed);
}

/** True when setting these variables changes nothing that a reading program would do. */
export function harmlessVariables(names: ReadonlySet<string>): boolean {
  for (const name of names)
    if (!HARMLESS_VARIABLE.test(name) && !/^(?:GIT_)?PAGER$|^MANPAGER$/.test(name)) return false;
  return true;
}

function isQuietPager(name: string, environment: ReadonlyMap<string, Word>): boolean {
  return /^(?:GIT_)?PAGER$|^MANPAGER$/.test(name) && /^(?:cat|)$/.test(environment.get(name)?.text ?? 'x');
}

function mayBeOption({ certain, glob, head, text }: Word): boolean {
  if (!certain && (head === '' || head.startsWith('-'))) return true;
  return glob && /^[-*?[]/.test(text);
}

function readsOnlySed(words: readonly Word[], parsed: Arguments): boolean {
  const scripts: string[] = [];
  words.forEach(({ text }, index) => {
    const next = words[index + 1]?.text;
    if (/^-[nrEsuz]*e$|^--expression$/.test(text) && next !== undefined) scripts.push(next);
    else if (text.startsWith('--expression=')) scripts.push(text.slice(13));
  });
  if (
    words.some(
      ({ text }) =>
        text.startsWith('-') &&
        !/^-[nrEsuz]*e?$|^--(?:expression|quiet|silent|regexp-extended|posix|null-data|separate|unbuffered|debug|sandbox)\b/.test(
          text,
        ),
    )
  )
    return false;
  const script = scripts.length > 0 ? scripts.join('\n') : parsed.operands[0]?.text;
  if (script === undefined || words.some((word) => !word.certain)) return false;
  const read = readSedScript(script);
  return (
    read.understood && read.commands.length === 0 && read.writes.every((path) => /^\/dev\/std(?:out|err)$/.test(path))
  );
}

function readsOnlyAwk(words: readonly Word[], parsed: Arguments): boolean {
  const program = parsed.operands[0];
  if (program === undefined || !program.certain) return false;
  if (words.some(({ text }) => text.startsWith('-') && !/^-(?:F|v)/.test(text))) return false;
  // Strings and patterns may hold any character; outside of them `|` and `>` run and write.
  const bare = program.text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  return !/\bsystem\b|\bgetline\b|\||>(?!=)|@|\bclose\b|\bfflush\b/.test(
    bare
      .replace(/\|\|/g, '')
      .replace(/\(([^()]*)>([^()]*)\)/g, '($1 $2)')
      .replace(/^([^{]*)>([^{]*)\{/g, '$1 $2{'),
  );
}

const GIT_READS =
  /^(?:status|log|show|diff|blame|annotate|shortlog|describe|rev-parse|rev-list|ls-files|ls-tree|cat-file|for-each-ref|show-ref|show-branch|merge-base|name-rev|grep|whatchanged|count-objects|version|check-ignore|check-attr|check-mailmap|diff-tree|diff-index|diff-files|range-diff|cherry|var|reflog(?: show.*| exists.*)?|branch|tag|remote(?: -v| get-url .*)?|config (?:get|list)\b.*|config|stash (?:list|show)\b.*|worktree list\b.*|submodule status\b.*|notes (?:list|show)\b.*|symbolic-ref \S+|bisect (?:log|view))(?: |$)/;

const GIT_NEVER = [
  '--output',
  '--ext-diff',
  '--textconv',
  '--filters',
  '-O',
  '--open-files-in-pager',
  '--upload-pack',
  '--exec',
  '--exec-path',
  '-c',
  '--config-env',
  '-C',
  '--git-dir',
  '--work-tree',
  '--paginate',
  '--recurse-submodules',
  '--edit-description',
  '-d',
  '--delete',
  '-D',
  '-m',
  '--move',
  '-M',
  '--copy',
  '-f',
  '--force',
  '-u',
  '--set-upstream-to',
  '--unset-upstream',
  '--unset',
  '--unset-all',
  '--add',
  '--replace-all',
  '--rename-section',
  '--remove-section',
  '-e',
  '--edit',
  '--prune',
  '--expire',
  '--rewrite',
  '--stdin-paths',
];

/** Options of reading subcommands that have the letter of a dangerous one elsewhere. */
const GIT_HARMLESS: Readonly<Record<string, readonly string[]>> = {
  log: ['-c', '-m', '-C', '-M', '-u', '-D', '-f'],
  show: ['-c', '-m', '-C', '-M', '-u', '-D'],
  diff: ['-c', '-C', '-M', '-u', '-D', '-m', '-d'],
  blame: ['-C', '-M', '-e', '-f', '-c'],
  grep: ['-e', '-f', '-c', '-C', '-m', '-u'],
  status: ['-u'],
  'ls-files': ['-c', '-d', '-m', '-u', '-f', '-o', '-O'],
  'ls-tree': ['-d'],
  'cat-file': ['-e'],
  shortlog: ['-e', '-c'],
  'diff-tree': ['-c', '-m', '-C', '-M', '-u'],
  'count-objects': [],
};

function readsOnlyGit(words: readonly Word[], parsed: Arguments): boolean {
  const line = parsed.operands.map(({ text }) => text).join(' ');
  const subcommand = parsed.operands[0]?.text ?? '';
  if (!GIT_READS.test(line) && !(subcommand === 'remote' && line === 'remote')) return false;
  // Before the subcommand only these; a `-c` there sets a command-valued setting.
  const at = words.findIndex(({ text }) => text === subcommand);
  if (words.slice(0, at).some(({ text }) => !/^(?:--no-pager|-P|--no-optional-locks|--literal-pathspecs)$/.test(text)))
    return false;
  const harmless = GIT_HARMLESS[subcommand] ?? [];
  const never = GIT_NEVER.filter((flag) => !harmless.includes(flag));
  if (
    parsed.flags.some(({ name }) =>
      never.some((flag) => name === flag || (name.startsWith('--') && name.length > 3 && flag.startsWith(name))),
    )
  )
    return false;
  switch (subcommand) {
    case 'branch':
      return (
        parsed.operands.length === 1 ||
        hasFlag(parsed, ['--list', '-l', '--contains', '--merged', '--no-merged', '--show-current'])
      );
    case 'tag':
      return parsed.operands.length === 1 || hasFlag(parsed, ['--list', '-l', '--contains', '--merged', '--points-at']);
    case 'config':
      return (
        /^config (?:get|list)\b/.test(line) ||
        hasFlag(parsed, ['--get', '--get-all', '--get-regexp', '--list', '-l']) ||
        parsed.operands.length === 2
      );
    case 'remote':
      return /^remote(?: get-url \S+)?$/.test(line);
    case 'symbolic-ref':
      return parsed.operands.length === 2;
    case 'var':
      return true;
    default:
      return true;
  }
}
