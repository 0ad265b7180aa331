import type { StoredRecord } from '../records/stored-record.ts';

/** A document's file: pretty JSON with a last newline, the way a person would want to open it. */
export function encodeDocument(record: StoredRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record, null, 2)}\n`);
}

/** A record's line in a log file, newline included. */
export function encodeLine(record: StoredRecord): Buffer {
  return Buffer.from(`${JSON.stringify(record)}\n`);
}
