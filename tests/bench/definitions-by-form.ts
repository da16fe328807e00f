/**
 * Who is right where nex and universal-ctags differ, by the form of the source alone: neither the grammar nor ctags is
 * asked. Comments and strings are blanked first. What stands there is:
 *
 * - `definition`: a head of the language with that name, with a body (or a `;` where heads without one exist);
 * - `text`: the name is part of a comment, a string or a here-document;
 * - `invented`: the name is nowhere near (ctags numbers anonymous classes);
 * - `keyword`: a word of the language (`lock (x) {`, `where T : new()`), nothing can have that name;
 * - `names`: a macro with names and a body (`TEST(Suite, works) {`): what it defines is called by those;
 * - `macro`: another use of a macro;
 * - `inside`: an enumerator with a body or a function in a variable, kinds that nex keeps as names and not as symbols;
 * - `use`: none of these: a call, a cast, a type that is used, a declaration of a variable.
 */
export type Form = 'definition' | 'text' | 'invented' | 'keyword' | 'macro' | 'names' | 'inside' | 'use';

/** Where a name stands; there may be blanks in it (`operator ==`). */
interface Spot {
  at: number;
  length: number;
}

const KEYWORDS = new Set(
  (
    'if else for foreach while do switch case default return throw try catch finally new delete sizeof typeof nameof ' +
    'lock using when where base this await async yield in is as out ref goto break continue void namespace noexcept ' +
    'operator synchronized super assert def end begin and or not echo print match fn let mut unsafe stackalloc checked'
  ).split(' '),
);
/** In these languages any of the words above may name something. */
const ANY_NAME = /^(?:ruby|php|rust|go)$/;

/** Blanks comments and strings, keeping every offset and line. */
export function codeOf(language: string, text: string): string {
  const blank = (part: string) => part.replace(/[^\n]/g, ' ');
  if (language === 'ruby') return rubyCode(text, blank);
  const c = /^(?:c|cpp)$/.test(language);
  const parts = [
    /\/\*[\s\S]*?(?:\*\/|$)/,
    c ? /\/\/(?:\\\r?\n|.)*/ : language === 'php' ? /\/\/.*|#(?!\[).*/ : /\/\/.*/,
    ...(language === 'cpp' ? [/R"([^(\s]{0,16})\([\s\S]*?\)\1"/] : []),
    ...(language === 'rust' ? [/r(#+)"[\s\S]*?"\1|r"[^"]*"/] : []),
    ...(language === 'go' ? [/`[^`]*`/] : []),
    ...(language === 'java' || language === 'csharp' ? [/\$*"""[\s\S]*?"""/] : []),
    // Conditions and warnings may stand between a head and its body.
    ...(language === 'csharp' ? [/(?<=\n)[ \t]*#.*/, /[$@]*@[$@]*"(?:[^"]|"")*"/] : []),
    ...(c ? [/(?<=\n)[ \t]*#[ \t]*(?:if|el|en|undef|pragma|error).*/] : []),
    ...(language === 'php' ? [/<<<(["']?)([A-Za-z_]\w*)\1[\s\S]*?\n[ \t]*\2\b/, /\?>[\s\S]*?<\?php/] : []),
    /^rust|php$/.test(language) ? /"(?:\\[\s\S]|[^"\\])*"/ : /"(?:\\[\s\S]|[^"\\\n])*"/,
    language === 'php' ? /'(?:\\[\s\S]|[^'\\])*'/ : /'(?:\\(?:\n|u\{[^}]*\}|.){1,10}?|[^'\\\n])'/u,
  ];
  return text.replace(new RegExp(parts.map(({ source }) => renumber(source)).join('|'), 'gu'), blank);

  /** The groups of one part, renamed so that several parts can stand in one pattern. */
  function renumber(source: string): string {
    const id = parts.findIndex((part) => part.source === source);
    let group = 0;
    return source
      .replace(/\((?!\?)/g, () => `(?<g${id}x${++group}>`)
      .replace(/\\([12])/g, (_, number: string) => `\\k<g${id}x${number}>`);
  }
}

/** Strings of Ruby may hold code in `#{}` and regular expressions hold quotes: only what stays on one line is blanked. */
function rubyCode(text: string, blank: (part: string) => string): string {
  let ends: string[] = [];
  let comment = false;
  return text
    .replace(/^__END__\s*$[\s\S]*/m, blank)
    .split('\n')
    .map((line) => {
      if (/^=begin\b/.test(line)) comment = true;
      if (comment) {
        if (/^=end\b/.test(line)) comment = false;
        return blank(line);
      }
      if (ends.length > 0) {
        if (line.trim() === ends[0]) ends = ends.slice(1);
        return blank(line);
      }
      if (/^\s*#/.test(line)) return blank(line);
      ends = [...line.matchAll(/<<[~-]?(["'`]?)([A-Z_]\w*)\1/g)].map(([, , word]) => word ?? '');
      return line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, blank).replace(/(?<=\s)#\s.*$/, blank);
    })
    .join('\n');
}

/**
 * What stands under `name` in the lines `from` to `to` (1-based, inclusive); `code` is `codeOf(text)`.
 * `name` is bare: without the type or module it belongs to.
 */
export function formOf(
  language: string,
  { text, code }: { text: string; code: string },
  name: string,
  [from, to]: readonly [number, number],
): Form {
  const begin = lineStart(code, from);
  const end = lineStart(code, to + 1);
  // Names come without blanks: `operator bool`, `operator ==`.
  const spread = /^operator\W?/.test(name) ? `operator\\s*${[...name.slice(8)].map(escaped).join('\\s*')}` : undefined;
  const word =
    spread !== undefined
      ? new RegExp(spread, 'g')
      : /^\w/.test(name)
        ? new RegExp(`(?<!\\w)${escaped(name)}(?!\\w)`, 'g')
        : new RegExp(escaped(name), 'g');
  const spots = [...code.slice(begin, end).matchAll(word)].map(
    (match): Spot => ({
      at: begin + match.index,
      length: match[0].length,
    }),
  );
  if (spots.some((spot) => defines(language, code, name, spot))) return 'definition';
  if (!ANY_NAME.test(language) && KEYWORDS.has(name)) return 'keyword';
  if (spots.length === 0) return text.slice(begin, end).includes(name) ? 'text' : 'invented';
  if (spots.some(({ at }) => isInside(language, code, name, at))) return 'inside';
  if (/^(?:c|cpp)$/.test(language)) {
    const macro = spots.find(({ at }) => isMacro(code, name, at));
    if (macro) return namesByMacro(code.slice(macro.at + macro.length, macro.at + 2000)) ? 'names' : 'macro';
  }
  return 'use';
}

/** Whether a macro is given plain names and a body. */
function namesByMacro(after: string): boolean {
  return /^\s*\(\s*(?!true\b|false\b)[A-Za-z_]\w*\s*(?:,\s*[A-Za-z_]\w*\s*)*\)\s*\{/.test(after);
}

const escaped = (name: string) => name.replace(/[^\w]/g, '\\$&');

function lineStart(code: string, line: number): number {
  let at = 0;
  for (let row = 1; row < line; row++) {
    const next = code.indexOf('\n', at);
    if (next < 0) return code.length;
    at = next + 1;
  }
  return at;
}

function defines(language: string, code: string, name: string, { at, length }: Spot): boolean {
  // Long runs of blanks, once comments, would be dear to match.
  const before = squeeze(code.slice(Math.max(0, at - 6000), at)).slice(-1500);
  const after = squeeze(code.slice(at + length, at + length + 6000));
  switch (language) {
    case 'ruby':
      return (
        (/\bdef\s+(?:[\w.]+\.)?$/.test(before) && !/^\./.test(after)) ||
        /\b(?:class|module)\s+(?:::)?(?:\w+::)*$/.test(before) ||
        (/^[A-Z]/.test(name) && /^\s*=\s*(?:::)?(?:Class|Struct|Module|Data)\.(?:new|define)\b/.test(after))
      );
    case 'php':
      return (
        (/\bfunction\s+&?\s*$/.test(before) && /^\s*\(/.test(after)) ||
        /\b(?:class|interface|trait|enum|namespace)\s+(?:\w+\\)*$/.test(before)
      );
    case 'rust':
      return /\b(?:fn|struct|enum|union|trait|mod|type)\s+(?:r#)?$/.test(before) || /\bmacro_rules!\s*$/.test(before);
    case 'go':
      return (
        (/\bfunc\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)\s*)?$/.test(before) && /^\s*[[(]/.test(after)) ||
        (/(?:\btype\s+|^[ \t]+)$/m.test(before) && /^(?:\[[^\]\n]*\])?\s+(?:=\s*)?[\w*[({]/.test(after)) ||
        (/^[ \t]+$/m.test(before.slice(before.lastIndexOf('\n') + 1)) && /^\s*\(/.test(after) && inInterface(code, at))
      );
    case 'java':
    case 'csharp':
      return definesMember(language, code, name, before, after);
    default:
      return definesInC(name, before, after, { code, at });
  }
}

/** One blank for many, one line break for many; the indentation of the last line stays. */
function squeeze(code: string): string {
  const line = code.lastIndexOf('\n') + 1;
  return (
    code
      .slice(0, line)
      .replace(/[ \t\r]+/g, ' ')
      .replace(/\s*\n\s*/g, '\n') + code.slice(line)
  );
}

/** Whether the line that encloses by indentation (gofmt's) opens an interface. */
function inInterface(code: string, at: number): boolean {
  const lines = code.slice(0, at).split('\n');
  const depth = (lines.pop() ?? '').length;
  const around = lines.findLast((line) => line.trim() !== '' && line.length - line.trimStart().length < depth);
  return /\binterface\s*\{/.test(around ?? '');
}

const TYPE_WORDS =
  /(?:\b(?:class|interface|enum|record|struct|namespace|delegate)|@interface)\s+(?:(?:struct|class)\s+)?(?:\w+\.)*$/;

/** Heads of C# and Java: a type before the name, or a constructor's name, which is that of a type of the file. */
function definesMember(language: string, code: string, name: string, before: string, after: string): boolean {
  if (TYPE_WORDS.test(before)) return true;
  if (/^operator/.test(name)) return /(?:^|\s)$/.test(before);
  if (name === 'this') return /[\w>?\]]\s+$/.test(before) && /^\s*\[/.test(after);
  // `T IOwner.Name(`: an explicit implementation. `~Name()`: a destructor.
  const head = before.replace(/(?<=[\w>\])?*]\s+)(?:[\w<>, ?]+\.)+$/, '');
  const dotted = head.length < before.length;
  if (name.startsWith('~')) return /^\s*\(\s*\)\s*(?:\{|=>)/.test(after);
  if (/[.!&|+\-~=(,:]\s*$/.test(head) && !dotted) return false;
  const last = /([\w>\])?*]+)\s+$/.exec(head)?.[1];
  const typed =
    last !== undefined &&
    !KEYWORDS.has(last.replace(/^void$/, 'int')) &&
    !/[)]$/.test(last.replace(/^.*\)$/, tuple(head)));
  const builds = new RegExp(`\\b(?:class|enum|record|struct)\\s+(?:struct\\s+)?${escaped(name)}\\b`).test(code);
  const rest = afterBrackets(after.replace(/^\s*<[^(){};]*>(?=\s*\()/, ''), '(');
  if (rest === undefined) {
    // A compact constructor; a property.
    return (
      (builds && /^\s*\{/.test(after) && language === 'java') ||
      (typed && language === 'csharp' && /^\s*(?:\{|=>)/.test(after))
    );
  }
  const bodied =
    /^\s*(?:\[\s*\]\s*)*(?:throws\s[\w\s.,@]+)?(?:where\b[^{};]*?|:\s*(?:base|this)\s*\([\s\S]*?\)\s*)?(?:\{|=>)/.test(
      rest,
    );
  const open = /^\s*(?:\[\s*\]\s*)*(?:throws\s[\w\s.,]+|where\b[^{};]*|default\b[^;]*)?;/.test(rest);
  return typed ? bodied || open : builds && bodied && !/\bnew\s*$/.test(before);
}

/** `)` when what ends in a parenthesis is no tuple type, which has a comma. */
const tuple = (head: string) => (/\([^()]*,[^()]*\)\??\s+$/.test(head) ? 'T' : ')');

/** What follows the brackets that `code` begins with; undefined when it begins with none. */
function afterBrackets(code: string, open: '(' | '<'): string | undefined {
  const start = code.search(/\S/);
  if (code[start] !== open) return undefined;
  const close = open === '(' ? ')' : '>';
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    if (code[at] === open) depth++;
    else if (code[at] === close && --depth === 0) return code.slice(at + 1);
  }
  return undefined;
}

const TAG =
  /\b(?:struct|union|class|namespace|enum(?:\s+(?:class|struct))?)\s+(?:\[\[[^\]]*\]\]\s*|alignas\s*\([^)]*\)\s*|[A-Z_][A-Z0-9_]*(?:\([^)]*\))?\s+)*(?:\w+\s*::\s*)*$/;

function definesInC(
  name: string,
  before: string,
  after: string,
  { code, at }: Pick<Spot, 'at'> & { code: string },
): boolean {
  if (/#\s*define\s+$/.test(before)) return true;
  if (TAG.test(before)) return /^\s*(?:<[^;{}]*?>)?\s*(?:::\s*\w+\s*)*(?:final\s*)?(?::(?!:)[^;{}]*)?\{/.test(after);
  if (/\busing\s+$/.test(before)) return /^\s*=/.test(after);
  if (
    /^(?:\s*\[[^\]]*\])*\s*(?:[;,]|\)?\s*\(|__attribute__)/.test(after) &&
    inTypedef(code.slice(Math.max(0, at - 60_000), at))
  )
    return true;
  // `operator T()` has its type in its name; other operators are followed by what they take.
  if (/^operator/.test(name)) return bodyFollows(after);
  // `MAKE_FUNCTION(name) {` and `TEST(Suite, name) {`: the macro says that it defines what it is given.
  if (/(?:^|\s)[A-Z][A-Z0-9_]+\(\s*(?:\w+\s*,\s*)?$/.test(before))
    return bodyFollows(`(${after.slice(0, after.indexOf(')') + 1)}${after.slice(after.indexOf(')') + 1)}`);
  if (isMacro(code, name, at)) return false;
  const word = /(\w+)\s*$/.exec(before)?.[1];
  if (KEYWORDS.has(name) || (word !== undefined && word !== 'void' && KEYWORDS.has(word))) return false;
  if (/(?:[.!|+=(,?<]|->|&&)\s*$/.test(before)) return false;
  return bodyFollows(after);
}

/** Whether a `typedef` has begun whose `;` has not come: members of its struct have theirs inside of brackets. */
function inTypedef(before: string): boolean {
  const start = before.lastIndexOf('typedef');
  if (start < 0) return false;
  let depth = 0;
  for (const sign of before.slice(start)) {
    if (sign === '{') depth++;
    else if (sign === '}') depth--;
    else if (sign === ';' && depth === 0) return false;
  }
  return depth === 0;
}

/** Parameters, then what may stand between them and a body, then the body. */
function bodyFollows(after: string): boolean {
  let rest = afterBrackets(after.replace(/^\s*<[^(){};]*>(?=\s*\()/, ''), '(');
  if (rest === undefined) return false;
  const condition = /^[\s\w&]*\bnoexcept(?=\s*\()/.exec(rest)?.[0];
  if (condition !== undefined) rest = afterBrackets(rest.slice(condition.length), '(') ?? rest;
  // Qualifiers, attributes and macros, a trailing return type, initialisers, declarations of old parameters.
  return /^\s*(?:(?:const|volatile|override|final|try|mutable|requires\b[^{;]*|noexcept|&&?|\[\[[^\]]*\]\]|\w+(?:\([^(){};]*\))?(?!\w))\s*)*(?:->[^{};]*)?(?::(?!:)[^;]*?)?(?:(?:[\w\s*,[\]]+;\s*)*)\{/.test(
    rest,
  );
}

/** A name in capitals before brackets, with no type before it on its line. */
function isMacro(code: string, name: string, at: number): boolean {
  const line = code.slice(code.lastIndexOf('\n', at - 1) + 1, at);
  // `RE(const char* pattern) {` may be the constructor of a class with such a name.
  if (new RegExp(`\\b(?:class|struct)\\s+(?:\\w+\\s+|\\[\\[\\w+\\]\\]\\s*)*${escaped(name)}\\b`).test(code))
    return false;
  return (
    (/^[A-Z][A-Z0-9_]*$/.test(name) && /^\s*(?:\w+\s+)*?$/.test(line)) ||
    // An attribute: nothing but numbers are its arguments.
    /^\s*\(\s*\d+\s*(?:,\s*\d+\s*)*\)/.test(code.slice(at + name.length, at + name.length + 40))
  );
}

function isInside(language: string, code: string, name: string, at: number): boolean {
  const before = code.slice(Math.max(0, at - 2000), at);
  const after = code.slice(at + name.length, at + name.length + 2000);
  // `RED(1) { … },` of an enum.
  if (language === 'java')
    return /[{,;)]\s*(?:@\w+\s*)*$/.test(before) && /^\s*\{/.test(afterBrackets(after, '(') ?? '');
  return language === 'php' && before.endsWith('$') && /^\s*=\s*(?:static\s+)?(?:function|fn)\b/.test(after);
}
