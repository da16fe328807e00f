import type { Arguments } from './arguments.ts';
import { hasFlag } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import { commandLine } from './command.ts';
import { fileUse } from './file-use.ts';
import type { Ground, PathFinding, Target } from './paths.ts';
import { locate } from './paths.ts';
import { sent } from './sending.ts';
import type { Word } from './word.ts';

/** Programs that only change rights or times of a file. */
const ATTRIBUTES = new Set(['chmod', 'chown', 'chgrp', 'chattr', 'setfacl']);

/** What the files of one command say against running it unasked. */
export function guardPaths(
  command: SimpleCommand,
  parsed: Arguments,
  ground: Ground,
  guarded: readonly string[] = [],
): PathFinding[] {
  const { program, bases, place } = command;
  const use = fileUse(command, parsed);
  const found: PathFinding[] = [];
  const add = (rule: string | undefined, { path }: Target) => {
    if (rule !== undefined) found.push({ rule, path });
  };
  if (use.removes.length > 0 && (program === 'find' || program === 'gfind'))
    found.push({ rule: 'files.find-delete', path: use.removes[0]?.text ?? '.' });
  // One named file of the project goes as easily without -f: nobody is there to be asked.
  if (
    program === 'rm' &&
    hasFlag(parsed, ['-f', '--force']) &&
    !(use.removes.length === 1 && isPlain(use.removes[0], command, ground))
  )
    found.push({ rule: 'files.rm-forced', path: use.removes.map(({ text }) => text).join(' ') });
  if (isEndless(command)) found.push({ rule: 'processes.endless', path: command.redirects[0]?.target.text ?? '' });
  const recursive = use.removes.length > 0 && isRecursive(command, parsed);
  for (const word of use.writes) {
    const target = locate(word, bases, place, ground);
    if (guardOf(target, guarded) !== undefined) add('user.guarded', target);
    if (target.area === 'unknown' && (command.guessed || isUnset(word))) continue;
    // Rights taken from everybody else: `chmod 600 ~/.ssh/id_ed25519`.
    if (target.secret && program === 'chmod' && /^0?[4-7]00$/.test(parsed.operands[0]?.text ?? '')) continue;
    // A new folder in the user's own harms nothing.
    if (program === 'mkdir' && (target.area === 'unknown' || isInHome(target, ground))) continue;
    const attributes = ATTRIBUTES.has(program) || program === 'mkdir';
    // What rights are given is another rule's question.
    if (attributes && target.area === 'unknown' && program === 'chmod' && !target.secret) continue;
    add(attributes && target.area === 'project' ? attributesRule(target) : writeRule(target), target);
    if (empties(command) && target.area === 'project' && (holdsContent(target.path) || isAnyFile(word)))
      add('files.empty', target);
  }
  if (
    /^(?:mv|move|move-item|mi)$/.test(program) &&
    use.writes.some((word) => locate(word, bases, place, ground).area === 'scratch')
  ) {
    const gone = use.removes.find((word) => locate(word, bases, place, ground).area === 'project');
    if (gone !== undefined) found.push({ rule: 'files.move-out', path: gone.text });
  }
  for (const word of use.removes) {
    const target = locate(word, bases, place, ground);
    if (guardOf(target, guarded) !== undefined) add('user.guarded', target);
    if (target.everything !== undefined && place !== 'container' && recursive) {
      add(`files.wipe-${target.everything}`, target);
    }
    if (target.area !== 'unknown') add(removeRule(target), target);
  }
  for (const word of use.reads) {
    const target = locate(word, bases, place, ground);
    if (target.secret) add('secrets.read', target);
    if (target.area === 'network') add('remote.reverse-shell', target);
  }
  for (const word of use.sends) {
    const target = locate(word, bases, place, ground);
    if (target.secret) add('secrets.send', target);
    else if (target.area === 'outside') add('secrets.send-outside', target);
  }
  found.push(...sent(command, parsed, use.sends, ground));
  if (place !== 'here' && SHOWS_ENVIRONMENT.test(commandLine(command))) {
    found.push({ rule: 'secrets.environment', path: program });
  }
  return found;
}

const SHOWS_ENVIRONMENT = /^(?:env|printenv|set|export|export -p|declare -[xp]+|env -0|printenv -0)$/;

/**
 * Names in lower case are a shell's own; nobody's environment has them (POSIX keeps upper case for it). One that the
 * command does not set is empty, and writing to no name fails.
 */
const isUnset = ({ text, certain, output }: Word) =>
  !certain && !output && /^\$\{?(?!\w*proxy\b|npm_)[a-z][a-z0-9_]*\}?$/.test(text);

const isInHome = ({ path }: Target, { home }: Ground) => path.startsWith(`${home}/`) || path.startsWith('~');

/** A file by its own name, in the project or the temporary folder of this machine. */
function isPlain(word: Word | undefined, { bases, place }: SimpleCommand, ground: Ground): boolean {
  if (word === undefined || !word.certain || word.glob || place !== 'here' || word.text.startsWith('-')) return false;
  return /^(?:project|scratch)$/.test(locate(word, bases, place, ground).area);
}

/** `cat /dev/zero > x`, `yes > x`. */
function isEndless({ program, words, redirects }: SimpleCommand): boolean {
  if (!redirects.some(({ mode, target }) => mode !== 'read' && !target.text.startsWith('/dev/'))) return false;
  return program === 'yes' || (program === 'cat' && words.some(({ text }) => /^\/dev\/(?:zero|u?random)$/.test(text)));
}

/** The rule that speaks against writing there; undefined when it is fine. */
export function writeRule(target: Target): string | undefined {
  switch (target.area) {
    case 'stream':
      return undefined;
    case 'network':
      return 'remote.reverse-shell';
    case 'disk':
      return 'disks.raw';
    case 'unknown':
      return target.secret ? 'secrets.write' : 'outside.unknown';
    case 'scratch':
      return target.secret ? 'secrets.write' : undefined;
    case 'outside':
      return standingRule(target.path) ?? (target.secret ? 'secrets.write' : 'outside.write');
    case 'project':
      return (
        projectRule(target) ?? standingRule(`/${target.inside ?? ''}`) ?? (target.secret ? 'secrets.write' : undefined)
      );
  }
}

function removeRule(target: Target): string | undefined {
  if (target.area === 'outside') return /_history$/.test(target.path) ? 'history.erase' : 'outside.remove';
  const rule = writeRule(target);
  return rule === 'outside.unknown' ? undefined : rule;
}

function attributesRule(target: Target): string | undefined {
  return projectRule(target);
}

function projectRule({ inside = '' }: Target): string | undefined {
  const parts = inside.toLowerCase().split('/');
  if (parts.includes('.git')) return parts.includes('hooks') ? 'persistence.hooks' : 'git.directory';
  return parts[0] === '.nex' ? 'outside.nex' : undefined;
}

const STANDING: ReadonlyArray<readonly [rule: string, path: RegExp]> = [
  [
    'persistence.startup',
    /\/\.(?:bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|zlogout|cshrc|tcshrc|kshrc|login|inputrc|xinitrc|xprofile|xsessionrc|vimrc|gvimrc|gitconfig|tmux\.conf|pythonrc|irbrc|direnvrc)$|\/\.config\/(?:fish|git|nvim|environment\.d)\/|\/etc\/(?:profile|bash\.bashrc|zsh|environment|ld\.so\.preload|rc\.local|bashrc)|\/profile\.ps1$|_profile\.ps1$/i,
  ],
  [
    'persistence.schedule',
    /\/etc\/(?:cron|anacrontab|systemd\/|init\.d\/|xdg\/autostart)|\/var\/spool\/cron|\/\.config\/(?:systemd|autostart)\/|\/(?:LaunchAgents|LaunchDaemons)\/|\/lib\/systemd\/|\/Startup\//i,
  ],
  [
    'persistence.ci',
    /\/\.(?:github|gitea|forgejo)\/(?:workflows|actions)\/|\/\.gitlab-ci\.ya?ml$|\/\.circleci\/|\/jenkinsfile$|\/azure-pipelines[\w.-]*\.ya?ml$|\/\.travis\.ya?ml$|\/bitbucket-pipelines\.ya?ml$|\/\.buildkite\/|\/\.drone\.ya?ml$|\/\.woodpecker|\/appveyor\.ya?ml$|\/\.teamcity\/|\/cloudbuild\.ya?ml$|\/\.cirrus\.ya?ml$/i,
  ],
  ['persistence.hooks', /\/\.(?:husky|githooks)\/|\/lefthook\.ya?ml$|\/\.pre-commit-config\.ya?ml$/i],
  [
    'persistence.editor',
    /\/\.vscode\/(?:tasks|launch|settings)\.json$|\/\.devcontainer\/|\/\.idea\/runconfigurations\//i,
  ],
  [
    'persistence.keys',
    /\/\.ssh\/(?:authorized_keys|rc|environment|config)|\/etc\/(?:ssh\/|sudoers|pam\.d\/|passwd|shadow|group)/i,
  ],
  ['history.erase', /\/\.(?:\w+_history|histfile)$|fish_history$|consolehost_history\.txt$/i],
];

/** Files that something runs or trusts later by itself, and the folders that they lie in. */
function standingRule(path: string): string | undefined {
  return STANDING.find(([, pattern]) => pattern.test(path) || pattern.test(`${path}/`))?.[0];
}

/** The entry of the settings that guards a path, lies around it, or would go with it. */
export function guardOf({ inside }: Target, guarded: readonly string[]): string | undefined {
  if (inside === undefined) return undefined;
  return guarded.find((entry) => {
    const guard = entry.replace(/^\.\//, '').replace(/\/+$/, '');
    if (guard === '' || guard === '.' || inside === '.') return true;
    // What stands before the first `*` is a folder that would go with its files.
    const folder = /[*?]/.test(guard) ? guard.slice(0, guard.lastIndexOf('/', guard.search(/[*?]/)) + 1) : `${guard}/`;
    return folder.startsWith(`${inside}/`) || patternOf(guard).test(inside);
  });
}

/** `infra/**`, `*.lock` in any folder, or a file or folder by its name. */
function patternOf(guard: string): RegExp {
  const source = guard
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/?|\*|\?/g, (part) => (part === '?' ? '[^/]' : part === '*' ? '[^/]*' : '.*'));
  return new RegExp(`^${guard.includes('/') || !/[*?]/.test(guard) ? '' : '(?:.*/)?'}${source}(?:/.*)?$`);
}

function isRecursive({ program, words }: SimpleCommand, parsed: Arguments): boolean {
  if (program === 'find' || program === 'gfind') {
    return !words.some(({ text }) =>
      /^-(?:i?name|i?path|i?regex|[acm](?:min|time)|newer\w*|size|maxdepth|empty|user|group|perm)$/.test(text),
    );
  }
  return (
    hasFlag(parsed, ['-r', '-R', '--recursive', '-Recurse', '-recurse']) ||
    words.some(({ text }) => /^\/s$|^-rec/i.test(text))
  );
}

/** True when a redirect is all that the command does to the file. */
function empties({ program, name, words, redirects }: SimpleCommand): boolean {
  if (!redirects.some(({ mode }) => mode === 'write')) return false;
  if (program === '') return name.text === '';
  if (program === ':' || program === 'true') return true;
  if (program === 'cat') return words.length === 1 && words[0]?.text === '/dev/null';
  if (program === 'echo') return words.length <= 2 && words[0]?.text === '-n' && (words[1]?.text ?? '') === '';
  return program === 'printf' && words.length === 1 && words[0]?.text === '';
}

/** One of many, of which not even the ending is known. */
const isAnyFile = ({ text, certain }: Word) => !certain && !/\.\w+$/.test(text);

/** Program text, settings and data; logs and outputs may be emptied. */
function holdsContent(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|rb|go|rs|java|kts?|swift|c|cc|cpp|h|hpp|cs|php|exs?|scala|vue|svelte|md|mdx|rst|html?|s?css|less|sh|lua|dart|zig|sql|db|sqlite3?|json5?|ya?ml|toml|ini|cfg|conf|xml|csv|tsv|parquet|lock|proto|graphql|tf|gradle|ipynb|env|key|pem|bak|dump|tex|r|jl|pl|ps1)$/i.test(
    path,
  );
}
