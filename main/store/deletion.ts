import type { Operation } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import type { Stamper } from '../records/meta.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/** The operation that deletes a record; none where it is gone already. */
export function deletion(table: CollectionTable, stamper: Stamper, record: StoredRecord, now: string): Operation[] {
  const before = table.rows.get(record.id);
  if (before === undefined) return [];
  const { definition } = table;
  const { id, created_at } = record;
  const stream =
    definition.streamField === undefined ? {} : { [definition.streamField]: record[definition.streamField] };
  const tombstone = stamper.stamp(definition, { id, ...stream, created_at, updated_at: now }, record._meta, {
    deleted: true,
  });
  return [{ kind: 'delete', table, before, tombstone }];
}
