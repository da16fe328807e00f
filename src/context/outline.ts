import type { StoredSymbol } from '../indexer/stored-symbols.ts';

/** A run of lines, 1-based and inclusive. */
export interface LineRange {
  from: number;
  to: number;
}

/** Kinds that an outline leaves out: they are many and say little. */
const MINOR: ReadonlySet<string> = new Set(['macro', 'property', 'rule']);
const LONGEST_SIGNATURE = 160;

/**
 * The definitions of a file as lines of `number: signature`, members indented below their type, without what is
 * defined inside of functions. `limit` is the number of lines; the note on what is left out comes on top.
 */
export function outline(lines: readonly string[], symbols: readonly StoredSymbol[], limit = 80): string[] {
  const shown = symbols.filter(({ local, kind }) => !local && !MINOR.has(kind));
  const chosen = shown.length > 0 ? shown : symbols.filter(({ local }) => !local);
  const result = chosen.slice(0, limit).map((symbol) => {
    const head = lines.slice(symbol.lineStart - 1, symbol.headEnd).join(' ');
    const signature = head
      .replace(/\s+/g, ' ')
      .replace(/\s*(?:=>\s*)?[{:=]?\s*$/, '')
      .trim()
      .slice(0, LONGEST_SIGNATURE);
    return `${symbol.lineStart}: ${symbol.parent === undefined ? '' : '  '}${signature || symbol.name}`;
  });
  if (chosen.length > limit) result.push(`… ${chosen.length - limit} more definitions`);
  return result;
}

/**
 * The parts of a long file that matter: definitions whose lines have most of the task's words, whole, with the
 * comments and decorators above them, best first until `fits` says no. Neighbours grow together; the head of the
 * file (imports) comes first when it is short.
 */
export function relevantRanges(
  lines: readonly string[],
  symbols: readonly StoredSymbol[],
  words: readonly string[],
  fits: (ranges: readonly LineRange[]) => boolean,
): LineRange[] {
  const scored = leaves(symbols)
    .map((symbol) => ({ range: { from: symbol.leadStart, to: symbol.lineEnd }, score: scoreOf(lines, symbol, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.range.from - b.range.from);
  let chosen: LineRange[] = [];
  const best = scored[0]?.score ?? 0;
  for (const { range, score } of scored) {
    if (score < best / 5) break;
    const grown = join([...chosen, clip(range, lines.length)]);
    if (fits(grown)) chosen = grown;
  }
  return chosen;
}

const clip = ({ from, to }: LineRange, last: number): LineRange => ({
  from: Math.max(1, from),
  to: Math.min(last, to),
});

/** The smallest definitions that are no mere parts of functions: methods rather than their class. */
function leaves(symbols: readonly StoredSymbol[]): StoredSymbol[] {
  const outer = symbols.filter(({ local }) => !local);
  const inside = (symbol: StoredSymbol) =>
    outer.some(
      (other) =>
        other !== symbol &&
        other.lineStart >= symbol.lineStart &&
        other.lineEnd <= symbol.lineEnd &&
        other.lineEnd > other.lineStart,
    );
  return outer.filter((symbol) => !inside(symbol));
}

function scoreOf(lines: readonly string[], symbol: StoredSymbol, words: readonly string[]): number {
  const head = `${symbol.name} ${symbol.parent ?? ''}`.toLowerCase();
  const text = lines
    .slice(symbol.leadStart - 1, symbol.lineEnd)
    .join('\n')
    .toLowerCase();
  let score = 0;
  for (const [position, word] of words.entries()) {
    // The words come with the rarest first.
    const weight = 1 / (1 + position * 0.15);
    // A final i is what the index makes of a y.
    const begin = word.length > 4 ? word.replace(/i$/, '') : word;
    if (head.includes(begin)) score += 4 * weight;
    if (text.includes(begin)) score += weight;
  }
  return score / Math.sqrt(1 + (symbol.lineEnd - symbol.lineStart) / 60);
}

/** Sorts ranges and joins those that touch or nearly do: a gap of three lines costs less than its mark. */
function join(ranges: readonly LineRange[]): LineRange[] {
  const joined: LineRange[] = [];
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && from <= last.to + 4) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}
