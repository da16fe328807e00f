import { leadsToSecret, soundsSecret } from '../platform/secret-names.ts';
import type { SimpleCommand } from './command.ts';
import { normalize } from './paths.ts';
import { isSecretPath, isSecretPattern } from './secret-paths.ts';
import { decodeEscapes, formatted } from './shell-text.ts';
import type { Stream, Word } from './word.ts';
import { held, UNKNOWN_STREAM } from './word.ts';

/** Programs that fetch from the network and print what they get. */
const DOWNLOADERS = new Set(
  'curl wget http https xh aria2c fetch lynx links w3m ssh nc ncat netcat socat ftp tftp sftp telnet invoke-webrequest invoke-restmethod iwr irm lwp-request psql mysql mariadb sqlcmd mongosh redis-cli'.split(
    ' ',
  ),
);

/** They print one plain token, number or line that is neither path nor option. */
const PLAIN = new Set(
  'date nproc uname hostname whoami id wc arch getconf tty logname pgrep pidof ps lsof expr seq stat du cksum uptime sysctl lsb_release sw_vers'.split(
    ' ',
  ),
);

/** What they print is meant for `eval` and names nothing else. */
const FOR_SHELL = new RegExp(
  [
    '^(?:ssh-agent|gpg-agent|keychain|dircolors|tset|resize|lesspipe|locale|register-python-argcomplete)\\b',
    '^(?:brew shellenv|direnv (?:hook|export)|(?:mise|rtx) (?:activate|env)|opam (?:config )?env|fnm env|luarocks path)\\b',
    '^(?:(?:conda shell\\.\\w+|micromamba shell) hook|minikube (?:-p \\S+ )?docker-env|(?:docker-|podman )machine env)\\b',
    '^(?:go|cargo) env\\b|^thefuck --alias\\b',
    '^(?:pyenv|rbenv|nodenv|jenv|goenv|plenv|starship|zoxide|atuin|mcfly|navi|fasd|oh-my-posh)\\b.*\\b(?:init|hook|virtualenv-init)\\b',
    // Most programs write the completion for their own words.
    // A builder prints the project's own code.
    '^(?:esbuild|swc|tsc|babel|rollup|ncc|coffee|browserify)\\b',
    '^[\\w.-]+ (?:completions?|generate-shell-completion|shell-completion|gen-completions)\\b(?:.*\\b(?:bash|zsh|fish|sh))?$',
  ].join('|'),
);

/** Of what they read they print next to nothing. */
const COUNTERS = /^(?:wc|grep|rg|cksum|sum|\w*sum|cmp|test|jq)$/;

/** What a command prints, as far as that can be told. */
export function outputOf(command: SimpleCommand, files: ReadonlyMap<string, Stream>): Stream {
  const { program, words, input } = command;
  const line = [program, ...words.map(({ text }) => text)].join(' ');
  const secret = secretIn(words);
  switch (program) {
    case 'echo':
      return words.every(({ certain }) => certain) ? { text: echoed(words) } : tainted(secret);
    case 'printf': {
      const text = words[0]?.text === '-v' ? '' : formatted(words);
      return text === undefined ? tainted(secret) : { text };
    }
    case 'cat':
    case 'tac':
    case 'head':
    case 'tail':
    case 'bat':
      return printed(command, files);
    case 'tar':
    case 'zip':
      // All of a folder, its secret files included, on its way through a pipe.
      return words.some(({ text }) => /^(?:\.\/?|\*|\$PWD)$/.test(text))
        ? { secret: 'the whole folder' }
        : { holds: words.at(-1)?.text ?? '.' };
    case 'base64':
    case 'base32':
    case 'xxd':
    case 'gzip':
    case 'zstd':
    case 'xz': {
      const file = words.findLast(({ text }) => !text.startsWith('-'));
      if (file !== undefined && secret === undefined) return { holds: file.text };
      break;
    }
    case 'tee':
      return input;
    case 'pwd':
      return { text: `${command.bases[0] || '.'}\n` };
    case 'true':
    case 'false':
    case ':':
    case 'test':
    case '[':
    case 'cd':
    case 'export':
    case 'set':
      return words.every(({ text }) => text === '-p') && /^(?:set|export)$/.test(program)
        ? { secret: 'the environment' }
        : { text: '' };
    case 'env':
    case 'printenv':
      return { secret: 'the environment' };
    case 'declare':
    case 'typeset':
      return /^(?:declare|typeset)(?: -[pxf]+)?$/.test(line) ? { secret: 'the environment' } : { text: '' };
    case 'which':
    case 'type':
    case 'command': {
      const named = words.filter(({ text }) => !text.startsWith('-')).at(-1);
      return named?.certain ? { text: `${named.text}\n` } : UNKNOWN_STREAM;
    }
    case 'basename': {
      const [path, suffix] = words.filter(({ text }) => !text.startsWith('-'));
      if (path === undefined) return UNKNOWN_STREAM;
      const name = path.text.replace(/\/+$/, '').replace(/^.*\//, '');
      const cut = suffix !== undefined && name.endsWith(suffix.text) ? name.slice(0, -suffix.text.length) : name;
      return path.certain ? { text: `${cut}\n` } : { plain: true };
    }
    case 'dirname': {
      const [path] = words;
      if (path === undefined) return UNKNOWN_STREAM;
      const at = path.text.lastIndexOf('/');
      return path.certain
        ? { text: `${at === -1 ? '.' : path.text.slice(0, at) || '/'}\n` }
        : { namesBelow: folderOf(path) };
    }
    case 'realpath':
    case 'readlink': {
      const path = words.at(-1);
      return path?.certain && !path.text.startsWith('-') ? { text: `${path.text}\n` } : UNKNOWN_STREAM;
    }
    case 'mktemp':
      return { namesBelow: words.some(({ text }) => /^(?:-p|--tmpdir=)/.test(text)) ? '.' : '/tmp' };
    case 'find':
    case 'gfind':
    case 'fd':
    case 'ls':
    case 'git':
      return listed(command);
    case 'locate':
    case 'mdfind':
      return { namesLike: words.at(-1)?.text ?? '' };
    case 'yes':
      return { plain: true };
  }
  if (/grep$|^(?:rg|ag)$/.test(program) && words.some(({ text }) => /^-[a-zA-Z]*l|^--files/.test(text)))
    return listed(command);
  if (FOR_SHELL.test(line)) return { forShell: true };
  if (DOWNLOADERS.has(program)) return { downloaded: true, ...tainted(secret) };
  if (PLAIN.has(program)) return { plain: true };
  // A filter hands on what it read, in whatever form.
  const from = secret ?? input.secret;
  const content = held(input);
  return {
    ...(input.downloaded && { downloaded: true }),
    ...(from !== undefined && { secret: from }),
    ...(content !== undefined && !COUNTERS.test(program) && { holds: content }),
  };
}

function tainted(secret: string | undefined): Stream {
  return secret === undefined ? UNKNOWN_STREAM : { secret };
}

const VARIABLE = /\$\{?(\w+)/g;

/** The secret that words name: a file of secrets or a variable that sounds like one. */
export function secretIn(words: readonly Word[]): string | undefined {
  for (const { text, certain, glob } of words) {
    if (!certain) {
      for (const [, name = ''] of text.matchAll(VARIABLE))
        if (soundsSecret(name) && !leadsToSecret(name)) return `$${name}`;
    }
    const path = text.replace(/^[\w-]*[=@]@?/, '');
    if (path.length > 2 && !path.includes('\n') && (glob ? isSecretPattern(path) : isSecretPath(path))) return path;
  }
  return undefined;
}

function printed(
  { program, words, input, bases, redirects }: SimpleCommand,
  files: ReadonlyMap<string, Stream>,
): Stream {
  const operands = words.filter(({ text }) => !text.startsWith('-') || text === '-');
  const read = redirects.find(({ mode }) => mode === 'read')?.target;
  // `bat --config-dir` tells about itself.
  if (program === 'bat' && operands.length === 0 && words.length > 0) return UNKNOWN_STREAM;
  const only = operands[0] ?? (program === 'cat' ? read : undefined);
  if (only === undefined || only.text === '-')
    return program === 'cat' ? input : { ...input, ...(input.text && { text: input.text }) };
  const secret = secretIn(operands.length > 0 ? operands : [only]);
  if (secret !== undefined) return { secret };
  if (only.stream !== undefined) return only.stream;
  const written = files.get(fileKey(only, bases));
  if (written !== undefined && operands.length <= 1) return written;
  return operands.length <= 1 && program === 'cat' ? { file: only } : { holds: operands.at(-1)?.text ?? only.text };
}

/** How a file written earlier in the same command is remembered. */
export function fileKey(word: Word, bases: readonly string[]): string {
  return word.text.startsWith('/') || word.text.startsWith('~')
    ? word.text
    : normalize(`${bases[0] ?? ''}/${word.text}`);
}

function folderOf({ head }: Word): string {
  const folder = head.slice(0, head.lastIndexOf('/') + 1);
  return folder === '' ? '.' : folder.replace(/\/$/, '');
}

/** File names below a folder of the project. */
function listed(command: SimpleCommand): Stream {
  const { words } = command;
  const like = words[words.findIndex(({ text }) => /^-i?name$/.test(text)) + 1];
  const stream = listedBelow(command);
  return like?.certain && words.some(({ text }) => /^-i?name$/.test(text))
    ? { ...stream, namesLike: like.text }
    : stream;
}

function listedBelow({ program, words }: SimpleCommand): Stream {
  const texts = words.map(({ text }) => text);
  if (program === 'git') {
    const line = texts.filter((text) => !text.startsWith('-C')).join(' ');
    if (/^rev-parse\b.*--show-toplevel/.test(line)) return { namesBelow: '.' };
    if (/^rev-parse\b.*--(?:absolute-git-dir|git-dir|git-common-dir)/.test(line)) return { text: '.git\n' };
    const named = /^rev-parse\b.*--git-path (\S+)/.exec(line)?.[1];
    if (named !== undefined) return { text: `.git/${named}\n` };
    if (
      /^(?:ls-files|diff\b.*--name-only|grep\b.*(?:-l|--files|--name-only)|status\b.*(?:-s|--short|--porcelain)|show\b.*--name-only|ls-tree\b.*--name-only)/.test(
        line,
      )
    ) {
      return { namesBelow: '.' };
    }
    if (
      /^(?:rev-parse|describe|rev-list|branch\b.*--show-current|symbolic-ref|log\b.*--(?:format|pretty)|config\b.*--get|merge-base|hash-object|write-tree|for-each-ref)/.test(
        line,
      )
    ) {
      return { plain: true };
    }
    return /^(?:archive|diff|show|format-patch|bundle create|cat-file)\b|^log\b.* (?:-p|--patch)\b/.test(line)
      ? { holds: 'the repository' }
      : UNKNOWN_STREAM;
  }
  const operands = words.filter(({ text }) => !text.startsWith('-'));
  const start =
    program === 'find' || program === 'gfind'
      ? words[0]
      : /grep$|^(?:rg|ag|fd)$/.test(program)
        ? operands[1]
        : operands[0];
  const folder = start === undefined || start.text.startsWith('-') ? '.' : start.text;
  if (program === 'ls') {
    const secret = operands.find(({ text, certain }) => certain && isSecretPath(text));
    if (secret !== undefined) return { text: `${secret.text}\n` };
  }
  const elsewhere = operands.some(({ text }) => /^(?:\/|~|\.\.)/.test(text));
  if (!elsewhere) return { namesBelow: '.' };
  return start?.certain && operands.length <= 2 ? { namesBelow: folder.replace(/\/+$/, '') } : UNKNOWN_STREAM;
}

function echoed(words: readonly Word[]): string {
  let from = 0;
  let escapes = false;
  let newline = true;
  while (/^-[neE]+$/.test(words[from]?.text ?? '')) {
    const flags = words[from++]?.text ?? '';
    if (flags.includes('n')) newline = false;
    escapes = flags.lastIndexOf('e') > flags.lastIndexOf('E');
  }
  const text = words
    .slice(from)
    .map((word) => word.text)
    .join(' ');
  return (escapes ? decodeEscapes(text) : text) + (newline ? '\n' : '');
}

/** The stream that a here-string delivers. */
export function hereString(word: Word): Stream {
  return word.certain
    ? { text: `${word.text}\n` }
    : { ...tainted(secretIn([word])), ...(word.stream?.downloaded && { downloaded: true }) };
}

/** What stands in a file that was just written, when it is read again. */
export const EMPTY: Stream = { text: '' };
