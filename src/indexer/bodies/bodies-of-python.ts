import { type Span, within } from '../spans.ts';
import { type Bodies, NO_BODIES } from './bodies.ts';
import { SHORTEST } from './lexis.ts';
import { PythonLines } from './python-lines.ts';
import { fitsAt } from './scan.ts';
import { AT, COLON } from './tokens.ts';

/** The block of a function that is open. */
interface Block {
  /** How far its statements are indented, and where the first of them begins. */
  indent: number;
  first: number;
  /** The statements at hand that define nothing: where they begin (-1 for none), where all but the last end, where that ends. */
  from: number;
  to: number;
  end: number;
}

/** A line that goes on with the statement above. */
const GOES_ON = /(?:else|elif|except|finally)\b/y;
/** What a statement that is left out may begin with: its first letter alone is a statement, too, and no docstring. */
const PLAIN = /[A-Za-z_](?![A-Za-z]?["'])/y;
const FUNCTION = /(?:async[ \t]+)?def\b/y;

/**
 * Finds in Python what `bodiesOf` finds in languages with braces: statements of functions, as many in a row as define
 * and import nothing. The first letter of the first one stays, so that the grammar sees a statement there; what ends
 * with it, ends with the last one in truth. Elsewhere, insides of long brackets and strings.
 */
export function bodiesOfPython(text: string): Bodies {
  const lines = new PythonLines(text, /\b(?:def|class|import)\b/g);
  const insides: Span[] = [];
  const starts: Array<number | undefined> = [];
  const blocks: Block[] = [];
  const leave = ({ first, from }: Block, to: number) => {
    if (from < 0 || to - from <= SHORTEST) return;
    insides.push([from + 1, to]);
    starts.push(first);
  };
  // How far the line is indented that a function's block must follow.
  let head = Number.POSITIVE_INFINITY;
  while (lines.next()) {
    const { indent, start, end } = lines;
    let block = blocks.at(-1);
    for (; block && block.indent > indent; block = blocks.at(-1)) {
      leave(block, block.end);
      blocks.pop();
    }
    if (indent > head) {
      block = { indent, first: start, from: -1, to: -1, end: -1 };
      blocks.push(block);
    }
    if (block) {
      const begins = indent === block.indent && !fitsAt(GOES_ON, text, start);
      if (begins) block.to = block.end;
      if (lines.telling || text.charCodeAt(start) === AT) {
        leave(block, block.to);
        block.from = -1;
      } else if (block.from >= 0) block.end = end;
      else if (begins && fitsAt(PLAIN, text, start)) {
        block.from = start;
        block.end = end;
      }
    }
    if (!block || block.from < 0) {
      for (const inert of lines.inert) {
        insides.push(inert);
        starts.push(undefined);
      }
    }
    head = Number.POSITIVE_INFINITY;
    if (lines.telling && text.charCodeAt(end - 1) === COLON && fitsAt(FUNCTION, text, start)) head = indent;
  }
  if (lines.lost) return NO_BODIES;
  for (const block of blocks.reverse()) leave(block, block.end);
  return { insides, starts, comments: within(insides, lines.comments), strict: true, endsBehind: true };
}
