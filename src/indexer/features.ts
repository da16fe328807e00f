/** What can speak for a file, or against it. */
export const FEATURES = [
  'lexical', // words of the task in all fields: BM25F with a root in place of its saturation
  'subject', // BM25F for the task's first line alone
  'path', // words of the path
  'names', // names of definitions
  'body',
  'coverage', // share of the task's words, by weight, that the file has at all
  'literal', // share of what the task writes as code that the file has
  'stem', // the file's whole name is a word, or two adjacent words, of the task
  'stemShare', // share of the words of its name that the task has
  'scope', // stands where the task begins by saying: `fix(router): …`
  'exact', // defines a name that the task has
  'related', // has short or long forms of words of the task
  'mention', // the task names its path
  'past', // messages of commits that touched it
  'voted', // touched by the commits most like the task
  'near', // stands in a folder that they touched
  'frequency', // touched often
  'recent', // touched lately
  'main', // is written in the languages most of the project is written in
  'size', // logarithm of its size, 1 at 64 kB
  'test',
  'aside',
] as const;
export type Feature = (typeof FEATURES)[number];
export type Columns = Record<Feature, Float64Array>;

const SATURATION = 1.2;

/** Rarer terms tell more: ln((N - n + ½) / (n + ½) + 1). */
export const rarity = (all: number, having: number) => Math.log(1 + (all - having + 0.5) / (having + 0.5));
export const saturate = (value: number) => (value * (SATURATION + 1)) / (value + SATURATION);
export const add = (column: Float64Array, document: number, value: number) => {
  column[document] = (column[document] ?? 0) + value;
};
