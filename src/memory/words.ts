import { stem } from '../platform/stem.ts';

/**
 * Words that say nothing about what a task or a failure is about. The second list is the small talk of programming,
 * and what every path is made of: it counts, but little, so that "add a test" and "fix the test", or two files in
 * `src` that end in `.js`, are not about the same thing.
 */
const SILENT = new Set(
  `a an and are as at be been but by can could did do does for from get gets got had has have how i if in into is it
  its let me my new no not now of off on once one only or our out over please should so some such than that the their
  them then there these they this those to too up us use used uses using via was we were what when where which while
  who why will with without would you your`.split(/\s+/),
);
const SMALL_TALK = new Set(
  `bin cjs cpp cts dist js json jsx kt lib md mjs mts php py rb rs spec src toml ts tsx txt yaml yml
  add allow break bug build call change check class code command comment config correct create default delete
  display edit ensure error expect fail failure feature file fix function handle implement improve insert issue keep
  line list load main make message method module move name need object option output page param parameter pass path
  problem program project refactor remove rename render replace report request response result return run save set
  show simple start stop string support task test text type undefined update user value variable version wrong
  write`
    .split(/\s+/)
    .map(stem),
);

/**
 * The words of a text for comparing texts: lower case, camelCase and snake_case split, each by its stem,
 * silent words left out. Scripts without spaces give pairs of characters. Repeats are kept.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [run] of text.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(run)) {
      const characters = [...run];
      if (characters.length === 1) words.push(run);
      for (let i = 0; i + 1 < characters.length; i++) words.push(`${characters[i]}${characters[i + 1]}`);
      continue;
    }
    for (const part of run.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').split(' ')) {
      const word = part.toLowerCase();
      if (word.length > 1 && word.length <= 40 && !SILENT.has(word)) words.push(stem(word));
    }
  }
  return words;
}

/** How much a word says: 1, or little when every programmer uses it every day. */
export function weightOf(word: string): number {
  return SMALL_TALK.has(word) || /^\d+$/.test(word) ? 0.2 : 1;
}
