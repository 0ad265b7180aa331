import { AppError } from '../../shared/errors.ts';
import type { IndexSpec } from '../../shared/store/store.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { createIndexSet } from '../query/index-set.ts';
import type { IndexSet, KeyConflict, PlainRecord, Predicate } from '../query/types.ts';
import { type Batch, type Operation, recordId } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';

/** MongoDB's duplicate-key error, in its shape: code 11000, keyPattern, keyValue. */
export function duplicateKey(
  collection: string,
  conflict: Pick<KeyConflict, 'index' | 'keyPattern' | 'keyValue'>,
): AppError {
  const { index, keyPattern, keyValue } = conflict;
  const value = Object.entries(keyValue).map(([field, held]) => `${field}: ${JSON.stringify(held)}`);
  return new AppError('DUPLICATE_KEY', `There is already a record in ${collection} with ${value.join(', ')}.`, {
    remedy: 'Update that record, or choose another value.',
    details: { code: 11000, collection, index, keyPattern, keyValue },
  });
}

export function duplicateId(collection: string, id: string): AppError {
  return duplicateKey(collection, { index: '_id_', keyPattern: { _id: 1 }, keyValue: { _id: id } });
}

/**
 * Unique keys within one batch and against the records there are. Records that the batch deletes or writes again no
 * longer count with the keys they had.
 */
export interface UniqueGuard {
  /** DUPLICATE_KEY where this record would break a unique index. */
  put(table: CollectionTable, id: string, view: PlainRecord): void;
  remove(table: CollectionTable, id: string): void;
}

interface Pending {
  readonly keys: IndexSet;
  /** null: deleted in this batch. */
  readonly views: Map<string, PlainRecord | null>;
}

export function createUniqueGuard(): UniqueGuard {
  const pendingByTable = new Map<CollectionTable, Pending>();

  function pendingOf(table: CollectionTable): Pending {
    const known = pendingByTable.get(table);
    if (known) return known;
    const views = new Map<string, PlainRecord | null>();
    const keys = createIndexSet({ size: 0, has: () => false, get: () => undefined, keys: () => [] });
    for (const spec of table.specs) if (spec.unique) keys.define(spec);
    const pending = { keys, views };
    pendingByTable.set(table, pending);
    return pending;
  }

  function forget({ keys, views }: Pending, id: string): void {
    const view = views.get(id);
    if (view) keys.remove(id, view);
  }

  /** Most records have no unique key; remembering only those that do keeps a large batch small. */
  function isKeyed(table: CollectionTable, id: string, view: PlainRecord | undefined): boolean {
    const views = [view, table.rows.get(id)?.view, pendingByTable.get(table)?.views.get(id)].filter(
      (each) => each != null,
    );
    return keyTests(table.specs).some((isIn) => views.some(isIn));
  }

  return {
    put(table, id, view) {
      // Asked of every record: it also refuses what an index could not take once the record is on disk.
      const held = table.indexes.conflict(id, view);
      if (!isKeyed(table, id, view)) return;
      const pending = pendingOf(table);
      const conflict = held && !pending.views.has(held.id) ? held : pending.keys.conflict(id, view);
      if (conflict) throw duplicateKey(table.name, conflict);
      forget(pending, id);
      pending.views.set(id, view);
      pending.keys.put(id, undefined, view);
    },
    remove(table, id) {
      if (!isKeyed(table, id, undefined)) return;
      const pending = pendingOf(table);
      forget(pending, id);
      pending.views.set(id, null);
    },
  };
}

const testsBySpecs = new WeakMap<readonly IndexSpec[], readonly Predicate[]>();

/** Of each unique index, which records have a key in it. Read once: every record is asked. */
function keyTests(specs: readonly IndexSpec[]): readonly Predicate[] {
  const known = testsBySpecs.get(specs);
  if (known) return known;
  const unique = specs.filter((spec) => spec.unique);
  const tests = unique.map(({ partial }) => (partial === undefined ? () => true : compileFilter(partial)));
  testsBySpecs.set(specs, tests);
  return tests;
}

/** DUPLICATE_KEY where the batch would break a unique index. */
export function guardUnique(operations: Batch['operations']): void {
  const guard = createUniqueGuard();
  for (const operation of operations) check(guard, operation);
}

function check(guard: UniqueGuard, operation: Operation): void {
  const { table } = operation;
  if (operation.kind === 'delete') guard.remove(table, recordId(operation));
  else guard.put(table, operation.record.id, table.shape.pick(operation.record));
}
