/** Words in a row that nobody writes twice by chance. */
const COPIED = 6;
const WORD = /[\p{L}\p{N}_]+/gu;

/**
 * Marks what a record repeats from outside, so that nothing a tool printed can stand in the project's memory as if
 * the model or the user had said it: copied sentences and commands are put in quotes, links are left out. What the
 * user's own words say too is left alone. `heard` is what tools answered.
 */
export function quoteForeign(text: string, heard: readonly string[], own: string): string {
  const foreign = heard.map(inWords);
  const known = inWords(own);
  const isForeign = (words: string) =>
    !known.includes(` ${words} `) && foreign.some((said) => said.includes(` ${words} `));
  const plain = text
    .replace(/`([^`\n]*\s[^`\n]*)`/g, (whole, code: string) =>
      isForeign(wordsIn(code).join(' ')) ? `"${code.replaceAll('"', "'")}"` : whole,
    )
    .replace(/\bhttps?:\/\/[^\s)>\]"'`]+/gi, (link) => (own.includes(link) ? link : '(link left out)'));
  const words = [...plain.matchAll(WORD)].map(({ 0: word, index }) => ({
    word: word.toLowerCase(),
    from: index,
    to: index + word.length,
  }));
  const copied = words.map(() => false);
  for (let at = 0; at + COPIED <= words.length; at++) {
    const run = words.slice(at, at + COPIED).map(({ word }) => word);
    if (isForeign(run.join(' '))) copied.fill(true, at, at + COPIED);
  }
  let quoted = '';
  let done = 0;
  words.forEach(({ from, to }, at) => {
    const begins = copied[at] === true && copied[at - 1] !== true;
    const ends = copied[at] === true && copied[at + 1] !== true;
    quoted += plain.slice(done, from).replaceAll('"', copied[at] === true && !begins ? "'" : '"');
    quoted += `${begins ? '"' : ''}${plain.slice(from, to)}${ends ? '"' : ''}`;
    done = to;
  });
  return (quoted + plain.slice(done)).replaceAll('""', '"');
}

function wordsIn(text: string): string[] {
  return (text.match(WORD) ?? []).map((word) => word.toLowerCase());
}

/** All words of a text in one line, so that a run of them can be looked for whatever stands between. */
function inWords(text: string): string {
  return ` ${wordsIn(text).join(' ')} `;
}
