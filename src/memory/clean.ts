/** Control characters, and characters that nobody sees: direction marks, zero-width ones, separators. */
const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text as it may be stored and shown: nothing invisible in it, cut without splitting a character. */
export function clean(text: string, limit: number): string {
  const shown = text.replace(UNSEEN, ' ').trim();
  return shown.length <= limit ? shown : `${shown.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The same in one line, so that it cannot look like an entry, a heading or a fence of the file it goes into. */
export function cleanLine(text: string, limit: number): string {
  return clean(text.replace(UNSEEN, ' ').replace(/\s+/g, ' '), limit);
}
