import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { codeOf, messageOf } from '../errors.ts';
import { indexMissing, insert, type Row, rowOf } from './error-rows.ts';
import { migrate, SCHEMA_VERSION, textOf, versionOf } from './error-schema.ts';

export interface ErrorDatabaseOptions {
  /** `.nex/errors.db`. Created at the first write, in a folder that must exist. */
  path: string;
  /** The SQLite addon, where it is not found beside the program. */
  nativeBinding?: string;
  /** Hears, once each, why something could not be read or kept. */
  onNotice?: (text: string) => void;
}

/** The one door to errors.db: opens it when first needed, mends it, and never lets its troubles reach the task. */
export interface ErrorDatabase {
  /** Runs `work` on the open database; when that cannot be, says why and answers `otherwise`. */
  use<T>(need: 'read' | 'write', otherwise: T, work: (db: Database.Database) => T): T;
  close(): void;
}

interface Connection {
  db: Database.Database;
  readonly: boolean;
  notice?: string;
}

const NEWER = 'errors.db was written by a newer nex: its lessons are used, nothing new is learned.';
const READ_ONLY = 'errors.db cannot be written: its lessons are used, nothing new is learned.';

export function errorDatabase(options: ErrorDatabaseOptions): ErrorDatabase {
  const { path } = options;
  let connection: Connection | undefined;
  let inode = 0n;
  let closed = false;
  const told = new Set<string>();
  const notice = (text: string) => {
    if (told.has(text)) return;
    told.add(text);
    options.onNotice?.(text);
  };
  const disconnect = () => {
    try {
      connection?.db.close();
    } catch (error) {
      notice(`errors.db could not be closed: ${messageOf(error)}`);
    }
    connection = undefined;
  };

  return {
    use(need, otherwise, work) {
      // A damaged file is set aside and the work done on the new one; a second failure is not an accident any more.
      for (let attempt = 0; attempt < 3 && !closed; attempt++) {
        try {
          if (connection === undefined) {
            if (need === 'read' && !existsSync(path)) return otherwise;
            // Taken before opening, so that a file another process puts there is never mistaken for the broken one.
            inode = inodeOf(path);
            connection = connect(options);
            if (connection.notice !== undefined) notice(connection.notice);
          }
          if (need === 'write' && connection.readonly) return otherwise;
          return work(connection.db);
        } catch (error) {
          const code = sqliteCode(error);
          if (code === undefined && !(error instanceof Unusable)) throw error;
          if (code !== undefined && /^SQLITE_(?:CORRUPT|NOTADB)/.test(code) && attempt < 2) {
            disconnect();
            if (setAside(options, inode, notice)) continue;
          }
          notice(`errors.db cannot be used: ${messageOf(error)}`);
          // Busy and full may pass. Anything else stays, and to say it at every step would help nobody.
          if (code === undefined || !/^SQLITE_(?:BUSY|FULL)/.test(code)) {
            disconnect();
            closed = true;
          }
          return otherwise;
        }
      }
      return otherwise;
    },

    close() {
      disconnect();
      closed = true;
    },
  };
}

/** A reason of nex's own why the file is left alone. */
class Unusable extends Error {}

function connect(options: ErrorDatabaseOptions): Connection {
  const { path } = options;
  const info = lstatSync(path, { throwIfNoEntry: false });
  // A clone can bring a link to someone else's database, or a pipe that never ends.
  if (info !== undefined && !info.isFile()) throw new Unusable(`${path} is not a regular file.`);
  const db = open(options, false);
  try {
    db.pragma('trusted_schema = OFF');
    // A small file is checked whole before it is believed; a large one when it misbehaves, and by `nex doctor`.
    if (info !== undefined && info.size < 2_000_000) quickCheck(db);
    if (versionOf(db) > SCHEMA_VERSION) {
      db.close();
      return { db: open(options, true), readonly: true, notice: NEWER };
    }
    useWal(db);
    migrate(db);
    indexMissing(db);
    return { db, readonly: false };
  } catch (error) {
    db.close();
    if (!/^SQLITE_(?:READONLY|CANTOPEN|PERM)/.test(sqliteCode(error) ?? '')) throw error;
    return { db: open(options, true), readonly: true, notice: READ_ONLY };
  }
}

function open({ path, nativeBinding }: ErrorDatabaseOptions, readonly: boolean): Database.Database {
  try {
    return new Database(path, { timeout: 3_000, readonly, ...(nativeBinding !== undefined && { nativeBinding }) });
  } catch (error) {
    if (sqliteCode(error) !== undefined) throw error;
    // The addon would not load (an old system library), or the folder is missing.
    throw new Unusable(messageOf(error), { cause: error });
  }
}

function quickCheck(db: Database.Database): void {
  const found = textOf(db.prepare('PRAGMA quick_check(1)').get(), 'quick_check');
  if (found !== 'ok') throw new Database.SqliteError(found, 'SQLITE_CORRUPT');
}

/** Readers and one writer at a time, without blocking each other. The switch itself can collide with another process. */
function useWal(db: Database.Database): void {
  for (let attempt = 0; db.pragma('journal_mode', { simple: true }) !== 'wal'; attempt++) {
    try {
      db.pragma('journal_mode = WAL');
    } catch (error) {
      if (attempt >= 100 || sqliteCode(error) !== 'SQLITE_BUSY') throw error;
      pause();
    }
  }
  // A killed process loses nothing; a power cut may lose the last entry, never more.
  db.pragma('synchronous = NORMAL');
}

function sqliteCode(error: unknown): string | undefined {
  return error instanceof Database.SqliteError ? (codeOf(error) ?? '') : undefined;
}

function inodeOf(path: string): bigint {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? 0n;
}

/** How long another process may take to mend the database; a lock that is older was left by one that was killed. */
const MENDING_MS = 10_000;

/**
 * Moves a broken file out of the way and carries over what can still be read, one process at a time: between the look
 * whether it is still the broken one and the move, another could put the new one there. False when it could not be moved.
 */
function setAside(options: ErrorDatabaseOptions, broken: bigint, notice: (text: string) => void): boolean {
  const lock = `${options.path}.mending`;
  try {
    while (!takeLock(lock)) pause();
  } catch (error) {
    notice(`errors.db is damaged and cannot be moved: ${messageOf(error)}`);
    return false;
  }
  try {
    return moveAside(options, broken, notice);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** False while another process has it. Throws where nothing can be written. */
function takeLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > MENDING_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}

function moveAside(options: ErrorDatabaseOptions, broken: bigint, notice: (text: string) => void): boolean {
  const { path } = options;
  // Another process was quicker: the file that is there now is the new one.
  if (inodeOf(path) !== broken) return true;
  // Three are kept; a file that breaks again and again must not fill the disk with copies.
  const asides = [`${path}.corrupt`, `${path}.corrupt-2`, `${path}.corrupt-3`];
  const aside = asides.find((name) => !existsSync(name)) ?? `${path}.corrupt-3`;
  try {
    for (const suffix of ['-wal', '-shm', '']) {
      rmSync(`${aside}${suffix}`, { force: true });
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
    }
  } catch (error) {
    notice(`errors.db is damaged and cannot be moved: ${messageOf(error)}`);
    return false;
  }
  const carried = carryOver(aside, options);
  notice(`errors.db was damaged. It is kept as ${aside}; ${carried} of its lessons were carried over.`);
  return true;
}

/** Copies what can be read of a damaged file into a new one; as far as it can be read is as far as it goes. */
function carryOver(aside: string, options: ErrorDatabaseOptions): number {
  const rows: Row[] = [];
  let broken: Database.Database | undefined;
  try {
    broken = open({ ...options, path: aside }, true);
    for (const row of broken.prepare('SELECT * FROM error_patterns LIMIT 100000').iterate()) {
      const kept = rowOf(row);
      if (kept.what_failed !== '') rows.push(kept);
    }
  } catch (error) {
    if (sqliteCode(error) === undefined && !(error instanceof Unusable)) throw error;
  }
  broken?.close();
  if (rows.length === 0) return 0;
  const { db } = connect(options);
  db.transaction(() => {
    for (const row of rows) insert(db, row);
  }).immediate();
  db.close();
  return rows.length;
}
