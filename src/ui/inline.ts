import type { Paint, Style } from './paint.ts';
import type { Span } from './wrap.ts';

/** What stands at a place of a line: a mark with what it holds, nothing but a character, or not decided yet. */
type Found = { spans: Span[]; end: number } | 'plain' | 'wait';

/**
 * The marks inside one line of Markdown: emphasis, strong, struck, code, links, bare addresses, escapes. Of a line
 * that is still coming in (`whole: false`) only as much as no further character can change.
 */
export function parseInline(text: string, paint: Paint, whole: boolean, style?: Style, depth = 0): Span[] {
  if (depth > DEEPEST) return [{ text, style }];
  const spans: Span[] = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') spans.push({ text: plain, style });
    plain = '';
  };
  for (let at = 0; at < text.length; ) {
    const found = lookAt(text, at, { paint, whole, style, depth });
    if (found === 'wait') break;
    if (found === 'plain') {
      plain += text[at] ?? '';
      at += 1;
      continue;
    }
    flush();
    spans.push(...found.spans);
    at = found.end;
  }
  flush();
  return spans;
}

interface Scope {
  paint: Paint;
  whole: boolean;
  style: Style | undefined;
  depth: number;
}

/** Marks inside marks beyond this are text; nobody writes them by hand. */
const DEEPEST = 8;

function lookAt(text: string, at: number, scope: Scope): Found {
  switch (text[at]) {
    case '\\':
      return escaped(text, at, scope);
    case '`':
      return code(text, at, scope);
    case '*':
    case '_':
    case '~':
      return emphasis(text, at, scope);
    case '!':
      if (at + 1 === text.length) return undecided(scope);
      return text[at + 1] === '[' ? link(text, at + 1, scope) : 'plain';
    case '[':
      return link(text, at, scope);
    case '<':
    case 'h':
      return address(text, at, scope);
    default:
      return 'plain';
  }
}

/** What is not there in a whole line will not come; in one that still comes it may. */
function undecided({ whole }: Scope): 'plain' | 'wait' {
  return whole ? 'plain' : 'wait';
}

function escaped(text: string, at: number, scope: Scope): Found {
  const next = text[at + 1];
  if (next === undefined) return undecided(scope);
  return /[!-/:-@[-`{-~]/.test(next) ? { spans: [{ text: next, style: scope.style }], end: at + 2 } : 'plain';
}

function code(text: string, at: number, scope: Scope): Found {
  const opening = runAt(text, at);
  const close = closingTicks(text, at, opening);
  // At the end of what has come, more of the run may follow.
  if (close === undefined || (!scope.whole && close + opening === text.length)) {
    if (!scope.whole) return 'wait';
    return { spans: [{ text: text.slice(at, at + opening), style: scope.style }], end: at + opening };
  }
  const inner = text.slice(at + opening, close);
  const content = /^ .*\S.* $/.test(inner) ? inner.slice(1, -1) : inner;
  const shown = scope.paint.colorless ? `\`${content}\`` : content;
  return { spans: [{ text: shown, style: over(scope.style, scope.paint.code) }], end: close + opening };
}

function closingTicks(text: string, at: number, length: number): number | undefined {
  for (let index = at + length; index < text.length; ) {
    const run = text[index] === '`' ? runAt(text, index) : 0;
    if (run === length) return index;
    index += Math.max(1, run);
  }
  return undefined;
}

function emphasis(text: string, at: number, scope: Scope): Found {
  const mark = text[at] ?? '';
  const length = runAt(text, at);
  if (at + length === text.length && !scope.whole) return 'wait';
  const literal: Found = { spans: [{ text: text.slice(at, at + length), style: scope.style }], end: at + length };
  const opens = /\S/.test(text[at + length] ?? ' ') && !(mark === '_' && isWord(text[at - 1]));
  const usable = mark === '~' ? length === 2 : length <= 3;
  if (!opens || !usable) return literal;
  const close = closingRun(text, at + length, mark, length, scope.whole);
  if (close === undefined) return scope.whole ? literal : 'wait';
  const inner = text.slice(at + length, close);
  return {
    spans: parseInline(
      inner,
      scope.paint,
      true,
      over(scope.style, styleOf(mark, length, scope.paint)),
      scope.depth + 1,
    ),
    end: close + length,
  };
}

/** Where the run begins that closes; code and escapes in between do not count. */
function closingRun(text: string, from: number, mark: string, length: number, whole: boolean): number | undefined {
  for (let index = from; index < text.length; ) {
    if (text[index] === '\\') {
      index += 2;
      continue;
    }
    if (text[index] === '`') {
      const ticks = runAt(text, index);
      const close = closingTicks(text, index, ticks);
      if (close === undefined && !whole) return undefined;
      index = close === undefined ? index + ticks : close + ticks;
      continue;
    }
    if (text[index] !== mark) {
      index += 1;
      continue;
    }
    const run = runAt(text, index);
    if (!whole && index + run === text.length) return undefined;
    const fits = length === 1 ? run % 2 === 1 : run >= length;
    const closes = fits && /\S/.test(text[index - 1] ?? ' ') && !(mark === '_' && isWord(text[index + run]));
    // Of `***` at the end of `**bold *both***` the inner mark takes the first, this one the last.
    if (closes) return index + run - length;
    index += run;
  }
  return undefined;
}

function styleOf(mark: string, length: number, paint: Paint): Style {
  if (mark === '~') return paint.struck;
  if (length === 1) return paint.emphasis;
  return length === 2 ? paint.strong : over(paint.strong, paint.emphasis);
}

/** `[words](address)`: the words, and the address behind them when it says more. */
function link(text: string, bracket: number, scope: Scope): Found {
  const closing = closingBracket(text, bracket, scope.whole);
  if (closing === undefined) return undecided(scope);
  const next = text[closing + 1];
  if (next === undefined) return undecided(scope);
  if (next !== '(') return 'plain';
  const target = /^\((?:<([^<>]*)>|((?:[^\s()]|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/.exec(
    text.slice(closing + 1),
  );
  if (!target) return undecided(scope);
  const address = target[1] ?? target[2] ?? '';
  const words = text.slice(bracket + 1, closing);
  const end = closing + 1 + target[0].length;
  const behind = addressBehind(address, scope.paint);
  const style = over(scope.style, behind ? over(behind, scope.paint.link) : scope.paint.link);
  if (words === address) return { spans: [{ text: words, style }], end };
  const spans = parseInline(words, scope.paint, true, style, scope.depth + 1);
  if (behind || address === '' || address.startsWith('#') || address === `mailto:${words}`) return { spans, end };
  return { spans: [...spans, { text: ` (${address})`, style: over(scope.style, scope.paint.dim) }], end };
}

/** The bracket that belongs to this one; those in code and behind a backslash do not count. */
function closingBracket(text: string, open: number, whole: boolean): number | undefined {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === '`') {
      const ticks = runAt(text, index);
      const close = closingTicks(text, index, ticks);
      if (close === undefined && !whole) return undefined;
      index = (close ?? index) + ticks - 1;
    } else if (text[index] === '[') depth += 1;
    else if (text[index] === ']' && --depth === 0) return index;
  }
  return undefined;
}

/** `<https://…>` or a bare address; its underscores are no emphasis. */
function address(text: string, at: number, scope: Scope): Found {
  const rest = text.slice(at);
  const bracketed = rest.startsWith('<');
  const start = bracketed ? 1 : 0;
  if (
    !scope.whole &&
    ADDRESS_STARTS.some(
      (scheme) =>
        scheme.startsWith(rest.slice(start)) || (rest.startsWith(scheme, start) && !/[\s<>]/.test(rest.slice(start))),
    )
  ) {
    return 'wait';
  }
  const found = bracketed
    ? /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/.exec(rest)
    : /^(https?:\/\/[^\s<>]*[^\s<>.,:;!?'"*_~`)\]}])/.exec(rest);
  if (!found?.[1]) return 'plain';
  const target = addressBehind(found[1], scope.paint);
  const style = over(scope.style, target ? over(target, scope.paint.link) : scope.paint.link);
  return { spans: [{ text: found[1], style }], end: at + found[0].length };
}

/** Only addresses of the web and of mail, without a character that could end the sequence. */
function addressBehind(address: string, { linkTo }: Paint): Style | undefined {
  return /^(?:https?:\/\/|mailto:)[!-~]{1,2000}$/.test(address) ? linkTo?.(address) : undefined;
}

const ADDRESS_STARTS = ['https://', 'http://', 'mailto:'];

function runAt(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] === text[at]) end += 1;
  return end - at;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}

function over(outer: Style | undefined, inner: Style): Style {
  return outer ? (text) => outer(inner(text)) : inner;
}
