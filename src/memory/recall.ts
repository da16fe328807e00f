import type { Pattern, TaskQuery } from './pattern.ts';
import { type Failure, languageOf } from './signature.ts';
import { weightOf, wordsOf } from './words.ts';

/** Below this, a lesson is about something else. Tuned on pairs of related and unrelated tasks; see the tests. */
const NEAR_ENOUGH = 0.42;

/** What is known about the store when a lesson is weighed. */
export interface Surroundings {
  /** In how many lessons a word occurs, and how many lessons there are. */
  frequency: (word: string) => number;
  total: number;
  now: Date;
  /** Whether a path of the project still exists. */
  exists?: ((path: string) => boolean) | undefined;
}

/** What a word says that the task does not have: about the average, since asking the store about each would take long. */
const OTHER = 0.6;

/** The words of the task with what each says: rare ones much, the small talk of programming little. */
function weigh(task: string, { frequency, total }: Surroundings): Map<string, number> {
  const weights = new Map<string, number>();
  for (const word of wordsOf(task)) {
    if (weights.has(word)) continue;
    const rarity = Math.log(1 + total / (frequency(word) + 0.5)) / Math.log(1 + total / 0.5);
    weights.set(word, weightOf(word) * Math.max(0.1, rarity));
  }
  return weights;
}

/**
 * Those of the lessons that bear on the task, best first. Two words in common that mean something, or one and a file
 * in common, are the least; after that the share of what was said in common decides.
 */
export function nearest(query: TaskQuery, lessons: readonly Pattern[], around: Surroundings): Pattern[] {
  const asked = weigh(query.task, around);
  const seen = new Set<string>();
  return lessons
    .map((lesson) => ({ lesson, score: nearness(query, asked, lesson, around) }))
    .filter(({ score }) => score >= NEAR_ENOUGH)
    .sort((a, b) => b.score - a.score || b.lesson.id - a.lesson.id)
    .map(({ lesson }) => lesson)
    .filter(({ whatFixed, whatFailed }) => {
      // One cause often fails in several ways; its fix is told once.
      const key = `${whatFixed}\n${whatFixed === '' ? whatFailed : ''}`;
      return !seen.has(key) && seen.add(key) !== undefined;
    })
    .slice(0, query.limit ?? 3);
}

function nearness(query: TaskQuery, asked: Map<string, number>, lesson: Pattern, around: Surroundings): number {
  const task = new Set(wordsOf(lesson.taskSummary));
  const failure = new Set(wordsOf(`${lesson.whatFailed} ${lesson.filePath ?? ''}`));
  const common = [...asked.keys()].filter((word) => task.has(word) || failure.has(word));
  const telling = common.filter((word) => weightOf(word) === 1).length;
  const file = fileAffinity(query, lesson);
  if (telling < (file > 0 ? 1 : 2)) return 0;
  // Of three views the best: a long task may hold a short lesson, and a short task may name one part of a long lesson.
  const inTask = sumOf(common, asked) / sumOf(asked.keys(), asked);
  const said = Math.max(inTask, 0.9 * share(task, asked), 0.75 * share(failure, asked));
  return (said + file) * fade(query, lesson, around);
}

/** How much of what a lesson's text says the task says too. */
function share(text: ReadonlySet<string>, asked: ReadonlyMap<string, number>): number {
  const both = [...text].filter((word) => asked.has(word));
  return both.length === 0 ? 0 : sumOf(both, asked) / sumOf(text, asked);
}

function sumOf(words: Iterable<string>, weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const word of words) sum += weights.get(word) ?? OTHER * weightOf(word);
  return sum;
}

/** A file's name as tasks write it, with or without its folders. */
const FILE_NAME = /[\w@-][\w@./-]*\.[A-Za-z]\w{0,4}(?!\w)/g;

function fileAffinity({ task, files = [] }: TaskQuery, { filePath, taskSummary }: Pattern): number {
  if (taskSummary.match(FILE_NAME)?.some((name) => task.includes(name))) return 0.35;
  if (filePath === undefined) return 0;
  if (task.includes(filePath) || task.includes(filePath.replace(/^.*\//, ''))) return 0.35;
  const place = files.indexOf(filePath);
  return place < 0 ? 0 : 0.25 / (1 + place / 4);
}

/** What makes a lesson less worth telling: another language, a file that is gone, age, and having been of no use. */
function fade(query: TaskQuery, lesson: Pattern, { now, exists }: Surroundings): number {
  const language = query.language ?? query.files?.map(languageOf).find((known) => known !== undefined);
  const foreign = language !== undefined && lesson.language !== undefined && kin(lesson.language) !== kin(language);
  const gone = lesson.filePath !== undefined && exists?.(lesson.filePath) === false;
  const days = Math.max(0, (now.getTime() - Date.parse(`${lesson.lastSeen.replace(' ', 'T')}Z`)) / 86_400_000) || 0;
  return (foreign ? 0.6 : 1) * (gone ? 0.5 : 1) * (0.8 + 0.2 * Math.exp(-days / 180)) * usefulness(lesson);
}

/** Languages that live in one project and fail alike count as one. */
function kin(language: string): string {
  return { typescript: 'javascript', cpp: 'c', kotlin: 'java' }[language] ?? language;
}

/** 1 for a lesson without a record; up to 1.3 for one that helped, down to 0.4 for one that never did. */
function usefulness({ helped, ignored }: Pattern): number {
  return 0.4 + 1.2 * Math.min((helped + 1) / (helped + ignored + 2), 0.75);
}

/** The lesson among these, all of the failure's own signature, that is about this occurrence; undefined when none is. */
export function sameFailure(
  failure: Pick<Failure, 'subject' | 'errorType' | 'files'>,
  lessons: readonly Pattern[],
  exists?: Surroundings['exists'],
): Pattern | undefined {
  const names = new Set(wordsOf(failure.subject));
  let best: { lesson: Pattern; score: number } | undefined;
  for (const lesson of lessons) {
    const known = new Set(wordsOf(lesson.subject ?? ''));
    const smaller = Math.min(names.size, known.size);
    const overlap = smaller === 0 ? Number(names.size === known.size) : names.intersection(known).size / smaller;
    const sameFile = lesson.filePath !== undefined && failure.files.includes(lesson.filePath);
    // "expected 3 to be 4" is the same sentence for every test; only the same test or file makes it the same trap.
    const vague = failure.errorType === 'test_failure' || failure.errorType === 'runtime';
    if (vague && overlap < 0.5 && !sameFile) continue;
    const contradicted = lesson.ignored >= 2 && lesson.ignored > lesson.helped;
    const gone = lesson.filePath !== undefined && exists?.(lesson.filePath) === false;
    if ((contradicted || gone) && overlap < 1) continue;
    const score = (overlap + (sameFile ? 0.5 : 0)) * usefulness(lesson);
    if (best === undefined || score > best.score) best = { lesson, score };
  }
  return best?.lesson;
}
