import type { SimpleCommand } from './command.ts';
import type { Language, Nested } from './nested.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';

/** Programs that take a text of code as a word of their own. */
export function embeddedCode({ program, words, input }: SimpleCommand): Nested | undefined {
  const behind = (names: RegExp): Word | undefined => {
    const at = words.findIndex(({ text }) => names.test(text));
    return at === -1 ? undefined : words[at + 1];
  };
  const code = (language: Language, text: Word | undefined): Nested | undefined =>
    text === undefined ? undefined : { kind: 'code', language, text };
  switch (program) {
    case 'django-admin':
    case 'manage.py':
    case 'flask':
      if (!words.some(({ text }) => text === 'shell')) return undefined;
      return codeInside(program, words) ?? (input.text ? code('python', literal(input.text)) : undefined);
    case 'wp':
      return code('php', behind(/^(?:eval)$/));
    case 'drush':
      return code('php', behind(/^(?:ev|eval|php[-:]eval)$/));
    case 'irb':
    case 'pry':
      return code('ruby', input.text ? literal(input.text) : undefined);
    case 'jshell':
    case 'ghci':
    case 'stack':
    case 'hbase':
    case 'evcxr':
    case 'utop':
    case 'csi':
      return behind(/^-?-e(?:val)?$/) === undefined
        ? code('other', input.text ? literal(input.text) : undefined)
        : undefined;
    case 'rust-script':
    case 'scala-cli':
      return code('other', behind(/^(?:-e|--expr|--execute-script)$/));
    case 'dotnet': {
      const script = words.find(({ stream }) => stream?.text !== undefined)?.stream?.text ?? input.text;
      if (words[0]?.text === 'fsi') return code('other', script ? literal(script) : undefined);
      return words[0]?.text === 'script' ? code('other', behind(/^eval$/)) : undefined;
    }
    case 'nim': {
      const script = words.find(({ stream }) => stream?.text !== undefined)?.stream?.text;
      return code('other', script ? literal(script) : undefined);
    }
    case 'go':
    case 'cargo': {
      const source = words.find(({ stream }) => stream?.text !== undefined)?.stream?.text ?? behind(/^-e$/)?.text;
      return words[0]?.text === 'run' || words[0]?.text === 'script'
        ? code('other', source === undefined ? undefined : literal(source))
        : undefined;
    }
    case 'crystal':
      return code('other', behind(/^eval$/));
    case 'sbt': {
      const text = words.find((word) => /^eval\s|\bProcess\s*\(|"\s*\.!/.test(word.text));
      return code('other', text);
    }
    case 'gradle':
    case 'gradlew': {
      const script = behind(/^(?:-I|--init-script)$/);
      return script?.stream?.text === undefined ? undefined : code('other', literal(script.stream.text));
    }
    case 'latexmk':
      return code('perl', behind(/^-e$/));
    case 'latex':
    case 'pdflatex':
    case 'xelatex':
    case 'lualatex': {
      const shell = words
        .map(({ text }) => /\\write18\s*\{([^}]*)\}/.exec(text)?.[1])
        .find((text) => text !== undefined);
      return shell === undefined ? undefined : { kind: 'shell', text: literal(shell) };
    }
    case 'puppet': {
      const shell = /\bexec\s*\{\s*['"]([^'"]+)['"]/.exec(behind(/^(?:-e|--execute)$/)?.text ?? '')?.[1];
      return shell === undefined ? undefined : { kind: 'shell', text: literal(shell) };
    }
    case 'ruby': {
      // `ruby -run -e rm -- -rf x`: the file tools of the standard library.
      const at = words.findIndex(({ text }) => text === '-run');
      const tool = words[words.findIndex(({ text }) => text === '-e') + 1];
      const dashes = words.findIndex(({ text }) => text === '--');
      if (at === -1 || tool === undefined) return undefined;
      return { kind: 'command', words: [tool, ...(dashes === -1 ? [] : words.slice(dashes + 1))] };
    }
    default:
      return undefined;
  }
}

/** Frameworks take code for their own console: `rails runner`, `manage.py shell -c`, `artisan tinker --execute`. */
export function codeInside(program: string, words: readonly Word[]): Nested | undefined {
  const at = words.findIndex(({ text }) => /^(?:shell|shell_plus|tinker)$/.test(text));
  if (at === -1) return undefined;
  const index = words.findIndex((word, place) => place > at && /^(?:-c|--command|--execute)(?:=|$)/.test(word.text));
  const option = words[index];
  if (index === -1 || option === undefined) return undefined;
  const equals = option.text.indexOf('=');
  const text = equals === -1 ? words[index + 1] : tail(option, equals + 1);
  const language = program.startsWith('php') ? 'php' : 'python';
  return text === undefined ? undefined : { kind: 'code', language, text };
}

function tail(word: Word, from: number): Word {
  return { ...word, text: word.text.slice(from), head: word.head.slice(from) };
}
