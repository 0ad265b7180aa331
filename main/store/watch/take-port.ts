import type { DeleteOptions } from '../../../shared/store/store.ts';
import type { Operation } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import type { RecordReader } from '../record-reader.ts';
import type { VaultParts } from '../vault-parts.ts';
import type { LastGood } from './last-good.ts';

/** What taking over another program's files needs of the vault. Called alone: no other write is under way. */
export interface TakePort {
  readonly parts: Pick<
    VaultParts,
    'fs' | 'root' | 'clock' | 'stamper' | 'scanner' | 'quarantine' | 'keeper' | 'tables' | 'log'
  >;
  readonly reader: RecordReader;
  readonly lastGood: LastGood;
  /** Commits under the source `external`. */
  readonly commit: (operations: readonly Operation[], options: DeleteOptions) => void;
  /** Resolves once what was committed is in the files. */
  readonly settle: () => Promise<void>;
}

/** A file as it was found, to be taken over. */
export interface Found {
  readonly table: CollectionTable;
  /** Inside the collection's folder. */
  readonly path: string;
  readonly bytes: Buffer;
  /** The last good version of it. */
  readonly good: Buffer | undefined;
}
