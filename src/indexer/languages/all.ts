import { bash } from './bash.ts';
import { c } from './c.ts';
import { cpp } from './cpp.ts';
import { csharp } from './csharp.ts';
import { css } from './css.ts';
import { elixir } from './elixir.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { javascript } from './javascript.ts';
import { kotlin } from './kotlin.ts';
import type { Language } from './language.ts';
import { lua } from './lua.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { regexLanguages } from './regex-languages.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { scala } from './scala.ts';
import { swift } from './swift.ts';
import { svelte, tsx, typescript, vue } from './typescript.ts';
import { zig } from './zig.ts';

/** Every language that counts as source. The order decides who gets an extension that two of them claim. */
export const languages: readonly Language[] = [
  typescript,
  tsx,
  javascript,
  vue,
  svelte,
  python,
  go,
  rust,
  java,
  c,
  cpp,
  csharp,
  ruby,
  php,
  bash,
  kotlin,
  scala,
  swift,
  lua,
  elixir,
  zig,
  css,
  ...regexLanguages,
];

const byExtension = new Map<string, Language>();
const byFileName = new Map<string, Language>();
const byInterpreter = new Map<string, Language>();
for (const language of languages.toReversed()) {
  for (const extension of language.extensions) byExtension.set(extension, language);
  for (const name of language.fileNames ?? []) byFileName.set(name, language);
  for (const program of language.interpreters ?? []) byInterpreter.set(program, language);
}

/**
 * The language of a path by its name: undefined when it is no source, `'ask'` when only the content can tell
 * (no extension: perhaps a script).
 */
export function languageOfPath(path: string): Language | 'ask' | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const known = byFileName.get(name);
  if (known) return known;
  const dot = name.lastIndexOf('.');
  if (dot > 0) return byExtension.get(name.slice(dot + 1));
  return dot === 0 ? undefined : 'ask';
}

/** The language of a script by its `#!` line. */
export function languageOfScript(text: string): Language | undefined {
  const line = /^#!\s*(\S+)(?:[ \t]+(.*))?/.exec(text);
  if (!line) return undefined;
  const program = (line[1] ?? '').replace(/^.*\//, '');
  const words = program === 'env' ? (line[2] ?? '').split(/\s+/).filter((word) => !/^-|=/.test(word)) : [program];
  const name = (words[0] ?? '').replace(/^.*\//, '').toLowerCase();
  return byInterpreter.get(name) ?? byInterpreter.get(name.replace(/[\d.]+$/, ''));
}
