import { basename, join } from 'node:path';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { Change, ChangeBatch } from '../../shared/store/store.ts';
import type { Batch, Operation } from './batch.ts';
import { type Checkpoint, createCheckpoint } from './checkpoint.ts';
import type { CollectionTable } from './collection-table.ts';
import { type Committer, createAnnouncer, createCommitter } from './committer.ts';
import type { Contested } from './contested.ts';
import type { Durability } from './durability.ts';
import { translated } from './disk-errors.ts';
import { createDurableWriter, type Unsynced } from './durable-write.ts';
import type { HealthMonitor } from './health.ts';
import { createIdleTimer } from './idle-timer.ts';
import { type Journal, createJournal } from './journal.ts';
import { layout } from './layout.ts';
import { readCheckpointMark, writeCheckpointMark } from './log/checkpoint-mark.ts';
import { type LogGap, type RecoveredLog, recoverLog } from './log/recover-log.ts';
import { type WriteAheadLog, createWriteAheadLog } from './log/write-ahead-log.ts';
import { PendingWrites } from './pending-writes.ts';
import { rereadFiles } from './rebuild.ts';
import { createReachability } from './reachable.ts';
import type { RecordReader } from './record-reader.ts';
import { createRecordWriter } from './record-writer.ts';
import { replay } from './replay.ts';
import { createTimeSlices } from './time-slices.ts';
import type { FilesListener, VaultFileChange } from './types.ts';
import { changedFiles } from './vault-files.ts';
import type { VaultParts } from './vault-parts.ts';

/** Sizes and times; tests make them small. */
export interface EngineTuning {
  /** How long after the last commit the files catch up. */
  readonly idleMs: number;
  /** With this much in the log the files start to catch up at once; with four times as much, writers wait for them. */
  readonly checkpointBytes: number;
  readonly checkpointRecords: number;
  readonly segmentBytes: number;
  readonly firstSegmentBytes: number;
  /** Of a checkpoint: how many files it writes, and how long, before others have their turn. */
  readonly filesInSlice: number;
  readonly sliceMs: number;
  /** How long writes that were sent at once go on before others have their turn. */
  readonly turnMs: number;
  /** Under `relaxed`: after how long at most what was acknowledged survives a power cut. */
  readonly relaxedFlushMs: number;
}

const usualTuning: EngineTuning = {
  idleMs: 250,
  checkpointBytes: 8 * 1024 * 1024,
  checkpointRecords: 2_000,
  segmentBytes: 4 * 1024 * 1024,
  firstSegmentBytes: 256 * 1024,
  filesInSlice: 12,
  sliceMs: 8,
  turnMs: 8,
  relaxedFlushMs: 1_000,
};

interface Port {
  readonly parts: VaultParts;
  readonly reader: RecordReader;
  readonly storeId: string;
  readonly tuning?: Partial<EngineTuning> | undefined;
  readonly durability: Durability;
  readonly assertWritable: () => void;
  readonly refresh: (table: CollectionTable, path: string) => void;
  readonly health: Pick<HealthMonitor, 'barrier' | 'report' | 'clear'>;
}

/** Log, group commit, checkpoints and recovery, put together: everything between a batch and the disk. */
export class Engine {
  readonly #port: Port;
  readonly #tuning: EngineTuning;
  readonly #pending = new PendingWrites();
  readonly #announcer;
  readonly #fileListeners = new Set<FilesListener>();
  readonly #contestListeners = new Set<ContestListener>();
  #running: Running | null = null;
  readonly #idleTimer = createIdleTimer(() => this.#catchUp());
  #flushTimer: NodeJS.Timeout | undefined;
  #isRefused = false;
  #isCatchingUp = false;

  constructor(port: Port) {
    this.#port = port;
    this.#tuning = { ...usualTuning, ...port.tuning };
    this.#announcer = createAnnouncer(port.parts.log);
  }

  watch(listener: (changes: ChangeBatch) => void): () => void {
    return this.#announcer.watch(listener);
  }

  /** Calls the listener whenever files of records have changed. */
  onFiles(listener: FilesListener): () => void {
    this.#fileListeners.add(listener);
    return () => void this.#fileListeners.delete(listener);
  }

  /** Calls the listener before a file is written over that another program wrote to meanwhile; its bytes are kept. */
  onContested(listener: ContestListener): () => void {
    this.#contestListeners.add(listener);
    return () => void this.#contestListeners.delete(listener);
  }

  /** Owners: brings memory up with the log, then the files with memory. VAULT_DAMAGED where acknowledged entries are missing. */
  async recover(): Promise<void> {
    const { fs, root, quarantine, log: diagnostics } = this.#port.parts;
    const mark = readCheckpointMark(fs, root);
    const found = this.#readLog(mark.last);
    if (found.gap) this.#salvage(found.gap, found.segments);
    for (const { path, offset, bytes } of found.tails) {
      const origin = `${layout.log}/${basename(path)}`;
      if (bytes.length > 0) quarantine.takeBytes(bytes, `${origin} from byte ${offset}`, 'a write that was cut short');
    }
    this.#replay(found);
    const writer = createDurableWriter(fs, root);
    writer.makeFolders(join(root, layout.log));
    writer.syncFolders();
    this.#running = this.#start(found, Math.max(mark.epoch, found.epoch) + 1);
    if (found.segments.length > 0) {
      diagnostics.info('the log was replayed', { entries: found.entries.length, segments: found.segments.length });
    }
  }

  /** Nothing is guessed: what comes before the gap is replayed, and the whole log is kept aside for a person. */
  #salvage(gap: LogGap, segments: readonly string[]): void {
    const { fs, quarantine, salvage } = this.#port.parts;
    if (!salvage) throw damaged(gap);
    for (const path of segments) {
      quarantine.takeBytes(fs.readFile(path), `${layout.log}/${basename(path)}`, `a damaged log: ${gap.reason}`);
    }
  }

  /** Readers: memory as the log has it; the files stay as they are. */
  overlay(): void {
    const { fs, root } = this.#port.parts;
    const found = this.#readLog(readCheckpointMark(fs, root).last);
    this.#replay(found);
    if (found.gap) this.#port.parts.log.warn('the log has a gap', { file: found.gap.path, entry: found.gap.expected });
  }

  #readLog(after: number): RecoveredLog {
    const { fs, root } = this.#port.parts;
    const folder = join(root, layout.log);
    if (fs.stat(folder)?.kind !== 'folder') {
      return { entries: [], last: after, lastSegment: 0, epoch: 0, segments: [], tails: [], gap: null };
    }
    return recoverLog(fs, folder, this.#port.storeId, after);
  }

  #replay(found: RecoveredLog): void {
    const { tables, hlc } = this.#port.parts;
    replay({ tables, hlc, reader: this.#port.reader, pending: this.#pending }, found.entries);
  }

  #start({ last, lastSegment, segments }: RecoveredLog, epoch: number): Running {
    const { durability } = this.#port;
    const { fs, root } = this.#port.parts;
    const folder = join(root, layout.log);
    const log = createWriteAheadLog({
      fs,
      folder,
      store: this.#port.storeId,
      epoch,
      last,
      lastSegment,
      found: segments,
      policy: durability === 'relaxed' ? 'relaxed' : 'safe',
      firstSegmentBytes: this.#tuning.firstSegmentBytes,
      segmentBytes: this.#tuning.segmentBytes,
    });
    const journal = createJournal({
      log: { append: (operations) => this.#onLog(() => log.append(operations)) },
      durability,
      announce: (changes) => this.#committed(changes),
    });
    const writer = createRecordWriter(fs, root, (contested) => this.#keepContested(contested));
    const checkpoint = createCheckpoint({
      fs,
      log,
      writer,
      pending: this.#pending,
      slices: createTimeSlices(this.#tuning.sliceMs),
      filesInSlice: this.#tuning.filesInSlice,
      assertOwned: this.#port.assertWritable,
      flush: () => journal.flush(),
      refresh: this.#port.refresh,
      remember: (number) => writeCheckpointMark(fs, root, { last: number, epoch }),
      onFiles: (operations) => this.#filesChanged(collectionsOf(operations), changedFiles(operations)),
    });
    const committer = createCommitter({
      assertWritable: this.#port.assertWritable,
      assertReachable: createReachability(fs, root),
      beforeWrite: () => this.#markDirty(),
      afterFailure: (batch) => rereadFiles(this.#port.parts, batch),
      writer,
      journal,
      pending: this.#pending,
      announce: (changes) => this.#announcer.announce(changes),
    });
    return { log, journal, checkpoint, committer };
  }

  get #parts(): Running {
    if (this.#running === null) throw new Error('The vault is not open for writing. This is a bug in Almanac.');
    return this.#running;
  }

  /** Memory has it when this returns; `settled` tells when it is durable. */
  commit(batch: Batch): void {
    this.#parts.committer.commit(batch);
  }

  /** For staged batches; nothing may be pending. */
  commitDirectly(batch: Batch, later?: Unsynced): void {
    this.#parts.committer.commitDirectly(batch, later);
    this.#filesChanged(collectionsOf(batch.operations));
  }

  get added(): number {
    return this.#running?.journal.added ?? 0;
  }
  get refusals(): number {
    return this.#running?.journal.refusals ?? 0;
  }
  settled(): Promise<void> {
    return this.#parts.journal.settled();
  }

  /** Whether writers should let the files catch up first. */
  get isCrowded(): boolean {
    const { log } = this.#parts;
    return log.bytes > this.#tuning.checkpointBytes * 4 || this.#pending.size > this.#tuning.checkpointRecords * 4;
  }

  /** Everything committed so far is in the files when this resolves. */
  async checkpoint(): Promise<void> {
    if (this.#running === null) return;
    this.#idleTimer.stop();
    const { health } = this.#port;
    try {
      await this.#running.checkpoint.run();
    } catch (error) {
      const failure = toAppError(translated(error, 'writing the records’ files'));
      if (!health.barrier) health.report('files_behind', failure);
      throw failure;
    }
    this.#isRefused = false;
    health.clear('files_behind');
  }

  /** After the log refused: whether it takes entries again. Throws, and tells the vault's health, while it does not. */
  tryLog(): void {
    this.#markDirty();
    this.#onLog(() => this.#parts.log.prepare());
  }

  /** The vault's folder is another one than was opened: entries go to a new segment, in the folder that is there now. */
  abandonSegment(): void {
    this.#running?.log.abandonSegment();
  }

  /** Makes what has been committed in this turn durable, or takes it back, at once. */
  flush(): void {
    this.#running?.journal.flush();
  }

  /** A file in this folder was put in place by other means: the next checkpoint makes that safe. */
  syncLater(folder: string): void {
    this.#parts.checkpoint.syncLater(folder);
  }

  get isSettled(): boolean {
    return this.#pending.size === 0;
  }

  /** A file was read anew, since another program had changed it. */
  announceFound({ name }: CollectionTable, changes: readonly Change[]): void {
    if (changes.length > 0) this.#announcer.announce({ source: 'external', changes });
    this.#filesChanged(new Set([name]));
  }

  /** Puts pending rows back on top of a file's rows that were read anew. */
  reapply(table: CollectionTable, path: string): void {
    this.#pending.reapply(table, path);
  }

  async close(): Promise<void> {
    this.#idleTimer.stop();
    clearTimeout(this.#flushTimer);
    if (this.#running === null) return;
    const { log } = this.#running;
    try {
      await this.checkpoint();
    } finally {
      this.#idleTimer.stop();
      log.close();
    }
  }

  #committed(changes: ChangeBatch): void {
    this.#announcer.announce(changes);
    if (this.#port.durability === 'relaxed') this.#flushSoon();
    const isDue =
      this.#parts.log.bytes > this.#tuning.checkpointBytes || this.#pending.size > this.#tuning.checkpointRecords;
    if (isDue && !this.#isRefused) this.#catchUp();
    else this.#catchUpWhenIdle();
  }

  /** `relaxed`: one flush for what a second brings. A disk that refuses it gets the whole of it again in the files. */
  #flushSoon(): void {
    if (this.#flushTimer !== undefined) return;
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = undefined;
      try {
        this.#running?.log.sync();
      } catch (error) {
        this.#port.parts.log.warn('the log could not be flushed', { error: String(error) });
        this.#catchUp();
      }
    }, this.#tuning.relaxedFlushMs);
    this.#flushTimer.unref();
  }

  #catchUpWhenIdle(): void {
    this.#idleTimer.restart(this.#tuning.idleMs * (this.#isRefused ? 40 : 1));
  }

  #markDirty(): void {
    try {
      this.#port.parts.keeper.markDirty();
    } catch (error) {
      throw this.#refused(error);
    }
  }

  #onLog<T>(work: () => T): T {
    let result: T;
    try {
      result = work();
    } catch (error) {
      throw this.#refused(error);
    }
    this.#port.health.clear('refusing');
    return result;
  }

  #refused(error: unknown): unknown {
    const failure = translated(error, 'writing to the log');
    if (failure instanceof AppError) this.#port.health.report('refusing', failure);
    return failure;
  }

  /** A disk that refuses loses nothing: the log has it all, and the next try goes on. */
  #catchUp(): void {
    // One at a time: a group of a thousand commits would call for a thousand, each of which waits for all before it.
    if (this.#isCatchingUp) return this.#catchUpWhenIdle();
    this.#isCatchingUp = true;
    this.checkpoint()
      .catch((error: unknown) => {
        this.#isRefused = true;
        this.#port.parts.log.warn('the files could not catch up with the log', { error: String(error) });
        this.#catchUpWhenIdle();
      })
      .finally(() => (this.#isCatchingUp = false));
  }

  /** Whoever saved the file a moment ago finds it in the quarantine, unless the watcher can put both changes together. */
  #keepContested(contested: Contested): void {
    const { name } = contested.table;
    const origin = `${layout.data}/${name}/${contested.path}`;
    const reason = 'saved by another program in the moment in which Almanac changed the record';
    const kept = this.#port.parts.quarantine.takeBytes(contested.bytes, origin, reason);
    for (const listener of this.#contestListeners) listener(contested, kept);
  }

  #filesChanged(collections: ReadonlySet<CollectionName>, changes?: readonly VaultFileChange[]): void {
    for (const listener of this.#fileListeners) listener(collections, changes);
  }
}

/** @param kept names the copy in the quarantine */
export type ContestListener = (contested: Contested, kept: string) => void;

interface Running {
  readonly log: WriteAheadLog;
  readonly journal: Journal;
  readonly checkpoint: Checkpoint;
  readonly committer: Committer;
}

function collectionsOf(operations: readonly Operation[]): Set<CollectionName> {
  return new Set(operations.map(({ table }) => table.name));
}

function damaged(gap: LogGap): AppError {
  return new AppError('VAULT_DAMAGED', `The vault’s log is damaged: in ${gap.path}, ${gap.reason}.`, {
    remedy:
      'Restore that file from a backup, or run `almanac doctor --repair`, which keeps what is certain and sets the rest aside.',
    details: { path: gap.path, expected: gap.expected },
  });
}
