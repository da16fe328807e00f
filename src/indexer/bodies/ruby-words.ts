import { isNameSign } from './scan.ts';
import {
  APOSTROPHE,
  AT,
  BACKTICK,
  BANG,
  CLOSE,
  COLON,
  DOLLAR,
  DOT,
  QUESTION,
  QUOTE,
  SPACE,
  UNBRACE,
  UNBRACKET,
} from './tokens.ts';

/** Words behind which a value begins. */
const BEFORE_VALUE = new Set(
  'and begin case do else elsif ensure if in not or rescue return then unless until when while yield'.split(' '),
);
/** Words that are a value, or behind which none begins. */
const VALUES = new Set('class end false nil self super true __FILE__ __LINE__ __method__'.split(' '));

/** What stands before a sign: nothing that it could go on with, a value, a word that may be called with what follows, a `def` or dot. */
export const NOTHING = 0;
export const VALUE = 1;
export const CALLED = 2;
export const NAMED = 3;

/** Whether a word may hold this sign: a dollar begins one. */
export const isWord = (code: number) => code !== DOLLAR && isNameSign(code);

/** What stands before a sign, of the code that begins at `from`. */
export function standsBefore(text: string, at: number, from: number): number {
  let last = at - 1;
  while (last >= from && text.charCodeAt(last) <= SPACE) last--;
  if (last < from) return NOTHING;
  const code = text.charCodeAt(last);
  if (code === CLOSE || code === UNBRACKET || code === UNBRACE) return VALUE;
  if (code === QUOTE || code === APOSTROPHE || code === BACKTICK) return VALUE;
  if (code === DOT) return text.charCodeAt(last - 1) === DOT ? NOTHING : NAMED;
  let first = last;
  if ((code === QUESTION || code === BANG) && isWord(text.charCodeAt(last - 1))) first--;
  else if (!isWord(code)) return NOTHING;
  while (first > from && isWord(text.charCodeAt(first - 1))) first--;
  const word = text.slice(first, last + 1);
  const sign = text.charCodeAt(first - 1);
  if (sign === DOT) return CALLED;
  if (sign === COLON || sign === AT || sign === DOLLAR) return VALUE;
  if (BEFORE_VALUE.has(word)) return NOTHING;
  if (VALUES.has(word) || (word >= '0' && word < ':')) return VALUE;
  return word === 'def' ? NAMED : CALLED;
}
