import { AppError } from '../../shared/errors.ts';
import type { Explanation, Filter, FindOptions, Projection } from '../../shared/store/store.ts';
import { compareBy } from '../query/compare-by.ts';
import { compileFilter } from '../query/compile-filter.ts';
import { compileProjection, project } from '../query/project.ts';
import type { PlainRecord } from '../query/types.ts';
import type { CollectionTable } from './collection-table.ts';
import { copyOf } from './copy-of.ts';
import type { DocumentRows } from './document-rows.ts';
import type { RecordReader } from './record-reader.ts';
import { type Row, coversFilter } from './row.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import type { TimeSlices } from './time-slices.ts';

/** A match: its row, and its record where it had to be read to be judged or sorted. */
export interface Match {
  readonly row: Row;
  readonly record: StoredRecord | undefined;
}

interface Port {
  readonly reader: RecordReader;
  readonly slices: TimeSlices;
}

/** Records read at a time while a filter needs more than rows hold. */
const CHUNK = 128;

/**
 * The records that a query means, in its order. Rows answer where they can; else the candidates' files are read, and
 * the event loop is given back between chunks: what is written meanwhile may or may not be seen, as in MongoDB.
 */
export async function select(
  port: Port,
  table: CollectionTable,
  filter: Filter,
  options: FindOptions,
): Promise<Match[]> {
  const { sort, skip, wanted, plan, isInRows } = planned(table, filter, options);
  const matches = plan.exact ? () => true : compileFilter(filter);
  const enough = plan.sorted ? wanted : Number.POSITIVE_INFINITY;
  const found = isInRows
    ? selectRows(table, plan.ids(), matches, enough)
    : await selectRecords(port, table, [...plan.ids()], matches, enough);
  if (!plan.sorted && sort !== undefined) {
    const compare = compareBy(sort);
    found.sort((a, b) => compare(a.record ?? a.row.view, b.record ?? b.row.view));
  }
  return found.slice(skip, wanted);
}

/** How `select` would go about it. */
export function explain(table: CollectionTable, filter: Filter, options: FindOptions): Explanation {
  const { plan, isInRows } = planned(table, filter, options);
  const { kind, index, bounds, estimate, sorted } = plan.explain();
  return {
    plan: kind,
    ...(index !== undefined && { index }),
    ...(bounds !== undefined && { bounds }),
    candidates: estimate,
    sorted: !sorted,
    judges: isInRows ? 'rows' : 'files',
  };
}

function planned(table: CollectionTable, filter: Filter, options: FindOptions) {
  const { sort, skip, wanted } = checked(options);
  const plan = table.indexes.plan(filter, sort, Number.isFinite(wanted) ? wanted : undefined);
  const isRowEnough = plan.exact || coversFilter(table.shape, filter);
  const isSortInRow = plan.sorted || sort === undefined || table.shape.covers(new Set(Object.keys(sort).map(ownName)));
  return { sort, skip, wanted, plan, isInRows: isRowEnough && isSortInRow };
}

function selectRows(
  table: CollectionTable,
  ids: Iterable<string>,
  matches: (record: PlainRecord) => boolean,
  enough: number,
): Match[] {
  const found: Match[] = [];
  if (enough === 0) return found;
  for (const id of ids) {
    const row = table.rows.get(id);
    if (row === undefined || !matches(row.view)) continue;
    found.push({ row, record: undefined });
    if (found.length >= enough) break;
  }
  return found;
}

async function selectRecords(
  { reader, slices }: Port,
  table: CollectionTable,
  ids: readonly string[],
  matches: (record: PlainRecord) => boolean,
  enough: number,
): Promise<Match[]> {
  const found: Match[] = [];
  for (let at = 0; at < ids.length && found.length < enough; at += CHUNK) {
    await slices.pause();
    const rows = ids.slice(at, at + CHUNK).flatMap((id) => table.rows.get(id) ?? []);
    const rowById = new Map(rows.map((row) => [row.view.id, row]));
    for (const record of reader.readMany(table, rows)) {
      const row = rowById.get(record.id);
      if (row && found.length < enough && matches(record)) found.push({ row, record });
    }
  }
  return found;
}

/** The records of matches, in their order; those that cannot be read are left out. */
export function recordsOf(
  { reader }: { readonly reader: Pick<RecordReader, 'readMany'> },
  table: CollectionTable,
  matches: readonly Match[],
): StoredRecord[] {
  const unread = matches.filter((match) => match.record === undefined).map((match) => match.row);
  if (unread.length === 0) return matches.flatMap((match) => match.record ?? []);
  const read = new Map(reader.readMany(table, unread).map((record) => [record.id, record]));
  return matches.flatMap(({ row, record }) => record ?? read.get(row.view.id) ?? []);
}

/**
 * What `find` answers where rows in columns hold all that is asked for and nothing is left to judge or sort: parts of rows,
 * without the rows being made. undefined: `select` and `present` have to do it.
 */
export function selectParts(
  table: CollectionTable,
  filter: Filter,
  options: FindOptions,
): Record<string, unknown>[] | undefined {
  const rows = table.documentRows;
  const fields = rows && wholeFields(table, options.projection ?? {});
  if (rows === undefined || fields === undefined) return undefined;
  const { skip, wanted, plan } = planned(table, filter, options);
  if (!plan.exact || !plan.sorted) return undefined;
  compileFilter(filter); // throws on what cannot be read
  const parts: Record<string, unknown>[] = [];
  let at = 0;
  for (const part of wanted > skip ? (plan.parts?.(fields) ?? partsById(rows, plan.ids(), fields)) : []) {
    if (at >= skip) parts.push(part);
    if ((at += 1) >= wanted) break;
  }
  return parts;
}

function* partsById(
  rows: DocumentRows,
  ids: Iterable<string>,
  fields: readonly string[],
): Generator<Record<string, unknown>, void> {
  for (const id of ids) {
    const part = rows.part(id, fields);
    if (part) yield part;
  }
}

/** The fields that a projection includes, in the order of rows; undefined where it asks for parts of them, or for others. */
function wholeFields(table: CollectionTable, projection: Projection): readonly string[] | undefined {
  const asked = Object.entries(projection);
  if (asked.length === 0 || !asked.every(([, wanted]) => wanted === 1 || wanted === true)) return undefined;
  const names = new Set(asked.map(([field]) => ownName(field)));
  const fields = table.shape.paths.filter((path) => names.has(path) && !path.includes('.'));
  return fields.length === names.size ? fields.filter((field) => field !== 'id') : undefined;
}

/** What `find` answers: records, or the parts of them asked for, from rows alone where those hold them. */
export function present(
  port: { readonly reader: Pick<RecordReader, 'readMany'> },
  table: CollectionTable,
  matches: readonly Match[],
  projection: Projection | undefined,
): Record<string, unknown>[] {
  if (projection === undefined || Object.keys(projection).length === 0) return recordsOf(port, table, matches);
  const part = compileProjection(projection);
  // Copied: what rows hold is memory's own.
  if (isInRow(table, projection)) return matches.map(({ row }) => copyOf(part(row.view)));
  return recordsOf(port, table, matches).map((record) => part(record));
}

function isInRow(table: CollectionTable, projection: Projection): boolean {
  const fields = Object.entries(projection);
  const others = fields.filter(([field]) => ownName(field) !== 'id');
  if (others.length === 0) return fields.every(([, wanted]) => Boolean(wanted));
  return others.every(([, wanted]) => Boolean(wanted)) && table.shape.covers(new Set(others.map(([field]) => field)));
}

function ownName(field: string): string {
  return field === '_id' ? 'id' : field;
}

function checked({ sort, skip = 0, limit = 0, projection }: FindOptions): Pick<FindOptions, 'sort'> & {
  readonly skip: number;
  /** Index after the last match wanted; MongoDB's limit 0 is no limit. */
  readonly wanted: number;
} {
  for (const [name, value] of Object.entries({ skip, limit })) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new AppError('BAD_INPUT', `${name} is ${String(value)}; it must be a whole number from 0.`, {
      remedy: `Give a ${name} of 0 or more.`,
      details: { field: name },
    });
  }
  if (sort) compareBy(sort); // both throw on what cannot be read, even where nothing matches
  if (projection) project({}, projection);
  const hasSort = sort !== undefined && Object.keys(sort).length > 0;
  return { ...(hasSort && { sort }), skip, wanted: limit === 0 ? Number.POSITIVE_INFINITY : skip + limit };
}
