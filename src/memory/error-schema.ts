import type { Database } from 'better-sqlite3';
import type { Pattern, ResolvedBy } from './pattern.ts';

/** The newest layout this program knows; `user_version` of a database says which one it has. */
export const SCHEMA_VERSION = 3;

/** Nex AI's table, column by column as it made it. Older copies of it lack `code_context`. */
const ORIGINAL = `
  CREATE TABLE IF NOT EXISTS error_patterns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    timestamp TEXT NOT NULL DEFAULT (datetime('now')),
    task_summary TEXT NOT NULL,
    error_type TEXT NOT NULL,
    what_failed TEXT NOT NULL,
    what_fixed TEXT NOT NULL,
    file_path TEXT,
    language TEXT,
    code_context TEXT
  );
  CREATE INDEX IF NOT EXISTS idx_error_language ON error_patterns(language);
  CREATE INDEX IF NOT EXISTS idx_error_type ON error_patterns(error_type);
`;

const ADDED_COLUMNS = {
  code_context: 'TEXT',
  signature: 'TEXT',
  subject: 'TEXT',
  command: 'TEXT',
  exit_status: 'INTEGER',
  count: 'INTEGER NOT NULL DEFAULT 1',
  last_seen: 'TEXT',
  resolved_by: 'TEXT',
  helped: 'INTEGER NOT NULL DEFAULT 0',
  ignored: 'INTEGER NOT NULL DEFAULT 0',
};

/**
 * Brings a database to the newest layout: a new one, one of Nex AI, or one of an older nex. One transaction, so that
 * two processes cannot both do it and a killed one leaves the old layout.
 */
export function migrate(db: Database): void {
  const steps = [
    () => {
      db.exec(ORIGINAL);
      const there = new Set(
        db
          .prepare('PRAGMA table_info(error_patterns)')
          .all()
          .map((row) => textOf(row, 'name')),
      );
      for (const [name, type] of Object.entries(ADDED_COLUMNS)) {
        if (!there.has(name)) db.exec(`ALTER TABLE error_patterns ADD COLUMN ${name} ${type}`);
      }
      db.exec(`
        CREATE INDEX IF NOT EXISTS nex_signature ON error_patterns(signature, subject);
        CREATE INDEX IF NOT EXISTS nex_file ON error_patterns(file_path);
        CREATE TABLE IF NOT EXISTS recalls (
          id INTEGER PRIMARY KEY,
          pattern_id INTEGER NOT NULL,
          time TEXT NOT NULL,
          moment TEXT NOT NULL,
          passed INTEGER
        );
        CREATE INDEX IF NOT EXISTS nex_recalls ON recalls(pattern_id);
      `);
    },
    () => {
      // Words only: the text itself stays in the table. Kept in step by hand, so that the file needs no triggers.
      db.exec(`
        CREATE VIRTUAL TABLE IF NOT EXISTS error_search USING fts5(words, content='', contentless_delete=1);
        CREATE VIRTUAL TABLE IF NOT EXISTS error_words USING fts5vocab(error_search, 'row');
      `);
    },
    // The words of the layout before had other stems: `indexMissing` puts them in anew.
    () => db.exec("INSERT INTO error_search(error_search) VALUES ('delete-all')"),
  ];
  dropStrangers(db);
  if (versionOf(db) === SCHEMA_VERSION) return;
  db.transaction(() => {
    for (let version = versionOf(db); version < steps.length; version++) {
      steps[version]?.();
      db.pragma(`user_version = ${version + 1}`);
    }
  }).immediate();
}

export function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/** A database can come with a clone; triggers and views in it would run statements that nobody here wrote. nex has none. */
function dropStrangers(db: Database): void {
  const strangers = db.prepare("SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view')").all();
  for (const stranger of strangers) {
    const name = textOf(stranger, 'name').replaceAll('"', '""');
    db.exec(`DROP ${textOf(stranger, 'type') === 'view' ? 'VIEW' : 'TRIGGER'} "${name}"`);
  }
}

/** A field of a row as text; empty when it is missing, NULL or a blob. */
export function textOf(row: unknown, field: string): string {
  const value = fieldOf(row, field);
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A field of a row as a whole number, or undefined. */
export function numberOf(row: unknown, field: string): number | undefined {
  const value = fieldOf(row, field);
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : undefined;
}

function fieldOf(row: unknown, field: string): unknown {
  return typeof row === 'object' && row !== null ? Object.getOwnPropertyDescriptor(row, field)?.value : undefined;
}

const RESOLVERS: readonly ResolvedBy[] = ['edits', 'wrap-up', 'user', 'rejection', 'import'];

/** A row of `error_patterns`, whoever wrote it, as a pattern. */
export function patternOf(row: unknown): Pattern {
  const optional = (field: string) => textOf(row, field) || undefined;
  const resolvedBy = RESOLVERS.find((name) => name === textOf(row, 'resolved_by'));
  const [filePath, language, codeContext] = [optional('file_path'), optional('language'), optional('code_context')];
  const [signature, subject, command] = [optional('signature'), optional('subject'), optional('command')];
  const exitStatus = numberOf(row, 'exit_status');
  return {
    id: numberOf(row, 'id') ?? 0,
    timestamp: textOf(row, 'timestamp'),
    taskSummary: textOf(row, 'task_summary'),
    errorType: textOf(row, 'error_type'),
    whatFailed: textOf(row, 'what_failed'),
    whatFixed: textOf(row, 'what_fixed'),
    ...(filePath !== undefined && { filePath }),
    ...(language !== undefined && { language }),
    ...(codeContext !== undefined && { codeContext }),
    ...(signature !== undefined && { signature }),
    ...(subject !== undefined && { subject }),
    ...(command !== undefined && { command }),
    ...(exitStatus !== undefined && { exitStatus }),
    count: numberOf(row, 'count') ?? 1,
    lastSeen: textOf(row, 'last_seen') || textOf(row, 'timestamp'),
    ...(resolvedBy !== undefined && { resolvedBy }),
    helped: numberOf(row, 'helped') ?? 0,
    ignored: numberOf(row, 'ignored') ?? 0,
  };
}
