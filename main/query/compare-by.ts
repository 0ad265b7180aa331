import { compareStrings, compareValues } from './compare-values.ts';
import { badFilter } from './errors.ts';
import { keysOf } from './index-keys.ts';
import type { Key } from './index-keys.ts';
import { fieldOf, isObject } from './path.ts';
import type { Path } from './path.ts';
import { parseSort } from './sort-fields.ts';
import type { SortField } from './sort-fields.ts';
import type { CompareBy, Comparator, PlainRecord } from './types.ts';

export const compareBy: CompareBy = (sort) => {
  const fields = parseSort(sort);
  const last = fields.at(-1);
  if (last === undefined) return () => 0;
  const compareKeys = byFields(fields);
  const [only] = fields;
  const keyOf = fields.length === 1 && only ? singleKey(only) : leastKey(fields, compareKeys);
  if (fields.some((field) => field.field === 'id')) return (a, b) => compareKeys(keyOf(a), keyOf(b));
  return (a, b) => compareKeys(keyOf(a), keyOf(b)) || compareIds(a, b) * last.direction;
};

function compareIds(a: PlainRecord, b: PlainRecord): number {
  return compareStrings(String(a['id']), String(b['id']));
}

/** Compares keys, one value per field. */
export function byFields(fields: readonly Pick<SortField, 'direction'>[]): Comparator<Key> {
  const directions = fields.map((field) => field.direction);
  return (a, b) => {
    for (const [at, direction] of directions.entries()) {
      const order = compareValues(a[at], b[at]);
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

/** A record with arrays has several keys; the one that comes first in this sort stands for it. */
function leastKey(fields: readonly SortField[], compareKeys: Comparator<Key>): (record: PlainRecord) => Key {
  const paths = fields.map((field) => field.path);
  const names = fields.map((field) => `"${field.field}"`).join(' and ');
  const onParallel = (): Error =>
    badFilter(`Records cannot be sorted by ${names}: both are lists in one record.`, 'Sort by one of them.');
  return (record) =>
    keysOf(record, paths, onParallel).reduce((least, key) => (compareKeys(key, least) < 0 ? key : least));
}

function singleKey(field: SortField): (record: PlainRecord) => Key {
  const slow = leastKey([field], byFields([field]));
  return (record) => {
    const value = plainValueAt(record, field.path);
    return value === throughAnArray ? slow(record) : [value];
  };
}

export const throughAnArray = Symbol('an array on the way');

/** The value at a path that meets no array, null where there is none; the short way for nearly all records. */
export function plainValueAt(record: PlainRecord, path: Path): unknown {
  let value: unknown = record;
  for (const component of path) {
    if (Array.isArray(value)) return throughAnArray;
    if (!isObject(value)) return null;
    value = fieldOf(value, component);
  }
  if (Array.isArray(value)) return throughAnArray;
  return value === undefined ? null : value;
}
