import { type Check, covers, readChecks, within } from './check.ts';
import { type Edit, fixOf } from './fix.ts';
import { type ErrorPatterns, type Pattern, seenBefore } from './pattern.ts';
import { type Failure, languageOf, type Run, readRun } from './signature.ts';
import { wordsOf } from './words.ts';

/** What the learner makes of an event. */
export interface Learned {
  /** Joins the failing tool's result, for the model to read. */
  note?: string;
  /** Lessons that were brought up by this failure. */
  recalled: readonly Pattern[];
  /** Lessons that this success completed. */
  learned: readonly Pattern[];
}

/**
 * Learns from what happens in a task, without asking anybody: a failure opens an entry, edits are remembered, and
 * when the same check passes, the entry closes with those edits as the fix. Holds no lock and no promise: a task that
 * dies in the middle leaves at most an entry without a fix.
 */
export interface Learner {
  /** The next turn of a chat: what is still open stays open, so that a failure of one turn can be mended in another. */
  begin(task: string, recalled: readonly Pattern[]): void;
  afterCommand(run: Pick<Run, 'command' | 'exit' | 'output'>): Learned;
  /** A file was written. `patch` is the unified diff as the model saw it, secrets already taken out. */
  afterEdit(edit: Edit): void;
  /** A write was refused by the file's own content, such as an `old_text` that is not there. */
  afterFailedEdit(edit: { path: string; error: string }): Learned;
  /** A person turned a diff down and said why. `patch` is git's unified diff. */
  afterRejection(rejection: { reason: string; patch: string }): Learned;
}

interface OpenEntry {
  id: number;
  failure: Failure;
  edits: Edit[];
  commands: string[];
  /** The failure is gone, though its check still fails for another reason: later edits are not its fix. */
  settled: boolean;
  /** The lesson that was brought up, waiting for its check to run again. */
  told?: { hit: number; lesson: Pattern };
}

export function createLearner(options: {
  patterns: ErrorPatterns;
  /** The task in the user's words. */
  task: string;
  /** Real path of the project, to make paths in outputs relative. */
  root?: string;
  /** Lessons that the task's prompt tells; what becomes of them is noted. */
  recalled?: readonly Pattern[];
}): Learner {
  const { patterns, root } = options;
  const entries = new Map<string, OpenEntry>();
  /** One note per failure and task: the second would only cost tokens. */
  const noted = new Set<string>();
  const started = new Map<Pattern, number>();
  let { task } = options;
  const begin = (next: string, recalled: readonly Pattern[]) => {
    task = next;
    noted.clear();
    started.clear();
    for (const pattern of recalled) started.set(pattern, patterns.hit(pattern.id, 'start'));
  };
  begin(task, options.recalled ?? []);

  const meet = (failures: readonly Failure[]): Learned => {
    const recalled: Pattern[] = [];
    const notes: string[] = [];
    for (const failure of failures.slice(0, 3)) {
      const key = keyOf(failure);
      for (const [pattern, hit] of started) {
        // The warning was in the prompt, and it happened all the same.
        if (pattern.signature !== failure.signature || pattern.subject !== failure.subject) continue;
        patterns.settle(hit, false);
        started.delete(pattern);
      }
      const entry = entries.get(key);
      if (entry !== undefined) {
        // It failed the same way again: what was suggested did not help, and what was changed is not yet the fix.
        if (entry.told !== undefined && entry.edits.length > 0) {
          patterns.settle(entry.told.hit, false);
          delete entry.told;
        }
        entry.settled = false;
        patterns.open(failure, task);
        continue;
      }
      const known = noted.has(key) ? undefined : patterns.recallForFailure(failure);
      const id = patterns.open(failure, task);
      const opened: OpenEntry = { id, failure, edits: [], commands: [], settled: false };
      if (known !== undefined) {
        noted.add(key);
        recalled.push(known);
        notes.push(seenBefore(known, failure.subject));
        opened.told = { hit: patterns.hit(known.id, 'failure'), lesson: known };
      }
      entries.set(key, opened);
    }
    return { recalled, learned: [], ...(notes.length > 0 && { note: notes.join('\n') }) };
  };

  const finish = (passed: (entry: OpenEntry) => boolean): Pattern[] => {
    const learned: Pattern[] = [];
    for (const [key, entry] of entries) {
      if (!passed(entry)) continue;
      entries.delete(key);
      if (entry.told !== undefined) patterns.settle(entry.told.hit, true);
      const { edits, commands, failure } = entry;
      // It passed with nothing changed in between: a flaky check, and nothing to learn from.
      if (edits.length === 0 && commands.length === 0) continue;
      const aboutMachine = failure.errorType === 'environment' || failure.errorType === 'import';
      const fix = fixOf(edits, edits.length === 0 || aboutMachine ? commands : [], failure.files);
      // The lesson was followed: its words, perhaps better ones than a diff's, are still true.
      if (entry.told?.lesson.id === entry.id && saysTheSame(entry.told.lesson.whatFixed, fix.whatFixed)) continue;
      patterns.close(entry.id, fix);
      const pattern = patterns.show(entry.id);
      if (pattern !== undefined) learned.push(pattern);
    }
    return learned;
  };

  return {
    begin,

    afterCommand({ command, exit, output }) {
      const { failures, passed, toolchain } = readRun({ command, exit, output, ...(root !== undefined && { root }) });
      if (failures.length > 0) {
        const now = new Set(failures.map(keyOf));
        for (const [key, entry] of entries) {
          const sameCheck = entry.failure.check.name === failures[0]?.check.name;
          if (sameCheck && !now.has(key) && entry.edits.length + entry.commands.length > 0) entry.settled = true;
        }
        return meet(failures);
      }
      const learned = finish(({ failure }) => passed.some((check) => proves(check, toolchain, failure)));
      for (const [pattern, hit] of started) {
        if (!passed.some(({ name }) => name === pattern.command)) continue;
        patterns.settle(hit, true);
        started.delete(pattern);
      }
      if (learned.length === 0 && exit === 0 && readChecks(command).changes) {
        for (const entry of entries.values()) {
          if (!entry.settled && !passed.some(({ program }) => program === entry.failure.check.program)) {
            entry.commands.push(command);
          }
        }
      }
      return { recalled: [], learned };
    },

    afterEdit(edit) {
      for (const entry of entries.values()) if (!entry.settled) entry.edits.push(edit);
      finish(({ failure }) => failure.toolchain === 'edit' && failure.files.includes(edit.path));
    },

    afterFailedEdit({ path, error }) {
      const headline = error.split('\n')[0]?.slice(0, 300) ?? '';
      const known = languageOf(path);
      const check: Check = { name: `edit ${path}`, program: 'edit', targets: [path], folder: '' };
      return meet([
        {
          toolchain: 'edit',
          ...(known !== undefined && { language: known }),
          errorType: 'logic',
          signature: `edit logic: ${path}`,
          subject: path,
          headline: headline.includes(path) ? headline : `${path}: ${headline}`,
          check,
          files: [path],
          exit: null,
        },
      ]);
    },

    afterRejection({ reason, patch }) {
      const edits = editsOf(patch);
      const { whatFixed: change, codeContext } = fixOf(edits, [], []);
      const first = edits[0]?.path;
      const known = languageOf(first);
      const id = patterns.add({
        taskSummary: task,
        errorType: 'logic',
        whatFailed: `The user turned down this change: ${change}`,
        whatFixed: reason.trim() === '' ? 'No reason was given.' : reason.trim(),
        ...(first !== undefined && { filePath: first }),
        ...(known !== undefined && { language: known }),
        ...(codeContext !== undefined && { codeContext }),
        resolvedBy: 'rejection',
      });
      const lesson = patterns.show(id);
      return { recalled: [], learned: lesson === undefined ? [] : [lesson] };
    },
  };
}

function keyOf({ signature, subject }: Failure): string {
  return `${signature}\n${subject}`;
}

/** Whether this check passing shows that the failure is gone. */
function proves(passed: Check, toolchain: string | undefined, failure: Failure): boolean {
  if (covers(passed, failure.check)) return true;
  // `npm test` failed in vitest, and `npx vitest run tests/cart.test.ts` passes: the same tool, on the failing file.
  if (toolchain !== failure.toolchain || passed.folder !== failure.check.folder) return false;
  const runsTests = /test|spec|check|verify/.test(passed.program);
  if ((failure.errorType === 'test_failure' || failure.errorType === 'runtime') && !runsTests) return false;
  return (
    passed.targets.length === 0 || failure.files.some((file) => passed.targets.some((target) => within(file, target)))
  );
}

/** Whether two fixes are mostly about the same things. */
function saysTheSame(one: string, other: string): boolean {
  const [few, many] = [new Set(wordsOf(one)), new Set(wordsOf(other))].sort((a, b) => a.size - b.size);
  return few !== undefined && many !== undefined && few.intersection(many).size >= few.size / 2;
}

/** A unified diff over several files, file by file. */
function editsOf(patch: string): Edit[] {
  return patch.split(/^(?=diff --git )/m).flatMap((part) => {
    const named = [/^\+\+\+ (?:b\/)?(\S.*)$/m, /^--- (?:a\/)?(\S.*)$/m].map((line) => line.exec(part)?.[1]?.trim());
    const path = named.find((name) => name !== undefined && name !== '/dev/null');
    return path === undefined ? [] : [{ path, patch: part }];
  });
}
