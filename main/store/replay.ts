import type { CollectionName } from '../../shared/collections/registry.ts';
import type { HybridClock } from '../lib/hlc.ts';
import type { CollectionTable } from './collection-table.ts';
import { type LoggedOperation, decodeBatches } from './log/log-codec.ts';
import { isIntact } from '../records/meta.ts';
import type { LogEntry } from './log/write-ahead-log.ts';
import { pendingRow } from './pending-row.ts';
import type { PendingWrites } from './pending-writes.ts';
import type { RecordReader } from './record-reader.ts';

interface Port {
  readonly tables: ReadonlyMap<CollectionName, CollectionTable>;
  readonly reader: RecordReader;
  readonly pending: PendingWrites;
  /** Shown every version, so that the clock goes on after it, even where the machine's has gone back. */
  readonly hlc: Pick<HybridClock, 'observe'>;
}

/**
 * Makes memory as it was when the log ended. Entries hold whole records, so only the last word on each counts, and one
 * that its file has already is passed over: replaying twice is replaying once. Touches no file.
 */
export function replay({ tables, reader, pending, hlc }: Port, entries: readonly LogEntry[]): void {
  for (const operation of lastWords(entries)) {
    const table = tables.get(operation.collection);
    if (!table) throw new Error(`The log names the collection ${operation.collection}, which is not open.`);
    const { record, trashBatch } = operation;
    hlc.observe(record._meta.hlc);
    const before = table.rows.get(record.id);
    if (operation.kind === 'delete') {
      if (before === undefined) continue;
      table.remove(record.id);
      if (before.place.file) before.place.file.owed += 1;
      pending.add({ operation: { kind: 'delete', table, before, tombstone: record }, trashBatch, row: undefined });
      continue;
    }
    // What its file holds nobody can tell: the log's version stands.
    const isReadable = before === undefined || !table.unreadable.has(table.pathOf(before));
    const held = before && isReadable ? reader.read(table, before) : undefined;
    // Its checksum too: a power cut may leave a line that reads well and is not what was written.
    if (held?._meta.rev === record._meta.rev && isIntact(held)) continue;
    const row = pendingRow(table, record, JSON.stringify(record), before);
    table.put(row);
    pending.add({ operation: { kind: 'put', table, record, before }, trashBatch, row });
  }
}

/** The newest operation on each record; before a put that brought a deleted record back, its deletion. */
function lastWords(entries: readonly LogEntry[]): LoggedOperation[] {
  const byRecord = new Map<string, LoggedOperation[]>();
  for (const operation of entries.flatMap((entry) => decodeBatches(entry.o))) {
    const key = `${operation.collection}\n${operation.record.id}`;
    const deletions = (byRecord.get(key) ?? []).filter(({ kind }) => kind === 'delete');
    byRecord.set(key, operation.kind === 'delete' ? [operation] : [...deletions.slice(-1), operation]);
  }
  return [...byRecord.values()].flat();
}
