import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Sqlite, removeIndex } from './sqlite.ts';

const indexName = 'index.sqlite';

/**
 * Takes the words of records out of an index on disk, every byte of them: deleted rows leave theirs in the full-text
 * tables until these are merged, and in free pages until those are written anew. Takes as long as writing the index.
 * Throws what SQLite says, which is `isBusy` while somebody else is writing.
 *
 * @param sqlite null: this runtime cannot open it, so that the whole index goes; it is built anew by whoever can
 * @param keys `<collection>/<id>`; those that are not in it are passed over
 */
export function purgeIndex(sqlite: Sqlite | null, folder: string, keys: readonly string[]): void {
  if (!existsSync(join(folder, indexName))) return;
  if (sqlite === null) return removeIndex(folder);
  const database = new sqlite.DatabaseSync(join(folder, indexName));
  try {
    database.exec('PRAGMA busy_timeout = 100; PRAGMA secure_delete = ON; BEGIN IMMEDIATE');
    try {
      const find = database.prepare('SELECT id FROM records WHERE key = ?');
      for (const key of keys) {
        const id = find.get(key)?.['id'];
        if (typeof id !== 'number') continue;
        for (const table of ['words', 'titles']) database.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(id);
        database.prepare('DELETE FROM records WHERE id = ?').run(id);
      }
      for (const table of ['words', 'titles']) database.exec(`INSERT INTO ${table} (${table}) VALUES ('optimize')`);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
    database.exec('VACUUM');
    const [busy] = Object.values(database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {});
    if (busy !== 0) throw Object.assign(new Error('the search index is being read'), { errcode: SQLITE_BUSY });
  } finally {
    database.close();
  }
}

const SQLITE_BUSY = 5;

/** Somebody else has it: a moment later, then. SQLITE_BUSY and SQLITE_LOCKED, with their extended codes. */
export function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return [SQLITE_BUSY, 6].includes(error.errcode & 0xff);
}

const TRIES = 100;
const AGAIN_MS = 150;

/** As `purgeIndex`, for a process in which search does not run. Waits for those who have the index open. */
export async function purgeClosedIndex(sqlite: Sqlite | null, folder: string, keys: readonly string[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return purgeIndex(sqlite, folder, keys);
    } catch (error) {
      if (!isBusy(error) || tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
