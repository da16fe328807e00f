/** A command seen as a check: something that passes or fails, and can be run again. */
export interface Check {
  /** The normalised command, such as `pytest tests/test_cart.py` or `app: npm test`. */
  name: string;
  /** The program and its subcommand: `pytest`, `go test`, `npm test`. */
  program: string;
  /** What it was narrowed to: files, folders, test names. Empty: everything. */
  targets: readonly string[];
  /** The folder it ran in, when the command changes it first. */
  folder: string;
}

/** A command line cut into its checks. */
export interface CheckedCommand {
  checks: readonly Check[];
  /** True when exit status 0 says nothing about the checks: `pytest | tail`, `make || true`, `npm test; date`. */
  masked: boolean;
  /** True when it may have changed something, so that its success can be what made a check pass. */
  changes: boolean;
}

/** Programs that only look or talk: their failure teaches nothing, their success proves nothing. */
const LOOKERS = new Set(
  `[ : awk basename cat chmod cmp column comm cp cut date df diff dirname du echo env exit export false fd file find
  grep head history id jq kill less ls mkdir more mv nl printenv printf ps pwd read readlink realpath rg rm sed seq
  set sleep sort source stat tail tee test time top touch tr tree true type umask uname uniq unset wait wc which whoami
  xxd`.split(/\s+/),
);
const LOOKING_GIT = /^(?:add|blame|branch|config|diff|grep|log|ls-files|remote|rev-parse|show|stash|status|tag)$/;
/** Of those, the ones that change files after all. */
const CHANGERS = /^(?:chmod|cp|export|mkdir|mv|rm|source|tee|touch)$/;

/** Programs whose first plain argument is a subcommand. */
const WITH_SUBCOMMAND = new Set(
  `bazel biome bun bundle cargo composer deno docker dotnet git go gradle kubectl mvn nx playwright pnpm npm poetry
  rails rake ruff swift terraform turbo uv yarn`.split(/\s+/),
);
/** `npx vitest`, `uv run pytest`: what follows is the program. The second list takes one more word. */
const LAUNCHERS = new Set('bunx command exec nice nohup npx pnpx stdbuf sudo time tsx xvfb-run'.split(' '));
const LAUNCHERS_WITH_WORD = new Set(
  `bundle exec,hatch run,npm exec,pdm run,pipenv run,pnpm dlx,pnpm exec,poetry run,rye run,uv run,yarn dlx,yarn exec`.split(
    ',',
  ),
);
/** Flags that narrow what is checked, so that their value belongs to the name. */
const NARROWING =
  /^--?(?:t|k|m|p|w|e|grep|filter|match|only|package|pattern|project|run|select|suite|test|tests|test-name-pattern|testNamePattern|testPathPattern|testPathPatterns|workspace)$/;

/** Reads a shell command as checks. What the shell would do exactly does not matter here; it must only be the same each time. */
export function readChecks(command: string): CheckedCommand {
  const checks: Check[] = [];
  let folder = '';
  let masked = false;
  let pipefail = false;
  let changes = false;
  for (const part of splitCommand(command)) {
    if (part.after === '|') {
      if (checks.length > 0 && !pipefail) masked = true;
      continue;
    }
    if (/^(?:\|\||&|;)$/.test(part.after) && checks.length > 0) masked = true;
    const words = unwrap(part.words);
    const program = words[0];
    if (program === undefined) continue;
    if (program === 'cd') folder = (words[1] ?? '').replace(/\/$/, '');
    else if (program === 'set') pipefail ||= words.includes('pipefail');
    else if (isCheck(words)) checks.push(nameOf(words, folder));
    changes ||=
      isCheck(words) || CHANGERS.test(program) || (program === 'sed' && words.some((word) => /^-\w*i/.test(word)));
  }
  return { checks, masked, changes };
}

/** True when `passed` having passed means that `failed` would pass too: the same check, or a wider one. */
export function covers(passed: Check, failed: Check): boolean {
  if (passed.program !== failed.program || passed.folder !== failed.folder) return false;
  if (passed.targets.length === 0) return true;
  return (
    failed.targets.length > 0 && failed.targets.every((target) => passed.targets.some((wider) => within(target, wider)))
  );
}

/** True when a target lies in another: `tests/a.py::test_x` in `tests/a.py` in `tests`, `tests.a.ATest` in `tests.a`. */
export function within(target: string, wider: string): boolean {
  const inner = target.replace(/^\.\//, '');
  const outer = wider.replace(/^\.\//, '').replace(/\/(?:\.\.\.)?$/, '');
  return inner === outer || ['/', ':', '.'].some((mark) => inner.startsWith(`${outer}${mark}`));
}

function isCheck(words: readonly string[]): boolean {
  const program = words[0] ?? '';
  if (LOOKERS.has(program)) return false;
  return !(program === 'git' && LOOKING_GIT.test(words[1] ?? ''));
}

function nameOf(words: readonly string[], folder: string): Check {
  const [first = '', ...rest] = words;
  let program = first;
  let args = rest;
  if (WITH_SUBCOMMAND.has(program)) {
    const at = args.findIndex((arg) => /^[\w:.-]+$/.test(arg) && !arg.startsWith('-'));
    const subcommand = args[at];
    if (subcommand !== undefined) {
      args = args.toSpliced(at, 1);
      // `npm run test`, `npm test` and `npm t` are one check.
      const runs = /^(?:npm|pnpm|yarn|bun)$/.test(first) && /^(?:run|run-script)$/.test(subcommand);
      const script = runs ? args.find((arg) => !arg.startsWith('-')) : undefined;
      if (script !== undefined) args = args.toSpliced(args.indexOf(script), 1);
      program = `${program} ${script ?? (subcommand === 't' || subcommand === 'tst' ? 'test' : subcommand)}`;
    }
  }
  if (program === 'node' && args.includes('--test')) program = 'node --test';
  const targets = targetsOf(args);
  const name = `${folder === '' ? '' : `${folder}: `}${[program, ...targets].join(' ')}`;
  return { name: name.slice(0, 200), program, targets, folder };
}

/** The arguments that say what is checked; flags that change only how are left out. */
function targetsOf(args: readonly string[]): string[] {
  const targets = new Set<string>();
  args.forEach((arg, index) => {
    // "Everything", said in words.
    if (/^(?:\.|\.\/|\.\.\.|\.\/\.\.\.|run|watch)$/.test(arg)) return;
    const [flag = '', value] = splitOnce(arg, '=');
    if (arg.startsWith('-')) {
      if (value !== undefined && NARROWING.test(flag)) targets.add(value);
      return;
    }
    const before = args[index - 1] ?? '';
    const isValue = /^--?[A-Za-z]/.test(before) && !before.includes('=');
    if (isValue && !NARROWING.test(before) && !/[/.:]/.test(arg)) return;
    if (!/^\d+$/.test(arg)) targets.add(arg.replace(/^\.\//, '').replace(/(\.\w+):\d+(?::\d+)?$/, '$1'));
  });
  return [...targets];
}

function splitOnce(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

/** Takes away what stands before the program itself: assignments, launchers, interpreters of a known script. */
function unwrap(words: readonly string[]): string[] {
  let rest = [...words];
  for (let steps = 0; steps < 12; steps++) {
    const first = rest[0];
    if (first === undefined) return rest;
    const program = baseName(first);
    const pair = `${program} ${rest[1] ?? ''}`;
    if (/^[A-Za-z_]\w*=/.test(first) || program === 'env') rest = rest.slice(1);
    else if (program === 'timeout') rest = withoutFlags(rest.slice(1)).slice(1);
    else if (LAUNCHERS.has(program)) rest = withoutFlags(rest.slice(1));
    else if (LAUNCHERS_WITH_WORD.has(pair)) rest = withoutFlags(rest.slice(2));
    else if (/^python[\d.]*$/.test(program) && rest[1] === '-m') rest = rest.slice(2);
    else if (/^(?:node|php|ruby)$/.test(program) && /(?:^|\/)(?:bin|\.bin)\//.test(rest[1] ?? '')) rest = rest.slice(1);
    else if (/^(?:ba|z|da)?sh$/.test(program) && /^-\w*c$/.test(rest[1] ?? '')) {
      // What the inner shell runs; a compound command keeps only its last part, which is enough for a name.
      rest = splitCommand(rest[2] ?? '').at(-1)?.words ?? [];
    } else return [aliasOf(program), ...rest.slice(1)];
  }
  return rest;
}

function withoutFlags(words: readonly string[]): string[] {
  const start = words.findIndex((word) => !word.startsWith('-'));
  return start < 0 ? [] : words.slice(start);
}

function baseName(program: string): string {
  return /^(?:\.{0,2}\/|.*(?:node_modules\/\.bin|vendor\/bin|venv\/bin|\/bin)\/)/.test(program)
    ? program.replace(/^.*\//, '').replace(/\.(?:exe|cmd|bat)$/i, '')
    : program;
}

function aliasOf(program: string): string {
  if (program === 'gradlew') return 'gradle';
  if (program === 'mvnw') return 'mvn';
  if (program === 'py.test') return 'pytest';
  return /^python[\d.]+$/.test(program) ? 'python' : program;
}

interface Part {
  words: string[];
  /** The operator before this part. */
  after: '' | '&&' | '||' | ';' | '|' | '&';
}

/** Cuts a command line at its operators, quotes resolved and redirections left out. */
function splitCommand(command: string): Part[] {
  const parts: Part[] = [{ words: [], after: '' }];
  const tokens = command
    .slice(0, 4_000)
    .matchAll(
      /(?<operator>&&|\|\||\|&|[;\n]|\||&(?!>))|(?<redirection>(?:\d|&)?>{1,2}&?\s*[^\s;|&]*|\d?<[<&]?\s*[^\s;|&]*)|(?<word>(?:[^\s;|&<>"'\\]|\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"?|'[^']*'?)+)|\s/g,
    );
  for (const { groups } of tokens) {
    const operator = groups?.['operator'];
    if (operator !== undefined) parts.push({ words: [], after: operatorOf(operator) });
    const word = groups?.['word'];
    if (word !== undefined) parts.at(-1)?.words.push(unquote(word));
  }
  return parts.filter((part) => part.words.length > 0);
}

function operatorOf(operator: string): Part['after'] {
  if (operator === '&&' || operator === '||' || operator === '&') return operator;
  return operator.startsWith('|') ? '|' : ';';
}

function unquote(word: string): string {
  return word.replace(/"((?:\\[\s\S]|[^"\\])*)"?|'([^']*)'?|\\([\s\S])/g, (_, double, single, escaped) =>
    double !== undefined ? String(double).replace(/\\(["\\$`])/g, '$1') : String(single ?? escaped ?? ''),
  );
}
