/**
 * Where nex leaves something out of what the model reads, it puts a mark in its place. All marks have one form, so
 * that one which finds its way into text to be stored is recognised. (The number keeps this very source from being one.)
 */
const MARK = /\[nex: \d[^\]\n]*\]/;

/** A mark such as `[nex: 1,200 characters cut]`. */
export function cutMark(count: number, what: string): string {
  return `[nex: ${count.toLocaleString('en-US')} ${what}]`;
}

/** Longest line that read_file shows whole; in characters. */
export const MAX_LINE = 2_000;

/** A line as read_file shows it. */
export function cutLine(line: string): string {
  if (line.length <= MAX_LINE) return line;
  // Never between the two halves of a character.
  const kept = line.slice(0, MAX_LINE).replace(/[\ud800-\udbff]$/, '');
  return kept + cutMark(line.length - kept.length, 'characters cut');
}

/**
 * Puts back what marks in this text stand for: a line that read as cut in `original` becomes that line again.
 * Fails, naming the mark, when it cannot be told what it stood for, so that no mark is ever stored.
 */
export function restoreCutLines(
  text: string,
  original: string,
): { ok: true; text: string } | { ok: false; error: string } {
  if (!MARK.test(text)) return { ok: true, text };
  const originals = original.split('\n').map((line) => line.replace(/\r$/, ''));
  const restored: string[] = [];
  for (const line of text.split('\n')) {
    const mark = MARK.exec(line)?.[0];
    const ending = line.endsWith('\r') ? '\r' : '';
    const shown = ending === '' ? line : line.slice(0, -1);
    if (mark === undefined || originals.includes(shown)) {
      restored.push(line);
      continue;
    }
    const meant = new Set(originals.filter((candidate) => candidate.length > MAX_LINE && cutLine(candidate) === shown));
    const [only] = meant;
    if (only === undefined || meant.size > 1) {
      return {
        ok: false,
        error: `The text holds "${mark}", which nex put where it left something out. Give the real text, or use edits that leave that place alone.`,
      };
    }
    restored.push(only + ending);
  }
  return { ok: true, text: restored.join('\n') };
}
