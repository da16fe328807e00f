import type { Documents, TermHits } from './documents.ts';
import { FIELD_COUNT, FIELDS } from './file-terms.ts';
import type { History } from './history.ts';
import { roleOf } from './roles.ts';
import { type TaskTerms, taskTerms } from './task-terms.ts';

/** What can speak for a file, or against it. */
export const FEATURES = [
  'lexical', // BM25F over all fields
  'subject', // the same for the task's first line alone
  'path', // words of the path
  'names', // names of definitions
  'comments',
  'body',
  'coverage', // share of the task's words, by weight, that the file has at all
  'stem', // the file's whole name is a word, or two adjacent words, of the task
  'stemShare', // share of the words of its name that the task has
  'exact', // defines a name that the task has
  'related', // has short or long forms of words of the task
  'mention', // the task names its path
  'past', // messages of commits that touched it
  'voted', // touched by the commits most like the task
  'frequency', // touched often, lately
  'main', // is written in the languages most of the project is written in
  'size', // logarithm of its size
  'test',
  'aside',
] as const;
export type Feature = (typeof FEATURES)[number];

/** What speaks for a file. */
export interface Candidate {
  path: string;
  language: string;
  bytes: number;
  features: Readonly<Record<Feature, number>>;
  /** Words of the task that it has, the most telling ones first. */
  matched: readonly string[];
}

export interface Evidence {
  /** Files with anything that speaks for them, in no particular order. */
  candidates: Candidate[];
  /** Files in the index. */
  files: number;
}

/** How much a term counts by where it stands, and how much length takes away there. */
const WEIGHTS = [6, 3, 3, 1.5, 1];
const LENGTH_SHARE = [0.4, 0.5, 0.6, 0.7, 0.75];
const SATURATION = 1.2;
/** A pair of words that nobody wrote joined is no term of the query: it must not count as missing either. */
const MOST_TERMS = 160;
const NEAREST_COMMITS = 40;
/** A commit this far back counts half. */
const HALF_LIFE = 400;

/** Collects what the index knows about each file in view of a task. Throws DamagedIndex. */
export function gatherEvidence(documents: Documents, task: string): Evidence {
  const asked = taskTerms(task);
  const rows = createRows(documents.size);
  const average = FIELDS.map((_, field) => documents.averageLength(field));
  const statics = { documents, rows, average };
  lexical(statics, asked);
  named(statics, asked);
  if (documents.history) past(statics, asked, documents.history);
  const candidates: Candidate[] = [];
  const languages = languageShares(documents);
  const mentioned = mentions(documents, asked.paths);
  for (let document = 0; document < documents.size; document++) {
    if (!documents.isAlive(document)) continue;
    const value = (feature: Feature) => rows[feature][document] ?? 0;
    const path = documents.path(document);
    if (mentioned.has(document)) rows.mention[document] = mentioned.get(document) ?? 0;
    const speaks =
      value('lexical') +
      value('related') +
      value('mention') +
      value('past') +
      value('voted') +
      value('stem') +
      value('exact');
    if (speaks === 0) continue;
    const role = roleOf(path);
    const language = documents.language(document);
    const bytes = documents.bytes(document);
    candidates.push({
      path,
      language,
      bytes,
      features: {
        ...(Object.fromEntries(FEATURES.map((feature) => [feature, value(feature)])) as Record<Feature, number>),
        main: languages.get(language) ?? 0,
        size: Math.log2(1 + bytes / 64),
        test: role === 'test' && !asked.asksForTests ? 1 : 0,
        aside: role === 'aside' && !asked.asksForAside ? 1 : 0,
      },
      matched: (rows.matched.get(document) ?? [])
        .sort((a, b) => b.value - a.value || (a.word < b.word ? -1 : 1))
        .map(({ word }) => word)
        .slice(0, 6),
    });
  }
  return { candidates, files: documents.count };
}

type Rows = Record<Feature, Float64Array> & { matched: Map<number, Array<{ word: string; value: number }>> };

function createRows(size: number): Rows {
  const columns = Object.fromEntries(FEATURES.map((feature) => [feature, new Float64Array(size)]));
  return { ...(columns as Record<Feature, Float64Array>), matched: new Map() };
}

interface Gathering {
  documents: Documents;
  rows: Rows;
  average: readonly number[];
}

/** Rarer terms tell more: ln((N - n + ½) / (n + ½) + 1). */
const rarity = (all: number, having: number) => Math.log(1 + (all - having + 0.5) / (having + 0.5));
const saturate = (value: number) => (value * (SATURATION + 1)) / (value + SATURATION);

function lexical({ documents, rows, average }: Gathering, { terms, subject, related }: TaskTerms): void {
  let asked = 0;
  const heaviest = [...terms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_TERMS);
  for (const [term, weight] of heaviest) {
    const hits = documents.hits(term);
    const joined = term.startsWith('=');
    if (hits.documents.length === 0 && joined) continue;
    const idf = rarity(documents.count, hits.documents.length);
    if (!joined) asked += idf * weight;
    const subjectWeight = subject.get(term) ?? 0;
    for (const [index, document] of hits.documents.entries()) {
      const parts = fieldScores(documents, hits, index, document, average);
      const score = idf * saturate(parts.all) * weight;
      add(rows.lexical, document, score);
      add(rows.subject, document, idf * saturate(parts.all) * subjectWeight);
      add(rows.path, document, idf * saturate(parts.path) * weight);
      add(rows.names, document, idf * saturate(parts.names) * weight);
      add(rows.comments, document, idf * saturate(parts.comments) * weight);
      add(rows.body, document, idf * saturate(parts.body) * weight);
      if (!joined) {
        add(rows.coverage, document, idf * weight);
        if (parts.stem > 0) add(rows.stemShare, document, 1 / Math.max(1, documents.length(document, 0) - 1));
      }
      note(rows, document, term, score);
    }
  }
  if (asked > 0)
    for (let document = 0; document < documents.size; document++)
      rows.coverage[document] = (rows.coverage[document] ?? 0) / asked;
  for (const [term, weight] of related) {
    if (terms.has(term)) continue;
    const hits = documents.hits(term);
    const idf = rarity(documents.count, hits.documents.length);
    for (const [index, document] of hits.documents.entries()) {
      const { path, names } = fieldScores(documents, hits, index, document, average);
      add(rows.related, document, idf * saturate(path * 2 + names) * weight);
    }
  }
}

const add = (row: Float64Array, document: number, value: number) => {
  row[document] = (row[document] ?? 0) + value;
};

function note(rows: Rows, document: number, term: string, value: number): void {
  const noted = rows.matched.get(document);
  const word = { word: term.replace(/^=/, ''), value };
  if (noted) noted.push(word);
  else rows.matched.set(document, [word]);
}

function fieldScores(
  documents: Documents,
  hits: TermHits,
  index: number,
  document: number,
  average: readonly number[],
) {
  const score = (field: number) => {
    const count = hits.counts[index * FIELD_COUNT + field] ?? 0;
    if (count === 0) return 0;
    const share = LENGTH_SHARE[field] ?? 0;
    const length = documents.length(document, field) / (average[field] ?? 1);
    return ((WEIGHTS[field] ?? 0) * count) / (1 - share + share * length);
  };
  const [stem, folder, names, comments, body] = [score(0), score(1), score(2), score(3), score(4)];
  return { all: stem + folder + names + comments + body, path: stem + folder, stem, names, comments, body };
}

/** Files whose name, or one of whose definitions, the task has word for word. */
function named({ documents, rows }: Gathering, { names }: TaskTerms): void {
  for (const [name, weight] of names) {
    const files = documents.hits(`/${name}`).documents;
    for (const document of files) add(rows.stem, document, weight / Math.sqrt(files.length));
    const hits = documents.hits(`=${name}`);
    const defining = hits.documents.filter((_, index) => (hits.counts[index * FIELD_COUNT + 2] ?? 0) > 0);
    for (const document of defining) add(rows.exact, document, weight / Math.sqrt(defining.length));
  }
}

function past({ documents, rows }: Gathering, { terms }: TaskTerms, history: History): void {
  const { commits, paths } = history;
  const found = paths.map((path) => documents.find(path));
  let total = 0;
  const lengths = new Float64Array(documents.size);
  for (let commit = 0; commit < commits; commit++) {
    total += history.length(commit);
    const files = history.files(commit);
    for (const file of files) {
      const document = found[file];
      if (document === undefined) continue;
      add(lengths, document, history.length(commit));
      add(rows.frequency, document, 0.5 ** (commit / HALF_LIFE) / Math.sqrt(files.length));
    }
  }
  const averageMessage = Math.max(1, total / Math.max(1, commits));
  let touched = 0;
  let sum = 0;
  for (const length of lengths) if (length > 0) [touched, sum] = [touched + 1, sum + length];
  const averageFile = Math.max(1, sum / Math.max(1, touched));

  const similar = new Float64Array(commits);
  for (const [term, weight] of terms) {
    const postings = history.postings(term);
    if (!postings) continue;
    const idf = rarity(commits, postings.length);
    const counts = new Map<number, number>();
    for (const { commit, count } of postings) {
      const length = 0.25 + (0.75 * history.length(commit)) / averageMessage;
      add(similar, commit, weight * idf * saturate(count / length));
      for (const file of history.files(commit)) {
        const document = found[file];
        if (document !== undefined) counts.set(document, (counts.get(document) ?? 0) + count);
      }
    }
    const inFiles = rarity(touched, counts.size);
    for (const [document, count] of counts) {
      const length = 0.25 + (0.75 * (lengths[document] ?? 0)) / averageFile;
      add(rows.past, document, weight * inFiles * saturate(count / length));
    }
  }
  const nearest = Array.from(similar, (value, commit) => ({ commit, value }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.commit - b.commit)
    .slice(0, NEAREST_COMMITS);
  for (const { commit, value } of nearest) {
    const files = history.files(commit);
    for (const file of files) {
      const document = found[file];
      if (document !== undefined) add(rows.voted, document, value / Math.sqrt(files.length));
    }
  }
}

/** Share of the project's bytes by language. */
function languageShares({ languageBytes }: Documents): Map<string, number> {
  const total = [...languageBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  return new Map(Array.from(languageBytes, ([language, bytes]) => [language, bytes / Math.max(1, total)]));
}

/** Documents whose path the task names: 1 for a whole path, less for an ending that several share. */
function mentions(documents: Documents, wanted: readonly string[]): Map<number, number> {
  const found = new Map<number, number>();
  if (wanted.length === 0) return found;
  const endings = new Map<string, number[]>(wanted.map((path) => [path, []]));
  for (let document = 0; document < documents.size; document++) {
    if (!documents.isAlive(document)) continue;
    const path = documents.path(document);
    for (let at = 0; at >= 0; at = path.indexOf('/', at) + 1 || -1) endings.get(path.slice(at))?.push(document);
  }
  for (const [, those] of endings)
    for (const document of those) found.set(document, Math.max(found.get(document) ?? 0, 1 / those.length));
  return found;
}
