import type { Database, Statement } from 'better-sqlite3';
import { clean } from './clean.ts';
import { numberOf, textOf } from './error-schema.ts';
import { wordsOf } from './words.ts';

/** The columns of `error_patterns` that are text, each with the most characters it keeps. */
const TEXTS = {
  timestamp: 19,
  task_summary: 500,
  error_type: 40,
  what_failed: 1_000,
  what_fixed: 1_000,
  file_path: 400,
  language: 40,
  code_context: 500,
  signature: 300,
  subject: 200,
  command: 200,
  last_seen: 19,
  resolved_by: 20,
} as const;
const NUMBERS = ['exit_status', 'count', 'helped', 'ignored'] as const;

export type Row = Record<keyof typeof TEXTS, string> & Partial<Record<(typeof NUMBERS)[number], number>>;

/** What a team shares: the lesson, not how often it was met here. */
const SHARED = [
  'timestamp',
  'task_summary',
  'error_type',
  'what_failed',
  'what_fixed',
  'file_path',
  'language',
  'code_context',
  'signature',
  'subject',
  'command',
] as const;

/** A row from anywhere, each field cut and cleaned; missing ones are empty. */
export function rowOf(raw: unknown): Row {
  const text = (field: keyof typeof TEXTS) => clean(textOf(raw, field), TEXTS[field]);
  const row: Row = {
    timestamp: text('timestamp'),
    task_summary: text('task_summary'),
    error_type: text('error_type'),
    what_failed: text('what_failed'),
    what_fixed: text('what_fixed'),
    file_path: text('file_path'),
    language: text('language'),
    code_context: text('code_context'),
    signature: text('signature'),
    subject: text('subject'),
    command: text('command'),
    last_seen: text('last_seen'),
    resolved_by: text('resolved_by'),
  };
  for (const field of NUMBERS) {
    const value = numberOf(raw, field);
    if (value !== undefined) row[field] = value;
  }
  return row;
}

/** Statements that an import or a pruning runs once a row; preparing one takes longer than running it. */
const prepared = new WeakMap<Database, Map<string, Statement>>();

function statement(db: Database, sql: string): Statement {
  const known = prepared.get(db) ?? new Map<string, Statement>();
  prepared.set(db, known);
  const found = known.get(sql) ?? db.prepare(sql);
  known.set(sql, found);
  return found;
}

/** Inserts a row and makes it searchable; answers its id. */
export function insert(db: Database, row: Row): number {
  const values: Array<[string, string | number | null]> = Object.entries(row).map(([field, value]) => [
    field,
    // Signature and subject are compared with `=`, where NULL equals nothing; the other empty ones are NULL as in Nex AI.
    value === '' && /^(?:file_path|language|code_context|command|resolved_by)$/.test(field) ? null : value,
  ]);
  const done = statement(
    db,
    `INSERT INTO error_patterns (${values.map(([field]) => field).join(', ')}) VALUES (${values.map(() => '?').join(', ')})`,
  ).run(values.map(([, value]) => value));
  const id = Number(done.lastInsertRowid);
  index(db, id);
  return id;
}

/** Puts the words of a row, as it is now, into the full-text index. */
export function index(db: Database, id: number): void {
  const row = statement(
    db,
    'SELECT task_summary, what_failed, what_fixed, file_path FROM error_patterns WHERE id = ?',
  ).get(id);
  statement(db, 'DELETE FROM error_search WHERE rowid = ?').run(id);
  if (row === undefined) return;
  const words = ['task_summary', 'what_failed', 'what_fixed', 'file_path'].flatMap((field) =>
    wordsOf(textOf(row, field)),
  );
  statement(db, 'INSERT INTO error_search (rowid, words) VALUES (?, ?)').run(id, words.join(' '));
}

/** Indexes the rows that another program added: all of them, when the database is Nex AI's. */
export function indexMissing(db: Database): void {
  const last =
    numberOf(db.prepare('SELECT rowid AS id FROM error_search ORDER BY rowid DESC LIMIT 1').get(), 'id') ?? 0;
  const newest = numberOf(db.prepare('SELECT max(id) AS id FROM error_patterns').get(), 'id') ?? 0;
  if (newest <= last) return;
  db.transaction(() => {
    for (const row of db.prepare('SELECT id FROM error_patterns WHERE id > ?').all(last)) {
      index(db, numberOf(row, 'id') ?? 0);
    }
  }).immediate();
}

/** Removes rows with all that hangs on them; answers how many there were. */
export function remove(db: Database, ids: readonly number[]): number {
  let removed = 0;
  for (const id of ids) {
    removed += statement(db, 'DELETE FROM error_patterns WHERE id = ?').run(id).changes;
    statement(db, 'DELETE FROM error_search WHERE rowid = ?').run(id);
    statement(db, 'DELETE FROM recalls WHERE pattern_id = ?').run(id);
  }
  return removed;
}

export function countOf(db: Database): number {
  return numberOf(db.prepare('SELECT count(*) AS rows FROM error_patterns').get(), 'rows') ?? 0;
}

/**
 * Keeps the store within its bounds. A twentieth goes at a time: first what was never solved, then what did not
 * help, then what was seen least and longest ago; what a person told goes last.
 */
export function prune(db: Database, bounds: { rows: number; bytes: number }): void {
  // Cheaper than a count, and never less: most stores are far below their bounds.
  const span = numberOf(db.prepare('SELECT max(id) - min(id) + 1 AS span FROM error_patterns').get(), 'span') ?? 0;
  const rows = span < bounds.rows ? span : countOf(db);
  const pages =
    Number(db.pragma('page_count', { simple: true })) - Number(db.pragma('freelist_count', { simple: true }));
  if (rows < bounds.rows && pages * Number(db.pragma('page_size', { simple: true })) < bounds.bytes) return;
  const least = db
    .prepare(
      `SELECT id FROM error_patterns
       ORDER BY what_fixed <> '', coalesce(resolved_by, '') IN ('user', 'rejection'), helped - ignored, count,
         coalesce(last_seen, timestamp), id
       LIMIT ?`,
    )
    .all(Math.max(rows - bounds.rows + 1, Math.ceil(rows / 20)));
  remove(
    db,
    least.map((row) => numberOf(row, 'id') ?? 0),
  );
}

/** A row as a line for other people: JSON, empty fields left out. */
export function lineOf(raw: unknown): string {
  const row = rowOf(raw);
  return JSON.stringify(
    Object.fromEntries(SHARED.map((field) => [field, row[field]]).filter(([, value]) => value !== '')),
  );
}

/** The row of such a line, or undefined when it is none. */
export function rowOfLine(line: string, now: string): Row | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { timestamp, ...row } = rowOf(value);
  if (row.what_failed === '' || row.what_fixed === '') return undefined;
  // A made-up time would put a lesson first in every list.
  const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(timestamp) && timestamp < now ? timestamp : now;
  const { exit_status: _, count: __, helped: ___, ignored: ____, ...told } = row;
  return { ...told, error_type: row.error_type || 'runtime', timestamp: time, last_seen: time, resolved_by: 'import' };
}
