import type { ChangeBatch } from '../../shared/store/store.ts';
import type { Log } from '../lib/log.ts';
import { applyBatch, changesOf } from './apply-batch.ts';
import { type Batch, type Operation, NeedsCheckpoint, StaleLogFile, type Written, recordId } from './batch.ts';
import type { Unsynced } from './durable-write.ts';
import type { Journal } from './journal.ts';
import { pendingRow } from './pending-row.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { RecordWriter } from './record-writer.ts';
import type { Row } from './row.ts';

/**
 * The one way in which anything changes. A commit has three steps:
 *
 *     1. memory     rows and indexes follow; readers see all of it at once    here, as pending rows
 *     2. durable    one flushed entry of the log, shared by a turn's commits  journal.ts
 *     3. files      records' own files follow                                 checkpoint.ts
 *
 * then listeners are told (after step 2). A staged batch has a durable copy of its own and goes to the files directly.
 */
export interface Committer {
  /** NeedsCheckpoint where a record is deleted whose file is not written yet. */
  commit(batch: Batch): void;
  /** @param later for a batch that has a durable copy elsewhere: the syncing is left to the caller */
  commitDirectly(batch: Batch, later?: Unsynced): void;
}

interface Port {
  /** Throws while nothing may be written: closed, read-only, lock lost. */
  readonly assertWritable: () => void;
  /** PATH_REFUSED where one of the records' files could not be written later. */
  readonly assertReachable: (operations: readonly Operation[]) => void;
  /** Called before the first change after a clean open. */
  readonly beforeWrite: () => void;
  /** Called when a direct write failed: should putting back have failed too, memory must not go on believing it. */
  readonly afterFailure: (batch: Batch) => void;
  readonly writer: RecordWriter;
  readonly journal: Journal;
  readonly pending: PendingWrites;
  readonly announce: (changes: ChangeBatch) => void;
}

export function createCommitter(port: Port): Committer {
  const { assertWritable, assertReachable, beforeWrite, afterFailure, writer, journal, pending, announce } = port;

  function writeDirectly(batch: Batch, later: Unsynced | undefined): Written {
    try {
      return writer.write(batch, later && { later });
    } catch (error) {
      if (!(error instanceof StaleLogFile)) afterFailure(batch);
      throw error;
    }
  }

  return {
    commit(batch) {
      if (batch.operations.length === 0) return;
      assertWritable();
      // The trash takes a deleted record's bytes from its file, so there has to be one.
      // Safe, too: while the log holds both, a deletion stands for the version before it, which would be lost.
      const isDue = (each: Operation): boolean => each.kind === 'delete' && pending.isUnsafe(each);
      if (batch.operations.some((each) => deletesPending(each) || isDue(each))) throw new NeedsCheckpoint();
      assertReachable(batch.operations);
      beforeWrite();
      const changes = changesOf(batch);
      const applied = batch.operations.map(applyPending);
      journal.add({
        batch,
        changes,
        texts: applied.map(({ text }) => text),
        undo: () => applied.toReversed().forEach(({ undo }) => undo()),
        done: () => {
          for (const [at, operation] of batch.operations.entries()) {
            pending.add({ operation, trashBatch: batch.trashBatch, row: applied[at]?.row });
          }
        },
      });
    },
    commitDirectly(batch, later) {
      if (batch.operations.length === 0) return;
      assertWritable();
      beforeWrite();
      announce(applyBatch(batch, writeDirectly(batch, later)));
    },
  };
}

function deletesPending(operation: Operation): boolean {
  if (operation.kind === 'put') return false;
  const row = operation.table.rows.get(recordId(operation)) ?? operation.before;
  return row.place.pending !== undefined || operation.before.place.pending !== undefined;
}

interface Applied {
  /** The record (for a deletion: its tombstone) as the log keeps it. */
  readonly text: string;
  readonly row: Row | undefined;
  readonly undo: () => void;
}

function applyPending(operation: Operation): Applied {
  const { table } = operation;
  const id = recordId(operation);
  const former = table.rows.get(id);
  const putBack = (): void => (former ? table.put(former) : table.remove(id));
  if (operation.kind === 'delete') {
    const { file } = operation.before.place;
    table.remove(id);
    if (file) file.owed += 1;
    const undo = (): void => {
      if (file) file.owed -= 1;
      putBack();
    };
    return { text: JSON.stringify(operation.tombstone), row: undefined, undo };
  }
  const text = JSON.stringify(operation.record);
  const row = pendingRow(table, operation.record, text, former);
  table.put(row);
  const undo = (): void => {
    putBack();
    const { file } = row.place;
    if (file?.size === 0 && file.live === 0) table.forgetLogFile(file.path);
  };
  return { text, row, undo };
}

/** Tells those who watch; a listener's fault must not look like a failed write. */
export function createAnnouncer(log: Log): {
  announce(changes: ChangeBatch): void;
  watch(listener: (changes: ChangeBatch) => void): () => void;
} {
  const listeners = new Set<(changes: ChangeBatch) => void>();
  return {
    announce(changes) {
      if (changes.changes.length === 0) return;
      for (const listener of listeners) {
        try {
          listener(changes);
        } catch (error) {
          log.warn('a change listener failed', { error: String(error) });
        }
      }
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** More than files in a slice of a batch: each of them may have been changed, and each try puts one right. */
const MAX_TRIES = 40;

export interface Remedies {
  /** A log file turned out to have been changed by another program. */
  readonly refresh: (stale: StaleLogFile) => void;
  readonly checkpoint: () => Promise<void>;
}

/** Gathers and commits again after what stood in the way has been put right. Done at once where nothing did, and the work was. */
export function retry<T>(work: () => T | Promise<T>, remedies: Remedies): T | Promise<T> {
  try {
    const done = work();
    return done instanceof Promise ? done.catch((error: unknown) => tryAgain(work, remedies, error)) : done;
  } catch (error) {
    return tryAgain(work, remedies, error);
  }
}

async function tryAgain<T>(
  work: () => T | Promise<T>,
  { refresh, checkpoint }: Remedies,
  obstacle: unknown,
): Promise<T> {
  let error = obstacle;
  for (let attempt = 2; ; attempt += 1) {
    if (error instanceof StaleLogFile) refresh(error);
    else if (error instanceof NeedsCheckpoint) await checkpoint();
    else throw error;
    try {
      return await work();
    } catch (next) {
      if (attempt === MAX_TRIES) throw next;
      error = next;
    }
  }
}
