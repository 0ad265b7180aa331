import { crc32 } from 'node:zlib';
import type { Change } from '../../shared/store/store.ts';
import type { CollectionTable } from './collection-table.ts';
import { type Row, streamOf } from './row.ts';

/** A file's rows before it is read anew, and whether its bytes still begin as they were: then those rows are as they were. */
export interface FormerRows {
  readonly rows: ReadonlyMap<string, Row>;
  readonly isGrown: boolean;
}

/** The rows of a file, by id. */
export function rowsAt(table: CollectionTable, path: string): ReadonlyMap<string, Row> {
  const file = table.logFiles.get(path);
  const rows = new Map<string, Row>();
  const add = (row: Row | undefined): void => void (row && rows.set(row.view.id, row));
  if (table.logRows && file) for (const id of table.logRows.idsIn(file)) add(table.rows.get(id));
  for (const row of table.logRows?.loose() ?? table.rows.values()) if (table.pathOf(row) === path) add(row);
  return rows;
}

/** To be called before the table forgets the file. @param bytes what it holds now; null: it is gone */
export function formerRows(table: CollectionTable, path: string, bytes: Buffer | null): FormerRows {
  const file = table.logFiles.get(path);
  const isGrown = bytes !== null && file !== undefined && crc32(bytes.subarray(0, file.size)) === file.crc;
  return { rows: rowsAt(table, path), isGrown };
}

/** What those who watch the vault are told once a file was read anew, since another program had changed it. */
export function changesSince(table: CollectionTable, path: string, former: FormerRows): Change[] {
  const now = rowsAt(table, path);
  const changes: Change[] = [];
  for (const [id, row] of now) {
    const before = former.rows.get(id);
    if (!before) changes.push(changeOf(table, 'insert', row));
    else if (!isSame(before, row, former.isGrown)) changes.push(changeOf(table, 'update', row));
  }
  for (const [id, row] of former.rows) if (!now.has(id)) changes.push(changeOf(table, 'delete', row));
  return changes;
}

/** What waits for its file is as it was, whatever happened there. (The file is another object once it was read anew.) */
function isSame({ place: a }: Row, { place: b }: Row, isGrown: boolean): boolean {
  if (a.pending !== undefined || b.pending !== undefined) return a.pending === b.pending;
  return isGrown && a.file !== null && b.file !== null && a.offset === b.offset && a.length === b.length;
}

function changeOf(table: CollectionTable, type: Change['type'], { view }: Row): Change {
  const { name, definition } = table;
  const stream = definition.kind === 'log' ? { stream: streamOf(definition, view) } : {};
  return { collection: name, type, id: view.id, ...stream };
}
