import type { Documents } from './documents.ts';
import { add, type Columns, FEATURES, rarity, saturate } from './features.ts';
import { FIELD_COUNT, FIELDS } from './file-terms.ts';
import { addPast, tellingFactors } from './past-evidence.ts';
import { type TaskTerms, taskTerms } from './task-terms.ts';
import { splitIdentifier } from './terms.ts';

/** What the index knows in view of a task. Files go by numbers. */
export interface Evidence {
  /** The numbers of all files in the index, rising. */
  living: Uint32Array;
  /** A value for each number. */
  columns: Readonly<Columns>;
  /** How much the task says: 0 for a sentence of about twenty terms, down to -1.25 for three words, up to 2 for a page. */
  detail: number;
  path(file: number): string;
  language(file: number): string;
  bytes(file: number): number;
  /** Words of the task that a file has, the most telling ones first: as the task writes them and as the index does. */
  matched(file: number): MatchedWord[];
}

export interface MatchedWord {
  written: string;
  term: string;
}

/** How much a term counts by where it stands, and how much length takes away there. */
const WEIGHTS = [6, 3, 3, 1.5, 1];
const LENGTH_SHARE = [0.4, 0.5, 0.6, 0.7, 0.75];
/** A task with more words than this is a log that somebody pasted: the weightiest are enough. */
const MOST_TERMS = 160;
const MOST_MATCHED = 6;

/** Collects what the index knows about each file in view of a task. Throws DamagedIndex. */
export function gatherEvidence(documents: Documents, task: string): Evidence {
  const asked = taskTerms(task);
  const columns = Object.fromEntries(FEATURES.map((feature) => [feature, new Float64Array(documents.size)])) as Columns;
  const { history } = documents;
  const telling = history ? tellingFactors(history) : () => 1;
  const matches = addLexical(documents, columns, asked, telling);
  addNamed(documents, columns, asked);
  addPlaces(documents, columns, asked);
  if (history) addPast(documents, columns, asked, history);
  return {
    living: addStatic(documents, columns, asked),
    columns,
    detail: detailOf(asked),
    path: (file) => documents.path(file),
    language: (file) => documents.language(file),
    bytes: (file) => documents.bytes(file),
    matched: (file) =>
      matches
        .flatMap(({ written, term, documents: having, scores }) => {
          const at = placeOf(having, file);
          return at < 0 ? [] : [{ written, term, score: scores[at] ?? 0 }];
        })
        .sort((a, b) => b.score - a.score || (a.term < b.term ? -1 : 1))
        .slice(0, MOST_MATCHED)
        .map(({ written, term }) => ({ written, term })),
  };
}

/**
 * Grows with the logarithm of the number of terms, as what one more of them tells shrinks; within the lengths of the
 * tasks that weights were fitted on.
 */
const detailOf = ({ terms }: TaskTerms) => Math.min(2, Math.max(-1.25, Math.log(1 + terms.size) - 3));

/** Which documents a word of the task matched, rising, and how much it was worth there. */
interface Match extends MatchedWord {
  documents: Uint32Array;
  scores: Float32Array;
}

function addLexical(
  documents: Documents,
  columns: Columns,
  { terms, written, subject, related, literals }: TaskTerms,
  telling: (term: string) => number,
): Match[] {
  const boosts = fieldBoosts(documents);
  const matches: Match[] = [];
  let asked = 0;
  const heaviest = [...terms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_TERMS);
  for (const [term, asWritten] of heaviest) {
    const { documents: having, counts } = documents.hits(term);
    const joined = term.startsWith('=');
    // A pair of words that nobody wrote joined is no term of the query: it must not count as missing either.
    if (having.length === 0 && joined) continue;
    const factor = telling(term);
    const weight = rarity(documents.count, having.length) * asWritten * factor;
    const subjectWeight = rarity(documents.count, having.length) * (subject.get(term) ?? 0) * factor;
    if (!joined) asked += weight;
    const scores = new Float32Array(having.length);
    for (let index = 0; index < having.length; index++) {
      const document = having[index] ?? 0;
      const from = index * FIELD_COUNT;
      const boost = document * FIELD_COUNT;
      const stem = (counts[from] ?? 0) * (boosts[boost] ?? 0);
      const path = stem + (counts[from + 1] ?? 0) * (boosts[boost + 1] ?? 0);
      const names = (counts[from + 2] ?? 0) * (boosts[boost + 2] ?? 0);
      const comments = (counts[from + 3] ?? 0) * (boosts[boost + 3] ?? 0);
      const body = (counts[from + 4] ?? 0) * (boosts[boost + 4] ?? 0);
      const all = path + names + comments + body;
      scores[index] = weight * saturate(all);
      // Between files that all have a word, how often still tells: the root grows on where a saturation stops.
      add(columns.lexical, document, weight * Math.sqrt(all));
      if (subjectWeight > 0) add(columns.subject, document, subjectWeight * saturate(all));
      if (path > 0) add(columns.path, document, weight * saturate(path));
      if (names > 0) add(columns.names, document, weight * saturate(names));
      if (body > 0) add(columns.body, document, weight * saturate(body));
      if (joined) continue;
      add(columns.coverage, document, weight);
      if (stem > 0)
        add(columns.stemShare, document, 1 / Math.max(1, (documents.lengths[document * FIELD_COUNT] ?? 0) - 1));
    }
    matches.push({
      written: written.get(term) ?? term,
      term: term.replace(/^=/, ''),
      documents: having,
      scores,
    });
  }
  divide(columns.coverage, asked);
  addRelated(documents, columns, { terms, related }, boosts);
  addLiterals(documents, columns.literal, literals);
  return matches;
}

/** What one occurrence in a field is worth in a document: its weight, less in long fields. */
function fieldBoosts({ lengths, averageLength }: Documents): Float64Array {
  const boosts = new Float64Array(lengths.length);
  const averages = FIELDS.map((_, field) => averageLength(field));
  for (let field = 0; field < FIELD_COUNT; field++) {
    const [weight, share, average] = [WEIGHTS[field] ?? 0, LENGTH_SHARE[field] ?? 0, averages[field] ?? 1];
    for (let at = field; at < lengths.length; at += FIELD_COUNT)
      boosts[at] = weight / (1 - share + (share * (lengths[at] ?? 0)) / average);
  }
  return boosts;
}

function addRelated(
  documents: Documents,
  columns: Columns,
  { terms, related }: Pick<TaskTerms, 'terms' | 'related'>,
  boosts: Float64Array,
): void {
  for (const [term, written] of related) {
    if (terms.has(term)) continue;
    const { documents: having, counts } = documents.hits(term);
    const weight = rarity(documents.count, having.length) * written;
    for (const [index, document] of having.entries()) {
      const value = (field: number) =>
        (counts[index * FIELD_COUNT + field] ?? 0) * (boosts[document * FIELD_COUNT + field] ?? 0);
      add(columns.related, document, weight * saturate((value(0) + value(1)) * 2 + value(2)));
    }
  }
}

function addLiterals(documents: Documents, column: Float64Array, literals: readonly string[]): void {
  let all = 0;
  for (const literal of literals) {
    const { documents: having } = documents.hits(literal);
    if (having.length === 0) continue;
    const weight = rarity(documents.count, having.length);
    all += weight;
    for (const document of having) add(column, document, weight);
  }
  divide(column, all);
}

function divide(column: Float64Array, by: number): void {
  if (by > 0) for (let at = 0; at < column.length; at++) column[at] = (column[at] ?? 0) / by;
}

/** Files whose name, or one of whose definitions, the task has word for word. */
function addNamed(documents: Documents, columns: Columns, { names }: TaskTerms): void {
  for (const [name, weight] of names) {
    const files = documents.hits(`/${name}`).documents;
    for (const document of files) add(columns.stem, document, weight / Math.sqrt(files.length));
    const { documents: having, counts } = documents.hits(`=${name}`);
    const defining = having.filter((_, index) => (counts[index * FIELD_COUNT + 2] ?? 0) > 0);
    for (const document of defining) add(columns.exact, document, weight / Math.sqrt(defining.length));
  }
}

/** Files that the task names by path, or in whose place it says it stands. */
function addPlaces(documents: Documents, columns: Columns, { paths, scopes }: TaskTerms): void {
  if (paths.length + scopes.length === 0) return;
  const named = new Map<string, number[]>(paths.map((path) => [path, []]));
  for (let document = 0; document < documents.size; document++) {
    if (!documents.isAlive(document)) continue;
    const path = documents.path(document);
    for (const [ending, those] of named)
      if (path.endsWith(ending) && (path.length === ending.length || path.at(-ending.length - 1) === '/'))
        those.push(document);
    if (scopes.length > 0 && standsIn(path, scopes)) columns.scope[document] = 1;
  }
  // 1 for a whole path, less for an ending that several share.
  for (const those of named.values())
    for (const document of those)
      columns.mention[document] = Math.max(columns.mention[document] ?? 0, 1 / those.length);
}

const standsIn = (path: string, scopes: readonly string[]) =>
  path
    .split('/')
    .some((part) => scopes.includes(splitIdentifier(part.replace(/^\./, '').replace(/\.[^.]*$/, '')).join('')));

/** What a file that tests, or stands aside, loses of that when the task asks for such files: it then changes them too. */
const ASKED_FOR = 0.3;

/** Adds what does not depend on the words of the task. Returns the numbers of the living documents. */
function addStatic(documents: Documents, columns: Columns, { asksForTests, asksForAside }: TaskTerms): Uint32Array {
  const total = [...documents.languageBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const test = asksForTests ? ASKED_FOR : 1;
  const aside = asksForAside ? ASKED_FOR : 1;
  const alive = new Uint32Array(documents.count);
  let count = 0;
  for (let document = 0; document < documents.size; document++) {
    if (!documents.isAlive(document)) continue;
    alive[count++] = document;
    const role = documents.role(document);
    columns.main[document] = (documents.languageBytes.get(documents.language(document)) ?? 0) / Math.max(1, total);
    columns.size[document] = Math.log2(1 + documents.bytes(document) / 64) / 10;
    if (role === 'test') columns.test[document] = test;
    else if (role === 'aside') columns.aside[document] = aside;
  }
  return alive;
}

/** The position of a number in a rising list; -1 when it is not there. */
function placeOf(list: Uint32Array, wanted: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = list[middle] ?? 0;
    if (value === wanted) return middle;
    if (value < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
