import type { CollectionTable } from './collection-table.ts';
import { logPath } from './layout.ts';
import { type LogFile, type Place, type Row, rowOf, streamOf } from './row.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/** The row of a record that stands in the log and not in its file yet: it carries its own text. */
export function pendingRow(table: CollectionTable, record: StoredRecord, json: string, before: Row | undefined): Row {
  const place = table.definition.kind === 'log' ? linePlace(table, record, before) : documentPlace(before);
  return rowOf(table.shape, record, { ...place, pending: json });
}

/** `length` 0: there is no file yet. */
function documentPlace(before: Row | undefined): Place {
  if (before === undefined || before.place.file !== null) return { file: null, length: 0, crc: 0 };
  const { length, crc, path } = before.place;
  return { file: null, length, crc, ...(path !== undefined && { path }) };
}

function linePlace(table: CollectionTable, record: StoredRecord, before: Row | undefined): Place {
  if (before?.place.file) return { file: before.place.file, offset: 0, length: 0 };
  const stream = streamOf(table.definition, record);
  const path = logPath(stream, record.created_at);
  const file: LogFile = table.logFiles.get(path) ?? { path, stream, size: 0, crc: 0, live: 0, owed: 0 };
  table.adoptLogFile(file);
  return { file, offset: 0, length: 0 };
}
