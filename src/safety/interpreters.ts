import type { SimpleCommand } from './command.ts';
import { codeInside, embeddedCode } from './embedded-code.ts';
import type { Language, Nested } from './nested.ts';
import type { Stream, Word } from './word.ts';
import { literal } from './word.ts';

/** How an interpreter takes its code. */
interface Interpreter {
  readonly language: Language;
  /** Options with source text; a letter may stand at the end of a bundle (`-ne`). */
  readonly code: readonly string[];
  /** Options with another value. */
  readonly valued?: readonly string[];
  /** The first operand is code rather than a file. */
  readonly inline?: boolean;
  /** Option that names a file with code. */
  readonly file?: readonly string[];
}

const SCRIPT_LANGUAGES: ReadonlyArray<readonly [RegExp, Interpreter]> = [
  [/^(?:python|pypy)[\d.]*$/, { language: 'python', code: ['-c'], valued: ['-W', '-X'] }],
  [/^i?ipython[\d.]*$/, { language: 'python', code: ['-c'] }],
  [
    /^(?:node|nodejs|ts-node|tsx|zx|bun|deno)$/,
    {
      language: 'javascript',
      code: ['-e', '--eval', '-p', '--print', '-pe'],
      valued: ['-r', '--require', '--import', '--loader', '--experimental-loader', '-C', '--conditions', '--env-file'],
    },
  ],
  [/^j?ruby[\d.]*$/, { language: 'ruby', code: ['-e'], valued: ['-I', '-r', '-C', '-E', '-W'] }],
  [/^perl[\d.]*$/, { language: 'perl', code: ['-e', '-E'], valued: ['-I'] }],
  [
    /^php[\d.]*$/,
    { language: 'php', code: ['-r', '-B', '-R', '-E'], valued: ['-d', '-c', '-S', '-t', '-z'], file: ['-f'] },
  ],
  [/^lua(?:jit)?[\d.]*$/, { language: 'lua', code: ['-e'], valued: ['-l'] }],
  [/^(?:rscript|r|littler)$/, { language: 'r', code: ['-e'] }],
  [/^osascript$/, { language: 'applescript', code: ['-e'], valued: ['-l', '-s'] }],
  [
    /^[gmn]?awk$/,
    {
      language: 'awk',
      code: ['-e', '--source'],
      valued: ['-F', '-v', '-i', '-l', '--field-separator', '--assign'],
      inline: true,
      file: ['-f', '--file'],
    },
  ],
  [
    /^g?sed$/,
    {
      language: 'sed',
      code: ['-e', '--expression'],
      valued: ['-l', '--line-length'],
      inline: true,
      file: ['-f', '--file'],
    },
  ],
  [/^rake$/, { language: 'ruby', code: ['-e', '-E', '--execute'] }],
  [/^emacs$/, { language: 'lisp', code: ['--eval', '-eval', '--execute', '-execute'], valued: ['-l', '--load', '-f'] }],
  [
    /^(?:julia|elixir|groovy|scala|swift|ghc|runghc|clojure|clj|tclsh|expect|guile|racket|sbcl|erl|iex|ghci|crystal|nim|ocaml|jshell|octave|gnuplot|raku|perl6|matlab|sage|bb|lein|kotlin|kotlinc|dart)$/,
    { language: 'other', code: ['-e', '-E', '-c', '--eval', '-eval'] },
  ],
];

/** The code that an interpreter was given, or the script it runs; undefined for every other program. */
export function interpreterNested(command: SimpleCommand): Nested[] | undefined {
  if (command.program === 'rails' || command.program === 'gitlab-rails') {
    const console_ = command.words.find(({ text }) => /^(?:console|c|dbconsole|db)$/.test(text))?.text;
    if (console_ !== undefined && command.input.text)
      return console_.startsWith('db')
        ? [{ kind: 'sql', text: literal(command.input.text), client: 'sql' }]
        : fromInput('ruby', command.input);
    const at = command.words.findIndex(({ text }) => text === 'runner' || text === 'r');
    const text = command.words.slice(at + 1).find((word) => !word.text.startsWith('-'));
    return at === -1 || text === undefined ? undefined : [{ kind: 'code', language: 'ruby', text }];
  }
  const embedded = embeddedCode(command);
  if (embedded !== undefined) return [embedded];
  if (command.program === 'mix') {
    const at = command.words.findIndex(({ text }) => /^(?:-e|--eval|eval)$/.test(text));
    const text = command.words[at + 1];
    return at === -1 || text === undefined ? undefined : [{ kind: 'code', language: 'other', text }];
  }
  if (command.program === 'cmake') {
    const at = command.words.findIndex(({ text }) => text === '-P');
    const path = command.words[at + 1];
    return at === -1 || path === undefined ? undefined : scriptOf('other', path);
  }
  const interpreter = SCRIPT_LANGUAGES.find(([name]) => name.test(command.program))?.[1];
  if (interpreter === undefined) return undefined;
  const { words, program } = command;
  const dbshell = words.some(({ text }) => text === 'dbshell') && command.input.text;
  if (dbshell) return [{ kind: 'sql', text: literal(dbshell), client: 'sql' }];
  const inside = codeInside(program, words);
  if (inside !== undefined) return [inside];
  if (program === 'rake' || program === 'emacs') {
    return words.some(({ text }) => interpreter.code.includes(text))
      ? readWords(interpreter, words, { text: '' })
      : undefined;
  }
  if (program === 'deno' || program === 'bun') {
    const evaluated = words.findIndex(
      ({ text }) => text === 'eval' || text === '-e' || text === '--eval' || text === '-p',
    );
    const text = words.slice(evaluated + 1).find((word) => !word.text.startsWith('-'));
    if (evaluated !== -1 && text !== undefined) return [{ kind: 'code', language: 'javascript', text }];
    const operands = words.filter((word) => !/^-./.test(word.text)).map((word) => word.text);
    const reads = operands.length === 0 || operands.join(' ') === 'run -' || operands.join(' ') === '-';
    return reads ? fromInput('javascript', command.input) : undefined;
  }
  return readWords(interpreter, words, command.input);
}

function readWords(interpreter: Interpreter, words: readonly Word[], input: Stream): Nested[] {
  const { language, code, valued = [], inline = false, file = [] } = interpreter;
  const texts: Word[] = [];
  const loaded: Nested[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    const { text } = word;
    const next = words[index + 1];
    if (text.startsWith('-') && text.length > 1 && text !== '--') {
      const equals = text.indexOf('=');
      const colon = /^--?(?:eval|execute):/.exec(text)?.[0].length;
      if (colon !== undefined) {
        texts.push(tail(word, colon));
        continue;
      }
      const name = text.startsWith('--') && equals !== -1 ? text.slice(0, equals) : text;
      if (language === 'python' && (name === '-m' || /^-[a-zA-Z]*m$/.test(name))) {
        if (next?.text === 'timeit')
          return words.slice(index + 2).map((statement): Nested => ({ kind: 'code', language, text: statement }));
        return next === undefined
          ? []
          : [
              ...consoleOf(next, words.slice(index + 2), input),
              ...modulesOf(next),
              { kind: 'command', words: words.slice(index + 1) },
            ];
      }
      if (code.includes(name)) {
        if (equals !== -1 && name !== text) texts.push(tail(word, equals + 1));
        else if (next !== undefined) texts.push(next);
        if (name === text) index++;
        if (language === 'python') break;
      } else if (language === 'javascript' && /^(?:-r|--require|--import|--loader)$/.test(name)) {
        const path = name === text ? next : tail(word, equals + 1);
        if (path !== undefined) loaded.push({ kind: 'script', path, language });
        if (name === text) index++;
      } else if (file.includes(name)) {
        if (next !== undefined)
          return /^(?:-|\/dev\/stdin)$/.test(next.text) ? fromInput(language, input) : scriptOf(language, next);
        index++;
      } else if (valued.includes(name)) {
        if (name === text) index++;
      } else {
        // `-rpathname`: its own value is glued to it.
        if (valued.includes(text.slice(0, 2)) && text.length > 2) continue;
        const bundled = /^-[a-zA-Z0]*([a-zA-Z])$/.exec(text)?.[1];
        const glued = /^-([a-zA-Z])(.+)$/s.exec(text);
        if (bundled !== undefined && code.includes(`-${bundled}`) && next !== undefined) {
          texts.push(next);
          index++;
        } else if (glued?.[1] !== undefined && code.includes(`-${glued[1]}`)) texts.push(tail(word, 2));
      }
      continue;
    }
    if (text === '--' && inline === false) continue;
    if (texts.length > 0 || text === '--') {
      if (text === '--') continue;
      break;
    }
    if (inline && text === '') continue;
    if (inline) return [{ kind: 'code', language, text: word }];
    if (text === '-' || /^\/dev\/(?:stdin|fd\/\d+)$/.test(text)) return fromInput(language, word.stream ?? input);
    if (word.stream !== undefined) return fromInput(language, word.stream);
    return [...loaded, ...scriptOf(language, word)];
  }
  if (texts.length > 0) return [...loaded, { kind: 'code', language, text: joinLines(texts) }];
  return inline ? [] : fromInput(language, input);
}

/** `python -m pdb -c '!…'`, `python -m code <<< …`: consoles that take code. */
function consoleOf({ text }: Word, words: readonly Word[], input: Stream): Nested[] {
  if (!/^(?:pdb|code|IPython|asyncio|bdb|idlelib)$/.test(text)) return [];
  const given = words.flatMap((word, index) => (word.text === '-c' ? words.slice(index + 1, index + 2) : []));
  const typed = input.text ? [literal(input.text)] : [];
  return [...given, ...typed].map(
    (code): Nested => ({ kind: 'code', language: 'python', text: literal(code.text.replace(/^!/gm, '')) }),
  );
}

/** The files that `python -m a.b` may run. */
function modulesOf({ text, certain }: Word): Nested[] {
  if (!certain) return [];
  const path = text.replaceAll('.', '/');
  return [`${path}.py`, `${path}/__main__.py`].map((file) => ({
    kind: 'script',
    path: literal(file),
    language: 'python',
  }));
}

function scriptOf(language: Language, path: Word): Nested[] {
  if (path.stream !== undefined) return fromInput(language, path.stream);
  return [{ kind: 'script', path, language }];
}

function fromInput(language: Language, input: Stream): Nested[] {
  if (input.downloaded) return [{ kind: 'finding', rule: 'remote.run-download' }];
  if (input.text !== undefined) return input.text === '' ? [] : [{ kind: 'code', language, text: literal(input.text) }];
  if (input.file !== undefined) return [{ kind: 'script', path: input.file, language }];
  if (input.forShell) return [];
  return [{ kind: 'finding', rule: 'unresolved.text' }];
}

function tail(word: Word, from: number): Word {
  return { ...word, text: word.text.slice(from), head: word.head.slice(from) };
}

function joinLines(texts: readonly Word[]): Word {
  const [first] = texts;
  if (texts.length === 1 && first !== undefined) return first;
  const text = texts.map((word) => word.text).join('\n');
  return texts.every(({ certain }) => certain) ? literal(text) : { ...(first ?? literal('')), text, certain: false };
}
