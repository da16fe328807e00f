/**
 * How many columns a text takes on a terminal. A table of our own, because the packages that do this cost 30 ms at
 * start; the tests hold it against one of them. Expects text without control characters.
 */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const cluster of clustersOf(text)) width += clusterWidth(cluster);
  return width;
}

/** The text as a person counts characters: an emoji with its modifiers is one. */
export function clustersOf(text: string): Iterable<string> {
  if (PLAIN.test(text)) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Made when first needed: it takes 10 ms. */
let segmenter: Intl.Segmenter | undefined;

/** At most that many columns of the text; `…` stands for what is left out. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const cluster of clustersOf(text)) {
    width += clusterWidth(cluster);
    if (width > columns - 1) break;
    kept += cluster;
  }
  return columns > 0 ? `${kept}…` : '';
}

/** One column each, and no combining with neighbours: ASCII, Latin, Greek, Cyrillic, dashes, signs, arrows, lines and our own marks. */
const PLAIN =
  /^[ -~\xa1-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u2100-\u22ff\u2500-\u259f\u25a0-\u25cf\u2610-\u2612\u2713-\u2718]*$/;
const EMOJI =
  /^(?!.\ufe0e)(?:\p{Emoji_Presentation}|\p{Emoji}\ufe0f|\p{Regional_Indicator})|\u200d\p{Extended_Pictographic}/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Format}]/u;
/** Format characters that are seen all the same, such as the Arabic number sign. */
const SEEN = /[\u0600-\u0605\u06dd\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;
/** A syllable is as wide as its first part. */
const HANGUL = /^[\u1100-\u11ff\ua960-\ua97c\uac00-\ud7fb]/;

function clusterWidth(cluster: string): number {
  if (PLAIN.test(cluster)) return cluster.length;
  if (EMOJI.test(cluster)) return 2;
  let width = 0;
  for (const character of cluster) {
    if (character === '\u200d') break;
    if (!INVISIBLE.test(character) || SEEN.test(character)) width += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
    if (HANGUL.test(cluster) && width > 0) break;
  }
  return width;
}

/** East Asian Wide and Fullwidth beside emoji, in pairs of first and last. */
const WIDE = [
  0x1100, 0x115f, 0x2329, 0x232a, 0x2630, 0x2637, 0x268a, 0x268f, 0x2e80, 0x303e, 0x3041, 0x3247, 0x3250, 0xa4c6,
  0xa960, 0xa97c, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe10, 0xfe19, 0xfe30, 0xfe6b, 0xff01, 0xff60, 0xffe0, 0xffe6,
  0x16fe0, 0x18df2, 0x1aff0, 0x1b2fb, 0x1d300, 0x1d376, 0x1f200, 0x1f265, 0x20000, 0x3fffd,
];

function isWide(code: number): boolean {
  if (code < 0x1100) return false;
  for (let index = 0; index < WIDE.length; index += 2) {
    if (code >= (WIDE[index] ?? 0) && code <= (WIDE[index + 1] ?? 0)) return true;
  }
  return false;
}
