import type { ChangeSource } from '../../shared/store/store.ts';
import type { CollectionTable } from './collection-table.ts';
import { documentPath, logPath } from './layout.ts';
import { type LogFile, type Place, type Row, streamOf } from './row.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/** One record's change, as a full post-image: applying it twice is applying it once. */
export type Operation =
  | {
      readonly kind: 'put';
      readonly table: CollectionTable;
      readonly record: StoredRecord;
      readonly before: Row | undefined;
      /** What another program made of the file, where this version was made from that. */
      readonly replaces?: { readonly bytes: number; readonly crc: number };
      /** The version before, where its file no longer has it. */
      readonly former?: StoredRecord | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly table: CollectionTable;
      readonly before: Row;
      /** What stays of it: id, dates, stream, and a `_meta` that says `del`. */
      readonly tombstone: StoredRecord;
    };

/** What becomes true at once or not at all. At most one operation per record, but for a delete followed by a put. */
export interface Batch {
  readonly source: ChangeSource;
  readonly operations: readonly Operation[];
  /** Folder of the trash in which deleted bodies are kept. */
  readonly trashBatch: string;
}

/** What making a batch durable did, for memory to follow. */
export interface Written {
  /** Where a put's bytes went; null for a delete. In the order of the batch's operations. */
  readonly places: readonly (Place | null)[];
  /** Log files as they are now. A size of 0: the file went to the trash. */
  readonly logFiles: readonly {
    readonly table: CollectionTable;
    readonly file: LogFile;
    readonly size: number;
    readonly crc: number;
  }[];
}

/** A log file is not as long as memory says: another program wrote to it. The caller reads it anew and tries again. */
export class StaleLogFile extends Error {
  readonly table: CollectionTable;
  readonly file: LogFile;
  constructor(table: CollectionTable, file: LogFile) {
    super(`${file.path} changed behind our back`);
    this.table = table;
    this.file = file;
  }
}

/** The batch cannot be committed on what memory holds at the moment; after a checkpoint it can be gathered anew. */
export class NeedsCheckpoint extends Error {
  constructor() {
    super('The files have to catch up with the log first.');
  }
}

/** The usual path of an operation's file inside its collection's folder. */
export function recordPath(operation: Operation): string {
  const { definition } = operation.table;
  const record = operation.kind === 'put' ? operation.record : operation.before.view;
  if (definition.kind === 'document') return documentPath(record.id, record.created_at);
  return logPath(streamOf(definition, record), record.created_at);
}

export function recordId(operation: Operation): string {
  return operation.kind === 'put' ? operation.record.id : operation.before.view.id;
}
