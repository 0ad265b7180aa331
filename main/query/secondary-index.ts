import { AppError } from '../../shared/errors.ts';
import type { IndexSpec, SortSpec } from '../../shared/store/store.ts';
import type { Interval } from './bounds.ts';
import type { Clause } from './clause.ts';
import { byFields, plainValueAt, throughAnArray } from './compare-by.ts';
import { compareValues } from './compare-values.ts';
import { compileParsed } from './compile-filter.ts';
import { badFilter } from './errors.ts';
import { keysOf } from './index-keys.ts';
import type { Key } from './index-keys.ts';
import { parseFilter } from './parse-filter.ts';
import { isArrayIndex } from './path.ts';
import type { Path } from './path.ts';
import { parseSort } from './sort-fields.ts';
import type { SortField } from './sort-fields.ts';
import { SortedEntries } from './sorted-entries.ts';
import type { Position } from './sorted-entries.ts';
import type { Comparator, PlainRecord, Predicate } from './types.ts';

/** A stretch of an index's entries. */
export interface Stretch {
  readonly from: Position;
  readonly to: Position;
}

/** The change of one row in one index, worked out before anything is changed. */
export interface KeyChange {
  readonly removed: readonly unknown[];
  readonly added: readonly unknown[];
  /** Per field, how many rows more have a list there. */
  readonly lists: readonly number[];
}

/**
 * One index in memory. With one field the key of an entry is the row's value itself; with several it is an array of
 * them. Rows that the partial filter leaves out have no entries.
 */
export class SecondaryIndex {
  readonly name: string;
  readonly fields: readonly SortField[];
  readonly pattern: SortSpec;
  readonly isUnique: boolean;
  /** The partial filter; undefined where all rows are in the index. */
  readonly partial: Clause | undefined;
  readonly #compareKeys: Comparator<unknown>;
  readonly #paths: readonly Path[];
  readonly #entries: SortedEntries;
  readonly #inPartial: Predicate;
  /** Per field, the number of rows in which the path meets a list. */
  readonly #lists: number[];

  constructor(spec: IndexSpec) {
    this.fields = parseIndexFields(spec.fields);
    this.#paths = this.fields.map((field) => field.path);
    this.pattern = Object.fromEntries(this.fields.map(({ field, direction }) => [field, direction]));
    this.name = spec.name ?? this.fields.map(({ field, direction }) => `${field}_${direction}`).join('_');
    this.isUnique = spec.unique === true;
    this.partial = spec.partial === undefined ? undefined : parseFilter(spec.partial);
    this.#inPartial = this.partial === undefined ? () => true : compileParsed(this.partial);
    this.#lists = this.fields.map(() => 0);
    const last = this.fields.at(-1) as SortField;
    const [only] = this.fields;
    this.#compareKeys =
      this.fields.length === 1 && only
        ? (a, b) => compareValues(a, b) * only.direction
        : (byFields(this.fields) as Comparator<unknown>);
    this.#entries = new SortedEntries(this.#compareKeys, last.direction);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Whether some row has a list at this field, so that it may have several keys. */
  hasLists(field: number): boolean {
    return (this.#lists[field] ?? 0) > 0;
  }

  /** Never fails: a row that `refuseLists` would refuse may come from a file that a person wrote, and must be found. */
  change(before: PlainRecord | undefined, after: PlainRecord | undefined): KeyChange {
    const old = this.#read(before);
    const fresh = this.#read(after);
    return {
      removed: without(old.keys, fresh.keys, this.#compareKeys),
      added: without(fresh.keys, old.keys, this.#compareKeys),
      lists: this.fields.map((_, at) => Number(fresh.lists[at] ?? false) - Number(old.lists[at] ?? false)),
    };
  }

  apply(id: string, change: KeyChange): void {
    for (const key of change.removed) this.#entries.delete(key, id);
    for (const key of change.added) this.#entries.add(key, id);
    for (const [at, more] of change.lists.entries()) this.#lists[at] = (this.#lists[at] ?? 0) + more;
  }

  /** Puts in order what was added since; else the next question does. */
  settle(): void {
    this.#entries.settle();
  }

  /** BAD_RECORD when the row has lists in two fields of the index, as MongoDB has it. */
  refuseLists(row: PlainRecord): void {
    if (this.fields.length > 1 && this.#inPartial(row)) keysOf(row, this.#paths, () => parallelLists(this.name));
  }

  /** Whether this row has a place in the index. */
  holds(row: PlainRecord): boolean {
    return this.#inPartial(row);
  }

  /** Another row that has a key of this one, and for which `except` is false. */
  holder(
    id: string,
    row: PlainRecord,
    except: (other: string) => boolean,
  ): { readonly id: string; readonly key: Key } | undefined {
    for (const key of this.#read(row).keys) {
      const parts = this.fields.length === 1 ? [key] : (key as Key);
      const equal = this.stretch(parts, undefined);
      for (const other of this.#entries.ids(equal.from, equal.to)) {
        if (other !== id && !except(other)) return { id: other, key: parts };
      }
    }
    return undefined;
  }

  /** The entries whose first parts equal the prefix, and whose next part lies in the interval. */
  stretch(prefix: readonly unknown[], interval: Interval | undefined): Stretch {
    if (interval === undefined) return { from: this.#seek(prefix, false), to: this.#seek(prefix, true) };
    const low = [...prefix, interval.low];
    const high = [...prefix, interval.high];
    return this.fields[prefix.length]?.direction === -1
      ? { from: this.#seek(high, interval.highOpen), to: this.#seek(low, !interval.lowOpen) }
      : { from: this.#seek(low, interval.lowOpen), to: this.#seek(high, !interval.highOpen) };
  }

  count(stretch: Stretch): number {
    return this.#entries.count(stretch.from, stretch.to);
  }

  ids(stretch: Stretch, direction: 1 | -1): Iterable<string> {
    return direction === 1
      ? this.#entries.ids(stretch.from, stretch.to)
      : this.#entries.idsBackward(stretch.from, stretch.to);
  }

  /** The place before the first entry at the probe, or, with `past`, behind the last one. */
  #seek(probe: readonly unknown[], past: boolean): Position {
    const least = past ? 1 : 0;
    return this.#entries.seek((key) => this.#compareToProbe(key, probe) >= least);
  }

  #compareToProbe(key: unknown, probe: readonly unknown[]): number {
    const isSingle = this.fields.length === 1;
    for (let at = 0; at < probe.length; at++) {
      const order = compareValues(isSingle ? key : (key as Key)[at], probe[at]);
      if (order !== 0) return Math.sign(order) * (this.fields[at]?.direction ?? 1);
    }
    return 0;
  }

  /** The row's keys, in order and each once. */
  #read(row: PlainRecord | undefined): { readonly keys: readonly unknown[]; readonly lists: readonly boolean[] } {
    if (row === undefined || !this.#inPartial(row)) return { keys: [], lists: [] };
    const values = this.#paths.map((path) => plainValueAt(row, path));
    const single = this.fields.length === 1;
    if (!values.includes(throughAnArray)) return { keys: single ? values : [values], lists: [] };
    const keys = keysOf(row, this.#paths).map((key) => (single ? key[0] : key));
    keys.sort(this.#compareKeys);
    return {
      keys: keys.filter((key, at) => at === 0 || this.#compareKeys(keys[at - 1], key) !== 0),
      lists: values.map((value) => value === throughAnArray),
    };
  }
}

/** What is in the first list and not in the second; both are in order, so that long lists of tags stay cheap. */
function without(keys: readonly unknown[], others: readonly unknown[], compare: Comparator<unknown>): unknown[] {
  let at = 0;
  return keys.filter((key) => {
    while (at < others.length && compare(others[at], key) < 0) at++;
    return at === others.length || compare(others[at], key) !== 0;
  });
}

function parseIndexFields(spec: unknown): readonly SortField[] {
  const fields = parseSort(spec);
  const numbered = fields.find((field) => field.path.some(isArrayIndex));
  if (fields.length === 0 || numbered) {
    throw badFilter(
      numbered ? `An index on "${numbered.field}" would name a position in a list.` : 'An index needs a field.',
      'Name at least one field, without positions.',
    );
  }
  return fields;
}

function parallelLists(name: string): Error {
  return new AppError('BAD_RECORD', `The record has lists in two fields of the index ${name}.`, {
    remedy: 'Only one field of a compound index may hold a list.',
  });
}
