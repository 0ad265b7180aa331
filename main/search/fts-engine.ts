import { join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { SearchCoverage } from '../../shared/ipc/models.ts';
import type { VaultFile, VaultFileChange } from '../store/types.ts';
import type { Candidate, Engine, EngineQuery, FileListPart, Pause } from './engine.ts';
import { FileStates } from './file-states.ts';
import { IndexWriter } from './index-writer.ts';
import { ftsExpression, type Phrase } from './query.ts';
import { bodyWeight, mostRankedOfEnd, mostReordered, scoreOf, titleWeight } from './rank.ts';
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
}
interface AgeRow {
  readonly id: number;
  readonly created_ms: number;
  readonly demoted: number;
}
interface ScoredRow {
  readonly id: number;
  readonly score: number;
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
  readonly #agesOfRows: StatementSync;
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
        `SELECT key, records.collection, path, start, length
         FROM records JOIN files ON files.id = records.file WHERE records.id = ?`,
      );
      this.#agesOfRows = database.prepare(
        'SELECT id, created_ms, demoted FROM records WHERE id IN (SELECT value FROM json_each(?))',
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

  change(changes: readonly VaultFileChange[]): void {
    this.#states.change(changes);
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
    const best = this.#ranked(request.query.phrases, request)
      .sort((a, b) => b.relevance - a.relevance)
      .slice(0, Math.max(mostReordered, 2 * request.limit));
    return this.#scored(best, request.nowMs)
      .sort((a, b) => b.score - a.score)
      .slice(0, request.limit)
      .flatMap((row) => this.#candidate(row));
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
    const found = whole.isCut ? whole : this.#match('words', weights, expression, request);
    if (!found.isCut) return found.rows;
    // Titles are found wherever they stand: there are few of them, and they are what people look for.
    const titles = this.#match('titles', String(titleWeight), expression, request).rows;
    const inTitle = new Set(titles.map((row) => row.id));
    return [...titles, ...found.rows.filter((row) => !inTitle.has(row.id))];
  }

  /** `isCut`: there are more than are ranked. */
  #match(
    table: 'words' | 'titles',
    weights: string,
    expression: string,
    { collections }: EngineQuery,
  ): { readonly rows: RankedRow[]; readonly isCut: boolean } {
    const wanted = collections === null ? [] : [...collections];
    const join = collections === null ? '' : `JOIN records ON records.id = ${table}.rowid`;
    const only = collections === null ? '' : `AND records.collection IN (${wanted.map(() => '?').join(', ')})`;
    const from = (end: 'ASC' | 'DESC'): RankedRow[] =>
      this.#database
        .prepare(
          `SELECT ${table}.rowid AS id, -bm25(${table}, ${weights}) AS relevance FROM ${table} ${join}
           WHERE ${table} MATCH ? ${only} ORDER BY ${table}.rowid ${end} LIMIT ${mostRankedOfEnd}`,
        )
        .all(expression, ...wanted) as unknown as RankedRow[]; // the columns just named
    const last = from('DESC');
    if (last.length < mostRankedOfEnd) return { rows: last, isCut: false };
    const least = last.at(-1)?.id ?? 0;
    const first = from('ASC').filter(({ id }) => id < least);
    return { rows: [...first, ...last], isCut: first.length === mostRankedOfEnd };
  }

  #scored(rows: readonly RankedRow[], nowMs: number): ScoredRow[] {
    const relevanceOf = new Map(rows.map(({ id, relevance }) => [id, relevance]));
    const ages = this.#agesOfRows.all(JSON.stringify([...relevanceOf.keys()])) as unknown as AgeRow[]; // the columns it names
    return ages.map(({ id, created_ms: createdMs, demoted }) => ({
      id,
      score: scoreOf(relevanceOf.get(id) ?? 0, createdMs, demoted === 1, nowMs),
    }));
  }

  #candidate({ id, score }: ScoredRow): Candidate[] {
    const row = this.#recordOfRow.get(id) as unknown as RecordRow | undefined; // the columns it names
    if (!row) return [];
    const { key, collection, path, start, length } = row;
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
