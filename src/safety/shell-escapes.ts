import type { SimpleCommand } from './command.ts';
import type { Nested } from './nested.ts';
import type { Word } from './word.ts';
import { literal } from './word.ts';
import { unwrap } from './wrappers.ts';

/** How an editor calls the languages that it can run. */
const EDITOR_LANGUAGES: Readonly<Record<string, 'lua' | 'ruby' | 'perl'>> = { lua: 'lua', ruby: 'ruby', perl: 'perl' };

/** `gh alias set name '!rm x'`. */
export function aliasNested(words: readonly Word[]): Nested[] | undefined {
  const [group, action, ...rest] = words.filter(({ text }) => !/^-/.test(text));
  const [, text] = rest;
  if (group?.text !== 'alias' || !/^(?:set|import)$/.test(action?.text ?? '') || text === undefined) return undefined;
  const shell = text.text.startsWith('!') || words.some((word) => /^(?:-s|--shell)$/.test(word.text));
  return [{ kind: 'shell', text: shell ? literal(text.text.replace(/^!/, '')) : literal(`gh ${text.text}`) }];
}

/** `mvn exec:exec -Dexec.executable=rm -Dexec.args='-rf x'`. */
export function mavenNested(words: readonly Word[]): Nested[] | undefined {
  const value = (name: string) =>
    words.find(({ text }) => text.startsWith(`-Dexec.${name}=`))?.text.slice(name.length + 8);
  const program = value('executable');
  if (program === undefined) return undefined;
  return [{ kind: 'shell', text: literal([program, value('args') ?? value('commandlineArgs') ?? ''].join(' ')) }];
}

/** `cargo --config 'build.rustc-wrapper="x"'`: settings that name a program. */
export function cargoNested(words: readonly Word[]): Nested[] | undefined {
  const settings = words.flatMap((word, index) => {
    const glued = /^--config=(.+)$/s.exec(word.text)?.[1];
    if (glued !== undefined) return [glued];
    return word.text === '--config' ? [words[index + 1]?.text ?? ''] : [];
  });
  const set = settings.find((text) => /(?:wrapper|runner|linker|rustc|rustdoc|credential\S*|rustflags)\s*=/.test(text));
  return set === undefined ? undefined : [{ kind: 'finding', rule: 'environment.injection', detail: set }];
}

/** `dc -e '!rm x'`: what stands behind the mark goes to a shell. */
export function calculatorNested({ words, input }: SimpleCommand): Nested[] {
  const texts = [...words.map(({ text }) => text), ...(input.text ?? '').split('\n')];
  return texts.flatMap((text): Nested[] => {
    const shell = /(?:^|\s)!(?![<>=])(.+)$/s.exec(text)?.[1];
    return shell === undefined ? [] : [{ kind: 'shell', text: literal(shell) }];
  });
}

/** `vim -c '!rm x'`, `ex +'!rm x'`. */
export function editorNested(words: readonly Word[]): Nested[] {
  return words.flatMap(({ text }, index): Nested[] => {
    const file = words[index + 1];
    if (text === '-l' && file !== undefined)
      return file.stream?.text === undefined
        ? [{ kind: 'script', path: file, language: 'lua' }]
        : [{ kind: 'code', language: 'lua', text: literal(file.stream.text) }];
    if (/^(?:1,\$|%|,)d\b/.test(text)) return [{ kind: 'finding', rule: 'files.empty-editor' }];
    const [, language, code] = /^\+?:?\s*(lua|py3?|python3?|ruby|perl)\s+(.+)$/s.exec(text) ?? [];
    if (language !== undefined && code !== undefined)
      return [{ kind: 'code', language: EDITOR_LANGUAGES[language] ?? 'python', text: literal(code) }];
    const removed = /\bdelete\(\s*(['"])(.*?)\1\s*(?:,\s*(['"])(\w*)\3\s*)?\)/.exec(text);
    if (removed?.[2] !== undefined) {
      const flags = /r/.test(removed[4] ?? '') ? ['-r'] : [];
      return [{ kind: 'command', words: ['rm', ...flags, removed[2]].map(literal) }];
    }
    const written =
      /^\+?(?:.*\|)?\s*:?[%\d,$.]*\s*(?:w|wq|write|sav|saveas|up|update|x|xit)!?\s+(?:>>\s*)?([^\s|!]+)/.exec(
        text,
      )?.[1];
    if (written !== undefined) return [{ kind: 'command', words: ['tee', written].map(literal) }];
    const match =
      /^\+?:?(?:sil\w*!?\s+)?(?:exe\w*\s+['"])?!(.+)$/s.exec(text) ??
      /\bsystem(?:list)?\(\s*['"](.+)['"]\s*\)/s.exec(text);
    return match?.[1] === undefined ? [] : [{ kind: 'shell', text: literal(match[1]) }];
  });
}

export function debuggerNested({ program, words }: SimpleCommand): Nested[] {
  const nested = words.flatMap(({ text }): Nested[] => {
    const code = /^(?:python|py|python-interactive|pi|script)\s+(.+)$/s.exec(text)?.[1];
    if (code !== undefined) return [{ kind: 'code', language: 'python', text: literal(code) }];
    const match = /^(?:shell|!|platform shell)\s*(.+)$/s.exec(text);
    return match?.[1] === undefined ? [] : [{ kind: 'shell', text: literal(match[1]) }];
  });
  return [...nested, ...(unwrap(program, words) ?? [])];
}
