/** Words in a row that nobody writes twice by chance. */
const COPIED = 6;
const WORD = /[\p{L}\p{N}_]+/gu;
const LINK = /\bhttps?:\/\/[^\s)>\]"'`]+/gi;
/** What is marked as a whole: code of several words, a link, a word. */
const PIECE = new RegExp(`\`[^\`\\n]*\\s[^\`\\n]*\`|${LINK.source}|${WORD.source}`, 'giu');

/**
 * Marks what a record repeats from outside, so that nothing a tool printed can stand in the project's memory as if
 * the model or the user had said it: copied sentences and commands are put in quotes, links are left out. What the
 * user's own words say too is left alone. `heard` is what tools answered.
 */
export function quoteForeign(text: string, heard: readonly string[], own: string): string {
  const foreign = heard.map(inWords);
  const known = inWords(own);
  const isForeign = (words: readonly string[]) => {
    const run = ` ${words.join(' ')} `;
    return !known.includes(run) && foreign.some((said) => said.includes(run));
  };
  const pieces = [...text.matchAll(PIECE)].map(({ 0: said, index }) => ({
    said,
    from: index,
    copied: said.startsWith('`') && isForeign(wordsIn(said)),
  }));
  const words = pieces.flatMap((piece) => wordsIn(piece.said).map((word) => ({ word, piece })));
  for (let at = 0; at + COPIED <= words.length; at++) {
    const run = words.slice(at, at + COPIED);
    if (isForeign(run.map(({ word }) => word))) for (const { piece } of run) piece.copied = true;
  }
  let quoted = '';
  let done = 0;
  pieces.forEach(({ said, from, copied }, at) => {
    const begins = copied && !pieces[at - 1]?.copied;
    const ends = copied && !pieces[at + 1]?.copied;
    const between = text.slice(done, from);
    const shown = said.replace(LINK, (link) => (own.includes(link) ? link : '(link left out)'));
    quoted += copied && !begins ? between.replaceAll('"', "'") : between;
    quoted += `${begins ? '"' : ''}${copied ? shown.replaceAll('`', '').replaceAll('"', "'") : shown}${ends ? '"' : ''}`;
    done = from + said.length;
  });
  return (quoted + text.slice(done)).replaceAll('""', '"');
}

function wordsIn(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** All words of a text in one line, so that a run of them can be looked for whatever stands between. */
function inWords(text: string): string {
  return ` ${wordsIn(text).join(' ')} `;
}
