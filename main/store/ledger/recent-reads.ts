import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import { type Row, isSamePlace } from '../row.ts';
import type { Held } from './sync-plan.ts';

/** The reconciler reads one batch ahead of the one that it commits. */
const READS = 2;

/** Records as they were read for the last batches, so that what became of those is committed without reading them again. */
export interface RecentReads {
  note(collection: CollectionName, held: ReadonlyMap<string, Held>): void;
  /** The record that stands where the row says, if it was read from there; once. */
  readonly take: (collection: CollectionName, row: Row) => StoredRecord | undefined;
}

export function createRecentReads(): RecentReads {
  let reads: readonly Map<string, { readonly row: Row; readonly record: StoredRecord }>[] = [];
  return {
    note(collection, held) {
      const read = new Map<string, { readonly row: Row; readonly record: StoredRecord }>();
      for (const [id, { row, record, isEdited }] of held) {
        if (row && record && !isEdited) read.set(`${collection}/${id}`, { row, record });
      }
      reads = [read, ...reads.slice(0, READS - 1)];
    },
    take(collection, row) {
      const key = `${collection}/${row.view.id}`;
      const read = reads.find((each) => each.has(key));
      const known = read?.get(key);
      read?.delete(key);
      return known && isSamePlace(known.row.place, row.place) ? known.record : undefined;
    },
  };
}
