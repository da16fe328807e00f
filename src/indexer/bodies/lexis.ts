/** How a language is read just well enough to know where a function's body ends and that nothing is defined in it. */
export interface Lexis {
  /** Whose strings, comments and numbers it has. */
  like: 'c' | 'cpp' | 'csharp' | 'java' | 'go' | 'rust' | 'php';
  /** Words before parentheses that a block follows: `if (…) {`. */
  control?: string;
  /** Words whose braces hold declarations: bodies are looked for in there. */
  scopes?: string;
  /** Words whose braces hold fields: a body with one of them may define something. */
  types?: string;
  /** Words that may define something wherever they stand in a body. */
  defines?: string;
  /** Words that begin a statement or an expression: what follows them is no declaration. */
  begins?: string;
  /** The word that every function begins with; without one, a name and parentheses make a function. */
  keyword?: string;
  /** `name(…) {` in a body defines something, or may be read as if it did. */
  methods?: boolean;
  /** What is written may be a macro that stands for a statement, or for part of one. */
  macros?: boolean;
  /** A line that begins with `#` is for a preprocessor. */
  directives?: boolean;
}

/** A language whose blocks are told by how far they are indented. */
export type IndentedLexis = { like: 'python' } | { like: 'ruby' };

/** A language that grew out of JavaScript. */
export interface EcmaLexis {
  like: 'ecma';
  /** It has types. */
  typed: boolean;
  /** It has elements: `<a>…</a>`. */
  elements: boolean;
}

/** Shorter insides take longer to leave out than to parse. */
export const SHORTEST = 24;

// What a word can be, as bits; 0 is any other.
export const CONTROL = 1;
export const SCOPE = 2;
export const TYPE = 4;
export const DEFINES = 8;
export const BEGINS = 16;
export const KEYWORD = 32;

/** Slots of a table; a power of two. */
const TABLE = 1024;

/** Words that mean something, by their hash. */
export interface KeywordTable {
  words: ReadonlyArray<string | undefined>;
  kinds: Uint8Array;
}

/** `lists` are words that a blank separates, by what they are; a word may stand in several when its kinds are bits. */
export function keywordTable(lists: ReadonlyArray<readonly [kind: number, words: string | undefined]>): KeywordTable {
  const words = new Array<string | undefined>(TABLE);
  const kinds = new Uint8Array(TABLE);
  for (const [kind, list] of lists)
    for (const word of list?.split(' ') ?? []) {
      let hash = 0;
      for (let index = 0; index < word.length; index++) hash = (Math.imul(hash, 31) + word.charCodeAt(index)) | 0;
      let slot = hash & (TABLE - 1);
      while (words[slot] !== undefined && words[slot] !== word) slot = (slot + 1) & (TABLE - 1);
      words[slot] = word;
      kinds[slot] = (kinds[slot] ?? 0) | kind;
    }
  return { words, kinds };
}

const tables = new Map<Lexis, KeywordTable>();

/** The table of a language's words, made once. */
export function tableOf(lexis: Lexis): KeywordTable {
  const known = tables.get(lexis);
  if (known) return known;
  const table = keywordTable([
    [CONTROL, lexis.control],
    [SCOPE, lexis.scopes],
    [TYPE, lexis.types],
    [DEFINES, lexis.defines],
    [BEGINS, lexis.begins],
    [KEYWORD, lexis.keyword],
  ]);
  tables.set(lexis, table);
  return table;
}

/** What a word of a text is, by its hash (each sign's code added to 31 times what came before); 0 when it is no keyword. */
export function kindOfWord(
  { words, kinds }: KeywordTable,
  { text, start, end, hash }: { text: string; start: number; end: number; hash: number },
): number {
  for (let slot = hash & (TABLE - 1); ; slot = (slot + 1) & (TABLE - 1)) {
    const known = words[slot];
    if (known === undefined) return 0;
    if (known.length === end - start && text.startsWith(known, start)) return kinds[slot] ?? 0;
  }
}
