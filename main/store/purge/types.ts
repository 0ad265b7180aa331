import type { CollectionName } from '../../../shared/collections/registry.ts';

/** What is to go from everything that a vault keeps beside its records. The records themselves are changed before. */
export interface PurgeOrder {
  /** Records of which nothing may stay but what they hold now; deleted ones: nothing at all. */
  readonly records: readonly { readonly collection: CollectionName; readonly id: string }[];
  /** Texts that may not stay either, wherever else they were quoted. */
  readonly texts: readonly string[];
  /** All last good copies, whatever is in them. */
  readonly allCopies?: true | undefined;
}

/** How much was found and taken out, by place; the second time there is nothing. */
export interface Purged {
  /** Former lines of logs, the memory log's and the sync ledger's. */
  readonly log_lines: number;
  /** Former versions that were kept for a merge with the team's. */
  readonly sync_bases: number;
  /** Days of last good copies. They are made anew from the files. */
  readonly good_copies: number;
  /** Files in the trash. */
  readonly trash: number;
  readonly quarantine: number;
}
