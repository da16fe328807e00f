import type { Span } from '../spans.ts';
import { blanks } from './blanks.ts';

/** A `#if` that is still open, while its branches are read. */
interface Group {
  /** What code stood right before it. */
  before: number;
  /** Open brackets before it. */
  depth: number;
  /** The least of them that the code around it had left. */
  least: number;
  /** Nobody compiles its first branch (`#if 0`). */
  dead: boolean;
  branches: Branch[];
  /** Where the branch that is read begins. */
  from: number;
}

interface Branch {
  from: number;
  to: number;
  /** Brackets open at its end, the least that were open in it, and what its code ends with. */
  depth: number;
  least: number;
  last: number;
}

/** A declaration or statement can begin after these, and end with them. */
const BOUNDARY: ReadonlySet<number> = new Set([...';{}:,]'].map((sign) => sign.charCodeAt(0)));
const CONDITIONAL = /^#\s*(if|ifdef|ifndef|elif|elifdef|elifndef|else|endif)\b/;
const [NOTHING, NEWLINE, SPACE, QUOTE, HASH, APOSTROPHE, STAR, SLASH, BACKSLASH] = [0, 10, 32, 34, 35, 39, 42, 47, 92];

/**
 * Blanks the lines of `#if`, `#else` and `#endif`, and every branch but one where the branches are no whole
 * declarations (`#ifdef A` `if (x) {` `#else` `{` `#endif`): grammars read all branches one after the other, and would
 * lose count of brackets. Whole branches all stay, so that what is defined for other systems is found too. A first
 * branch whose condition fits `dead` never counts; other directives go that fit `others`. Offsets and lines stay.
 */
export function throughConditionals(text: string, { dead, others }: { dead?: RegExp; others?: RegExp } = {}): string {
  if (!/^[ \t]*#/m.test(text)) return text;
  const directives: Span[] = [];
  const unread: Span[] = [];
  const groups: Group[] = [];
  // Variables of the loop alone, which runs over every character: what a directive changes is handed to and fro.
  let depth = 0;
  let least = 0;
  let last = NOTHING;
  let lineBegins = true;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= SPACE) {
      if (code === NEWLINE) lineBegins = true;
      continue;
    }
    if (code === HASH && lineBegins) {
      const end = endOfDirective(text, at);
      const line = text.slice(at, end);
      const word = CONDITIONAL.exec(line)?.[1];
      if (word !== undefined || others?.test(line)) directives.push([at, end]);
      if (word !== undefined) {
        const here: Branch = { from: groups.at(-1)?.from ?? 0, to: at, depth, least, last };
        const next = word.startsWith('if')
          ? open(groups, here, end, dead?.test(line) ?? false)
          : turn(groups, here, end, word === 'endif', unread);
        ({ depth, least, last } = next);
      }
      at = end - 1;
      continue;
    }
    if (code === SLASH) {
      const next = text.charCodeAt(at + 1);
      if (next === SLASH) {
        at = lineEnd(text, at) - 1;
        continue;
      }
      if (next === STAR) {
        const end = text.indexOf('*/', at + 2);
        at = end < 0 ? text.length : end + 1;
        continue;
      }
    }
    lineBegins = false;
    last = code;
    if (code === 123 || code === 40 || code === 91) depth++;
    else if (code === 125 || code === 41 || code === 93) {
      depth--;
      if (depth < least) least = depth;
    } else if (code === QUOTE || code === APOSTROPHE) at = endOfString(text, at, code);
  }
  return blankRanges(blankRanges(text, unread, spacesButDirectives), directives, spacesButComments);
}

type State = Pick<Branch, 'depth' | 'least' | 'last'>;

/** At `#if`: a branch begins. */
function open(groups: Group[], { depth, least, last }: State, from: number, dead: boolean): State {
  groups.push({ before: last, depth, least, dead, branches: [], from });
  return { depth, least: depth, last: NOTHING };
}

/** At `#else` and `#endif`: a branch ends, and the next one begins or the way through all of them is chosen. */
function turn(groups: Group[], here: Branch, from: number, ends: boolean, unread: Span[]): State {
  const group = groups.at(-1);
  if (!group) return here;
  group.branches.push(here);
  group.from = from;
  if (!ends) return { depth: group.depth, least: group.depth, last: NOTHING };
  groups.pop();
  const isWhole = ({ depth, least, last }: Branch) =>
    last === NOTHING || (depth === group.depth && least >= group.depth && BOUNDARY.has(last));
  const begins = group.before === NOTHING || BOUNDARY.has(group.before);
  const live = group.branches.slice(group.dead ? 1 : 0);
  const kept = live.length < 2 || (begins && live.every(isWhole)) ? live : live.slice(0, 1);
  for (const branch of group.branches) if (!kept.includes(branch)) unread.push([branch.from, branch.to]);
  const [way] = kept;
  return {
    depth: way?.depth ?? group.depth,
    least: Math.min(group.least, way?.least ?? group.depth),
    last: kept.findLast((branch) => branch.last !== NOTHING)?.last ?? group.before,
  };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Where a directive ends whose `#` stands at `start`: lines that a backslash or a comment joins to it are its own. */
function endOfDirective(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === NEWLINE) {
      const before = text.charCodeAt(at - 1) === 13 ? at - 2 : at - 1;
      if (text.charCodeAt(before) !== BACKSLASH) return at;
    } else if (code === QUOTE) at = endOfString(text, at, code);
    else if (code === SLASH && text.charCodeAt(at + 1) === STAR) {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 1;
    }
  }
  return text.length;
}

/** The closing quote, or the last sign of the line when there is none on it. */
function endOfString(text: string, start: number, quote: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === quote) return at;
    else if (code === NEWLINE) return at - 1;
  }
  return text.length;
}

/** Blanks what `blank` makes of each range; one that lies in another goes with it. */
function blankRanges(text: string, ranges: readonly Span[], blank: (part: string) => string): string {
  let result = '';
  let done = 0;
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (from < done) continue;
    result += text.slice(done, from) + blank(text.slice(from, to));
    done = to;
  }
  return result + text.slice(done);
}

const spacesButComments = (part: string) =>
  part.replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/.*|[^\r\n/]+|\//g, (run) =>
    /^\/./.test(run) ? run : ' '.repeat(run.length),
  );

/** Directives inside of a branch that goes stay: macros that it defines are definitions. */
const spacesButDirectives = (part: string) =>
  part.replace(/^[ \t]*#(?:.*\\\r?\n)*.*$|^.+$/gm, (line) => (/^\s*#/.test(line) ? line : blanks(line)));
