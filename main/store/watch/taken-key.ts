import type { RecordBody } from '../../records/stored-record.ts';
import type { CollectionTable } from '../collection-table.ts';

/** Why this version cannot be taken: another record has its key. undefined: it can. */
export function takenKey(table: CollectionTable, body: RecordBody): string | undefined {
  const conflict = table.indexes.conflict(body.id, table.shape.pick(body));
  return conflict && `${Object.keys(conflict.keyPattern).join(', ')} is taken by another record`;
}
