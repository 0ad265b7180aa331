import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { hash128 } from '../lib/hash.ts';
import type { VaultFile } from '../store/types.ts';
import type { KnownFile } from './file-states.ts';
import { endOfLines, readDataFile, recordsIn, type ReadRecord } from './record-reader.ts';
import { searchableOf } from './searchable.ts';
import { tokenText } from './tokens.ts';

interface FileRow {
  readonly id: number;
  readonly bytes: number;
  readonly prefix: string;
}
interface RecordRow {
  readonly id: number;
  readonly file: number;
  readonly start: number;
  readonly length: number;
  readonly version: string;
}

/** Keeps the tables of the index equal to the files. Callers hold the writer's role and an open transaction. */
export class IndexWriter {
  readonly #root: string;
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(root: string, database: DatabaseSync) {
    this.#root = root;
    this.#database = database;
  }

  knownFiles(): Map<string, KnownFile> {
    const rows = this.#all<KnownFile & { path: string }>('SELECT path, collection, signature, records FROM files');
    return new Map(rows.map(({ path, collection, signature, records }) => [path, { collection, signature, records }]));
  }

  /**
   * Reads a file and brings its records up to date; yields after each so that the work can be cut into slices.
   * Of a log that has only grown, no more than the new lines is read as records.
   */
  *indexFile(file: VaultFile): Generator<void> {
    const bytes = readDataFile(this.#root, file.path) ?? Buffer.alloc(0);
    const isLog = file.path.endsWith('.ndjson');
    const end = isLog ? endOfLines(bytes) : bytes.length;
    const before = this.#one<FileRow>('SELECT id, bytes, prefix FROM files WHERE path = ?', file.path);
    const hasGrown =
      isLog &&
      before !== undefined &&
      before.bytes <= end &&
      hash128(bytes.subarray(0, before.bytes)) === before.prefix;
    const from = hasGrown ? before.bytes : 0;
    const fileId = this.#saveFile(before, file, end, hash128(bytes.subarray(0, end)));
    const kept = new Set<number>();
    for (const found of recordsIn(file.path, bytes, from)) {
      const key = `${file.collection}/${found.record.id}`;
      if (found.isTombstone) this.#remove(key);
      else kept.add(this.#put(file.collection, key, fileId, found));
      yield;
    }
    if (!hasGrown) this.#removeOthers(fileId, kept);
  }

  removeFile(path: string): void {
    const row = this.#one<{ id: number }>('SELECT id FROM files WHERE path = ?', path);
    if (!row) return;
    this.#removeOthers(row.id, new Set());
    this.#run('DELETE FROM files WHERE id = ?', row.id);
  }

  clear(): void {
    this.#database.exec(`DELETE FROM files; DELETE FROM records; INSERT INTO words (words) VALUES ('delete-all');
      INSERT INTO titles (titles) VALUES ('delete-all')`);
  }

  /** Two plain statements: an upsert would open a savepoint, at which FTS5 writes out all that it has gathered. */
  #saveFile(known: FileRow | undefined, file: VaultFile, bytes: number, prefix: string): number {
    const { path, collection, signature, records } = file;
    if (known) {
      const update = 'UPDATE files SET collection = ?, signature = ?, records = ?, bytes = ?, prefix = ? WHERE id = ?';
      this.#run(update, collection, signature, records, bytes, prefix, known.id);
      return known.id;
    }
    const insert = 'INSERT INTO files (path, collection, signature, records, bytes, prefix) VALUES (?, ?, ?, ?, ?, ?)';
    return Number(this.#run(insert, path, collection, signature, records, bytes, prefix));
  }

  /** Returns the record's row. A record whose version is indexed already only has its place noted. */
  #put(collection: CollectionName, key: string, file: number, found: ReadRecord): number {
    const { start, length } = found;
    const version = versionOf(found);
    const row = this.#one<RecordRow>('SELECT id, file, start, length, version FROM records WHERE key = ?', key);
    if (row?.version === version) {
      if (row.file !== file || row.start !== start || row.length !== length) {
        this.#run('UPDATE records SET file = ?, start = ?, length = ? WHERE id = ?', file, start, length, row.id);
      }
      return row.id;
    }
    if (row) this.#removeRow(row.id);
    const text = searchableOf(collection, found.record);
    const createdMs = Date.parse(text.createdAt) || 0;
    const insert = `INSERT INTO records (key, collection, file, start, length, created_ms, demoted, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    const id = Number(
      this.#run(insert, key, collection, file, start, length, createdMs, text.demoted ? 1 : 0, version),
    );
    const words = 'INSERT INTO words (rowid, title, body) VALUES (?, ?, ?)';
    this.#run(words, id, tokenText(text.title), tokenText(text.body));
    if (text.title !== '') this.#run('INSERT INTO titles (rowid, title) VALUES (?, ?)', id, tokenText(text.title));
    return id;
  }

  #remove(key: string): void {
    const row = this.#one<{ id: number }>('SELECT id FROM records WHERE key = ?', key);
    if (row) this.#removeRow(row.id);
  }

  #removeOthers(file: number, kept: ReadonlySet<number>): void {
    for (const { id } of this.#all<{ id: number }>('SELECT id FROM records WHERE file = ?', file)) {
      if (!kept.has(id)) this.#removeRow(id);
    }
  }

  #removeRow(id: number): void {
    this.#run('DELETE FROM words WHERE rowid = ?', id);
    this.#run('DELETE FROM titles WHERE rowid = ?', id);
    this.#run('DELETE FROM records WHERE id = ?', id);
  }

  #statement(sql: string): StatementSync {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** Returns the row inserted last. */
  #run(sql: string, ...values: (string | number)[]): number | bigint {
    return this.#statement(sql).run(...values).lastInsertRowid;
  }

  /** The columns named in the statement are the type's members; SQLite cannot tell the compiler. */
  #one<T>(sql: string, ...values: (string | number)[]): T | undefined {
    return this.#statement(sql).get(...values) as T | undefined;
  }

  #all<T>(sql: string, ...values: (string | number)[]): T[] {
    return this.#statement(sql).all(...values) as T[];
  }
}

/** Changes whenever the record does: its revision, or a hash of it where another program wrote it. */
function versionOf({ record }: ReadRecord): string {
  const meta = record['_meta'];
  if (typeof meta === 'object' && meta !== null && 'rev' in meta && typeof meta.rev === 'string') return meta.rev;
  return hash128(JSON.stringify(record));
}
