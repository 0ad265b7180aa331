/**
 * The Store interface: what a vault on disk (FileStore) and the team database (MongoStore) both offer.
 * Filters, updates, sorts and results mean what they mean in MongoDB; `_id` in a filter or document is read as `id`.
 */
import type { CollectionName, RecordOf } from '../collections/registry.ts';

/** Bookkeeping beside a record's own fields; reliability.md §3.1. */
export interface Meta {
  /** `<gen>-<26 base32 characters>`: hash of everything persisted, so equal revs mean equal bytes. */
  readonly rev: string;
  /** Length of this record's history, from 1. */
  readonly gen: number;
  /** Earlier revs, newest first, at most 20. */
  readonly anc: readonly string[];
  /** Hybrid logical clock: 12 hex of milliseconds, `-`, 4 hex counter, `-`, replica id. */
  readonly hlc: string;
  /** Version of the collection's schema that wrote it. */
  readonly sv: number;
  readonly del?: true;
  readonly by: { readonly replica: string; readonly user?: string; readonly external?: true };
  /** 128-bit hash of the canonical record without `sum`. */
  readonly sum: string;
}

/** A record as it stands in the store: the domain document, its id, and `_meta`. */
export type Stored<T> = T & { readonly id: string; readonly _meta: Meta };
/** What can be inserted: an id, dates and `_meta` are minted where absent. */
export type Draft<T> = Partial<T> & Readonly<Record<string, unknown>>;

export type Filter = Readonly<Record<string, unknown>>;
export type Update = Readonly<Record<string, unknown>>;
export type SortSpec = Readonly<Record<string, 1 | -1>>;
export type Projection = Readonly<Record<string, 0 | 1 | boolean>>;

export interface FindOptions {
  readonly sort?: SortSpec;
  readonly limit?: number;
  readonly skip?: number;
  readonly projection?: Projection;
}
/** Who caused a change; carried on every change so that listeners do not echo their own. */
export type ChangeSource = 'local' | 'remote' | 'import' | 'external';
export interface WriteOptions {
  readonly source?: ChangeSource;
}
export interface UpdateOptions extends WriteOptions {
  readonly upsert?: boolean;
}
export interface FindOneAndUpdateOptions extends UpdateOptions {
  readonly sort?: SortSpec;
  readonly projection?: Projection;
  /** MongoDB's default is `before`. */
  readonly returnDocument?: 'before' | 'after';
}
export interface DeleteOptions extends WriteOptions {
  /** Groups what this delete moves to the trash, so that it can be restored in one go. */
  readonly trashBatch?: string;
}

export interface InsertOneResult {
  readonly acknowledged: true;
  readonly insertedId: string;
}
export interface InsertManyResult {
  readonly acknowledged: true;
  readonly insertedCount: number;
  readonly insertedIds: Readonly<Record<number, string>>;
}
export interface UpdateResult {
  readonly acknowledged: true;
  readonly matchedCount: number;
  readonly modifiedCount: number;
  readonly upsertedCount: number;
  readonly upsertedId: string | null;
}
export interface DeleteResult {
  readonly acknowledged: true;
  readonly deletedCount: number;
}
export interface IndexSpec {
  readonly fields: SortSpec;
  readonly unique?: boolean;
  /** Only records that match are in the index (MongoDB's partialFilterExpression). */
  readonly partial?: Filter;
  readonly name?: string;
}

/** How a query would be answered. */
export interface Explanation {
  /** id: looked up by id · group: the rows of a stream, as they are kept · index: a part of an index · order: an index in sort order · columns: all records, field by field in memory, in sort order where that is by a time · scan: every record. */
  readonly plan: 'id' | 'group' | 'index' | 'order' | 'columns' | 'scan';
  readonly index?: string;
  /** What is looked up in the index, by field, in words. */
  readonly bounds?: Readonly<Record<string, string>>;
  /** Records looked at, at most. */
  readonly candidates: number;
  /** Whether a sort follows. */
  readonly sorted: boolean;
  /** Where the filter and the sort are judged: in memory alone, or on the records' files. */
  readonly judges: 'rows' | 'files';
}

export interface Change {
  readonly collection: CollectionName;
  readonly type: 'insert' | 'update' | 'delete';
  readonly id: string;
  /** The log stream the record belongs to (messages: the conversation's id). */
  readonly stream?: string;
}
export interface ChangeBatch {
  readonly source: ChangeSource;
  readonly changes: readonly Change[];
}

export interface Collection<T> {
  readonly name: CollectionName;
  findOne(filter: Filter, options?: FindOptions): Promise<Stored<T> | null>;
  find(filter?: Filter, options?: FindOptions): Promise<Stored<T>[]>;
  /** As `find`, one record at a time, for results that may not fit in memory. */
  stream(filter?: Filter, options?: FindOptions): AsyncIterable<Stored<T>>;
  count(filter?: Filter): Promise<number>;
  /** Which index a `find` would use, and whether it reads files to judge. */
  explain(filter?: Filter, options?: FindOptions): Promise<Explanation>;
  insertOne(draft: Draft<T>, options?: WriteOptions): Promise<InsertOneResult>;
  /** All or nothing, unlike MongoDB's ordered insert: on an error none of them is kept. */
  insertMany(drafts: readonly Draft<T>[], options?: WriteOptions): Promise<InsertManyResult>;
  updateOne(filter: Filter, update: Update, options?: UpdateOptions): Promise<UpdateResult>;
  updateMany(filter: Filter, update: Update, options?: UpdateOptions): Promise<UpdateResult>;
  findOneAndUpdate(filter: Filter, update: Update, options?: FindOneAndUpdateOptions): Promise<Stored<T> | null>;
  deleteOne(filter: Filter, options?: DeleteOptions): Promise<DeleteResult>;
  deleteMany(filter?: Filter, options?: DeleteOptions): Promise<DeleteResult>;
  createIndex(fields: SortSpec, options?: Omit<IndexSpec, 'fields'>): Promise<string>;
}

export interface Store {
  collection<N extends CollectionName>(name: N): Collection<RecordOf<N>>;
  /** Calls the listener after each commit; returns the function that ends it. */
  watch(listener: (batch: ChangeBatch) => void): () => void;
  close(): Promise<void>;
}
