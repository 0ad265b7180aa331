import type { z } from 'zod';
import type { SortSpec } from '../store/store.ts';
import type { RecordScope } from './scope.ts';

export interface IndexDefinition {
  readonly fields: SortSpec;
  readonly unique?: true;
  readonly partial?: Readonly<Record<string, unknown>>;
}

/** What the full-text index sees of a record. */
export interface SearchText {
  readonly title: string;
  readonly body: string;
}

/**
 * What becomes of old records, by a field that holds an ISO time (`by`); a record without it is kept. `deleteAfterDays`:
 * to the trash. `archiveAfterDays`: into a dated ZIP under `archive/` in the vault, then to the trash.
 */
export type Retention =
  | { readonly keep: 'forever' }
  | { readonly deleteAfterDays: number; readonly by: string }
  | { readonly archiveAfterDays: number; readonly by: string };

/**
 * How a field is joined that both sides changed. tags: added and removed element by element, elements being equal when their
 * canonical JSON is. counter: the sum of both sides' changes. latest: the later of two times.
 */
export type MergeRule = 'tags' | 'counter' | 'latest';

/** One collection, declared once; DESIGN §4. Everything else about it is derived from this. */
export interface CollectionDefinition<N extends string = string, S extends z.ZodObject = z.ZodObject> {
  readonly name: N;
  /** One line for people: docs and the command line show it. */
  readonly about: string;
  /** document: one JSON file per record. log: NDJSON per stream and day; an edit appends a superseding line. */
  readonly kind: 'document' | 'log';
  /** The record's own fields, `id` and `_meta` aside. Loose: unknown fields are kept. */
  readonly schema: S;
  readonly schemaVersion: number;
  /** log only: the field whose value names the stream. */
  readonly streamField?: string;
  /**
   * log only. drop: lines that a later one supersedes or deletes go once they are more than half of a file of some size;
   * keep: they stay for ever.
   */
  readonly history?: 'keep' | 'drop';
  /** Fields kept in the index beside path and dates, so that lists and filters on them read no file. */
  readonly rowFields: readonly string[];
  readonly indexes: readonly IndexDefinition[];
  /** Text for search; absent where there is none to find. */
  readonly searchText?: (record: z.output<S>) => SearchText;
  /** How two concurrent edits of one record are joined (issue 4 reads it): fields not named are last-writer-wins. */
  readonly merge:
    | 'immutable'
    | 'union'
    | {
        readonly default: 'lww';
        readonly fields?: Readonly<Record<string, MergeRule>>;
      };
  /**
   * A record in which this field has this value has lost its content for good: it wins over any version that has content,
   * nothing of that is set aside, and no former version is kept for a merge.
   */
  readonly emptied?: { readonly field: string; readonly value: string | boolean };
  /** Where it may go: private never leaves the vault, device stays on this machine, team syncs. */
  readonly scope: RecordScope;
  /** A field in which a record can say for itself where it may go; without a value there, `scope` holds. */
  readonly scopeField?: string;
  /** A field that says why a record stays here although its scope lets it go; absent there: nothing keeps it. */
  readonly holdField?: string;
  readonly retention: Retention;
  /** Fields that can hold personal text; never logged, redacted where the user asks. */
  readonly personal: readonly string[];
  /**
   * `shardKey`: by which a sharded cluster spreads it; absent: it stays whole on one shard. Always `_id`: only so is it unique
   * in the whole cluster, which is what every compare-and-set stands on. With other unique indexes there can be none.
   */
  readonly mongo: { readonly collection: string; readonly shardKey?: { readonly _id: 'hashed' } };
  /**
   * What a vault may leave on the server where its scope is not everything (main/sync/scope.ts). Absent: it always has all
   * of the collection. `pinned`, `owner`: fields that keep a record in the scope; `of`: as the record of that collection
   * whose id this field names.
   */
  readonly archive?:
    { readonly pinned: string; readonly owner: string } | { readonly of: 'conversations'; readonly by: string };
  /** Almanac's bookkeeping: people are not shown it, listeners do not hear of it, and nobody edits it by hand. */
  readonly internal?: true;
}

export function defineCollection<const N extends string, S extends z.ZodObject>(
  definition: CollectionDefinition<N, S>,
): CollectionDefinition<N, S> {
  return definition;
}
