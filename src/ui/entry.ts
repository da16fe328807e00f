import type { Key } from './keys.ts';
import { edit, type LineBuffer, lineBuffer, textIn } from './line-buffer.ts';

/** An entry that is being typed, with the entries before it to go back to. */
export interface Entry {
  readonly buffer: LineBuffer;
  /** Oldest first. */
  readonly history: readonly string[];
  /** Where in the history the text comes from; its length for the entry's own text, which waits in `draft`. */
  readonly at: number;
  readonly draft: string;
  /** What is searched for in the history, while it is. */
  readonly search: string | undefined;
}

/** What a key did: the entry as it is now, or the end of it. */
export type Pressed =
  | { kind: 'typing'; entry: Entry; clear?: true }
  | { kind: 'entered'; text: string }
  /** Ctrl-C on an empty entry, and Ctrl-D on one. */
  | { kind: 'interrupted' }
  | { kind: 'ended' };

/** What Tab makes of a text; undefined when there is nothing to complete. */
export type Complete = (text: string) => string | undefined;

export function newEntry(history: readonly string[]): Entry {
  return { buffer: lineBuffer(), history, at: history.length, draft: '', search: undefined };
}

/** The entry after this key. */
export function press(entry: Entry, key: Key, complete: Complete): Pressed {
  const typing = (next: Entry): Pressed => ({ kind: 'typing', entry: next });
  if (entry.search !== undefined) {
    const searched = pressInSearch(entry, entry.search, key);
    if (searched) return typing(searched);
  }
  const { buffer } = entry;
  const left = { ...entry, search: undefined };
  switch (key.type === 'key' ? key.name : '') {
    case 'enter': {
      const text = textIn(buffer);
      // A backslash at the end goes on below, for terminals that have no key for it.
      if (!text.endsWith('\\')) return { kind: 'entered', text };
      const open = edit(lineBuffer(text.slice(0, -1)), { type: 'key', name: 'newline' });
      return typing({ ...left, buffer: open });
    }
    case 'interrupt':
      return buffer.text.length === 0 ? { kind: 'interrupted' } : typing(newEntry(entry.history));
    case 'end-of-input':
      if (buffer.text.length === 0) return { kind: 'ended' };
      return typing({ ...left, buffer: edit(buffer, { type: 'key', name: 'delete' }) });
    case 'up':
    case 'down': {
      const inside = edit(buffer, key);
      if (inside !== buffer) return typing({ ...left, buffer: inside });
      return typing(recall(left, key.type === 'key' && key.name === 'up' ? -1 : 1));
    }
    case 'tab': {
      const completed = complete(textIn(buffer));
      return typing(completed === undefined ? left : { ...left, buffer: lineBuffer(completed) });
    }
    case 'search':
      return typing({ ...entry, search: '' });
    case 'clear-screen':
      return { kind: 'typing', entry: left, clear: true };
    default:
      return typing({ ...left, buffer: edit(buffer, key) });
  }
}

/** Further in the history; what was typed is kept for the way back. */
function recall(entry: Entry, step: number): Entry {
  const { history, at, buffer } = entry;
  const to = at + step;
  if (to < 0 || to > history.length) return entry;
  const draft = at === history.length ? textIn(buffer) : entry.draft;
  return { ...entry, at: to, draft, buffer: lineBuffer(history[to] ?? draft) };
}

/** Ctrl-R: newer keys of the word narrow the search, Ctrl-R again looks further back; any other key takes what was found. */
function pressInSearch(entry: Entry, search: string, key: Key): Entry | undefined {
  if (key.type === 'text') return find(entry, search + key.text, entry.history.length);
  if (key.type !== 'key') return undefined;
  if (key.name === 'backspace') return find(entry, search.slice(0, -1), entry.history.length);
  if (key.name === 'search') return find(entry, search, entry.at);
  return key.name === 'cancel' || key.name === 'interrupt'
    ? { ...newEntry(entry.history), buffer: lineBuffer(entry.draft) }
    : undefined;
}

function find(entry: Entry, search: string, before: number): Entry {
  const draft = entry.at === entry.history.length ? textIn(entry.buffer) : entry.draft;
  const found = entry.history
    .slice(0, before)
    .findLastIndex((text) => text.toLowerCase().includes(search.toLowerCase()));
  if (search === '' || found === -1) return { ...entry, search, draft };
  return { ...entry, search, draft, at: found, buffer: lineBuffer(entry.history[found] ?? '') };
}
