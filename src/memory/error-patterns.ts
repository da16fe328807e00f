import type { Database } from 'better-sqlite3';
import type { Clock } from '../platform/clock.ts';
import { clean } from './clean.ts';
import { type ErrorDatabaseOptions, errorDatabase } from './error-database.ts';
import { countOf, index, insert, lineOf, prune, remove, rowOf, rowOfLine } from './error-rows.ts';
import { numberOf, patternOf, textOf } from './error-schema.ts';
import type { ErrorPatterns, Hit, Pattern, TaskQuery } from './pattern.ts';
import { nearest, sameFailure } from './recall.ts';
import type { Failure } from './signature.ts';
import { weightOf, wordsOf } from './words.ts';

export interface ErrorPatternsOptions extends ErrorDatabaseOptions {
  clock: Clock;
  /** Whether a path of the project still exists; lessons about files that are gone fade. */
  exists?: (path: string) => boolean;
  /** The store forgets its least useful lessons beyond these. Default: 100,000 rows and 96 MB. */
  bounds?: { rows: number; bytes: number };
}

/** Opens the store; cheap, since the file is touched only when something is asked of it. Never throws. */
export function openErrorPatterns(options: ErrorPatternsOptions): ErrorPatterns {
  const { clock, exists, bounds = { rows: 100_000, bytes: 96_000_000 } } = options;
  const { use, close: dispose } = errorDatabase(options);
  const now = () => clock.now().toISOString().slice(0, 19).replace('T', ' ');

  /** Inserts within the bounds; `fields` are named as the columns. */
  const keep = (db: Database, fields: object): number => {
    prune(db, bounds);
    return insert(db, rowOf({ ...fields, timestamp: now(), last_seen: now() }));
  };

  return {
    recallForTask: (query) => use('read', [], (db) => recall(db, query, clock.now(), exists)),

    recallForFailure: (failure) =>
      use('read', undefined, (db) => {
        const rows = db
          .prepare(
            "SELECT * FROM error_patterns WHERE signature = ? AND what_fixed <> '' ORDER BY last_seen DESC LIMIT 50",
          )
          .all(clean(failure.signature, 300));
        return sameFailure(failure, rows.map(patternOf), exists);
      }),

    open: (failure, task) =>
      use('write', 0, (db) =>
        db
          .transaction(() => {
            const row = rowOf(fieldsOf(failure, task));
            const known = db
              .prepare(
                "SELECT id FROM error_patterns WHERE signature = ? AND subject = ? ORDER BY what_fixed = '', id LIMIT 1",
              )
              .get(row.signature, row.subject);
            const id = numberOf(known, 'id');
            if (id === undefined) return keep(db, row);
            db.prepare(
              'UPDATE error_patterns SET count = count + 1, last_seen = ?, command = ?, exit_status = ? WHERE id = ?',
            ).run(now(), row.command, failure.exit, id);
            return id;
          })
          .immediate(),
      ),

    close: (id, fix) =>
      use('write', undefined, (db) => {
        const { what_fixed, file_path, code_context } = rowOf({
          what_fixed: fix.whatFixed,
          file_path: fix.filePath,
          code_context: fix.codeContext,
        });
        db.transaction(() => {
          db.prepare(
            `UPDATE error_patterns SET what_fixed = ?, file_path = coalesce(nullif(?, ''), file_path),
             code_context = nullif(?, ''), resolved_by = ? WHERE id = ?`,
          ).run(what_fixed, file_path, code_context, fix.resolvedBy, id);
          index(db, id);
        }).immediate();
      }),

    reword: (id, words) =>
      use('write', undefined, (db) => {
        const { what_failed, what_fixed } = rowOf({ what_failed: words.whatFailed, what_fixed: words.whatFixed });
        db.transaction(() => {
          db.prepare(
            `UPDATE error_patterns SET what_failed = coalesce(nullif(?, ''), what_failed),
             what_fixed = coalesce(nullif(?, ''), what_fixed), resolved_by = 'wrap-up' WHERE id = ? AND what_fixed <> ''`,
          ).run(what_failed, what_fixed, id);
          index(db, id);
        }).immediate();
      }),

    hit: (id, moment) =>
      use('write', 0, (db) => {
        const added = db
          .prepare('INSERT INTO recalls (pattern_id, time, moment) VALUES (?, ?, ?)')
          .run(id, now(), moment);
        db.prepare(
          `DELETE FROM recalls WHERE pattern_id = ? AND id NOT IN
           (SELECT id FROM recalls WHERE pattern_id = ? ORDER BY id DESC LIMIT 20)`,
        ).run(id, id);
        return Number(added.lastInsertRowid);
      }),

    settle: (hitId, passed) =>
      use('write', undefined, (db) =>
        db
          .transaction(() => {
            const hit = db.prepare('SELECT pattern_id FROM recalls WHERE id = ? AND passed IS NULL').get(hitId);
            if (hit === undefined) return;
            db.prepare('UPDATE recalls SET passed = ? WHERE id = ?').run(Number(passed), hitId);
            const counter = passed ? 'helped' : 'ignored';
            db.prepare(`UPDATE error_patterns SET ${counter} = ${counter} + 1 WHERE id = ?`).run(
              numberOf(hit, 'pattern_id'),
            );
          })
          .immediate(),
      ),

    list: ({ limit = 100, offset = 0 } = {}) =>
      use('read', [], (db) =>
        db
          .prepare(
            'SELECT * FROM error_patterns ORDER BY coalesce(last_seen, timestamp) DESC, id DESC LIMIT ? OFFSET ?',
          )
          .all(limit, offset)
          .map(patternOf),
      ),

    show: (id) =>
      use('read', undefined, (db) => {
        const row = db.prepare('SELECT * FROM error_patterns WHERE id = ?').get(id);
        if (row === undefined) return undefined;
        const hits = db.prepare('SELECT * FROM recalls WHERE pattern_id = ? ORDER BY id').all(id);
        return { ...patternOf(row), hits: hits.map(hitOf) };
      }),

    add: (lesson) =>
      use('write', 0, (db) =>
        db
          .transaction(() =>
            keep(db, {
              task_summary: lesson.taskSummary,
              error_type: lesson.errorType,
              what_failed: lesson.whatFailed,
              what_fixed: lesson.whatFixed,
              file_path: lesson.filePath,
              language: lesson.language,
              code_context: lesson.codeContext,
              resolved_by: lesson.resolvedBy,
            }),
          )
          .immediate(),
      ),

    forget: (id) => use('write', false, (db) => db.transaction(() => remove(db, [id]) > 0).immediate()),

    exportLines: () =>
      use('read', [], (db) =>
        db.prepare("SELECT * FROM error_patterns WHERE what_fixed <> '' ORDER BY id").all().map(lineOf),
      ),

    importLines: (lines) =>
      use('write', { added: 0, known: 0, broken: 0 }, (db) =>
        db
          .transaction(() => {
            const taken = { added: 0, known: 0, broken: 0 };
            const keyOf = (row: unknown) => `${textOf(row, 'what_failed')}\n${textOf(row, 'what_fixed')}`;
            const known = new Set(db.prepare('SELECT what_failed, what_fixed FROM error_patterns').all().map(keyOf));
            for (const line of lines) {
              if (line.trim() === '') continue;
              const row = rowOfLine(line, now());
              if (row === undefined) taken.broken++;
              else if (known.has(keyOf(row))) taken.known++;
              else {
                known.add(keyOf(row));
                insert(db, row);
                taken.added++;
                if (taken.added % 5_000 === 0) prune(db, bounds);
              }
            }
            prune(db, bounds);
            return taken;
          })
          .immediate(),
      ),

    count: () => use('read', 0, countOf),

    check: () =>
      use('read', [], (db) =>
        db
          .prepare('PRAGMA integrity_check(10)')
          .all()
          .map((row) => textOf(row, 'integrity_check'))
          .filter((line) => line !== 'ok'),
      ),

    dispose,
  };
}

function fieldsOf(failure: Failure, task: string): object {
  return {
    task_summary: task,
    error_type: failure.errorType,
    what_failed: failure.headline,
    file_path: failure.frame?.path ?? failure.files[0],
    language: failure.language,
    signature: failure.signature,
    subject: failure.subject,
    command: failure.check.name,
    exit_status: failure.exit,
  };
}

/** Counting and ranking stop here: a word of more lessons than this decides nothing and would cost the most. */
const COMMON = 3_000;

/** The candidates come from the full-text index by the task's rarest words, and from the files; `nearest` decides. */
function recall(db: Database, query: TaskQuery, now: Date, exists: ErrorPatternsOptions['exists']): Pattern[] {
  // The highest id instead of a count: nearly the same, and not a walk through the table.
  const total = numberOf(db.prepare('SELECT max(id) AS id FROM error_patterns').get(), 'id') ?? 0;
  if (total === 0) return [];
  const documents = db.prepare(
    `SELECT count(*) AS found FROM (SELECT 1 FROM error_search WHERE error_search MATCH ? LIMIT ${COMMON})`,
  );
  const known = new Map<string, number>();
  const frequency = (word: string) => {
    const count = known.get(word) ?? numberOf(documents.get(`"${word}"`), 'found') ?? 0;
    known.set(word, count);
    return count;
  };
  const task = query.task.slice(0, 4_000);
  const words = [...new Set(wordsOf(task))].filter((word) => weightOf(word) === 1 && frequency(word) > 0);
  words.sort((a, b) => frequency(a) - frequency(b));
  const rare: string[] = [];
  let ranked = 0;
  for (const word of words) {
    ranked += frequency(word);
    if (frequency(word) < COMMON && ranked < 3 * COMMON) rare.push(word);
  }
  const match = (rare.length > 0 ? rare : words.slice(0, 3))
    .map((word) => `"${word}"`)
    .join(rare.length > 0 ? ' OR ' : ' AND ');
  const byWords = db.prepare(
    `SELECT p.* FROM (SELECT rowid FROM error_search WHERE error_search MATCH ? ORDER BY rank LIMIT 80) AS found
     JOIN error_patterns AS p ON p.id = found.rowid WHERE p.what_fixed <> ''`,
  );
  const files = (query.files ?? []).slice(0, 20);
  const byFile = db.prepare(
    `SELECT * FROM error_patterns WHERE what_fixed <> '' AND file_path IN (${files.map(() => '?').join(', ')})
     ORDER BY last_seen DESC LIMIT 60`,
  );
  const rows = [...(match === '' ? [] : byWords.all(match)), ...byFile.all(files)];
  const lessons = new Map(rows.map(patternOf).map((pattern) => [pattern.id, pattern]));
  return nearest({ ...query, task }, [...lessons.values()], { frequency, total, now, exists });
}

function hitOf(row: unknown): Hit {
  const passed = numberOf(row, 'passed');
  return {
    time: textOf(row, 'time'),
    moment: textOf(row, 'moment') === 'failure' ? 'failure' : 'start',
    ...(passed !== undefined && { passed: passed === 1 }),
  };
}
