/** A line that tells what went wrong, with its number in the whole output. */
export interface ErrorLine {
  number: number;
  text: string;
}

const WORDS =
  /\b(?:errors?|fail(?:s|ed|ures?)?|fatal|panic(?:ked)?|exception|traceback|undefined reference|unresolved|no such file|not found|cannot find|permission denied|segmentation fault|core dumped|not ok)\b|\berr!|\bassert/i;
/** Names of errors, and the signs that test runners put before what failed. */
const SIGNS = /\w(?:Error|Exception)\b|[✗✖✘×]|^E {3}/;
/** Lines that only say that nothing went wrong. */
const QUIET =
  /\b(?:0|no|zero|without) (?:errors?|failures?|failed|failing|exceptions?)\b|\b(?:errors?|failures?|failed)\s*[:=]\s*0\b/i;

/** As many lines from the beginning of the output as from its end, each up to this many. */
const KEPT = 20;
const MAX_LINE = 300;

/**
 * Collects lines that look like errors from output of any length: the first ones, since they are often the cause,
 * and the last ones, since they are often the summary.
 */
export function collectErrorLines(): { add(text: string): void; between(from: number, to: number): ErrorLine[] } {
  const first: ErrorLine[] = [];
  let last: ErrorLine[] = [];
  let number = 1;
  let begun = '';

  const look = (line: string) => {
    const text = line.slice(0, MAX_LINE);
    if ((WORDS.test(text) || SIGNS.test(text)) && !QUIET.test(text)) {
      const found = { number, text: text.trimEnd() };
      if (first.length < KEPT) first.push(found);
      else last.push(found);
      if (last.length > 10 * KEPT) last = last.slice(-KEPT);
    }
    number++;
  };

  return {
    add(text) {
      const lines = text.split('\n');
      const rest = lines.pop() ?? '';
      for (const line of lines) {
        look(begun + line);
        begun = '';
      }
      // The beginning of a line is enough to judge it by.
      begun = (begun + rest.slice(0, MAX_LINE)).slice(0, MAX_LINE);
    },
    between: (from, to) => [...first, ...last.slice(-KEPT)].filter((line) => line.number >= from && line.number <= to),
  };
}
