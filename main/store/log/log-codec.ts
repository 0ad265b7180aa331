import { z } from 'zod';
import { type CollectionName, collectionNames } from '../../../shared/collections/registry.ts';
import type { Batch } from '../batch.ts';
import type { StoredRecord } from '../../records/stored-record.ts';

/** A batch as the log keeps it: full post-images, so that applying it twice is applying it once. */
const LoggedOperation = z.discriminatedUnion('k', [
  z.object({
    k: z.literal('put'),
    c: z.enum(collectionNames as [CollectionName, ...CollectionName[]]),
    r: z.looseObject({ id: z.string() }),
  }),
  /** `r` is the tombstone. */
  z.object({
    k: z.literal('del'),
    c: z.enum(collectionNames as [CollectionName, ...CollectionName[]]),
    r: z.looseObject({ id: z.string() }),
  }),
]);
export const LoggedBatch = z.object({ trash: z.string(), ops: z.array(LoggedOperation) });

export interface LoggedOperation {
  readonly kind: 'put' | 'delete';
  readonly collection: CollectionName;
  readonly record: StoredRecord;
  readonly trashBatch: string;
}

/** JSON text of a batch. `texts`: of its operations, the record (of a deletion: the tombstone) as JSON text already. */
export function encodeBatch(batch: Batch, texts: readonly string[]): string {
  const operations = batch.operations.map(({ kind, table }, at) => {
    return `{"k":"${kind === 'put' ? 'put' : 'del'}","c":"${table.name}","r":${texts[at]}}`;
  });
  return `{"trash":${JSON.stringify(batch.trashBatch)},"ops":[${operations.join(',')}]}`;
}

/** The operations of an entry's batches, in order. Throws on what this version does not know. */
export function decodeBatches(batches: readonly unknown[]): LoggedOperation[] {
  return batches.flatMap((value) => {
    const { trash, ops } = LoggedBatch.parse(value);
    return ops.map(({ k, c, r }): LoggedOperation => ({
      kind: k === 'put' ? 'put' : 'delete',
      collection: c,
      record: r as unknown as StoredRecord, // written by us and under a checksum
      trashBatch: trash,
    }));
  });
}
