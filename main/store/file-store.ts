import { join } from 'node:path';
import {
  type CollectionName,
  type RecordOf,
  collectionNames,
  isCollectionName,
  isInternal,
} from '../../shared/collections/registry.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { CommitOptions, Committed, Write } from '../../shared/store/commit.ts';
import type { ChangeBatch, Collection, DeleteOptions, IndexSpec } from '../../shared/store/store.ts';
import { isoNow } from '../lib/clock.ts';
import { newId } from '../lib/ids.ts';
import { readAppFile, writeAppFile } from './app-files.ts';
import { type Batch, NeedsCheckpoint, type Operation } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { type CompactOptions, type Compacted, compactLogs } from './compaction/compact-logs.ts';
import { commitWrites } from './commit-writes.ts';
import { type Remedies, retry } from './committer.ts';
import { Engine } from './engine.ts';
import { addOwnIndex } from './own-indexes.ts';
import { translated } from './disk-errors.ts';
import type { Unsynced } from './durable-write.ts';
import { type CollectionPort, FileCollection, unknownCollection } from './file-collection.ts';
import { type FileRefresh, createFileRefresh } from './file-refresh.ts';
import { type Health, type HealthMonitor, createHealthMonitor, everySoOften } from './health.ts';
import { createIdleTimer } from './idle-timer.ts';
import { type IndexWarmer, createIndexWarmer } from './index-warmer.ts';
import { createIngest } from './ingest.ts';
import { layout } from './layout.ts';
import { FileLedger, type Ledger } from './ledger/file-ledger.ts';
import { VAULT_FORMAT, readMarker } from './marker.ts';
import { type OwnerLock, readLiveOwner } from './owner-lock.ts';
import { type Ownership, createOwnership } from './ownership.ts';
import { rebuildTables } from './rebuild.ts';
import { sweepLeftovers } from './sweep.ts';
import { createRecordReader } from './record-reader.ts';
import { createSerialQueue } from './serial-queue.ts';
import { createStaging } from './staging.ts';
import type { VaultParts } from './vault-parts.ts';
import { type ClockedSlices, createTimeSlices } from './time-slices.ts';
import { createWriteGate } from './write-gate.ts';
import { removeTrash, trashedRecords } from './trash.ts';
import type { PurgeOrder, Purged } from './purge/types.ts';
import type {
  FilesListener,
  IngestOptions,
  QuarantinedFile,
  RebuildReport,
  StagedBatch,
  Vault,
  VaultFile,
  VaultOwner,
  VerifiedFiles,
} from './types.ts';
import { unreadableFiles } from './unreadable.ts';
import { vaultFiles } from './vault-files.ts';
import { VERIFIED, isInPart, nextPart } from './verified-part.ts';
import { verifyFiles } from './verify-files.ts';
import type { ExternalEdits } from './watch/external-edits.ts';
import type { WatchOptions } from './watch/file-store-port.ts';
import type { LastGood } from './watch/last-good.ts';

/** How long after the last write the indexes are saved, and after how many changes that is worth it: fewer are quickly read again after a crash. */
const IDLE_MS = 5_000;
const CHANGES_WORTH_SAVING = 1_000;
/** A batch with so many operations is put in while a log's indexes are let go. */
const LARGE_BATCH = 10_000;

interface WriteManner {
  /** It changes nothing but by a commit, which looks by itself whether the vault is still ours. */
  readonly onlyCommits?: boolean;
}

interface Done<T> {
  readonly result: T;
  /** When what was committed is durable; absent where nothing was. */
  readonly settled: Promise<void> | undefined;
}

/** A vault on disk. Composition: each part is a file of its own beside this one. */
export class FileStore implements Vault {
  readonly root: string;
  readonly format = VAULT_FORMAT;
  readonly stagingRoot: string;
  readonly #parts: VaultParts;
  readonly #lock: OwnerLock | null;
  readonly #health: HealthMonitor;
  readonly #ownership: Ownership;
  readonly #gate = createWriteGate(() => void this.resume());
  readonly #queue = createSerialQueue();
  readonly #slices = createTimeSlices();
  /** Between writes. */
  readonly #turns: ClockedSlices;
  readonly #engine;
  readonly #refresh: FileRefresh;
  readonly #reader;
  readonly #ingest;
  readonly #ledger;
  readonly #collections: ReadonlyMap<CollectionName, FileCollection<unknown>>;
  readonly #openedAt: string;
  #isClosed = false;
  #closing: Promise<void> | undefined;
  #edits: Promise<ExternalEdits> | undefined;
  #lastGood: Promise<LastGood> | undefined;
  #watching: ExternalEdits | undefined;
  #isIngestPending = false;
  #refusalsSeen = 0;
  readonly #idleTimer = createIdleTimer(() => this.#saveIndexes());
  readonly #warmer: IndexWarmer;

  constructor(parts: VaultParts, lock: OwnerLock | null) {
    const { fs, root, storeId, clock, log, repeat = everySoOften } = parts;
    this.root = root;
    this.#openedAt = isoNow(clock);
    this.stagingRoot = join(root, layout.staging);
    this.#parts = parts;
    this.#turns = createTimeSlices(parts.tuning?.turnMs);
    this.#warmer = createIndexWarmer(parts.tables, (error) =>
      log.warn('indexes could not be filled ahead', { error: String(error) }),
    );
    this.#lock = lock;
    const health = createHealthMonitor({ clock, log, repeat, probe: () => this.#queue.run(() => this.#probe()) });
    this.#health = health;
    const onReplaced = (): void => this.#engine.abandonSegment();
    this.#ownership = createOwnership({ fs, root, storeId, lock, health, onReplaced });
    this.#reader = createRecordReader({
      fs,
      root,
      log,
      onDamage: (table, row) => this.#refresh.rowNow(table, row),
      onGone: (error) => health.report('gone', error),
      ...(lock === null && { cacheBytes: 0 }),
    });
    this.#engine = new Engine({
      parts,
      reader: this.#reader,
      storeId,
      health,
      tuning: parts.tuning,
      durability: parts.durability,
      assertWritable: () => this.#ownership.assert(),
      refresh: (table, path) => this.#refresh.refresh(table, path),
    });
    this.#refresh = this.#createRefresh();
    this.#ledger = new FileLedger({
      parts,
      replica: readMarker(fs, root).replica,
      reader: this.#reader,
      assertOpen: () => this.#assertOpen(),
      write: (work) => this.#write(work),
      isReadOnly: lock === null,
      commit: (operations, options) => this.#commitExactly(operations, options),
      commitOwn: (operations, options) => this.#commit(operations, options),
      refusals: () => this.#engine.refusals,
      watch: (listener) => this.#engine.watch(listener),
    });
    this.#ingest = createIngest({
      fs,
      root,
      clock,
      stamper: this.#ledger.stamper,
      reader: this.#reader,
      slices: this.#slices,
      quarantine: parts.quarantine,
      tableOf: (name) => this.#table(name),
      commit: (operations, options, later) => this.#commitDirectly(operations, options, later),
    });
    const port = this.#collectionPort();
    this.#collections = new Map(
      [...parts.tables].map(([name, table]) => [name, new FileCollection<unknown>(table, port)]),
    );
  }

  get readOnly(): boolean {
    return this.#lock === null;
  }

  collection<N extends CollectionName>(name: N): Collection<RecordOf<N>> {
    const collection = isCollectionName(name) ? this.#collections.get(name) : undefined;
    if (!collection) throw unknownCollection(name);
    return collection as unknown as Collection<RecordOf<N>>; // made from the registry's entry of this very name
  }

  commit(writes: readonly Write[], options?: CommitOptions): Promise<readonly (Committed | null)[]> {
    return commitWrites(this.#collectionPort(), (name) => this.#table(name), writes, options);
  }

  watch(listener: (batch: ChangeBatch) => void): () => void {
    return this.#engine.watch(listener);
  }

  owner(): VaultOwner | null {
    return this.#lock?.owner ?? readLiveOwner(this.#parts.fs, this.root);
  }

  async counts(): Promise<Readonly<Record<CollectionName, number>>> {
    this.#assertOpen();
    // One entry for each name there is.
    return Object.fromEntries(collectionNames.map((name) => [name, this.#table(name).rows.size])) as Record<
      CollectionName,
      number
    >;
  }

  files(collections: readonly CollectionName[]): Iterable<VaultFile> {
    this.#assertOpen();
    return vaultFiles(collections.map((name) => this.#table(name)));
  }

  health(): Health {
    return this.#health.current;
  }

  onHealth(listener: (health: Health) => void): () => void {
    return this.#health.watch(listener);
  }

  async suspend(): Promise<void> {
    if (this.#lock === null || this.#isClosed) return;
    this.#gate.close();
    await this.#engine.checkpoint();
  }

  async resume(): Promise<void> {
    await this.#ownership.wake();
    this.#gate.open();
  }

  quarantine(): readonly QuarantinedFile[] {
    const { quarantine, tables } = this.#parts;
    return [...quarantine.list(), ...unreadableFiles(tables.values(), this.#openedAt)];
  }

  ingest(batch: StagedBatch, options: IngestOptions): Promise<void> {
    return this.#writeFiles(() => this.#runIngest(batch, options));
  }

  restoreTrash(trashBatch: string): Promise<number> {
    const { fs, root, clock } = this.#parts;
    return this.#writeFiles(async () => {
      const staging = createStaging(this.stagingRoot, `restore-${newId(clock)}`, fs);
      try {
        const [restored, passed] = [new Set<string>(), new Set<string>()];
        for (const operation of trashedRecords(fs, root, trashBatch)) {
          const id = String(operation.record['id']);
          // One that lives again already is newer than what the trash holds, which is kept there.
          const isAlive = this.#table(operation.collection).rows.has(id);
          (isAlive ? passed : restored).add(`${operation.collection}/${id}`);
          if (!isAlive) staging.write(operation);
          await this.#slices.pause();
        }
        await this.#runIngest(staging.finish(), { source: 'local' });
        removeTrash(fs, root, trashBatch, passed);
        return restored.size;
      } finally {
        if (!this.#isIngestPending) staging.discard();
      }
    });
  }

  async rebuild(): Promise<RebuildReport> {
    const report = await this.#writeFiles(() => rebuildTables(this.#parts, this.#slices));
    await this.#ledger.compare();
    return report;
  }

  compact(options?: CompactOptions): Promise<readonly Compacted[]> {
    return compactLogs({ ...this.#compaction(), tables: this.#parts.tables.values() }, options);
  }

  async purge(order: PurgeOrder): Promise<Purged> {
    const { purge } = await import('./purge/purge.ts');
    return purge(
      {
        ...this.#compaction(),
        tables: this.#parts.tables,
        lastGood: await this.#good(),
        dropFormer: (isConcerned) => this.#ledger.dropFormer(isConcerned),
        saveIndexes: (tables) => this.#parts.keeper.save(tables),
      },
      order,
    );
  }

  async verifyFiles(signal?: AbortSignal): Promise<VerifiedFiles> {
    const { fs, root, tables } = this.#parts;
    this.#ownership.assert();
    const part = nextPart(this.readAppFile(VERIFIED));
    const found = await verifyFiles(
      {
        fs,
        root,
        slices: createTimeSlices(),
        tables: tables.values(),
        lookAt: (table, path) => this.#refresh.refreshLater(table, path),
      },
      isInPart(part),
      signal,
    );
    if (!signal?.aborted) this.writeAppFile(VERIFIED, { part });
    return { part, ...found };
  }

  ledger(): Ledger {
    return this.#ledger;
  }

  readAppFile(name: string): unknown {
    this.#assertOpen();
    return readAppFile(this.#parts.fs, this.root, name);
  }

  writeAppFile(name: string, value: unknown): void {
    this.#ownership.assert();
    writeAppFile(this.#parts.fs, this.root, name, value);
  }

  /** Finishes what a crash left half done, and sweeps what it left behind. Part of opening. */
  async recover(): Promise<void> {
    sweepLeftovers(this.#parts);
    this.#ingest.sweep();
    await this.#engine.recover();
    try {
      await this.#engine.checkpoint();
      await this.#ingest.finishMarked();
    } catch (error) {
      // A full disk must not keep the vault from being read: writes will try again first, where a batch is a fact.
      this.#isIngestPending = this.#ingest.hasMarked();
      this.#behind(error);
      this.#parts.log.warn('a batch could not be finished yet', { error: toAppError(error).code });
    }
    this.#warmer.warmWhenIdle();
  }

  /** A reader's part of opening: what the owner has acknowledged and not written to the files yet. */
  overlay(): void {
    this.#engine.overlay();
  }

  onFiles(listener: FilesListener): () => void {
    return this.#engine.onFiles(listener);
  }

  settleFiles(): Promise<void> {
    return this.#engine.checkpoint();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async watchFiles(options: WatchOptions = {}): Promise<ExternalEdits | null> {
    if (this.#lock === null) return null;
    this.#edits ??= this.#startWatching(options);
    return this.#edits;
  }

  /** Loaded only here: a command that opens the vault for a moment watches nothing. */
  async #startWatching(options: WatchOptions): Promise<ExternalEdits> {
    const { startExternalEdits } = await import('./watch/external-edits.ts');
    const { fileStorePort } = await import('./watch/file-store-port.ts');
    const { log } = this.#parts;
    const lastGood = await this.#good();
    const edits = startExternalEdits(
      fileStorePort(
        {
          parts: { ...this.#parts, stamper: this.#ledger.stamper, tables: this.#peoplesTables() },
          reader: this.#reader,
          run: (work) => this.#write(work),
          commit: (operations, how) => this.#commit(operations, how),
          settle: () => this.#engine.checkpoint(),
          watch: (listener) => this.#engine.watch(listener),
          onContested: (listener) => this.#engine.onContested(listener),
          lastGood,
        },
        options,
      ),
    );
    this.#watching = edits;
    this.#compareWhenBack(edits);
    edits.onNotice(({ kind, file, reason }) => log.info(`a file was ${kind}`, { file: file.path, reason }));
    return edits;
  }

  #compaction() {
    const { fs, root, keeper } = this.#parts;
    return {
      fs,
      root,
      keeper,
      slices: createTimeSlices(),
      alone: <T>(work: () => Promise<T>): Promise<T> => this.#write(work),
      checkpoint: () => this.#engine.checkpoint(),
      isSettled: () => this.#engine.isSettled,
      assertOwned: () => this.#ownership.assert(),
      syncLater: (folder: string) => this.#engine.syncLater(folder),
      onFiles: (table: CollectionTable) => this.#engine.announceFound(table, []),
    };
  }

  /** One for all who use it: what is kept must not be kept anew while it is let go. */
  #good(): Promise<LastGood> {
    const { fs, root } = this.#parts;
    this.#lastGood ??= import('./watch/last-good.ts').then(({ createLastGood }) =>
      createLastGood({ fs, root, slices: createTimeSlices() }),
    );
    return this.#lastGood;
  }

  /** What was done to the files while the folder was away sent no events. */
  #compareWhenBack(edits: ExternalEdits): void {
    let wasGone = this.#health.has('gone');
    this.#health.watch(() => {
      const isGone = this.#health.has('gone');
      if (wasGone && !isGone) void edits.rescan('');
      wasGone = isGone;
    });
  }

  async #close(): Promise<void> {
    await (await this.#edits)?.stop();
    this.#isClosed = true;
    this.#health.stop();
    this.#gate.open();
    await this.#queue.idle();
    this.#idleTimer.stop();
    this.#warmer.callOff();
    if (this.#lock === null) return;
    const { keeper, tables, log } = this.#parts;
    try {
      this.#lock.assertHeld();
      await this.#engine.close();
      await keeper.save(tables.values());
      keeper.markClean();
    } catch (error) {
      // Every record is safe in its file or in the log; only the next open has more to read.
      log.warn('the vault was not closed in full', { error: String(error) });
    }
    await this.#lock.release();
  }

  #createRefresh(): FileRefresh {
    return createFileRefresh({
      parts: this.#parts,
      engine: this.#engine,
      isReadOnly: this.#lock === null,
      hint: (table, path) => {
        if (!this.#watching || isInternal(table.name)) return false;
        this.#watching.hint({ collection: table.name, path });
        return true;
      },
      between: (work) =>
        this.#queue.run(() => {
          if (this.#isClosed) return;
          if (this.#lock !== null) this.#ownership.assert();
          work();
        }),
    });
  }

  #collectionPort(): CollectionPort {
    return {
      clock: this.#parts.clock,
      stamper: this.#ledger.stamper,
      reader: this.#reader,
      slices: this.#slices,
      assertOpen: () => this.#assertOpen(),
      write: (work) => this.#write(work, { onlyCommits: true }),
      commit: (operations, options) => this.#commit(operations, options),
      addIndex: (table, spec) => this.#addIndex(table, spec),
    };
  }

  /** Nobody edits the others by hand. */
  #peoplesTables(): VaultParts['tables'] {
    return new Map([...this.#parts.tables].filter(([name]) => !isInternal(name)));
  }

  #table(name: CollectionName): CollectionTable {
    const table = this.#parts.tables.get(name);
    if (!table) throw unknownCollection(name);
    return table;
  }

  #assertOpen(): void {
    if (!this.#isClosed) return;
    throw new AppError('VAULT_CLOSED', 'The vault is closed.', { remedy: 'Open it again.' });
  }

  /** Refused at once when closed; what was accepted before `close` is still done. */
  async #write<T>(work: () => T | Promise<T>, manner: WriteManner = {}): Promise<T> {
    this.#assertOpen();
    const { result, settled } = await this.#queue.run(() => this.#alone(work, manner));
    await settled;
    return result;
  }

  async #alone<T>(work: () => T | Promise<T>, { onlyCommits = false }: WriteManner): Promise<Done<T>> {
    if (this.#gate.isClosed) await this.#gate.opened();
    // Thousands may have been sent at once: what is there by now is flushed, and others have their turn.
    if (this.#turns.isOver) await this.#turns.pause();
    if (onlyCommits) this.#ownership.assertKnown();
    else this.#ownership.assert();
    try {
      if (this.#isIngestPending) await retry(() => this.#finishIngest(), this.#remedies);
      if (this.#engine.isCrowded) await this.#engine.checkpoint();
      const { added } = this.#engine;
      const tried = retry(() => this.#attempt(work), this.#remedies);
      const result = tried instanceof Promise ? await tried : tried;
      // Wrapped, so that the next write does not wait for the flush: they share it.
      return { result, settled: this.#engine.added === added ? undefined : this.#engine.settled() };
    } catch (error) {
      throw translated(error, 'writing to the vault');
    } finally {
      this.#idleTimer.restart(IDLE_MS);
    }
  }

  /** For work that reads or writes the files themselves. */
  #writeFiles<T>(work: () => Promise<T>): Promise<T> {
    return this.#write(async () => {
      await this.#engine.checkpoint();
      return work();
    });
  }

  readonly #remedies: Remedies = {
    refresh: ({ table, file }) => this.#refresh.refresh(table, file.path),
    checkpoint: () => this.#engine.checkpoint(),
  };

  #attempt<T>(work: () => T | Promise<T>): T | Promise<T> {
    this.#refusalsSeen = this.#engine.refusals;
    return work();
  }

  #commit(operations: readonly Operation[], options: DeleteOptions): void {
    this.#commitExactly([...operations, ...this.#ledger.linesFor(operations)], options);
    this.#ledger.committed(operations);
  }

  /** A staged batch's slice. Its lines first and safe: once a record is in its file, a second try passes it over. */
  #commitDirectly(operations: readonly Operation[], options: DeleteOptions, later: Unsynced): void {
    const lines = this.#ledger.linesFor(operations);
    if (lines.length > 0) this.#engine.commitDirectly(this.#batch(lines, options));
    this.#engine.commitDirectly(this.#batch(operations, options), later);
    this.#ledger.committed(operations);
  }

  #commitExactly(operations: readonly Operation[], options: DeleteOptions): void {
    // What this write has read may come from a group that was refused meanwhile.
    if (this.#engine.refusals !== this.#refusalsSeen) throw new NeedsCheckpoint();
    this.#engine.commit(this.#batch(operations, options));
  }

  #batch(operations: readonly Operation[], options: DeleteOptions): Batch {
    const { source = 'local', trashBatch = newId(this.#parts.clock) } = options;
    return { operations, source, trashBatch };
  }

  /** A batch that was committed but could not be applied in full (a full disk) must be finished before anything else changes. */
  async #runIngest(batch: StagedBatch, options: IngestOptions): Promise<void> {
    if (batch.operations >= LARGE_BATCH) {
      this.#warmer.callOff();
      for (const table of this.#parts.tables.values()) if (table.definition.kind === 'log') table.cool();
    }
    try {
      await this.#ingest.run(batch, options);
    } catch (error) {
      this.#isIngestPending = this.#ingest.isMarked(batch);
      throw error;
    } finally {
      this.#warmer.warmWhenIdle();
    }
  }

  async #finishIngest(): Promise<void> {
    await this.#engine.checkpoint();
    try {
      await this.#ingest.finishMarked();
    } catch (error) {
      this.#behind(error);
      throw error;
    }
    this.#isIngestPending = false;
  }

  #behind(error: unknown): void {
    this.#health.report('files_behind', toAppError(translated(error, 'writing the records’ files')));
  }

  /** While there is trouble: tries again what failed. */
  async #probe(): Promise<void> {
    const health = this.#health;
    if (this.#isClosed || health.has('lost')) return;
    if (health.has('gone') && !(await this.#ownership.comeBack())) return;
    if (this.#lock === null) return;
    this.#ownership.assert();
    if (health.has('refusing')) this.#engine.tryLog();
    if (this.#isIngestPending) await this.#finishIngest();
    else await this.#engine.checkpoint();
  }

  #addIndex(table: CollectionTable, spec: IndexSpec): string {
    this.#ownership.assert();
    this.#parts.keeper.markDirty();
    return addOwnIndex(this.#parts, this.#reader, table, spec);
  }

  #saveIndexes(): void {
    this.#queue
      .run(async () => {
        if (this.#isClosed) return;
        await this.#engine.checkpoint();
        await this.#parts.keeper.save(this.#parts.tables.values(), CHANGES_WORTH_SAVING);
      })
      .catch((error: unknown) => this.#parts.log.warn('the indexes were not saved', { error: String(error) }));
  }
}
