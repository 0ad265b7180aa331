import type { CollectionName } from '../collections/registry.ts';
import type { Meta, WriteOptions } from './store.ts';

type Fields = Readonly<Record<string, unknown>>;

/** One record's part in a commit of several. A record may be named once. */
export type Write =
  | { readonly op: 'insert'; readonly collection: CollectionName; readonly draft: Fields }
  | {
      readonly op: 'replace';
      readonly collection: CollectionName;
      readonly id: string;
      /** All its fields. `created_at` and a log's stream may be left out, not changed. */
      readonly record: Fields;
      /** Only if this is still its version (`_meta.rev`). */
      readonly ifRev?: string;
    }
  | { readonly op: 'delete'; readonly collection: CollectionName; readonly id: string; readonly ifRev?: string };

/** A record as it is after a commit. */
export type Committed = Fields & { readonly id: string; readonly _meta: Meta };

export interface CommitOptions extends WriteOptions {
  /** As in `deleteOne`. */
  readonly trashBatch?: string;
}

/** A store in which records of several collections change together. */
export interface Committing {
  /**
   * Makes all writes or none, also across a crash, and tells listeners once.
   *
   * @returns the records as they are now, in the order of the writes; null for what was deleted
   * @throws NOT_FOUND for a replace or delete of what is not there, CHANGED_MEANWHILE where `ifRev` does not hold,
   *   DUPLICATE_KEY, BAD_RECORD, BAD_UPDATE, BAD_INPUT; nothing has changed then
   */
  commit(writes: readonly Write[], options?: CommitOptions): Promise<readonly (Committed | null)[]>;
}
