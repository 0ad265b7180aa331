import type { CollectionTable } from './collection-table.ts';
import { isColumnId } from './id-column.ts';
import { documentPath } from './layout.ts';
import type { CompactRow, LogRows, RowFields } from './log-rows.ts';
import type { LogFile, Row, RowView } from './row.ts';

/** Items of `_index.json`, made from a table's rows and read back into them. */

interface DocumentItem extends Record<string, unknown> {
  readonly path: string;
  readonly bytes: number;
  readonly crc32: number;
}
/** A log's items are its files; their records are columns, so that a hundred thousand open quickly. */
interface LogItem {
  readonly path: string;
  /** Of its first and its last record. */
  readonly created_at: string;
  readonly updated_at: string;
  readonly stream: string;
  readonly bytes: number;
  readonly crc32: number;
  readonly records: LogColumns;
  /** Records that columns cannot hold: offset, length, and what is known of them. */
  readonly others?: readonly (readonly [number, number, RowView])[];
}
interface LogColumns {
  readonly ids: readonly string[];
  /** Offset and length in turn. */
  readonly places: readonly number[];
  /** Milliseconds since 1970. */
  readonly created: readonly number[];
  /** Absent where all are as created. */
  readonly updated?: readonly number[];
  /** So many records in a row that have these fields. */
  readonly fields: readonly (readonly [number, RowFields])[];
}

export function indexItems(table: CollectionTable): Iterable<readonly [string, unknown]> {
  return table.logRows === undefined ? documentItems(table) : logItems(table, table.logRows);
}

function* documentItems(table: CollectionTable): Generator<readonly [string, DocumentItem], void> {
  for (const row of table.rows.values()) {
    const { place } = row;
    // What only the log holds is not in the files yet; the log brings it back.
    if (place.file !== null || place.length === 0) continue;
    const { id, ...fields } = row.view;
    yield [id, { path: table.pathOf(row), ...fields, bytes: place.length, crc32: place.crc }];
  }
}

function* logItems(table: CollectionTable, rows: LogRows): Generator<readonly [string, LogItem], void> {
  const looseByFile = new Map<LogFile, Row[]>();
  for (const row of rows.loose()) {
    const { file, length } = row.place;
    if (file === null || length === 0) continue;
    const held = looseByFile.get(file);
    if (held) held.push(row);
    else looseByFile.set(file, [row]);
  }
  for (const file of table.logFiles.values()) {
    yield [file.path.replace(/\.ndjson$/, ''), logItem(file, [...rows.compactIn(file)], looseByFile.get(file) ?? [])];
  }
}

function logItem(file: LogFile, rows: readonly CompactRow[], loose: readonly Row[]): LogItem {
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    path: file.path,
    created_at: first ? new Date(first.created).toISOString() : (loose[0]?.view.created_at ?? ''),
    updated_at: last ? new Date(last.updated).toISOString() : (loose.at(-1)?.view.updated_at ?? ''),
    stream: file.stream,
    bytes: file.size,
    crc32: file.crc,
    records: columnsOf(rows),
    ...(loose.length > 0 && {
      others: loose.map(({ view, place }) => [place.file ? place.offset : 0, place.length, view] as const),
    }),
  };
}

function columnsOf(rows: readonly CompactRow[]): LogColumns {
  const fields: [number, RowFields][] = [];
  for (const row of rows) {
    const run = fields.at(-1);
    if (run && run[1] === row.fields) run[0] += 1;
    else fields.push([1, row.fields]);
  }
  return {
    ids: rows.map(({ id }) => id),
    places: rows.flatMap(({ offset, length }) => [offset, length]),
    created: rows.map(({ created }) => created),
    ...(rows.some(({ created, updated }) => updated !== created) && { updated: rows.map(({ updated }) => updated) }),
    fields,
  };
}

/**
 * Takes an item's rows into the table, unless the file they stand in is not to be believed. Whatever is not as it was
 * written makes this throw: the caller reads the files instead.
 */
export function takeItem(
  table: CollectionTable,
  [key, item]: readonly [string, unknown],
  isGood: (path: string, size: number | undefined) => boolean,
): void {
  if (table.logRows === undefined) takeDocument(table, key, item as DocumentItem, isGood);
  else takeLogFile(table, table.logRows, item as LogItem, isGood);
}

function takeDocument(
  table: CollectionTable,
  id: string,
  { path, bytes, crc32, ...fields }: DocumentItem,
  isGood: (path: string, size: undefined) => boolean,
): void {
  if (!isGood(path, undefined)) return;
  const view = table.shape.pick({ id, ...fields });
  const usual = documentPath(id, view.created_at);
  table.take({ view, place: { file: null, length: bytes, crc: crc32, ...(path !== usual && { path }) } });
}

function takeLogFile(
  table: CollectionTable,
  rows: LogRows,
  { path, stream, bytes, crc32, records, others = [] }: LogItem,
  isGood: (path: string, size: number) => boolean,
): void {
  if (!isGood(path, bytes)) return;
  const file: LogFile = { path, stream, size: bytes, crc: crc32, live: 0, owed: 0 };
  table.adoptLogFile(file);
  const { ids, places, created, updated = created, fields } = records;
  let at = 0;
  for (const [count, shared] of fields) {
    for (const end = at + count; at < end; at += 1) {
      const id = known(ids[at]);
      if (!isColumnId(id)) throw new Error('an id is not as it was written');
      rows.append({
        id,
        file,
        offset: known(places[2 * at]),
        length: known(places[2 * at + 1]),
        created: known(created[at]),
        updated: known(updated[at]),
        fields: shared,
      });
    }
  }
  if (at !== ids.length) throw new Error('a column is short');
  file.live += at;
  for (const [offset, length, view] of others) table.take({ view, place: { file, offset, length } });
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a column is short');
  return value;
}
