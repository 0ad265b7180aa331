import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { VaultFile } from '../store/types.ts';
import type { Candidate, Engine, EngineQuery, FileListPart, Pause } from './engine.ts';
import { FileStates } from './file-states.ts';
import { IndexWriter } from './index-writer.ts';
import { ftsExpression, type Phrase } from './query.ts';
import { bodyWeight, mostRanked, mostReordered, scoreOf, titleWeight } from './rank.ts';
import { openIndex, takeWriterRole, type Sqlite, type WriterRole } from './sqlite.ts';
import { findSubstring } from './substring.ts';

interface RankedRow {
  readonly id: number;
  readonly relevance: number;
}
interface RecordRow {
  readonly key: string;
  readonly collection: CollectionName;
  readonly path: string;
  readonly start: number;
  readonly length: number;
  readonly created_ms: number;
  readonly demoted: number;
}

/** Longer transactions index faster (fewer segments to merge); shorter ones lose less when the process is killed. */
const transactionMs = 1500;
/** A process that may not write waits so long for the one that does before it takes the index as it is. */
const patienceMs = 3000;

/** Full-text search in SQLite (FTS5, without a copy of the texts). */
export class FtsEngine implements Engine {
  readonly #sqlite: Sqlite;
  readonly #root: string;
  readonly #folder: string;
  readonly #isShared: boolean;
  readonly #database: DatabaseSync;
  readonly #writer: IndexWriter;
  readonly #states: FileStates;
  readonly #recordOfRow: StatementSync;
  #role: WriterRole | null = null;
  #job: { readonly file: VaultFile; readonly steps: Generator<void> } | null = null;
  #transactionSince: number | null = null;
  #isListed = false;
  #watched = { version: -1, changedAt: performance.now() };

  constructor(sqlite: Sqlite, root: string, folder: string) {
    this.#sqlite = sqlite;
    this.#root = root;
    this.#folder = folder;
    const { database, isShared } = openIndex(sqlite, folder);
    this.#database = database;
    this.#isShared = isShared;
    this.#writer = new IndexWriter(root, database);
    try {
      this.#states = new FileStates(this.#writer.knownFiles());
      this.#recordOfRow = database.prepare(
        `SELECT key, records.collection, path, start, length, created_ms, demoted
         FROM records JOIN files ON files.id = records.file WHERE records.id = ?`,
      );
    } catch (error) {
      database.close();
      throw error;
    }
  }

  list(part: FileListPart): void {
    if (!this.#states.take(part)) return;
    this.#isListed = true;
    this.#watched.changedAt = performance.now();
  }

  work(milliseconds: number): boolean {
    if (!this.#isListed || (this.#states.isDone && !this.#job)) {
      this.#commit();
      return false;
    }
    if (!this.#mayWrite()) return false;
    this.#begin();
    const deadline = performance.now() + milliseconds;
    while (performance.now() < deadline) if (!this.#step()) break;
    if (performance.now() - (this.#transactionSince ?? 0) > transactionMs || this.isSettled()) this.#commit();
    return true;
  }

  isSettled(): boolean {
    if (!this.#isListed) return false;
    if (this.#states.isDone && !this.#job) return true;
    return this.#role === null && this.#isShared && performance.now() - this.#watched.changedAt > patienceMs;
  }

  coverage(): SearchCoverage {
    const { indexed, total } = this.#states.coverage();
    const isReady = this.#isListed && this.#states.isDone;
    return { indexed, total, state: isReady ? 'ready' : 'building', engine: 'fts5' };
  }

  async find(request: EngineQuery, pause: Pause): Promise<Candidate[]> {
    if (request.query.kind === 'empty') return [];
    if (request.query.kind === 'substring') return findSubstring(this.#root, this.#paths(), request, pause);
    return this.#ranked(request.query.phrases, request)
      .sort((a, b) => b.relevance - a.relevance)
      .slice(0, Math.max(mostReordered, 2 * request.limit))
      .flatMap((row) => this.#candidate(row, request.nowMs))
      .sort((a, b) => b.score - a.score)
      .slice(0, request.limit);
  }

  clear(): void {
    this.#job = null;
    if (this.#mayWrite()) {
      this.#begin();
      this.#writer.clear();
      this.#commit();
    }
    this.#states.reload(this.#writer.knownFiles());
    this.#isListed = false;
  }

  close(): void {
    try {
      this.#commit();
    } finally {
      this.#database.close();
      this.#role?.release();
      this.#role = null;
    }
  }

  #ranked(phrases: readonly Phrase[], request: EngineQuery): RankedRow[] {
    const weights = `${titleWeight}, ${bodyWeight}`;
    const expression = ftsExpression(phrases);
    // Where the words as typed fill the limit alone, joining in all words that begin so would only take time.
    const whole = this.#match('words', weights, ftsExpression(phrases, 'whole'), request);
    const rows = whole.length < mostRanked ? this.#match('words', weights, expression, request) : whole;
    if (rows.length < mostRanked) return rows;
    // Titles are never cut off by the limit: there are few of them, and they are what people look for.
    const titles = this.#match('titles', String(titleWeight), expression, request);
    const inTitle = new Set(titles.map((row) => row.id));
    return [...titles, ...rows.filter((row) => !inTitle.has(row.id))];
  }

  #match(table: 'words' | 'titles', weights: string, expression: string, { collections }: EngineQuery): RankedRow[] {
    const wanted = collections === null ? [] : [...collections];
    const join = collections === null ? '' : `JOIN records ON records.id = ${table}.rowid`;
    const only = collections === null ? '' : `AND records.collection IN (${wanted.map(() => '?').join(', ')})`;
    return this.#database
      .prepare(
        `SELECT ${table}.rowid AS id, -bm25(${table}, ${weights}) AS relevance FROM ${table} ${join}
         WHERE ${table} MATCH ? ${only} ORDER BY ${table}.rowid DESC LIMIT ${mostRanked}`,
      )
      .all(expression, ...wanted) as unknown as RankedRow[]; // the columns just named
  }

  #candidate({ id, relevance }: RankedRow, nowMs: number): Candidate[] {
    const row = this.#recordOfRow.get(id) as unknown as RecordRow | undefined; // the columns it names
    if (!row) return [];
    const { key, collection, path, start, length } = row;
    const score = scoreOf(relevance, row.created_ms, row.demoted === 1, nowMs);
    return [{ collection, id: key.slice(collection.length + 1), path, start, length, score }];
  }

  #paths(): readonly { path: string; collection: CollectionName }[] {
    return this.#database.prepare('SELECT path, collection FROM files').all() as unknown as {
      path: string;
      collection: CollectionName;
    }[]; // the columns just named
  }

  /** One record, or one file taken out; false when nothing is left. */
  #step(): boolean {
    if (this.#job) {
      if (this.#job.steps.next().done) {
        this.#states.indexed(this.#job.file);
        this.#job = null;
      }
      return true;
    }
    const gone = this.#states.nextGone();
    if (gone !== null) {
      this.#writer.removeFile(gone);
      this.#states.removed(gone);
      return true;
    }
    const file = this.#states.nextChanged();
    if (file) this.#job = { file, steps: this.#writer.indexFile(file) };
    return file !== null;
  }

  /** Asks for the writer's role; whoever gets it compares anew, because another process may have written before. */
  #mayWrite(): boolean {
    if (!this.#isShared || this.#role) return true;
    this.#role = takeWriterRole(this.#sqlite, this.#folder);
    this.#followOthers(this.#role !== null);
    return this.#role !== null && !(this.#states.isDone && !this.#job);
  }

  #followOthers(always: boolean): void {
    const version = this.#database.prepare('PRAGMA data_version').get()?.['data_version'];
    if (typeof version !== 'number' || (version === this.#watched.version && !always)) return;
    this.#watched = { version, changedAt: performance.now() };
    this.#states.reload(this.#writer.knownFiles());
  }

  #begin(): void {
    if (this.#transactionSince !== null) return;
    this.#database.exec('BEGIN IMMEDIATE');
    this.#transactionSince = performance.now();
  }

  #commit(): void {
    if (this.#transactionSince === null) return;
    this.#transactionSince = null;
    this.#database.exec('COMMIT');
  }
}

/** Where the index of a vault is kept. */
export function indexFolder(root: string): string {
  return join(root, '_search');
}
