import type { CollectionName } from '../../../shared/collections/registry.ts';
import { isIntact } from '../../records/meta.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import type { LocalState } from '../../sync/ports.ts';
import type { CollectionTable } from '../collection-table.ts';
import type { RecordReader } from '../record-reader.ts';
import type { Row } from '../row.ts';
import type { BaseLine, BaseLines } from './base-lines.ts';
import { mayLeave } from './leaving.ts';
import { isUnreadable } from '../unreadable.ts';
import type { Held } from './sync-plan.ts';

interface Port {
  readonly lines: BaseLines;
  readonly reader: RecordReader;
  readonly tableOf: (collection: CollectionName) => CollectionTable;
  /** Records that were read a moment ago, whole as Almanac wrote them: those are not read again. Only for who changes none of them. */
  readonly recall?: (collection: CollectionName, row: Row) => StoredRecord | undefined;
  /** Whoever asked sees for himself whether records are as Almanac wrote them. */
  readonly isUnchecked?: boolean;
}

/** What the vault has of these records, with what is known of them at this team database; one entry for each id. */
export function heldRecords(
  { lines, reader, tableOf, recall, isUnchecked = false }: Port,
  collection: CollectionName,
  ids: readonly string[],
  storeId: string,
  rows = rowsOf(tableOf(collection), ids),
): Map<string, Held> {
  const table = tableOf(collection);
  const records = new Map<string, StoredRecord>();
  const recalled = new Set<string>();
  const unread: Row[] = [];
  for (const [id, row] of rows) {
    const record = recall?.(collection, row);
    if (record) records.set(id, record);
    if (record) recalled.add(id);
    else if (!isUnreadable(table, row)) unread.push(row);
  }
  for (const record of reader.readMany(table, unread)) records.set(record.id, record);
  const known = lines.readMany(collection, ids);
  return new Map(
    ids.map((id) => {
      const [row, record, line] = [rows.get(id), records.get(id), known.get(id)];
      // What a file that cannot be read holds may be anything, too.
      const isEdited =
        record === undefined
          ? row !== undefined && isUnreadable(table, row)
          : !isUnchecked && !recalled.has(id) && !isIntact(record);
      return [id, { table, row, record, line, isEdited, state: stateOf(table, row, record, line, storeId) }];
    }),
  );
}

/** The rows of those that have one. A row is put together each time that it is asked for. */
export function rowsOf({ rows }: CollectionTable, ids: readonly string[]): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const id of ids) {
    const row = rows.get(id);
    if (row !== undefined) found.set(id, row);
  }
  return found;
}

function stateOf(
  { definition }: CollectionTable,
  row: Row | undefined,
  record: StoredRecord | undefined,
  line: BaseLine | undefined,
  storeId: string,
): LocalState {
  const ours = line?.storeId === storeId ? line : undefined;
  const known = { base: ours?.base ?? null, baseRecord: ours?.isDirty ? ours.baseRecord : null };
  // A record that is deleted is so whatever database one asks for; one that was withdrawn was withdrawn from one.
  if (row === undefined) return { ...known, local: line?.standIn ?? null };
  if (!mayLeave(definition, row.view)) return { ...known, local: ours?.standIn ?? null, withheld: true };
  return { ...known, local: record ?? null };
}
