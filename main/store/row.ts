import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { Filter, IndexSpec } from '../../shared/store/store.ts';
import type { PlainRecord } from '../query/types.ts';
import { fieldsOfFilter } from './filter-fields.ts';

/** A file of a log collection: one stream's records of one day. Changes with every append. */
export interface LogFile {
  /** Inside the collection's folder, with `/`. */
  readonly path: string;
  readonly stream: string;
  size: number;
  /** CRC-32 of all its bytes, carried forward with each append. */
  crc: number;
  /** Records in it that are alive. */
  live: number;
  /** Deletions that memory has made and the file has not yet. */
  owed: number;
}

/**
 * Where a record's bytes are. Documents have a file of their own, and its path follows from id and created_at.
 * `pending`: the record's JSON, while only the log holds this version; the rest then says where the version before it
 * stands (`length` 0: nowhere yet).
 */
export type Place =
  | {
      readonly file: null;
      readonly length: number;
      readonly crc: number;
      /** Inside the collection's folder; only where it is not the path that follows from the record. */
      readonly path?: string;
      readonly pending?: string;
    }
  | { readonly file: LogFile; readonly offset: number; readonly length: number; readonly pending?: string };

/** What memory holds of a record: the part of it that lists and filters need, and where the rest is. */
export interface Row {
  readonly view: RowView;
  readonly place: Place;
}
export interface RowView extends PlainRecord {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The fields that a collection's rows hold: dotted paths. */
export interface RowShape {
  readonly paths: readonly string[];
  /** The part of a record that its row holds. */
  pick(record: PlainRecord): RowView;
  /** Whether rows alone can answer for these fields; null stands for "cannot be told". */
  covers(fields: ReadonlySet<string> | null): boolean;
}

export function createRowShape(definition: CollectionDefinition, indexes: readonly IndexSpec[]): RowShape {
  const wanted = new Set(['id', 'created_at', 'updated_at', ...definition.rowFields]);
  if (definition.streamField !== undefined) wanted.add(definition.streamField);
  for (const index of indexes) {
    for (const field of Object.keys(index.fields)) wanted.add(field === '_id' ? 'id' : field);
    for (const field of fieldsOfFilter(index.partial ?? {}) ?? []) wanted.add(field);
  }
  const paths = [...wanted];
  const plain = paths.filter((path) => !path.includes('.'));
  const nested = paths.filter((path) => path.includes('.')).map((path) => ({ name: path, parts: path.split('.') }));
  const shared = createSharing();
  return {
    paths,
    pick(record) {
      const view: Record<string, unknown> = {};
      for (const field of plain) {
        if (record[field] !== undefined) view[field] = shared(field, record[field], view['id']);
      }
      for (const { name, parts } of nested) {
        pickNested(record, view, parts, (value) => shared(name, value, view['id']));
      }
      // One string for both dates where they are equal, as they mostly are: it halves their memory.
      if (view['updated_at'] === view['created_at']) view['updated_at'] = view['created_at'];
      return view as RowView; // id and dates are in every record
    },
    covers: (fields) => fields !== null && [...fields].every((field) => isCovered(wanted, field)),
  };
}

function isCovered(paths: ReadonlySet<string>, field: string): boolean {
  for (let end = field.length; end > 0; end = field.lastIndexOf('.', end - 1)) {
    if (paths.has(field.slice(0, end))) return true;
  }
  return false;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Equal values as one, so that rows stay small: most fields are what they were in the record before, or its id, or an
 * empty list. What rows hold is never changed.
 */
function createSharing(): (field: string, value: unknown, id: unknown) => unknown {
  const last = new Map<string, unknown>();
  return (field, value, id) => {
    if (Array.isArray(value)) return value.length === 0 ? NO_MEMBERS : value;
    if (typeof value !== 'string') return value;
    if (value === id) return id;
    const former = last.get(field);
    if (former === value) return former;
    last.set(field, value);
    return value;
  };
}
const NO_MEMBERS: readonly unknown[] = Object.freeze([]);

/** Copies one dotted field. An array on the way is copied whole: a filter looks into each of its members. */
function pickNested(
  from: PlainRecord,
  to: Record<string, unknown>,
  path: readonly string[],
  shared: (value: unknown) => unknown,
): void {
  const [field = '', ...rest] = path;
  const value = from[field];
  if (value === undefined) return;
  if (rest.length === 0 || Array.isArray(value)) {
    to[field] = shared(value);
    return;
  }
  if (!isPlain(value)) return;
  const inside = isPlain(to[field]) ? to[field] : {};
  pickNested(value, inside, rest, shared);
  if (Object.keys(inside).length > 0) to[field] = inside;
}

/** Whether rows answer this filter without a file being read. */
export function coversFilter(shape: RowShape, filter: Filter): boolean {
  return shape.covers(fieldsOfFilter(filter));
}

/** The stream that a log record belongs to; '' in document collections. */
export function streamOf(definition: CollectionDefinition, record: PlainRecord): string {
  const stream = definition.streamField === undefined ? undefined : record[definition.streamField];
  return typeof stream === 'string' ? stream : '';
}

export function isSamePlace(a: Place, b: Place): boolean {
  if (a.file !== b.file || a.length !== b.length || a.pending !== b.pending) return false;
  if (a.file !== null) return b.file !== null && a.offset === b.offset;
  return b.file === null && a.crc === b.crc && a.path === b.path;
}

export function rowOf(shape: RowShape, record: PlainRecord, place: Place): Row {
  return { view: shape.pick(record), place };
}
