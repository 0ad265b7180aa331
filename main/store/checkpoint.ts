import type { WriteAheadLog } from './log/write-ahead-log.ts';
import { type Operation, StaleLogFile, type Written, recordId, recordPath } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { nothingUnsynced, syncAll } from './durable-write.ts';
import type { FsPort } from './fs-port.ts';
import type { PendingWrite, PendingWrites } from './pending-writes.ts';
import type { RecordWriter } from './record-writer.ts';
import type { TimeSlices } from './time-slices.ts';

/**
 * Brings the files up with the log, then lets the log go. The order is the proof (reliability.md §4.4):
 *
 *     1. a new segment: what is acknowledged from now on is not in the old ones
 *     2. files written, a slice at a time, the event loop given back between
 *     3. files synced, then their folders
 *     4. the checkpoint's number written down, durable
 *     5. the old segments removed
 *
 * A failure at any step leaves the log as it is, and the next run goes on.
 */
export interface Checkpoint {
  /** One at a time; a call during a run waits for it and runs again. Rejects when the disk refuses. */
  run(): Promise<void>;
  /** Syncs this folder too before it lets go of the log: a file in it was put in place by other means. */
  syncLater(folder: string): void;
}

interface Port {
  readonly fs: FsPort;
  readonly log: WriteAheadLog;
  readonly pending: PendingWrites;
  readonly writer: RecordWriter;
  readonly slices: TimeSlices;
  readonly filesInSlice: number;
  /** Throws once the vault is not ours any more, or not there: a process that was overtaken in its sleep must not touch its files. */
  readonly assertOwned: () => void;
  /** Flushes what waits, so that pending writes are all that the log holds. */
  readonly flush: () => void;
  /** Another program changed a log file: its rows are read anew, pending ones put back on top. */
  readonly refresh: (table: CollectionTable, path: string) => void;
  /** Writes the number of the newest entry that the files hold. */
  readonly remember: (last: number) => void;
  /** Files have changed; for those who read them. */
  readonly onFiles: (written: readonly Operation[]) => void;
}

export function createCheckpoint(port: Port): Checkpoint {
  const { fs, log, pending, writer, slices } = port;
  /** Survives a failed run: what was written must be synced before the log may go. */
  const unsynced = nothingUnsynced();
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    port.assertOwned();
    port.flush();
    const last = log.last;
    const isNeeded = pending.size > 0 || log.bytes > 0 || log.hasOlder || unsynced.folders.size > 0;
    if (!isNeeded) return;
    log.startSegment();
    await writeFiles(pending.take());
    await syncAll(fs, unsynced);
    port.assertOwned();
    port.remember(last);
    log.dropUpTo(last);
    pending.safe();
  }

  /** One file that cannot be written must not hold up the others; the log stays until it can be. */
  async function writeFiles(writes: readonly PendingWrite[]): Promise<void> {
    let failure: Error | undefined;
    for (const slice of slicesOf(writes, port.filesInSlice)) {
      try {
        port.assertOwned();
        // A commit that is refused takes memory back to before it: not to rows from before this slice, then.
        port.flush();
        writeSlice(slice);
        pending.written(slice);
      } catch (error) {
        failure ??= error instanceof Error ? error : new Error(String(error));
      }
      await slices.pause();
    }
    pending.putBack();
    if (writes.length > 0) port.onFiles(writes.map(({ operation }) => operation));
    if (failure) throw failure;
  }

  /** After a disk that refused, every file of the slice may be another than memory thinks; each try puts one right. */
  function writeSlice(slice: readonly PendingWrite[]): void {
    const trashBatch = slice[0]?.trashBatch ?? '';
    for (let attempt = 1; ; attempt += 1) {
      const left = slice.filter(({ isGone }) => !isGone);
      const operations = left.map(({ operation }) => operation);
      try {
        settle(left, writer.write({ source: 'local', operations, trashBatch }, { later: unsynced, isApplied: true }));
        return;
      } catch (error) {
        if (!(error instanceof StaleLogFile) || attempt > left.length + 1) throw error;
        port.refresh(error.table, error.file.path);
      }
    }
  }

  return {
    async run() {
      while (running) await running.catch(() => undefined);
      // Named before it starts: its flush tells of commits, whose listener may call for a checkpoint in that very moment.
      running = Promise.resolve().then(run);
      try {
        await running;
      } finally {
        running = null;
      }
    },
    syncLater: (folder) => void unsynced.folders.add(folder),
  };
}

/** Memory learns where the bytes are now, but for records that have changed again since. */
function settle(slice: readonly PendingWrite[], written: Written): void {
  for (const [at, { operation, row }] of slice.entries()) {
    const place = written.places[at];
    if (row && place) operation.table.settle(row, place);
    else if (operation.kind === 'delete' && operation.before.place.file) operation.before.place.file.owed -= 1;
  }
  for (const { table, file, size, crc } of written.logFiles) {
    [file.size, file.crc] = [size, crc];
    if (size === 0) table.forgetLogFile(file.path);
  }
}

/** Writes of one file together, few files at a time, one trash folder at a time; a record's own order is kept. */
function* slicesOf(writes: readonly PendingWrite[], filesInSlice: number): Generator<readonly PendingWrite[]> {
  let slice: PendingWrite[] = [];
  const files = new Set<string>();
  const records = new Set<string>();
  for (const write of writes) {
    const { operation } = write;
    const record = `${operation.table.name}\n${recordId(operation)}`;
    const isOtherTrash = slice[0]?.trashBatch !== write.trashBatch && [...slice, write].some(isDeletion);
    if (slice.length > 0 && (isOtherTrash || records.has(record) || files.size >= filesInSlice)) {
      yield slice;
      slice = [];
      files.clear();
      records.clear();
    }
    slice.push(write);
    records.add(record);
    files.add(`${operation.table.name}/${recordPath(operation)}`);
  }
  if (slice.length > 0) yield slice;
}

function isDeletion({ operation }: PendingWrite): boolean {
  return operation.kind === 'delete';
}
