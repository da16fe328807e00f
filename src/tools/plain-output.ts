import type { TextFilter } from '../platform/shell.ts';

/** A line that is longer while still unfinished is passed on in pieces. */
const MAX_HELD = 64_000;

/**
 * Takes from a command's output what only a terminal understands: colours and cursor movements go, progress that
 * overwrites itself shrinks to what would stand there at last. Whole lines pass; an unfinished one waits, since the
 * rest of it may still overwrite it. Line numbers stay what they were.
 */
export function plainOutput(): TextFilter {
  let held = '';
  return {
    push(text) {
      held += text;
      const end = held.length > MAX_HELD ? held.length : held.lastIndexOf('\n') + 1;
      const ready = held.slice(0, end);
      held = held.slice(end);
      return plain(ready);
    },
    end() {
      const rest = held;
      held = '';
      return plain(rest);
    },
  };
}

/** Two filters, one after the other. */
export function chained(first: TextFilter, second: TextFilter): TextFilter {
  return {
    push: (text) => second.push(first.push(text)),
    end: () => second.push(first.end()) + second.end(),
  };
}

/** Back to the beginning of the line, or the line wiped: what follows replaces what stood there. */
const LINE_RESTARTS = /\x1b\[[012]?K|\x1b\[[01]?G/g;
const ESCAPES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]/g;
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
const ALL_CONTROLS = new RegExp(CONTROLS, 'g');

function plain(text: string): string {
  if (!CONTROLS.test(text)) return text;
  const lines = text.replace(LINE_RESTARTS, '\r').replace(ESCAPES, '').split('\n');
  return lines.map((line) => overstruck(lastVersion(line)).replace(ALL_CONTROLS, '')).join('\n');
}

/** What follows the last carriage return that something follows. */
function lastVersion(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end--;
  return line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}

/** Backspaces carried out, as manual pages and spinners use them. */
function overstruck(line: string): string {
  if (!line.includes('\b')) return line;
  const letters: string[] = [];
  for (const letter of line) {
    if (letter === '\b') letters.pop();
    else letters.push(letter);
  }
  return letters.join('');
}
