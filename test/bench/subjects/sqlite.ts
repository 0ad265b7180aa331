import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { BenchDocument, BenchMessage } from '../documents.ts';
import { peersFolder } from '../peers-folder.ts';
import type { ListRow, Subject, SubjectKind } from './subject.ts';

/** What the two drivers have in common. */
interface Statement {
  run(...values: (string | number)[]): unknown;
  get(...values: (string | number)[]): unknown;
  all(...values: (string | number)[]): unknown[];
}
interface Driver {
  prepare(sql: string): Statement;
  exec(sql: string): unknown;
  close(): unknown;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, title TEXT, updated_at TEXT, user_id TEXT, workspace TEXT, json TEXT
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS by_updated ON documents (updated_at);
  CREATE INDEX IF NOT EXISTS by_user ON documents (user_id);`;

/** Columns for what is asked for, the document as JSON text: what an app does that keeps documents in SQLite. */
function createSubject(driver: Driver): Subject {
  const insert = driver.prepare('INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)');
  const replace = driver.prepare('UPDATE documents SET updated_at = ?, json = ? WHERE id = ?');
  const get = driver.prepare('SELECT json FROM documents WHERE id = ?');
  const remove = driver.prepare('DELETE FROM documents WHERE id = ?');
  const removeMany = driver.prepare('DELETE FROM documents WHERE id IN (SELECT value FROM json_each(?))');
  const columns = 'id, title, updated_at';
  const newestRows = driver.prepare(`SELECT ${columns} FROM documents ORDER BY updated_at DESC LIMIT ?`);
  const newest = driver.prepare('SELECT json FROM documents ORDER BY updated_at DESC LIMIT ?');
  const rowsOfUser = driver.prepare(`SELECT ${columns} FROM documents WHERE user_id = ?`);
  const ofUser = driver.prepare('SELECT json FROM documents WHERE user_id = ?');
  const rowsOfWorkspace = driver.prepare(`SELECT ${columns} FROM documents WHERE workspace = ?`);

  const parsed = (found: unknown): BenchDocument => JSON.parse((found as { json: string }).json) as BenchDocument;
  const rows = (found: unknown[]): ListRow[] => found as ListRow[];
  const put = (document: BenchDocument): unknown => {
    const { id, title, updated_at: updatedAt, user_id: user, workspace } = document;
    return insert.run(id, title, updatedAt, user, workspace, JSON.stringify(document));
  };
  const inTransaction = <T>(work: () => T): T => {
    driver.exec('BEGIN IMMEDIATE');
    const result = work();
    driver.exec('COMMIT');
    return result;
  };
  const update = (id: string, message: BenchMessage, at: string): BenchDocument =>
    inTransaction(() => {
      const before = parsed(get.get(id));
      const after = { ...before, updated_at: at, messages: [...before.messages, message] };
      replace.run(at, JSON.stringify(after), id);
      return after;
    });

  return {
    insertMany: async (documents) => inTransaction(() => documents.forEach(put)),
    insert: async (document) => put(document),
    update: async (id, message, at) => update(id, message, at),
    updateAndGet: async (id, message, at) => update(id, message, at),
    get: async (id) => parsed(get.get(id)),
    newestRows: async (count) => rows(newestRows.all(count)),
    newestDocuments: async (count) => newest.all(count).map(parsed),
    rowsOfUser: async (user) => rows(rowsOfUser.all(user)),
    documentsOfUser: async (user) => ofUser.all(user).map(parsed),
    rowsOfWorkspace: async (workspace) => rows(rowsOfWorkspace.all(workspace)),
    remove: async (id) => remove.run(id),
    removeMany: async (ids) => removeMany.run(JSON.stringify(ids)),
    settle: async () => undefined,
    close: async () => void driver.close(),
  };
}

function tuned(driver: Driver, synchronous: 'FULL' | 'NORMAL'): Driver {
  driver.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous};${SCHEMA}`);
  return driver;
}

async function openNodeSqlite(folder: string): Promise<Driver> {
  const { DatabaseSync } = await import('node:sqlite');
  return new DatabaseSync(join(folder, 'bench.db')) as unknown as Driver; // its values are wider than ours
}

async function openBetterSqlite(folder: string): Promise<Driver> {
  const Database = createRequire(join(peersFolder, 'package.json'))('better-sqlite3') as new (path: string) => Driver;
  return new Database(join(folder, 'bench.db'));
}

export const nodeSqliteFull: SubjectKind = {
  name: 'node:sqlite full',
  durability: 'log fsync',
  open: async (folder) => createSubject(tuned(await openNodeSqlite(folder), 'FULL')),
};
export const nodeSqliteNormal: SubjectKind = {
  name: 'node:sqlite normal',
  durability: 'none: lost on a power cut',
  open: async (folder) => createSubject(tuned(await openNodeSqlite(folder), 'NORMAL')),
};
export const betterSqliteFull: SubjectKind = {
  name: 'better-sqlite3 full',
  durability: 'log fsync',
  open: async (folder) => createSubject(tuned(await openBetterSqlite(folder), 'FULL')),
};
