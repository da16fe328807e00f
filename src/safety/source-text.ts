import type { Word } from './word.ts';
import { literal } from './word.ts';

/** One argument of a call in source code: a string, a list of strings, or something only running it would tell. */
export interface Argument {
  readonly word: Word | undefined;
  readonly list: readonly Word[] | undefined;
  /** As it is written. */
  readonly source: string;
}

const MOST_ARGUMENTS = 12;
const LONGEST_ARGUMENT = 4000;

/** The arguments of the call whose opening bracket (or first argument, where there is none) is at `from`. */
export function readArguments(code: string, from: number): Argument[] {
  let at = from;
  while (/\s/.test(code.charAt(at))) at++;
  const bracketed = code.charAt(at) === '(';
  if (bracketed) at++;
  const found: Argument[] = [];
  while (at < code.length && found.length < MOST_ARGUMENTS) {
    const end = argumentEnd(code, at, bracketed);
    const source = code.slice(at, end).trim();
    if (source !== '') found.push(argumentOf(source, code));
    if (code.charAt(end) !== ',') break;
    at = end + 1;
  }
  return found;
}

function argumentEnd(code: string, from: number, bracketed: boolean): number {
  let depth = 0;
  const limit = Math.min(code.length, from + LONGEST_ARGUMENT);
  for (let at = from; at < limit; ) {
    const character = code.charAt(at);
    if (character === '"' || character === "'" || character === '`') {
      at = stringEnd(code, at);
      continue;
    }
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) {
      if (depth === 0) return at;
      depth--;
    } else if (depth === 0 && (character === ',' || (!bracketed && (character === ';' || character === '\n'))))
      return at;
    at++;
  }
  return limit;
}

function argumentOf(source: string, code: string): Argument {
  const list = /^(?:\[|\(|array\(|list\(|c\()/i.test(source) ? listOf(source) : undefined;
  return { word: list === undefined ? stringOf(source, code) : undefined, list, source };
}

function listOf(source: string): Word[] | undefined {
  const open = source.search(/[[(]/);
  const words = readArguments(`(${source.slice(open + 1)}`, 0).map(({ word, source: item }) => word ?? unknown(item));
  return words.length === 0 ? undefined : words;
}

function unknown(source: string): Word {
  return { text: source, certain: false, head: '', tail: '', glob: false, output: true };
}

/** The value of string literals joined by `+`, `.` or nothing; of a name, what was assigned to it before. */
function stringOf(source: string, code: string): Word | undefined {
  if (/^[$@]?[A-Za-z_]\w*$/.test(source)) {
    const assigned = lastAssignment(code, source);
    return assigned === undefined || assigned === source ? undefined : stringOf(assigned, '');
  }
  let text = '';
  let certain = true;
  let head: string | undefined;
  let at = 0;
  let strings = 0;
  while (at < source.length) {
    const rest = source.slice(at, at + 24);
    const prefix = /^(?:\s|[+.](?!\d)|[rRbBuU]{1,2}(?=['"]))+/.exec(rest)?.[0] ?? '';
    const formatted = /^[fF][rR]?(?=['"])/.exec(source.slice(at + prefix.length, at + prefix.length + 3))?.[0] ?? '';
    at += prefix.length + formatted.length;
    const quote = source.charAt(at);
    if (quote !== '"' && quote !== "'" && quote !== '`') {
      if (at >= source.length) break;
      // Something that is no literal: what follows is only known when it runs.
      certain = false;
      head ??= text;
      const next = source.slice(at).search(/["'`]/);
      if (next === -1) break;
      at += next;
      continue;
    }
    const end = stringEnd(source, at);
    const width = source.startsWith(quote.repeat(3), at) && quote !== '`' ? 3 : 1;
    const inner = withoutEscapes(source.slice(at + width, end - width), prefix);
    const holes = formatted !== '' ? /\{/ : quote === '`' ? /\$\{/ : quote === '"' ? /#\{|[$@]\{?[A-Za-z_]/ : /(?!)/;
    const hole = inner.search(holes);
    if (hole !== -1 && certain) {
      certain = false;
      head = text + inner.slice(0, hole);
    }
    text += inner;
    strings++;
    at = end;
  }
  if (strings === 0) return undefined;
  return certain ? literal(text) : { text, certain, head: head ?? '', tail: '', glob: false, output: true };
}

function lastAssignment(code: string, name: string): string | undefined {
  const pattern = new RegExp(`(?:^|[\\s;({,])${name.replace(/[$]/g, '\\$&')}\\s*=\\s*(?=[^=\\s])`, 'g');
  let found: string | undefined;
  for (const match of code.matchAll(pattern)) {
    const from = match.index + match[0].length;
    found = code.slice(from, argumentEnd(code, from, false)).trim();
  }
  return found;
}

/** The index behind the string literal that begins here. */
export function stringEnd(code: string, from: number): number {
  const quote = code.charAt(from);
  const triple = quote.repeat(3);
  if (quote !== '`' && code.startsWith(triple, from)) {
    const end = code.indexOf(triple, from + 3);
    return end === -1 ? code.length : end + 3;
  }
  for (let at = from + 1; at < code.length; at++) {
    const character = code.charAt(at);
    if (character === '\\') at++;
    else if (character === quote) return at + 1;
  }
  return code.length;
}

function withoutEscapes(text: string, prefix: string): string {
  if (!text.includes('\\') || /[rR]/.test(prefix)) return text;
  return text.replace(
    /\\(?:x([\dA-Fa-f]{2})|u\{?([\dA-Fa-f]{4,6})\}?|([0-7]{1,3})|([\s\S]))/g,
    (_, hex, unicode, octal, other) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (unicode !== undefined) return String.fromCodePoint(Math.min(Number.parseInt(unicode, 16), 0x10ffff));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return other === 'n' ? '\n' : other === 't' ? '\t' : other === '\n' ? '' : String(other);
    },
  );
}
