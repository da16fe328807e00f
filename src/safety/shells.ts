import { flagValues, parseArguments } from './arguments.ts';
import type { SimpleCommand } from './command.ts';
import { commandOptions } from './command-options.ts';
import type { Nested } from './nested.ts';
import { fdNested, findNested, parallelNested, xargsNested } from './runners.ts';
import {
  aliasNested,
  calculatorNested,
  cargoNested,
  debuggerNested,
  editorNested,
  mavenNested,
} from './shell-escapes.ts';
import type { Stream, Word } from './word.ts';
import { literal } from './word.ts';
import { joinWords, unwrap } from './wrappers.ts';

const SHELLS = new Set('sh bash zsh dash ksh ash fish rbash mksh yash csh tcsh osh xonsh nu elvish'.split(' '));

/** What stands at the input, and what another descriptor holds: here only the one that was opened for it. */
const STDIN = /^\/dev\/(?:stdin|fd\/\d+)$|^\/proc\/(?:self|\$\$)\/fd\/\d+$/;

/** `<(…)`, or a name out of the network. */
const delivers = ({ certain, stream }: Word) => stream !== undefined && (certain || stream.downloaded === true);

/** What a shell, a wrapper or a program that starts others would run; empty for all the rest. */
export function nestedOf(command: SimpleCommand): Nested[] | undefined {
  const { program, words } = command;
  if (SHELLS.has(program)) return shellNested(command);
  switch (program) {
    case 'eval':
      return words.length === 0 ? [] : [{ kind: 'shell', text: joinWords(withoutDashes(words)), here: true }];
    case 'source':
    case '.':
      return sourceNested(command);
    case 'trap':
      return trapNested(words);
    case 'xargs':
      return xargsNested(command);
    case 'parallel':
      return parallelNested(command);
    case 'command':
      return words.some(({ text }) => /^-p?[vV]/.test(text)) ? [] : unwrap(program, words);
    case 'find':
    case 'gfind':
      return findNested(command);
    case 'fd':
    case 'fdfind':
      return fdNested(command);
    case 'ssh':
      return sshNested(command);
    case 'at':
    case 'batch':
      return words.some(({ text }) => /^-[lrd]|^-q$/.test(text)) ? [] : fromStream(command.input, {});
    case 'powershell':
    case 'pwsh':
      return powershellNested(command);
    case 'cmd':
      return cmdNested(words);
    case 'salt':
    case 'salt-ssh':
      return saltNested(words);
    case 'ansible':
      return ansibleNested(command);
    case 'start-stop-daemon':
      return daemonNested(words);
    case 'yarn':
    case 'pnpm':
    case 'bun':
      return unwrap(program, words) ?? localProgram(words);
    case 'vim':
    case 'vi':
    case 'nvim':
    case 'ex':
    case 'view':
    case 'less':
    case 'more':
      return editorNested(words);
    case 'ed':
      return editorNested([...words, ...(command.input.text ?? '').split('\n').map(literal)]);
    case 'enable':
      return words.some(({ text }) => /^-\w*f/.test(text))
        ? [{ kind: 'finding', rule: 'environment.injection', detail: 'enable -f' }]
        : [];
    case 'nc':
    case 'ncat':
    case 'telnet': {
      const typed = command.input.text;
      const started = commandOptions(command) ?? [];
      return typed === undefined ? started : [...started, { kind: 'sql', text: literal(typed), client: 'redis' }];
    }
    case 'gh':
      return aliasNested(words);
    case 'mvn':
    case 'mvnw':
      return mavenNested(words);
    case 'cargo':
      return cargoNested(words);
    case 'dc':
      return calculatorNested(command);
    case 'java': {
      const jar = words.findIndex(({ text }) => text === '-jar');
      return jar === -1 ? undefined : [{ kind: 'command', words: words.slice(jar + 1) }];
    }
    case 'gdb':
    case 'lldb':
      return debuggerNested(command);
  }
  const nested = commandOptions(command) ?? [];
  const wrapped = unwrap(program, words);
  return wrapped === undefined && nested.length === 0 ? undefined : [...nested, ...(wrapped ?? [])];
}

function withoutDashes(words: readonly Word[]): readonly Word[] {
  return words[0]?.text === '--' ? words.slice(1) : words;
}

function shellNested({ words, input }: SimpleCommand): Nested[] {
  let index = 0;
  let text = false;
  let stdin = false;
  const nested: Nested[] = [];
  for (; index < words.length; index++) {
    const word = words[index]?.text ?? '';
    if (word === '--' || word === '-') {
      index++;
      break;
    }
    if (!/^[-+]./.test(word)) break;
    if (word === '--rcfile' || word === '--init-file') {
      const path = words[++index];
      if (path !== undefined)
        nested.push(
          ...(path.stream !== undefined
            ? fromStream(path.stream, {})
            : [{ kind: 'script' as const, path }, ...startUp(word, path)]),
        );
    } else if (word.startsWith('--command')) text = true;
    else if (word.startsWith('--')) continue;
    else {
      // Only parses.
      if (word.startsWith('-') && word.includes('n')) return [];
      if (word.startsWith('-') && word.includes('c')) text = true;
      if (word.startsWith('-') && word.includes('s')) stdin = true;
      if (/[oO]$/.test(word)) index++;
    }
  }
  const first = words[index];
  const positional = words.slice(index + 1);
  if (text) {
    return first === undefined
      ? nested
      : [
          ...nested,
          {
            kind: 'shell',
            text: first,
            positional: positional.slice(1),
            ...(positional[0] && { zero: positional[0] }),
          },
        ];
  }
  if (stdin || first === undefined) return [...nested, ...fromStream(input, { positional: words.slice(index) })];
  if (first.stream !== undefined && delivers(first)) return [...nested, ...fromStream(first.stream, { positional })];
  if (STDIN.test(first.text)) {
    const other = !/(?:stdin|\/0)$/.test(first.text) && input.text === '';
    return [...nested, ...fromStream(other ? {} : input, { positional })];
  }
  return [...nested, { kind: 'script', path: first, positional }];
}

/** A start-up file of the caller's own runs before what the command shows. */
function startUp(option: string, { text }: Word): Nested[] {
  return text === '/dev/null' ? [] : [{ kind: 'finding', rule: 'environment.injection', detail: option }];
}

/** Text that a shell reads from a stream: known, or a reason to ask. */
function fromStream(stream: Stream, how: { positional?: readonly Word[]; here?: boolean; place?: 'remote' }): Nested[] {
  if (stream.downloaded) return [{ kind: 'finding', rule: 'remote.run-download' }];
  if (stream.text !== undefined) return [{ kind: 'shell', text: literal(stream.text), input: { text: '' }, ...how }];
  if (stream.forShell) return [];
  if (stream.file !== undefined) {
    const { file: path } = stream;
    // Who pipes a script does not run the project's own.
    if (path.text !== '/dev/stdin' && (/^[/~]/.test(path.text) || /\.(?!(?:ba|z|da|k)?sh$)\w+$/.test(path.text)))
      return [
        { kind: 'finding', rule: 'unresolved.script', detail: path.text },
        { kind: 'script', path },
      ];
    return [{ kind: 'script', path, ...(how.positional && { positional: how.positional }) }];
  }
  return [{ kind: 'finding', rule: 'unresolved.text' }];
}

function sourceNested({ words, input }: SimpleCommand): Nested[] {
  const [path, ...positional] = withoutDashes(words);
  if (path === undefined) return [];
  if (path.stream !== undefined && delivers(path)) return fromStream(path.stream, { here: true });
  if (STDIN.test(path.text)) return fromStream(input, { here: true });
  return [{ kind: 'script', path, here: true, ...(positional.length > 0 && { positional }) }];
}

function trapNested(words: readonly Word[]): Nested[] {
  const [text] = withoutDashes(words);
  if (text === undefined || words.length < 2 || /^-|^\d*$/.test(text.text)) return [];
  return [{ kind: 'shell', text, here: true }];
}

function sshNested(command: SimpleCommand): Nested[] {
  const nested: Nested[] = [];
  for (const option of flagValues(parseArguments('ssh', command.words), ['-o'])) {
    const exec = /^Match[=\s].*\bexec\s+["']?([^"']+)/is.exec(option.text)?.[1];
    if (exec !== undefined) nested.push({ kind: 'shell', text: literal(exec) });
    const match = /^(?:ProxyCommand|LocalCommand|KnownHostsCommand)[=\s]+(.*)$/is.exec(option.text);
    if (match?.[1] !== undefined && match[1] !== 'none') nested.push({ kind: 'shell', text: literal(match[1]) });
  }
  const remote = unwrap('ssh', command.words) ?? [];
  if (remote.length > 0) return [...nested, ...remote];
  const operands = parseArguments('ssh', command.words).operands.length;
  return operands > 0 ? [...nested, ...fromStream(command.input, { place: 'remote' })] : nested;
}

function powershellNested({ words, input }: SimpleCommand): Nested[] {
  const fromInput = words.every(({ text }, index) => /^-/.test(text) && (text !== '-' || index === words.length - 1));
  if (fromInput && input.downloaded) return [{ kind: 'finding', rule: 'remote.run-download' }];
  if (fromInput && input.text) return [{ kind: 'powershell', text: literal(input.text) }];
  for (let index = 0; index < words.length; index++) {
    const text = words[index]?.text ?? '';
    if (/^[-/]e(?:c|nc\w*)?$/i.test(text)) return [{ kind: 'finding', rule: 'unresolved.encoded' }];
    if (/^[-/]c(?:o\w*)?$/i.test(text)) return [{ kind: 'powershell', text: joinWords(words.slice(index + 1)) }];
    if (/^[-/](?:f\w*)$/i.test(text)) return [];
    if (/^[-/](?:ex|ep|exec\w*|w\w*|v\w*|in\w*|out\w*|config\w*|p\w*)$/i.test(text)) index++;
    else if (!/^[-/]/.test(text))
      return /\.ps1$/i.test(text) ? [] : [{ kind: 'powershell', text: joinWords(words.slice(index)) }];
  }
  return [];
}

function cmdNested(words: readonly Word[]): Nested[] {
  const at = words.findIndex(({ text }) => /^\/+[ckr]$/i.test(text));
  return at === -1 ? [] : [{ kind: 'cmd', text: joinWords(words.slice(at + 1)) }];
}

/** `start-stop-daemon --exec /bin/x -- words`. */
function daemonNested(words: readonly Word[]): Nested[] {
  const at = words.findIndex(({ text }) => /^(?:-x|--exec|-a|--startas)$/.test(text));
  const program = words[at + 1];
  const dashes = words.findIndex(({ text }) => text === '--');
  if (at === -1 || program === undefined) return [];
  return [{ kind: 'command', words: [program, ...(dashes === -1 ? [] : words.slice(dashes + 1))] }];
}

/** Programs of the project that package managers run by name, without `exec`. */
const LOCAL_PROGRAMS =
  /^(?:rimraf|prisma|knex|sequelize|sequelize-cli|typeorm|mikro-orm|drizzle-kit|wrangler|vercel|netlify|firebase|supabase|lerna|changeset|semantic-release|release-it|sls|serverless|cdk|shx|del-cli|gh-pages|np|eas|sst|convex|cross-env|dotenv|tsx|ts-node)$/;

function localProgram(words: readonly Word[]): Nested[] | undefined {
  const at = words.findIndex(({ text }) => !text.startsWith('-') && text !== 'run');
  const program = words[at];
  return program?.certain && LOCAL_PROGRAMS.test(program.text)
    ? [{ kind: 'command', words: words.slice(at) }]
    : undefined;
}

function ansibleNested({ words }: SimpleCommand): Nested[] {
  const parsed = parseArguments('ansible', words);
  const [module] = flagValues(parsed, ['-m', '--module-name']);
  if (module !== undefined && !/(?:^|\.)(?:shell|command|raw|script)$/.test(module.text)) return [];
  return flagValues(parsed, ['-a', '--args']).map((text) => ({ kind: 'shell', text, place: 'remote' }));
}

function saltNested(words: readonly Word[]): Nested[] {
  const at = words.findIndex(({ text }) => /^cmd\.(?:run\w*|shell|script|exec_code)$/.test(text));
  const text = words[at + 1];
  return at === -1 || text === undefined ? [] : [{ kind: 'shell', text, place: 'remote' }];
}
