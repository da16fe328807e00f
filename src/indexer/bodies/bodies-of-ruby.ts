import type { Node } from 'web-tree-sitter';
import { type Span, within } from '../spans.ts';
import { type Bodies, NO_BODIES } from './bodies.ts';
import { SHORTEST } from './lexis.ts';
import { awaitedEnds, isEnd, mayAwaitEnd } from './ruby-ends.ts';
import { RubyLines } from './ruby-lines.ts';
import { fitsAt } from './scan.ts';
import { UNBRACE } from './tokens.ts';

/** Lines in a row that are indented alike, and those below them. */
interface Level {
  indent: number;
  /** What stands right in it may be named by what stands before. */
  named: boolean;
  /** The statements at hand that tell nothing: where they begin (-1 for none), where all but the last end, where that ends. */
  from: number;
  to: number;
  end: number;
  /** How many `end` the last statement still awaits, and its first line; undefined when it began further out. */
  awaited: number;
  line: Span | undefined;
}

/** A line that goes on with the statement above. */
const GOES_ON =
  /(?:end|else|elsif|when|in|rescue|ensure|then|do|and|or)\b|(?:private|protected|public)[ \t\r]*(?:$|#)|\.(?!\.)|&\.|&&|\|\|/my;
/** What a statement that is left out may begin with; that much of it is a statement, too. */
const PLAIN = /(?:@@?|\$)?[A-Za-z_]/y;

/** Of a line of more signs nobody asks what it names below. */
const LONGEST = 1000;
/** How calls begin whose symbols are names. */
const NAMING = '(?:attr_|define_|alias_|has_|belongs_|delegate|let|scope\\b)';
/** What may define or name something. */
const TELLING = `\\b(?<![.:@$])(?:(?:def|class|module)\\b(?!:[^:])|${NAMING}|[A-Z]\\w*[\\s\\\\]*=(?![=~>]))|[^\\x00-\\x7f\\s]\\w*[\\s\\\\]*=(?![=~>])`;
/** The query takes these for such calls, and symbols right below, or right behind, for their arguments. */
const NAMES_BELOW = new RegExp(`\\b(?:def|if|unless|elsif|while|until)\\b.*\\b${NAMING}`);
const NAMES_BEHIND = new RegExp(`^${NAMING}\\w*[?!]?$`);

/**
 * Finds in Ruby what `bodiesOf` finds in languages with braces: statements wherever they stand, as many in a row as
 * tell nothing. Which lines belong to a statement is told by how far they are indented; none are found where an `end`
 * stands elsewhere than that says. The first letter of the first one stays, so that the grammar sees a statement there. Comments need no grammar either.
 */
export function bodiesOfRuby(text: string): Bodies {
  const lines = new RubyLines(text, new RegExp(TELLING, 'g'));
  const insides: Span[] = [];
  const levels: Level[] = [];
  let certain = true;
  const leave = ({ from }: Level, to: number) => {
    if (from < 0 || to - from <= SHORTEST) return;
    if (fitsAt(PLAIN, text, from)) insides.push([PLAIN.lastIndex, to]);
  };
  const close = (level: Level) => {
    levels.pop();
    const around = levels.at(-1);
    if (around && !level.line) around.awaited += level.awaited;
    else if (level.awaited > 0) certain = false;
    // Otherwise it is a part of what is left out already.
    if (levels.every(({ from }) => from < 0)) leave(level, level.end);
  };
  let named = false;
  while (certain && lines.next()) {
    const { indent, start, end } = lines;
    let level = levels.at(-1);
    for (; level && level.indent > indent; level = levels.at(-1)) close(level);
    if (!level || level.indent < indent) {
      level = { indent, named, from: -1, to: -1, end: -1, awaited: 0, line: undefined };
      levels.push(level);
    }
    named = false;
    const begins = !fitsAt(GOES_ON, text, start);
    if (begins) {
      if (level.awaited > 0) certain = false;
      level.line = [start, end];
      level.to = level.end;
    } else if (isEnd(text, start)) {
      const owner = level.line || level.awaited > 0 ? level : (levels.at(-2) ?? level);
      if (owner.awaited > 0) owner.awaited--;
      else if (!owner.line || !mayAwaitEnd(text, owner.line)) certain = false;
      else owner.line = [start, start];
    }
    level.awaited += awaitedEnds(text, start, lines.codeEnd);
    if (lines.telling) {
      for (const each of levels) {
        leave(each, each.to);
        each.from = -1;
      }
      const line = text.slice(start, end);
      named = line.length > LONGEST || NAMES_BELOW.test(line);
      level.named ||= NAMES_BEHIND.test(line);
      continue;
    }
    for (const each of levels) each.end = end;
    if (begins && !level.named && level.from < 0 && fitsAt(PLAIN, text, start)) level.from = start;
  }
  for (let level = levels.at(-1); level; level = levels.at(-1)) close(level);
  if (lines.lost || !certain) return NO_BODIES;
  const all = withComments(insides, lines.comments, text);
  return {
    insides: all,
    starts: [],
    comments: within(all, lines.comments),
    strict: true,
    endsBehind: true,
    fits: (definitions) => areAligned(definitions, text),
  };
}

/** Some spans, and long comments that stand outside of them: those that nothing stands between are one. */
function withComments(spans: readonly Span[], comments: readonly Span[], text: string): Span[] {
  const runs: Span[] = [];
  for (const [from, to] of comments) {
    const last = runs.at(-1);
    const goesOn = last !== undefined && text.slice(last[1], from).trim() === '';
    if (goesOn) runs.pop();
    runs.push([goesOn ? last[0] : from, to]);
  }
  const inside = new Set(within(spans, runs));
  const outside = runs.filter((run) => run[1] - run[0] > SHORTEST && !inside.has(run));
  return [...spans, ...outside].sort(([a], [b]) => a - b);
}

/** Whether every definition ends where it is indented like the line that it begins on. */
function areAligned(definitions: Iterable<{ node: Node }>, text: string): boolean {
  for (const { node } of definitions) {
    const { startIndex, startPosition, endIndex, endPosition } = node;
    if (startPosition.row === endPosition.row) continue;
    const line = startIndex - startPosition.column;
    let code = line;
    while (text.charCodeAt(code) <= 32) code++;
    const end = text.charCodeAt(endIndex - 1) === UNBRACE ? '}' : 'end';
    if (endPosition.column - end.length !== code - line) return false;
  }
  return true;
}
