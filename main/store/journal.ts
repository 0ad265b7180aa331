import type { ChangeBatch } from '../../shared/store/store.ts';
import type { Batch } from './batch.ts';
import { translated } from './disk-errors.ts';
import { encodeBatch } from './log/log-codec.ts';
import type { WriteAheadLog } from './log/write-ahead-log.ts';
import type { Durability } from './durability.ts';

/** A batch that memory holds already and that is about to be made durable. */
export interface Entry {
  readonly batch: Batch;
  readonly changes: ChangeBatch;
  /** Of the batch's operations, the record of each as JSON text. */
  readonly texts: readonly string[];
  /** Takes memory back to before the batch. */
  readonly undo: () => void;
  /** Called once it is durable. */
  readonly done: () => void;
}

/**
 * Group commit: batches that come in one turn of the event loop share one entry of the log and one flush. Readers may
 * see a batch up to that moment before it is durable; its caller, and those who watch, hear of it only afterwards.
 * When the flush fails, the whole group is undone in memory and refused.
 */
export interface Journal {
  /** Under `full` it is durable when this returns; a refusal is heard of from `settled` all the same. */
  add(entry: Entry): void;
  /** Makes everything added so far durable, now. Never throws: those who wait on `settled` hear of a failure. */
  flush(): void;
  /**
   * Resolves when what was added last is durable; rejects when it was refused (DISK_FULL, DISK_ERROR). To be asked for
   * in the turn in which it was added.
   */
  settled(): Promise<void>;
  /** Batches added so far. */
  readonly added: number;
  /** Groups refused so far: what was read before one of them may not be true any more. */
  readonly refusals: number;
}

interface Group {
  readonly entries: Entry[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Port {
  readonly log: Pick<WriteAheadLog, 'append'>;
  readonly announce: (changes: ChangeBatch) => void;
  /** full: an entry and a flush for every batch at once. The others: one for what a turn brings. */
  readonly durability: Durability;
}

export function createJournal({ log, announce, durability }: Port): Journal {
  let group: Group | null = null;
  let latest: Promise<void> = Promise.resolve();

  function open(): Group {
    const { promise, resolve, reject } = withResolvers();
    // A group whose callers all gave up must not end the process.
    promise.catch(() => undefined);
    setImmediate(flush);
    latest = promise;
    return (group = { entries: [], resolve, reject });
  }

  function flush(): void {
    const flushed = group;
    group = null;
    if (flushed !== null) write(flushed);
  }

  function write(flushed: Group): void {
    try {
      log.append(`[${flushed.entries.map(({ batch, texts }) => encodeBatch(batch, texts)).join(',')}]`);
    } catch (error) {
      for (const { undo } of flushed.entries.toReversed()) undo();
      journal.refusals += 1;
      flushed.reject(translated(error, 'writing to the log'));
      return;
    }
    for (const { done } of flushed.entries) done();
    flushed.resolve();
    for (const { changes } of flushed.entries) announce(changes);
  }

  const journal = {
    add(entry: Entry): void {
      (group ?? open()).entries.push(entry);
      journal.added += 1;
      if (durability === 'full') flush();
    },
    flush,
    settled: () => latest,
    added: 0,
    refusals: 0,
  };
  return journal;
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve = (): void => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
