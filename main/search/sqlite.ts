import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as sqlite from 'node:sqlite';
import type { DatabaseSync } from 'node:sqlite';

export type Sqlite = typeof sqlite;

/** SQLite with full-text search where this runtime has it (Node 22.13 and later), else null. */
export function loadSqlite(): Sqlite | null {
  // Asked of the process rather than imported, so that older runtimes can still load this module.
  const found: Sqlite | undefined = process.getBuiltinModule('node:sqlite');
  if (!found) return null;
  try {
    const probe = new found.DatabaseSync(':memory:');
    probe.exec(`CREATE VIRTUAL TABLE probe USING fts5(text, content='', contentless_delete=1)`);
    probe.close();
    return found;
  } catch {
    return null;
  }
}

/** Raise it whenever the tables or the words of a record change: an older index is then thrown away. */
const schemaVersion = 2;

const schema = `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, collection TEXT NOT NULL, signature TEXT NOT NULL,
    records INTEGER NOT NULL, -- alive, as the vault counts them
    bytes INTEGER NOT NULL, -- read so far
    prefix TEXT NOT NULL -- hash of those bytes: tells a grown file from a changed one
  );
  CREATE TABLE records (
    id INTEGER PRIMARY KEY, -- also the row in the full-text table
    key TEXT NOT NULL UNIQUE, -- collection/id
    collection TEXT NOT NULL, file INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL,
    created_ms INTEGER NOT NULL, demoted INTEGER NOT NULL, version TEXT NOT NULL
  );
  CREATE INDEX records_of_file ON records (file);
  -- The text itself stays in the vault's files; titles and bodies here are words only. Beginnings of two letters answer
  -- for those of one too; longer ones are few enough words to be put together.
  CREATE VIRTUAL TABLE words USING fts5(
    title, body, content='', contentless_delete=1, prefix='2', tokenize="ascii tokenchars '+#'"
  );
  -- Titles once more, by themselves: found at once where a word stands in too many records to rank them all.
  CREATE VIRTUAL TABLE titles USING fts5(
    title, content='', contentless_delete=1, prefix='2', tokenize="ascii tokenchars '+#'"
  );
  PRAGMA user_version = ${schemaVersion};
`;

const indexName = 'index.sqlite';
const lockName = 'writer.sqlite';

/**
 * Opens the index, making or replacing it where it is missing, damaged or of another version. In memory where the
 * folder cannot be written (a vault on a read-only disk): slower to start, the same answers.
 */
export function openIndex(sqlite: Sqlite, folder: string): OpenIndex {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      return { database: openFile(sqlite, folder) ?? replaceFile(sqlite, folder), isShared: true };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return { database: replaceFile(sqlite, folder), isShared: true };
    }
  } catch {
    return { database: prepared(new sqlite.DatabaseSync(':memory:')), isShared: false };
  }
}

export interface OpenIndex {
  readonly database: DatabaseSync;
  /** Whether other processes can have it open too. */
  readonly isShared: boolean;
}

/** For a look at an index that is there; throws where none is, or it is damaged. */
export function openToRead(sqlite: Sqlite, folder: string): DatabaseSync {
  return new sqlite.DatabaseSync(join(folder, indexName), { readOnly: true });
}

function openFile(sqlite: Sqlite, folder: string): DatabaseSync | null {
  const database = new sqlite.DatabaseSync(join(folder, indexName));
  try {
    database.exec('PRAGMA busy_timeout = 2000');
    const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
    if (version === schemaVersion || version === 0) return prepared(database);
  } catch (error) {
    database.close();
    throw error;
  }
  database.close();
  return null;
}

function replaceFile(sqlite: Sqlite, folder: string): DatabaseSync {
  removeIndex(folder);
  return prepared(new sqlite.DatabaseSync(join(folder, indexName)));
}

export function removeIndex(folder: string): void {
  for (const ending of ['', '-wal', '-shm']) rmSync(join(folder, indexName + ending), { force: true });
}

function prepared(database: DatabaseSync): DatabaseSync {
  // WAL without syncing: a killed process leaves a sound index; a power cut may not, and the index is derived.
  database.exec(`
    PRAGMA busy_timeout = 2000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = OFF;
    PRAGMA wal_autocheckpoint = 8000;
    PRAGMA cache_size = -16384;
  `);
  database.exec('BEGIN IMMEDIATE');
  try {
    if (database.prepare('PRAGMA user_version').get()?.['user_version'] === 0) {
      database.exec(schema);
      database.exec(`INSERT INTO words (words, rank) VALUES ('hashsize', 16777216)`);
    }
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
  return database;
}

/** The right to write the index: one process at a time, given back by the system when that process dies. */
export interface WriterRole {
  release(): void;
}

/** Null while another process has it. */
export function takeWriterRole(sqlite: Sqlite, folder: string): WriterRole | null {
  let database: DatabaseSync | undefined;
  try {
    database = new sqlite.DatabaseSync(join(folder, lockName));
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    const held = database;
    return { release: () => held.close() };
  } catch {
    database?.close();
    return null;
  }
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, with their extended codes. */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  const primary = error.errcode & 0xff;
  return primary === 11 || primary === 26;
}
