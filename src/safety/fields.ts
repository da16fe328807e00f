import type { Stream, Word } from './word.ts';
import { literal } from './word.ts';

/** Puts the pieces of one written word together into the fields that the shell makes of it. */
export interface FieldWriter {
  /** Known text inside quotes, or literal text. */
  add(text: string): void;
  /** Known text of an unquoted expansion: split at white space, its `*` and `?` active. */
  addSplit(text: string, separators: string): void;
  /** Unquoted `*`, `?`, `[…]`. */
  addGlob(text: string): void;
  /** Text that only running it would tell. `plain`: one token that is neither path nor option. */
  addUnknown(source: string, from: 'variable' | 'output' | 'plain'): void;
  /** Ends the present field, as between the elements of `"$@"`. */
  next(): void;
  /** Marks the present field as there even when empty: `""`. */
  keep(): void;
  deliver(stream: Stream): void;
  finish(): Word[];
}

/** `a=$a$a` doubles with every step; what grows beyond any text that could be judged is not kept. */
const LONGEST_WORD = 40_000;

/** A writer for one word. */
export function fieldWriter(): FieldWriter {
  const done: Word[] = [];
  let text = '';
  let head: string | undefined;
  let certain = true;
  let tailFrom = 0;
  let glob = false;
  let output = false;
  let there = false;
  let stream: Stream | undefined;

  const end = () => {
    if (there || text !== '') {
      if (text.length > LONGEST_WORD)
        done.push({ text: `${text.slice(0, 80)}…`, certain: false, head: '', tail: '', glob: false, output: true });
      else if (certain && !glob && stream === undefined) done.push(literal(text));
      else {
        const word = { text, certain, head: head ?? text, tail: text.slice(tailFrom), glob, output };
        done.push(stream === undefined ? word : { ...word, stream });
      }
    }
    text = '';
    head = undefined;
    certain = true;
    tailFrom = 0;
    glob = false;
    output = false;
    there = false;
    stream = undefined;
  };

  return {
    add(piece) {
      text += piece;
    },
    addSplit(piece, separators) {
      let from = 0;
      for (let at = 0; at <= piece.length; at++) {
        const character = piece.charAt(at);
        if (character !== '' && !separators.includes(character)) continue;
        if (at > from) {
          const part = piece.slice(from, at);
          if (/[*?[]/.test(part)) glob = true;
          text += part;
        }
        if (character !== '') end();
        from = at + 1;
      }
    },
    addGlob(piece) {
      glob = true;
      text += piece;
    },
    addUnknown(source, from) {
      certain = false;
      if (from !== 'plain') head ??= text;
      if (from === 'output') output = true;
      text += source;
      tailFrom = text.length;
    },
    next: end,
    keep() {
      there = true;
    },
    deliver(piece) {
      stream = piece;
    },
    finish() {
      end();
      return done;
    },
  };
}
