import type { Paint, Style } from './paint.ts';

/** Paints the lines of one block of code, one after the other. Comments, strings, numbers and common words; no more. */
export type Highlighter = (line: string) => string;

interface Grammar {
  /** What begins a comment that ends with its line. */
  comment?: RegExp;
  /** Comments over several lines. */
  block?: { open: string; close: string };
  string: RegExp;
  words: boolean;
}

const QUOTED = /"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|`(?:\\.|[^`\\])*`?/y;
const SLASHES: Grammar = { comment: /\/\/.*/y, block: { open: '/*', close: '*/' }, string: QUOTED, words: true };
const HASHES: Grammar = { comment: /#.*/y, string: /"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?/y, words: true };
const DASHES: Grammar = { comment: /--.*/y, string: /'(?:''|[^'])*'?|"[^"]*"?/y, words: true };
const DATA: Grammar = { string: /"(?:\\.|[^"\\])*"?/y, words: true };

const GRAMMARS: ReadonlyArray<[names: string, grammar: Grammar]> = [
  [
    'ts tsx typescript js jsx mjs cjs javascript java kotlin kt c h cpp hpp cc cs csharp go golang rust rs swift scala php dart scss zig proto',
    SLASHES,
  ],
  [
    'py python rb ruby sh bash zsh shell console yaml yml toml ini dockerfile docker make makefile perl pl r elixir ex',
    HASHES,
  ],
  ['sql lua haskell hs', DASHES],
  ['json jsonc json5', DATA],
];

const WORDS = new Set(
  (
    'abstract and as assert async await begin break case catch class const constructor continue def default defer del do done echo elif ' +
    'else elsif end enum esac except export extends false fi final finally fn for foreach from func function global go if impl implements ' +
    'import in instanceof interface is lambda let local match mod module mut namespace new nil None not null of or package pass private ' +
    'protected pub public raise readonly record ref require rescue return select self sealed set static struct super switch then this ' +
    'throw throws trait True False true try type typeof undefined unless until use using val var void when where while with yield ' +
    'SELECT FROM WHERE INSERT UPDATE DELETE INTO VALUES CREATE TABLE ALTER DROP JOIN ON AND OR NOT NULL ORDER BY GROUP LIMIT'
  ).split(' '),
);

/** A highlighter for a language as the fence names it; unknown ones stay unpainted. */
export function highlighter(language: string, paint: Paint): Highlighter {
  const name = language.toLowerCase();
  if (name === 'diff' || name === 'patch') return (line) => diffStyle(line, paint)(line);
  const grammar = GRAMMARS.find(([names]) => names.split(' ').includes(name))?.[1];
  if (!grammar || paint.colorless) return (line) => line;
  let inBlock = false;

  return (line) => {
    let painted = '';
    let at = 0;
    const take = (length: number, style: Style) => {
      painted += style(line.slice(at, at + length));
      at += length;
    };
    while (at < line.length) {
      const { block } = grammar;
      if (block && (inBlock || line.startsWith(block.open, at))) {
        const close = line.indexOf(block.close, inBlock ? at : at + block.open.length);
        inBlock = close === -1;
        take((inBlock ? line.length : close + block.close.length) - at, paint.dim);
        continue;
      }
      const comment = matchAt(grammar.comment, line, at);
      const string = matchAt(grammar.string, line, at);
      const word = matchAt(/[\p{L}_$][\p{L}\p{N}_$]*/uy, line, at);
      const number = matchAt(/\d[\w.]*/y, line, at);
      if (comment && !(at > 0 && /[\w$\\]/.test(line[at - 1] ?? ''))) take(comment.length, paint.dim);
      else if (string) take(string.length, paint.string);
      else if (word) take(word.length, grammar.words && WORDS.has(word) ? paint.keyword : same);
      else if (number) take(number.length, paint.number);
      else take(1, same);
    }
    return painted;
  };
}

function diffStyle(line: string, paint: Paint): Style {
  if (line.startsWith('+')) return paint.good;
  if (line.startsWith('-')) return paint.bad;
  return line.startsWith('@@') ? paint.accent : same;
}

function matchAt(pattern: RegExp | undefined, line: string, at: number): string | undefined {
  if (!pattern) return undefined;
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0] || undefined;
}

function same(text: string): string {
  return text;
}
