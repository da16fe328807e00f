import type { Span } from '../spans.ts';
import { fitsAt } from './scan.ts';

/** The last signs of lines that end with a block: `do`, `begin`, `|…|`. */
const LAST = new Set(Array.from('on|', (sign) => sign.charCodeAt(0)));

/** How lines begin that an `end` must follow. */
const OPENS = /(?:(?:[a-z_]+ )?def|class|module|if|unless|while|until|case|for|begin|else +if)\b/y;
const LOOP = /(?:while|until|for)\b/y;
/** How lines end that an `end` must follow, whatever they begin with: `do`, `do |…|`, `begin`. */
const BLOCK = /[^.:@$\w](?:do(?:\s*\|[^|]*\|)?|begin)$/;
/** Lines that have their `end` already, or need none: `def name = …`. */
const CLOSED = /[\s;]end(?:[^\w:?!].*)?$|^(?:[a-z_]+ )?def\s+[\w.]+[?!]?\s*(?:\(.*\))?\s*=\s/s;
/** A value that an `end` follows, maybe on the same line. */
const VALUE = /(?:[=|&<(,]|\b(?:return|then|else))[\s\\]*(?:if|unless|while|until|case|begin)\b/;
const END = /end\b/y;

/** Whether a line begins with `end`. */
export const isEnd = (text: string, start: number) => fitsAt(END, text, start);

/** How many `end` must follow a line; those of values (`x = if …`) are not counted. */
export function awaitedEnds(text: string, start: number, end: number): number {
  const opens = fitsAt(OPENS, text, start);
  const block = LAST.has(text.charCodeAt(end - 1)) && BLOCK.test(text.slice(start, end)) && !fitsAt(LOOP, text, start);
  if (opens && !block && CLOSED.test(text.slice(start, end))) return 0;
  return Number(opens) + Number(block);
}

/** Whether an `end` may follow a line though none is awaited. */
export const mayAwaitEnd = (text: string, [start, end]: Span) => VALUE.test(text.slice(start, end));
