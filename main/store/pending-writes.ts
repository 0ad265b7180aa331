import { type Operation, recordId } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { pendingRow } from './pending-row.ts';
import type { Row } from './row.ts';

/** An operation that is safe in the log and not yet in the record's own file. Changes only when its file is read anew. */
export interface PendingWrite {
  operation: Operation;
  /** The row that memory holds for a put: tells at the checkpoint whether it is still the newest. */
  row: Row | undefined;
  readonly trashBatch: string;
  /** A deletion whose record another program has removed from the file already. */
  isGone?: boolean;
}

/**
 * What the next checkpoint has to write: of each record the newest version, and a deletion that came before it. Older
 * versions between two checkpoints never reach a file; the log had them.
 */
export class PendingWrites {
  #waiting = new Map<string, PendingWrite[]>();
  /** Taken by the checkpoint that runs, and not written yet. */
  readonly #taken = new Set<PendingWrite>();
  /** Records whose files a checkpoint has written and not made safe yet. */
  readonly #unsafe = new Set<string>();

  get size(): number {
    return this.#waiting.size + this.#taken.size;
  }

  add(write: PendingWrite): void {
    const key = keyOf(write.operation);
    const former = this.#waiting.get(key);
    if (former === undefined) return void this.#waiting.set(key, [write]);
    const deletion = former.filter(({ operation }) => operation.kind === 'delete');
    this.#waiting.set(key, write.operation.kind === 'delete' ? [write] : [...deletion, write]);
  }

  /** Hands everything over, oldest record first; each is to be reported as `written`, or put back. */
  take(): PendingWrite[] {
    const writes = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const write of writes) this.#taken.add(write);
    return writes;
  }

  written(writes: readonly PendingWrite[]): void {
    for (const write of writes) {
      this.#taken.delete(write);
      this.#unsafe.add(keyOf(write.operation));
    }
  }

  /** The checkpoint has ended: the files are safe, and the log no longer holds what is in them. */
  safe(): void {
    this.#unsafe.clear();
  }

  /** Whether a power cut may still bring back the version before the one that the record's file holds. */
  isUnsafe(operation: Operation): boolean {
    return this.#unsafe.has(keyOf(operation));
  }

  /** What was taken and not written stands before what came since. */
  putBack(): void {
    const since = [...this.#waiting.values()].flat();
    const taken = [...this.#taken];
    this.#waiting.clear();
    this.#taken.clear();
    for (const write of [...taken, ...since]) this.add(write);
  }

  /** A file was read anew: pending versions of its records stand on top of what it holds now. */
  reapply(table: CollectionTable, path: string): void {
    for (const write of [...this.#taken, ...[...this.#waiting.values()].flat()]) {
      const { operation, row } = write;
      if (operation.table !== table) continue;
      const held = row ?? (operation.kind === 'delete' ? operation.before : undefined);
      if (held && table.pathOf(held) === path) rebind(write, operation);
    }
  }
}

function keyOf(operation: Operation): string {
  return `${operation.table.name}\n${recordId(operation)}`;
}

function rebind(write: PendingWrite, operation: Operation): void {
  const { table } = operation;
  const before = table.rows.get(recordId(operation));
  if (operation.kind === 'put') {
    write.row = pendingRow(table, operation.record, JSON.stringify(operation.record), before);
    write.operation = { ...operation, before };
    table.put(write.row);
    return;
  }
  write.isGone = before === undefined;
  if (before === undefined) return;
  table.remove(before.view.id);
  if (before.place.file) before.place.file.owed += 1;
  write.operation = { ...operation, before };
}
