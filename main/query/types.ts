/**
 * The contracts of main/query: MongoDB's filters, sorts, projections and updates over plain JSON records, and
 * secondary indexes in memory. Everything here is pure or in memory; nothing knows files.
 *
 * | module              | exports |
 * | ------------------- | --- |
 * | compile-filter.ts   | `compileFilter: CompileFilter` |
 * | compare-values.ts   | `compareValues: CompareValues` |
 * | compare-by.ts       | `compareBy: CompareBy` |
 * | project.ts          | `project: Project` |
 * | apply-update.ts     | `applyUpdate: ApplyUpdate` |
 * | upsert-seed.ts      | `upsertSeed: UpsertSeed` |
 * | index-set.ts        | `createIndexSet: CreateIndexSet` |
 *
 * Errors are AppErrors: BAD_FILTER (filters, sorts, projections) and BAD_UPDATE, thrown when the request is read,
 * before any record is looked at, unless only the record's shape makes the update impossible.
 * `_id` is read as `id` everywhere. Missing fields compare as null, as in MongoDB.
 */
import type { Filter, IndexSpec, Projection, SortSpec, Update } from '../../shared/store/store.ts';
import type { Clause } from './clause.ts';

/** A record, or the part of it that an index row holds: plain JSON, nested as the record itself is. */
export type PlainRecord = Readonly<Record<string, unknown>>;
export type Predicate = (record: PlainRecord) => boolean;
/** Negative: a first. Zero: equal. Positive: b first. */
export type Comparator<T> = (a: T, b: T) => number;

/** Reads the filter once and returns the test for one record. Compile once per query, not once per record. */
export type CompileFilter = (filter: Filter) => Predicate;

/** MongoDB's order: null < numbers < strings (by code point) < objects < arrays < booleans < dates. */
export type CompareValues = Comparator<unknown>;

/**
 * MongoDB's order of records: an array stands for its least element in ascending, its greatest in descending order.
 * Equal records are ordered by `id` in the direction of the last sort field, so that the order is total and pages
 * neither overlap nor skip; every sorted plan of an IndexSet gives this very order.
 */
export type CompareBy = (sort: SortSpec) => Comparator<PlainRecord>;

/** A new object with the fields asked for, or without the fields excluded. `id` stays unless it is 0. */
export type Project = (record: PlainRecord, projection: Projection) => Record<string, unknown>;

export interface UpdateContext {
  /** ISO date that $currentDate writes. */
  readonly now: string;
  /** True when the record is a fresh upsert: $setOnInsert applies. */
  readonly isInsert: boolean;
}
export interface Updated {
  /** A new record; parts that did not change are shared with the one given, which is never touched. */
  readonly record: Record<string, unknown>;
  /** False when nothing differs; then `record` is the very object given. */
  readonly modified: boolean;
}
export type ApplyUpdate = (record: PlainRecord, update: Update, context: UpdateContext) => Updated;

/** The equality fields of a filter, which MongoDB copies into the document that an upsert inserts. */
export type UpsertSeed = (filter: Filter) => Record<string, unknown>;

/**
 * All rows, as the store keeps them, by id; a `Map<string, PlainRecord>` is one. Read by scans and by indexes that are
 * filled, and never kept. Rows hold every field that an index or its partial filter names.
 */
export interface RowSource {
  readonly size: number;
  has(id: string): boolean;
  get(id: string): PlainRecord | undefined;
  keys(): Iterable<string>;
  /** Where the rows are kept in groups by the text of one field: asking for groups of it needs no index. */
  readonly groups?: RowGroups | undefined;
  /** Where the rows are kept as columns: looking through all of them may cost less than filling an index. */
  readonly columns?: RowColumns | undefined;
}
/** Answers of rows in columns, judged without any row being made. */
export interface RowColumns {
  /** Whether rows hold this (dotted) field. */
  holds(field: string): boolean;
  /** Whether `ids` can put rows in the order of this field. */
  orders(field: string): boolean;
  /** What judging these fields in all rows costs, against 1 for visiting one row by its id. */
  cost(fields: ReadonlySet<string>): number;
  /** Ids of the rows that meet all clauses, each once. The clauses name only fields that rows hold. */
  ids(question: ColumnQuestion): Iterable<string>;
  /** Some (top-level) fields of the same rows, in the same order; `id` always. The caller's own. */
  parts(question: ColumnQuestion, fields: readonly string[]): Iterable<Record<string, unknown>>;
}
export interface ColumnQuestion {
  readonly clauses: readonly Clause[];
  readonly order?: { readonly field: string; readonly direction: 1 | -1; readonly idDirection: 1 | -1 } | undefined;
  /** Ids wanted, in order; Infinity: all. */
  readonly limit: number;
}
export interface RowGroups {
  readonly field: string;
  /** Rows of the group, or a few more. */
  count(value: string): number;
  /** Ids of all rows with this value, each once, and perhaps of some others. */
  ids(value: string): Iterable<string>;
}

/** The parts of MongoDB's duplicate-key error. */
export interface KeyConflict {
  /** Name of the unique index. */
  readonly index: string;
  readonly keyPattern: SortSpec;
  readonly keyValue: Readonly<Record<string, unknown>>;
  /** The record that has the key already. */
  readonly id: string;
}

export type PlanKind =
  /** Ids named by the filter. */
  | 'id'
  /** Groups of rows named by the filter, as the rows are kept. */
  | 'group'
  /** Equality, $in or range on a prefix of an index. */
  | 'index'
  /** All of an index, in the order asked for. */
  | 'order'
  /** All rows, as the columns that they are kept in. */
  | 'columns'
  /** Every id. */
  | 'scan';

export interface PlanExplanation {
  readonly kind: PlanKind;
  readonly index?: string;
  /** What is looked up per index field, in words: `user_id: ["u1", "u1"]`. */
  readonly bounds?: Readonly<Record<string, string>>;
  readonly direction?: 'forward' | 'backward';
  /** Ids that the plan gives at most. */
  readonly estimate: number;
  readonly sorted: boolean;
  readonly exact: boolean;
}

export interface Plan {
  readonly kind: PlanKind;
  readonly index?: string;
  /** The ids come in the order of the sort asked for; true when no sort was asked for. */
  readonly sorted: boolean;
  /** Every id matches the filter; no re-check is needed. */
  readonly exact: boolean;
  /**
   * Ids that exist, each once: a superset of the matches, and no other when `exact`. Lazy: take only what is needed,
   * but finish before the next put or remove; copy the ids (`[...plan.ids()]`) to hold them longer.
   */
  ids(): Iterable<string>;
  /** Where the rows themselves were looked through: some (top-level) fields of the rows that `ids` names, `id` always. */
  readonly parts?: (fields: readonly string[]) => Iterable<Record<string, unknown>>;
  explain(): PlanExplanation;
}

export interface IndexSet {
  /**
   * Adds an index over the rows there are and those to come; the same spec twice is one index. Returns its name
   * (MongoDB's default: `a_1_b_-1`). DUPLICATE_KEY when existing rows break a unique index: it is filled at once. Any
   * other is filled by the first question that it may answer, or by `warm`.
   *
   * @param isLenient existing rows that break a unique index make it one that is not unique; it is filled when first needed
   */
  define(spec: IndexSpec, isLenient?: boolean): string;
  /** The index's rows are to follow: `before` is the row last put under this id, undefined when there was none. */
  put(id: string, before: PlainRecord | undefined, after: PlainRecord): void;
  remove(id: string, row: PlainRecord): void;
  /**
   * The unique index that `row` would break if it were put under `id`. BAD_RECORD for lists in two fields of one
   * compound index, as MongoDB refuses them; `put` never fails.
   *
   * @param except rows that do not count, such as those that the same batch deletes or writes anew
   */
  conflict(id: string, row: PlainRecord, except?: (other: string) => boolean): KeyConflict | undefined;
  /** @param limit records wanted in all, `skip` included; absent: all */
  plan(filter: Filter, sort?: SortSpec, limit?: number): Plan;
  /** Fills the indexes that no question has filled yet, a few milliseconds of work at a time. Rows may change in between. */
  warm(): Iterable<void>;
}
export type CreateIndexSet = (rows: RowSource) => IndexSet;
