import type { Language } from './nested.ts';
import { normalize } from './paths.ts';

/** Imports looked at in one file. */
const MOST_IMPORTS = 60;

const JAVASCRIPT = /\b(?:from|import|require)\b\s*\(?\s*(['"`])(\.{1,2}\/[^'"`\n]+)\1/g;
const PYTHON = /^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+\(?([\w \t,]*)|import[ \t]+([\w., \t]+))/gm;
const RUBY = /\b(?:require_relative|require|load)\s*\(?\s*(['"])([^'"\n]+)\1/g;
const PERL = /\b(?:require|do)\s*\(?\s*(['"])([^'"\n]+)\1|^\s*use\s+([A-Z][\w:]*)/gm;
const PHP = /\b(?:include|require)(?:_once)?\s*\(?\s*(?:__DIR__\s*\.\s*)?(['"])([^'"\n]+)\1/g;
const LUA = /\b(?:require|dofile)\s*\(?\s*(['"])([^'"\n]+)\1/g;

/** The files, absolute, that source code below this folder may load by the way; most of them will not exist. */
export function importedFiles(language: Language, code: string, folder: string): string[] {
  switch (language) {
    case 'javascript':
      return below(folder, named(JAVASCRIPT, code).flatMap(withEndings));
    case 'python':
      return below(folder, pythonModules(code));
    case 'ruby':
      return below(
        folder,
        named(RUBY, code).flatMap((name) => [name, `${name}.rb`]),
      );
    case 'perl':
      return below(
        folder,
        named(PERL, code).flatMap((name) => [name, `${name.replaceAll('::', '/')}.pm`]),
      );
    case 'php':
      return below(folder, named(PHP, code));
    case 'lua':
      return below(
        folder,
        named(LUA, code).flatMap((name) => [name, `${name.replaceAll('.', '/')}.lua`]),
      );
    default:
      return [];
  }
}

function named(pattern: RegExp, code: string): string[] {
  return [...code.matchAll(pattern).take(MOST_IMPORTS)].flatMap(([, , name, bare]) => name ?? bare ?? []);
}

function below(folder: string, names: readonly string[]): string[] {
  return [...new Set(names.map((name) => normalize(name.startsWith('/') ? `${folder}${name}` : `${folder}/${name}`)))];
}

function withEndings(name: string): string[] {
  // `./x.js` may be written for the compiler, and stand for `x.ts`.
  const stem = name.replace(/\.[cm]?js$/, '');
  return [
    name,
    ...['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'tsx', 'jsx', 'json'].map((end) => `${stem}.${end}`),
  ].concat(['js', 'ts', 'mjs', 'cjs'].map((end) => `${name}/index.${end}`));
}

function pythonModules(code: string): string[] {
  const modules = [...code.matchAll(PYTHON).take(MOST_IMPORTS)].flatMap(([, from, names, imported]) => {
    if (imported !== undefined) return imported.split(',').map((name) => name.trim().split(/\s+/)[0] ?? '');
    const package_ = from ?? '';
    const inside = (names ?? '').split(',').map((name) => name.trim().split(/\s+/)[0] ?? '');
    return [package_, ...inside.map((name) => `${package_}${/[^.]$/.test(package_) ? '.' : ''}${name}`)];
  });
  return modules.flatMap((name) => {
    const dots = /^\.*/.exec(name)?.[0].length ?? 0;
    const path = `${'../'.repeat(Math.max(0, dots - 1))}${name.slice(dots).replaceAll('.', '/')}`.replace(/\/$/, '');
    return path === '' ? [] : [`${path}.py`, `${path}/__init__.py`];
  });
}

/** The language of a script that is run by its name; undefined for the shell's. */
export function languageOf(text: string, path: string): Language | undefined {
  const program = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(?:\S*\/)?([\w.-]+)/.exec(text)?.[1] ?? '';
  if (/^python|^pypy/.test(program) || (program === '' && path.endsWith('.py'))) return 'python';
  if (/^(?:node|deno|bun|tsx|ts-node)/.test(program) || (program === '' && /\.[cm]?[jt]s$/.test(path)))
    return 'javascript';
  if (/^ruby/.test(program)) return 'ruby';
  if (/^perl/.test(program)) return 'perl';
  if (/^php/.test(program)) return 'php';
  if (program === '' || /^(?:ba|z|da|k|a)?sh$/.test(program)) return undefined;
  return 'other';
}
