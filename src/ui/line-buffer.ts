import type { Key, KeyName } from './keys.ts';
import { sanitize } from './sanitize.ts';
import { clustersOf } from './width.ts';

/** A text that is being typed: characters as people count them, and how many stand before the cursor. */
export interface LineBuffer {
  readonly text: readonly string[];
  readonly cursor: number;
  /** What was cut last, for `insert-cut`. */
  readonly cut: readonly string[];
}

export function lineBuffer(text = ''): LineBuffer {
  const characters = [...clustersOf(text)];
  return { text: characters, cursor: characters.length, cut: [] };
}

export function textIn({ text }: LineBuffer): string {
  return text.join('');
}

/** The buffer after this key; the same one when the key does nothing to it. */
export function edit(buffer: LineBuffer, key: Key): LineBuffer {
  if (key.type === 'text') return insert(buffer, key.text);
  // A paste may hold anything; its tabs would break the layout.
  if (key.type === 'paste') return insert(buffer, sanitize(key.text).replaceAll('\t', '    '));
  return editBy(buffer, key.name);
}

function editBy(buffer: LineBuffer, name: KeyName): LineBuffer {
  const { text, cursor } = buffer;
  switch (name) {
    case 'newline':
      return insert(buffer, '\n');
    case 'left':
      return moved(buffer, cursor - 1);
    case 'right':
      return moved(buffer, cursor + 1);
    case 'home':
      return moved(buffer, lineStart(text, cursor));
    case 'end':
      return moved(buffer, lineEnd(text, cursor));
    case 'word-left':
      return moved(buffer, wordStart(text, cursor));
    case 'word-right':
      return moved(buffer, wordEnd(text, cursor));
    case 'up':
      return onLineAbove(buffer);
    case 'down':
      return onLineBelow(buffer);
    case 'backspace':
      return without(buffer, cursor - 1, cursor, false);
    case 'delete':
      return without(buffer, cursor, cursor + 1, false);
    case 'cut-word':
      return without(buffer, wordStart(text, cursor), cursor);
    case 'cut-word-right':
      return without(buffer, cursor, wordEnd(text, cursor));
    case 'cut-start':
      return without(buffer, lineStart(text, cursor), cursor);
    case 'cut-end':
      return without(buffer, cursor, Math.max(lineEnd(text, cursor), Math.min(cursor + 1, text.length)));
    case 'insert-cut':
      return insert(buffer, buffer.cut.join(''));
    default:
      return buffer;
  }
}

/** The whole is counted anew: what is inserted may join its neighbours, as the parts of an emoji do. */
function insert({ text, cursor, cut }: LineBuffer, added: string): LineBuffer {
  if (added === '') return { text, cursor, cut };
  const before = text.slice(0, cursor).join('') + added;
  const after = text.slice(cursor).join('');
  const whole = [...clustersOf(before + after)];
  let length = 0;
  let at = 0;
  while (at < whole.length && length < before.length) length += whole[at++]?.length ?? 0;
  return { text: whole, cursor: at, cut };
}

function moved(buffer: LineBuffer, to: number): LineBuffer {
  return { ...buffer, cursor: Math.min(Math.max(to, 0), buffer.text.length) };
}

function without({ text, cut }: LineBuffer, from: number, to: number, keep = true): LineBuffer {
  const start = Math.max(0, from);
  const gone = text.slice(start, to);
  const left = [...clustersOf([...text.slice(0, start), ...text.slice(to)].join(''))];
  return { text: left, cursor: Math.min(start, left.length), cut: keep && gone.length > 0 ? gone : cut };
}

/** To the line above, or nowhere when there is none; the caller then goes through the history. */
function onLineAbove(buffer: LineBuffer): LineBuffer {
  const start = lineStart(buffer.text, buffer.cursor);
  if (start === 0) return buffer;
  const above = lineStart(buffer.text, start - 1);
  return moved(buffer, Math.min(above + buffer.cursor - start, start - 1));
}

function onLineBelow(buffer: LineBuffer): LineBuffer {
  const end = lineEnd(buffer.text, buffer.cursor);
  if (end === buffer.text.length) return buffer;
  const column = buffer.cursor - lineStart(buffer.text, buffer.cursor);
  return moved(buffer, Math.min(end + 1 + column, lineEnd(buffer.text, end + 1)));
}

function lineStart(text: readonly string[], from: number): number {
  return from === 0 ? 0 : text.lastIndexOf('\n', from - 1) + 1;
}

function lineEnd(text: readonly string[], from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

function wordStart(text: readonly string[], from: number): number {
  let at = from;
  while (at > 0 && !isWord(text[at - 1])) at -= 1;
  while (at > 0 && isWord(text[at - 1])) at -= 1;
  return at;
}

function wordEnd(text: readonly string[], from: number): number {
  let at = from;
  while (at < text.length && !isWord(text[at])) at += 1;
  while (at < text.length && isWord(text[at])) at += 1;
  return at;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /^[\p{L}\p{N}_]/u.test(character);
}
