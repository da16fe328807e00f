import type { Documents } from './documents.ts';
import { add, type Columns, rarity, saturate } from './features.ts';
import type { History } from './history.ts';
import type { TaskTerms } from './task-terms.ts';

const NEAREST_COMMITS = 40;
/** A commit this far back counts half. */
const HALF_LIFE = 400;
const RECENT_HALF_LIFE = 50;
/** Fewer commits say nothing about how people here speak. */
const ENOUGH_COMMITS = 50;
const LENGTH_SHARE = 0.75;

/**
 * How much a word of a task tells, by the log: past messages are tasks too, and a word that stands in many of them
 * ("types", the project's own name) is how people here speak, not what this task is about. 1 for a rare word.
 */
export function tellingFactors(history: History): (term: string) => number {
  const { commits } = history;
  if (commits < ENOUGH_COMMITS) return () => 1;
  return (term) => Math.min(1, rarity(commits, history.postings(term)?.length ?? 0) / Math.log(1 + commits / 5));
}

/** Adds what past commits say for files. Throws DamagedIndex. */
export function addPast(documents: Documents, columns: Columns, { terms }: TaskTerms, history: History): void {
  const { commits } = history;
  const found = history.paths.map((path) => documents.find(path));
  const touched = Array.from({ length: commits }, (_, commit) =>
    history.files(commit).flatMap((file) => found[file] ?? []),
  );
  const lengths = new Float64Array(documents.size);
  let total = 0;
  for (const [commit, files] of touched.entries()) {
    total += history.length(commit);
    for (const document of files) {
      const share = 1 / Math.sqrt(history.files(commit).length);
      add(lengths, document, history.length(commit));
      add(columns.frequency, document, 0.5 ** (commit / HALF_LIFE) * share);
      add(columns.recent, document, 0.5 ** (commit / RECENT_HALF_LIFE) * share);
    }
  }
  const averageMessage = Math.max(1, total / Math.max(1, commits));
  let withPast = 0;
  let sum = 0;
  for (const length of lengths) if (length > 0) [withPast, sum] = [withPast + 1, sum + length];
  const averageFile = Math.max(1, sum / Math.max(1, withPast));
  const normal = (length: number, average: number) => 1 - LENGTH_SHARE + (LENGTH_SHARE * length) / average;

  const similar = new Float64Array(commits);
  for (const [term, weight] of terms) {
    const postings = history.postings(term);
    if (!postings) continue;
    const idf = rarity(commits, postings.length);
    const counts = new Map<number, number>();
    for (const { commit, count } of postings) {
      add(similar, commit, weight * idf * saturate(count / normal(history.length(commit), averageMessage)));
      for (const document of touched[commit] ?? []) counts.set(document, (counts.get(document) ?? 0) + count);
    }
    const inFiles = rarity(withPast, counts.size);
    for (const [document, count] of counts)
      add(columns.past, document, weight * inFiles * saturate(count / normal(lengths[document] ?? 0, averageFile)));
  }
  addVotes(documents, columns, similar, (commit) => ({
    files: touched[commit] ?? [],
    all: history.files(commit).length,
  }));
}

/** The commits most like the task vote for the files they touched, and less for the neighbours of those. */
function addVotes(
  documents: Documents,
  columns: Columns,
  similar: Float64Array,
  commitOf: (commit: number) => { files: readonly number[]; all: number },
): void {
  const nearest = Array.from(similar, (value, commit) => ({ commit, value }))
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || a.commit - b.commit)
    .slice(0, NEAREST_COMMITS);
  const best = nearest[0]?.value ?? 1;
  const byFolder = new Map<string, number>();
  for (const { commit, value } of nearest) {
    const { files, all } = commitOf(commit);
    for (const document of files) add(columns.voted, document, value / Math.sqrt(all));
    const folders = new Set(files.map((document) => folderOf(documents.path(document))));
    for (const folder of folders)
      byFolder.set(folder, (byFolder.get(folder) ?? 0) + (value / best) ** 2 / folders.size);
  }
  if (byFolder.size === 0) return;
  const members = new Map<string, number[]>([...byFolder.keys()].map((folder) => [folder, []]));
  for (let document = 0; document < documents.size; document++)
    if (documents.isAlive(document)) members.get(folderOf(documents.path(document)))?.push(document);
  for (const [folder, those] of members)
    for (const document of those) columns.near[document] = (byFolder.get(folder) ?? 0) / Math.sqrt(those.length);
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
