import type { Meta } from '../../shared/store/store.ts';

/** A record as the store handles it, whatever its collection: its own fields, and `_meta` last. */
export interface StoredRecord {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly _meta: Meta;
  readonly [field: string]: unknown;
}

/** A record's own fields, `_meta` aside. */
export interface RecordBody {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly [field: string]: unknown;
}

export function bodyOf(record: StoredRecord): RecordBody {
  const { _meta, ...body } = record;
  return body as RecordBody; // the rest keeps id and dates; the index signature hides that from the compiler
}
