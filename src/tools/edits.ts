import { linesOf } from '../platform/text-file.ts';

/** One replacement: `old_text` must stand in the file exactly once. */
export interface Edit {
  old_text: string;
  new_text: string;
}

/**
 * Applies all edits to a text, or none. Each is matched against the text as it is, not against what another edit
 * made of it. Windows line endings match `\n`, and what is put in gets the line endings of its surroundings;
 * everything outside the edits stays as it was, to the byte.
 */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
): { ok: true; text: string } | { ok: false; error: string } {
  const plain = plainText(text);
  const found: Array<{ at: number; from: number; to: number; put: string }> = [];

  for (const [index, edit] of edits.entries()) {
    const name = edits.length === 1 ? 'old_text' : `old_text of edit ${index + 1}`;
    const wanted = toNewlines(edit.old_text);
    const put = toNewlines(edit.new_text);
    if (wanted === '')
      return refuse(`${name} is empty. To insert text, give a line beside it as old_text and repeat it in new_text.`);
    if (wanted === put) return refuse(`${name} and new_text are the same: nothing would change.`);
    const places = placesOf(plain.text, wanted);
    const [place] = places;
    if (place === undefined) return refuse(`${name} is not in the file. ${nearest(plain.text, wanted)}`);
    if (places.length > 1) {
      const lines = places.slice(0, 10).map((at) => lineAt(plain.text, at));
      return refuse(
        `${name} is in the file ${places.length} times, at lines ${lines.join(', ')}. Add lines before or after it to make it unique.`,
      );
    }
    const from = plain.toOriginal(place);
    found.push({
      at: index,
      from,
      to: plain.toOriginal(place + wanted.length),
      put: put.replaceAll('\n', endingNear(text, from)),
    });
  }

  found.sort((a, b) => a.from - b.from);
  let result = '';
  let done = 0;
  for (const [index, { at, from, to, put }] of found.entries()) {
    if (from < done)
      return refuse(`Edits ${(found[index - 1]?.at ?? 0) + 1} and ${at + 1} overlap. Join them into one.`);
    result += text.slice(done, from) + put;
    done = to;
  }
  return { ok: true, text: result + text.slice(done) };
}

function refuse(error: string): { ok: false; error: string } {
  return { ok: false, error };
}

/** The line ending of the line that this offset is in; of the line before when it is the last. */
function endingNear(text: string, offset: number): '\n' | '\r\n' {
  const after = text.indexOf('\n', offset);
  const at = after === -1 ? text.lastIndexOf('\n', offset) : after;
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

function toNewlines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/** The text with `\n` for every line ending, and the way back from its offsets to those of the original. */
function plainText(text: string): { text: string; toOriginal: (offset: number) => number } {
  // For each `\r\n`, in order: where its `\n` lies in the plain text.
  const dropped: number[] = [];
  for (let at = text.indexOf('\r\n'); at !== -1; at = text.indexOf('\r\n', at + 2)) dropped.push(at - dropped.length);
  const before = (offset: number): number => {
    let low = 0;
    let high = dropped.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((dropped[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { text: toNewlines(text), toOriginal: (offset) => offset + before(offset) };
}

/** Where `wanted` begins in the text; places that overlap count too. */
function placesOf(text: string, wanted: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) places.push(at);
  return places;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** Lines of the file shown when old_text is not found. */
const NEAREST_LINES = 12;
/** Lines of a file that are compared letter by letter when no line is the same; more would take seconds. */
const MAX_COMPARED = 20_000;

/** What in the file comes nearest to a text that is not in it, with line numbers, in words for the model. */
function nearest(text: string, wanted: string): string {
  const lines = linesOf(text);
  const wantedLines = linesOf(wanted);
  if (wantedLines.every((line) => /^\s*\d+ ?[|\t]/.test(line))) {
    return 'It begins with line numbers as read_file shows them: leave them out.';
  }
  const start = bestStart(lines, wantedLines);
  if (start === undefined) return 'Nothing in it is similar: read the file again.';
  const shown = lines.slice(start, start + Math.min(wantedLines.length, NEAREST_LINES));
  const sameWords = wantedLines.every((line, at) => squeezed(line) === squeezed(lines[start + at] ?? ''));
  const numbered = shown.map((line, at) => `${start + at + 1} | ${line.slice(0, 300)}`);
  return `${sameWords ? 'Only white space differs from' : 'The nearest are'} these lines:\n${numbered.join('\n')}`;
}

/** The line where the wanted lines fit best: where most of them are found at the right distance, else the most similar one. */
function bestStart(lines: readonly string[], wanted: readonly string[]): number | undefined {
  const where = Map.groupBy(lines.keys(), (at) => squeezed(lines[at] ?? ''));
  const votes = new Map<number, number>();
  for (const [offset, line] of wanted.entries()) {
    const words = squeezed(line);
    const places = where.get(words) ?? [];
    // A closing brace is everywhere and says little.
    const weight = words.length < 4 ? 0.1 : 1 / Math.sqrt(places.length);
    for (const at of places.slice(0, 1_000)) {
      const start = Math.max(0, at - offset);
      votes.set(start, (votes.get(start) ?? 0) + weight);
    }
  }
  const best = maxBy(votes.keys(), (start) => votes.get(start) ?? 0);
  if (best !== undefined && (votes.get(best) ?? 0) >= 0.2) return best;

  const telling = maxBy(wanted.keys(), (at) => squeezed(wanted[at] ?? '').length);
  if (telling === undefined) return undefined;
  const pairs = pairsOf(wanted[telling] ?? '');
  const likeness = new Map(lines.slice(0, MAX_COMPARED).map((line, at) => [at, similarity(pairs, pairsOf(line))]));
  const near = maxBy(likeness.keys(), (at) => likeness.get(at) ?? 0);
  return near === undefined || (likeness.get(near) ?? 0) < 0.4 ? undefined : Math.max(0, near - telling);
}

function squeezed(line: string): string {
  return line.replace(/\s+/g, '');
}

/** The neighbouring letters of a line, as a set; long lines count by their beginning. */
function pairsOf(line: string): Set<string> {
  const words = squeezed(line).slice(0, 200);
  return new Set(Array.from({ length: Math.max(0, words.length - 1) }, (_, at) => words.slice(at, at + 2)));
}

/** 0 for nothing in common, 1 for the same letters. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  return a.size + b.size === 0 ? 0 : (2 * a.intersection(b).size) / (a.size + b.size);
}

function maxBy<T>(values: Iterable<T>, score: (value: T) => number): T | undefined {
  let best: { value: T; score: number } | undefined;
  for (const value of values) {
    const mine = score(value);
    if (best === undefined || mine > best.score) best = { value, score: mine };
  }
  return best?.value;
}
