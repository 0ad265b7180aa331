import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Committing } from '../../shared/store/commit.ts';
import type { ChangeSource, Store } from '../../shared/store/store.ts';
import type { CompactOptions, Compacted } from './compaction/compact-logs.ts';
import type { Health } from './health.ts';
import type { Ledger } from './ledger/file-ledger.ts';
import type { PurgeOrder, Purged } from './purge/types.ts';
import type { ExternalEdits } from './watch/external-edits.ts';
import type { WatchOptions } from './watch/file-store-port.ts';

export interface VaultOwner {
  readonly pid: number;
  readonly host: string;
  /** ISO time at which it opened the vault. */
  readonly since: string;
}

/** A data file as the search index and the doctor see it. `signature` changes whenever the bytes do. */
export interface VaultFile {
  readonly collection: CollectionName;
  /** Relative to the vault, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly signature: string;
  /** Records in it that are alive. */
  readonly records: number;
}

/** A data file that was written or went away. */
export interface VaultFileChange {
  readonly collection: CollectionName;
  readonly path: string;
  /** As it is now; null: there is none any more. */
  readonly file: VaultFile | null;
}

/**
 * Told that files of these collections have changed, and which, where that is known and not much; else they have to be
 * looked for among {@link Vault.files}.
 */
export type FilesListener = (
  collections: ReadonlySet<CollectionName>,
  changes: readonly VaultFileChange[] | undefined,
) => void;

export interface QuarantinedFile {
  readonly id: string;
  /** Where it stood, relative to the vault. */
  readonly origin: string;
  readonly reason: string;
  readonly at: string;
}

/** One operation of a staged batch; a staging file is NDJSON of these. Puts are whole records, replacing what is there. */
export type StagedOperation =
  | {
      readonly op: 'put';
      readonly collection: CollectionName;
      readonly record: Readonly<Record<string, unknown>>;
      /** The store's own, for what comes back from the trash: the record's `_meta` is its former version. */
      readonly restored?: true;
    }
  | { readonly op: 'delete'; readonly collection: CollectionName; readonly id: string };

/** A finished staging file; see staging.ts. */
export interface StagedBatch {
  readonly id: string;
  readonly operations: number;
  readonly sha256: string;
}

export interface IngestOptions {
  readonly source: ChangeSource;
  /** Called with operations done of all; the caller may be far away, so it is throttled to 10 a second. */
  readonly onProgress?: (done: number, total: number) => void;
  /** As `onProgress`, while the batch is checked before anything is written. */
  readonly onChecked?: (done: number, total: number) => void;
  /** CANCELLED when it is aborted before the batch is a fact; nothing has changed then. Afterwards it is finished. */
  readonly signal?: AbortSignal | undefined;
  /** Where deleted records go in the trash. */
  readonly trashBatch?: string;
}

/** Paths are relative to the vault. */
export interface VerifiedFiles {
  /** Which thirtieth, from 0. */
  readonly part: number;
  readonly checked: number;
  /** Not as memory had them; what they are now was looked at as if another program had saved them. */
  readonly differing: readonly string[];
  /** The disk refuses to give them; they stand in {@link Vault.quarantine}. */
  readonly unreadable: readonly string[];
}

export interface RebuildReport {
  readonly records: Readonly<Record<string, number>>;
  readonly quarantined: number;
  readonly duration_ms: number;
}

/** A vault on disk: the Store, and what only a folder has. */
export interface Vault extends Store, Committing {
  /** Absolute path. */
  readonly root: string;
  readonly format: number;
  readonly readOnly: boolean;
  owner(): VaultOwner | null;
  counts(): Promise<Readonly<Record<CollectionName, number>>>;
  /** All data files of these collections, from the index; no directory is walked. */
  files(collections: readonly CollectionName[]): Iterable<VaultFile>;
  /**
   * Applies a staged batch: all of it or nothing, even across a crash (the commit point is one durable write;
   * what was committed is finished at the next open). Memory does not grow with the batch, and the event loop is
   * given back every few milliseconds. Other writes wait for it; reads go on, and see the part that is done.
   * BAD_INPUT, BAD_RECORD, BAD_ID, DUPLICATE_KEY: nothing has changed. DISK_FULL, DISK_ERROR: nothing has changed, or
   * the batch is committed and the next write or open finishes it.
   */
  ingest(batch: StagedBatch, options: IngestOptions): Promise<void>;
  /** Folder in which `createStaging` may write; its contents are swept at open unless committed. */
  readonly stagingRoot: string;
  /** Calls the listener whenever records' files have changed on disk: a little after `watch`, for those who read files. */
  onFiles(listener: FilesListener): () => void;
  /** Resolves once everything committed before the call is in the records' files. */
  settleFiles(): Promise<void>;
  /** What is wrong with the vault while it is open: a disk that refuses, a folder that vanished, a lock that was lost. */
  health(): Health;
  /** Calls the listener whenever that changes. It clears by itself once the disk or the folder is back. */
  onHealth(listener: (health: Health) => void): () => void;
  /** Owners: from now on, what other programs do to the files is taken over, or set aside; see watch/. Readers get null. */
  watchFiles(options?: WatchOptions): Promise<ExternalEdits | null>;
  /** The machine is about to sleep: resolves once everything is in the files; writes wait from now on. */
  suspend(): Promise<void>;
  /** It is awake: writes go on, or are refused where another process took the vault over meanwhile. */
  resume(): Promise<void>;
  quarantine(): readonly QuarantinedFile[];
  /**
   * Brings back what was deleted under this batch name, but for records that live again: their copies stay in the
   * trash. Returns how many are back. NOT_FOUND where nothing is kept.
   */
  restoreTrash(trashBatch: string): Promise<number>;
  /**
   * Writes the files of logs anew of which more than half is superseded or deleted lines, where the registry lets history
   * go (`history`). Same records before and after, also across a crash. DISK_FULL, DISK_ERROR: the rest another time.
   */
  compact(options?: CompactOptions): Promise<readonly Compacted[]>;
  /**
   * Takes what was forgotten out of all that is kept beside the records (see purge/): former lines, the vault's log, the
   * sync ledger, last good copies, trash, quarantine. May be done again. DISK_FULL, DISK_ERROR, CHANGED_MEANWHILE: part of
   * it is done, and the same order does the rest.
   */
  purge(order: PurgeOrder): Promise<Purged>;
  /**
   * Reads the next thirtieth of the files and compares them with their checksums: called once a day, it has seen every
   * file within a month. Of what a disk has lost bits of, the bytes are set aside as those of any damaged file.
   */
  verifyFiles(signal?: AbortSignal): Promise<VerifiedFiles>;
  /** The vault's side of synchronising with a team's database: what the reconciler works on. The same one each time. */
  ledger(): Ledger;
  /** Builds every index anew from the files, and compares what is known of a team's database with them. */
  rebuild(): Promise<RebuildReport>;
  /** Small JSON of the app itself (settings), one durable file `_<name>.json` in the vault; null when absent. */
  readAppFile(name: string): unknown;
  writeAppFile(name: string, value: unknown): void;
}
