import { danglingBody, openBlock } from './key-blocks.ts';

/** Without a line's end in sight, text is cut behind this many characters, at the next place where no secret goes on. */
const LONGEST_LINE = 64 * 1024;
/** And behind this many wherever it is. */
const LONGEST_RUN = 1024 * 1024;

/** Rewrites text in pieces that stand for themselves: whole lines, and a private key as one. */
export function lineFilter(replace: (text: string) => string): { push(text: string): string; end(): string } {
  let held = '';
  const take = (final: boolean): string => {
    let result = '';
    while (held !== '') {
      const cut = pieceEnd(held, final);
      if (cut === 0) return result;
      result += replace(held.slice(0, cut));
      held = held.slice(cut);
    }
    return result;
  };
  return {
    push(text) {
      held += text;
      return take(false);
    },
    end: () => take(true),
  };
}

/** How much of the text can be looked at by itself; 0 when more has to come first. */
function pieceEnd(text: string, final: boolean): number {
  const long = longLineEnd(text);
  if (long !== undefined) return long;
  let end = final ? text.length : text.lastIndexOf('\n') + 1;
  if (!final && end > 0) {
    const open = openBlock(text.slice(0, end));
    const held = open ?? danglingBody(text.slice(0, end));
    if (held !== undefined) end = text.lastIndexOf('\n', held - 1) + 1;
  }
  return end;
}

/**
 * The end of the first piece of a line that is too long to wait for; what stands before that line goes first.
 * Counted from the line's start, so that it does not matter in which pieces the text came.
 */
function longLineEnd(text: string): number | undefined {
  let start = 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline + 1;
    if (end - start > LONGEST_LINE) {
      if (start > 0) return start;
      for (let at = LONGEST_LINE; at < Math.min(end, LONGEST_RUN); at++) {
        if (/[\s"',;]/.test(text.charAt(at))) return at + 1;
      }
      return end >= LONGEST_RUN ? LONGEST_RUN : newline === -1 ? undefined : end;
    }
    if (newline === -1) return undefined;
    start = end;
  }
  return undefined;
}
