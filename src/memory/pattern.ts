import { oneLine } from '../platform/one-line.ts';
import type { Failure } from './signature.ts';
import type { ErrorType } from './toolchains/toolchain.ts';

/** One lesson of errors.db. The first nine fields are Nex AI's columns, the rest are nex's. */
export interface Pattern {
  id: number;
  /** When it was first seen, UTC, `2026-01-02 03:04:05`. */
  timestamp: string;
  taskSummary: string;
  errorType: string;
  whatFailed: string;
  /** Empty while nobody has found out. */
  whatFixed: string;
  filePath?: string;
  language?: string;
  codeContext?: string;
  /** Undefined for rows that were written by hand or by Nex AI. */
  signature?: string;
  subject?: string;
  /** The normalised command that failed. */
  command?: string;
  exitStatus?: number;
  /** How many times it was seen. */
  count: number;
  lastSeen: string;
  /** How the fix is known. */
  resolvedBy?: ResolvedBy;
  /** How often the next run of the check passed after the lesson was recalled, and how often it did not. */
  helped: number;
  ignored: number;
}

/** `edits`: the check passed after them; `wrap-up`: the same in the model's words; `user`, `rejection`, `import`: told. */
export type ResolvedBy = 'edits' | 'wrap-up' | 'user' | 'rejection' | 'import';

/** A time when a lesson was brought up, and what came of it. */
export interface Hit {
  time: string;
  moment: Moment;
  /** Whether the check that was run next passed; undefined while none was. */
  passed?: boolean;
}

/** `start`: in the prompt of a task; `failure`: in the result of the command that failed. */
export type Moment = 'start' | 'failure';

export interface Fix {
  /** What was changed, in a sentence or two. */
  whatFixed: string;
  filePath?: string;
  codeContext?: string;
  resolvedBy: ResolvedBy;
}

/** A lesson told rather than observed: by the user, by a rejected diff. */
export interface Lesson extends Fix {
  taskSummary: string;
  errorType: ErrorType;
  whatFailed: string;
  language?: string;
}

export interface TaskQuery {
  task: string;
  /** Default: that of the first file which has one. */
  language?: string;
  /** Files that the task will likely touch, nearest first. */
  files?: readonly string[];
  /** Default 3. */
  limit?: number;
}

/**
 * The store of lessons. No method throws for a broken, locked, full or read-only database: the task goes on
 * without, and `onNotice` hears why, once.
 */
export interface ErrorPatterns {
  /** Solved lessons that bear on the task, best first; none when nothing is near enough. Changes nothing. */
  recallForTask(query: TaskQuery): Pattern[];
  /** What is known of this very failure and how it was fixed; undefined when it is new or was never solved. */
  recallForFailure(failure: Pick<Failure, 'signature' | 'subject' | 'errorType' | 'files'>): Pattern | undefined;
  /** Notes a failure: a new row, or one more count of a known one. Answers the row's id; 0 when it could not be kept. */
  open(failure: Failure, task: string): number;
  /** Stores what fixed a failure. A later fix replaces an earlier one: it is what worked last. */
  close(id: number, fix: Fix): void;
  /** Better words for a closed entry. */
  reword(id: number, words: { whatFailed?: string; whatFixed?: string }): void;
  /** Notes that a lesson was brought up; answers the id for `settle`. */
  hit(id: number, moment: Moment): number;
  /** Notes what came of it: the next run of the check passed, or failed the same way again. */
  settle(hitId: number, passed: boolean): void;
  /** Newest first. */
  list(options?: { limit?: number; offset?: number }): Pattern[];
  show(id: number): (Pattern & { hits: Hit[] }) | undefined;
  add(lesson: Lesson): number;
  /** False when there is no such row. */
  forget(id: number): boolean;
  /** One JSON object per lesson. */
  exportLines(): string[];
  /** Takes lines of `exportLines`; what is known already is skipped, what cannot be read is counted. */
  importLines(lines: Iterable<string>): { added: number; known: number; broken: number };
  count(): number;
  /** Full integrity check for `nex doctor`: what is wrong, or an empty list. Slow on a large store. */
  check(): string[];
  dispose(): void;
}

/**
 * A lesson in one line, as the model reads it: what failed, what fixed it, where. Both stand in quotes: what a tool
 * printed, a diff held or a colleague's file said is data, whatever it says.
 */
export function patternLine({ whatFailed, whatFixed, filePath, resolvedBy }: Pattern): string {
  const where = filePath === undefined || whatFixed.includes(filePath) ? '' : ` in ${filePath}`;
  if (whatFixed === '') return `${quote(whatFailed, 300)}${where}`;
  const link = resolvedBy === 'rejection' ? "the user's reason" : 'fixed by';
  return `${quote(whatFailed, 300)}; ${link}: ${quote(whatFixed, 400)}${where}`;
}

/** The note that joins a failing command's result when its failure is known, or one that differs only in its names. */
export function seenBefore(pattern: Pattern, subject: string | undefined): string {
  const times = pattern.count === 1 ? 'once' : `${pattern.count} times`;
  const what = pattern.subject === subject ? 'Seen before' : 'Much the same was seen before';
  return `[nex] ${what} (#${pattern.id}, ${times}): ${patternLine(pattern)}`;
}

function quote(text: string, limit: number): string {
  return `"${oneLine(text.replaceAll('"', "'"), limit)}"`;
}
