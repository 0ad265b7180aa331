import type { CollectionDefinition } from '../../shared/collections/define.ts';
import type { PlannedWrite } from './apply-ops.ts';
import type { ReadRecord } from './collection-reader.ts';
import type { StorePort } from './store-port.ts';
import { deleteOp } from './write-op.ts';

/** Puts a tombstone in the place of what was read: that there was a record, in which stream, and its history. */
export function deletedWrite(
  definition: CollectionDefinition,
  { stamper }: StorePort,
  read: ReadRecord,
  now: string,
): PlannedWrite {
  const { record } = read;
  const { id, created_at } = record;
  const { streamField } = definition;
  const stream = streamField === undefined ? {} : { [streamField]: record[streamField] };
  const tombstone = stamper.stamp(definition, { id, ...stream, created_at, updated_at: now }, record._meta, {
    deleted: true,
  });
  return { op: deleteOp(tombstone, read), record: tombstone, before: read.document };
}
