const MOST_ALTERNATIVES = 64;
/** Finding the end of a group looks ahead, so that thousands of open braces would take quadratic time. */
const LONGEST_WORD = 1024;

/**
 * The words that brace expansion makes of one written word, still as source text: `a{b,c}` gives `ab` and `ac`.
 * Undefined when that would be too many.
 */
export function expandBraces(source: string): string[] | undefined {
  if (source.length > LONGEST_WORD) return undefined;
  const group = firstGroup(source);
  if (group === undefined) return [source];
  const before = source.slice(0, group.start);
  const rests = expandBraces(source.slice(group.end));
  if (rests === undefined) return undefined;
  const words: string[] = [];
  for (const alternative of group.alternatives) {
    for (const middle of expandBraces(alternative) ?? []) {
      for (const rest of rests) words.push(before + middle + rest);
      if (words.length > MOST_ALTERNATIVES) return undefined;
    }
  }
  return words;
}

interface Group {
  start: number;
  end: number;
  alternatives: string[];
}

function firstGroup(source: string): Group | undefined {
  for (let at = 0; at < source.length; at = skipPiece(source, at)) {
    if (source.charAt(at) !== '{' || source.charAt(at - 1) === '$') continue;
    const group = groupAt(source, at);
    if (group !== undefined) return group;
  }
  return undefined;
}

function groupAt(source: string, start: number): Group | undefined {
  const commas: number[] = [];
  let depth = 0;
  for (let at = start; at < source.length; at = skipPiece(source, at)) {
    const character = source.charAt(at);
    if (character === '{') depth++;
    else if (character === ',' && depth === 1) commas.push(at);
    else if (character === '}' && --depth === 0) {
      const alternatives = commas.length > 0 ? split(source, start, at, commas) : range(source.slice(start + 1, at));
      return alternatives && { start, end: at + 1, alternatives };
    }
  }
  return undefined;
}

function split(source: string, start: number, end: number, commas: readonly number[]): string[] {
  const edges = [start, ...commas, end];
  return edges.slice(1).map((edge, index) => source.slice((edges[index] ?? start) + 1, edge));
}

/** `1..9`, `a..e`, with an optional step. */
function range(text: string): string[] | undefined {
  const match = /^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d{1,9}))?$/.exec(text);
  if (match === null) return undefined;
  const [, fromNumber, toNumber, fromLetter, toLetter, stepText] = match;
  const letters = fromLetter !== undefined && toLetter !== undefined;
  const from = letters ? fromLetter.charCodeAt(0) : Number(fromNumber);
  const to = letters ? toLetter.charCodeAt(0) : Number(toNumber);
  const step = Math.abs(Number(stepText ?? 1)) || 1;
  if (Math.abs(to - from) / step >= MOST_ALTERNATIVES) return undefined;
  const values: string[] = [];
  for (let value = from; from <= to ? value <= to : value >= to; value += from <= to ? step : -step) {
    values.push(letters ? String.fromCharCode(value) : String(value));
  }
  return values;
}

/** The index behind the character, quoted string, escape or substitution that begins here. */
function skipPiece(source: string, at: number): number {
  const character = source.charAt(at);
  if (character === '\\') return at + 2;
  if (character === "'") return behind(source, at + 1, "'");
  if (character === '"') return behindQuoted(source, at + 1, '"');
  if (character === '`') return behindQuoted(source, at + 1, '`');
  if (character === '$' && source.charAt(at + 1) === '{') return behindNested(source, at + 2, '{', '}');
  if (character === '$' && source.charAt(at + 1) === '(') return behindNested(source, at + 2, '(', ')');
  return at + 1;
}

function behind(source: string, from: number, mark: string): number {
  const at = source.indexOf(mark, from);
  return at === -1 ? source.length : at + 1;
}

function behindQuoted(source: string, from: number, mark: string): number {
  for (let at = from; at < source.length; at++) {
    if (source.charAt(at) === '\\') at++;
    else if (source.charAt(at) === mark) return at + 1;
  }
  return source.length;
}

function behindNested(source: string, from: number, open: string, close: string): number {
  let depth = 1;
  for (let at = from; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '\\') at++;
    else if (character === open) depth++;
    else if (character === close && --depth === 0) return at + 1;
  }
  return source.length;
}
