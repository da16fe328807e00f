import { stem } from '../platform/stem.ts';

/**
 * Words of prose and of a task that say nothing about which file is meant. Nothing that also names a part of
 * programs ("path", "type", "config") is among them.
 */
const STOP_WORDS = new Set(
  `a an and are as at be been being both but by can could did do does doing done each either else few for from had has
  have having he her here hers him his how i if in into is it its itself just let like may me might more most must my
  need needs no nor not now of off on once one only or other our out over own per please same shall she should since so
  some still such than that the their them then there these they this those though through thus to too until up upon us
  use used uses using very via want was we were what when where whether which while who whom why will with within
  without would yes yet you your
  add adds added adding fix fixes fixed fixing update updates updated updating change changes changed changing remove
  removes removed removing make makes made making improve improves improved improving support supports supported
  supporting allow allows allowed allowing ensure ensures implement implements implemented implementing introduce
  introduces instead also new old bug issue issues feature refactor cleanup small minor some various better correctly
  properly don doesn didn isn aren wasn won shouldn couldn wouldn ve ll re
  const var let return function def self null undefined true false none nil void public private static final`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Longer words are data (base64, hashes), not language. */
const LONGEST_WORD = 40;
const MOST_WORDS = 12;

/** In ASCII the same as `WORD`, and several times faster. */
const PLAIN_WORD = /[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+/g;
const WORD = /\p{Lu}+(?!\p{Ll})\p{N}*|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{M}]+\p{N}*|\p{N}+/gu;

/** `getUserName`, `get_user_name` and `HTTPServer2` as lower case words; digits stay with the word before them. */
export function splitIdentifier(identifier: string): string[] {
  if (/^[\0-\x7f]*$/.test(identifier)) return (identifier.match(PLAIN_WORD) ?? []).map((word) => word.toLowerCase());
  const words: string[] = [];
  for (const [word] of identifier.matchAll(WORD)) {
    const lower = word.toLowerCase();
    if (/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/.test(lower) && lower.length > 2) {
      // No spaces between words: pairs of signs stand in for them.
      for (let index = 0; index + 2 <= lower.length; index++) words.push(lower.slice(index, index + 2));
    } else words.push(lower);
  }
  return words;
}

/** Whether a lower case word is worth a place in the index. */
export function isTerm(word: string): boolean {
  if (word.length < 2 || word.length > LONGEST_WORD || STOP_WORDS.has(word)) return false;
  return !/^\d/.test(word) || /^\d{3,4}$/.test(word);
}

/** An identifier of several words as one: the same for `getUserName`, `get_user_name` and `get-user-name`. */
export const compound = (words: readonly string[]) => `=${words.join('')}`;

/** Letters and digits all mixed: nothing that anybody would search for, and nothing to keep on the disk. */
const isKey = (identifier: string) => identifier.length >= 20 && (identifier.match(/\d/g)?.length ?? 0) >= 5;

/** The terms of a word as it stands in text: its parts, stemmed, and their compound when there are several. */
export function termsOf(identifier: string): string[] {
  const words = splitIdentifier(identifier);
  // Nobody names anything with this many words: it is a hash or a key.
  if (words.length > MOST_WORDS || isKey(identifier)) return [];
  const terms = words.filter(isTerm).map(stem);
  if (words.length > 1 && words.length <= 8) {
    const joined = compound(words);
    if (joined.length > 4 && joined.length <= LONGEST_WORD + 1) terms.push(joined);
  }
  return terms;
}

/** By ASCII code: 1 for these signs. */
export function tableOfSigns(signs: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const sign of signs) table[sign.charCodeAt(0)] = 1;
  return table;
}

/** What words are made of. */
export const WORD_SIGNS = tableOfSigns('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_$');

/** Whether a UTF-16 code belongs to a word. */
export const isWordSign = (code: number) => (code < 128 ? WORD_SIGNS[code] === 1 : !isForeignPunctuation(code));

/** Calls back with every word (identifier) of a text. */
export function eachWord(text: string, hear: (word: string) => void): void {
  let start = -1;
  for (let index = 0; index <= text.length; index++) {
    if (index < text.length && isWordSign(text.charCodeAt(index))) {
      if (start < 0) start = index;
    } else if (start >= 0) {
      if (index - start > 1) hear(text.slice(start, index));
      start = -1;
    }
  }
}

/** Signs beyond ASCII that separate words: Latin-1 signs, general punctuation to symbols, CJK punctuation. */
function isForeignPunctuation(code: number): boolean {
  if (code < 0xc0) return code !== 0xaa && code !== 0xb5 && code !== 0xba;
  return (
    code === 0xd7 ||
    code === 0xf7 ||
    (code >= 0x2000 && code <= 0x2bff) ||
    (code >= 0x3000 && code <= 0x303f) ||
    (code >= 0xfe30 && code <= 0xff0f) ||
    code === 0xfffd
  );
}
