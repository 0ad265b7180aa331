import type { StoredRecord } from '../records/stored-record.ts';

/** Bytes of a file or line, read leniently: a record of ours, another program's JSON object, or damage. */
export type Parsed =
  | { readonly kind: 'record'; readonly record: StoredRecord }
  | { readonly kind: 'foreign'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'damaged'; readonly reason: string };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Enough of a record to stand in the index; unknown and missing fields are no matter here. */
function isStored(value: Record<string, unknown>): boolean {
  const meta = value['_meta'];
  return (
    isObject(meta) &&
    typeof meta['rev'] === 'string' &&
    typeof meta['gen'] === 'number' &&
    Array.isArray(meta['anc']) &&
    typeof value['id'] === 'string' &&
    isTime(value['created_at']) &&
    typeof value['updated_at'] === 'string'
  );
}

/** A time that has a day: the path depends on it. */
function isTime(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(value) && !Number.isNaN(Date.parse(value));
}

export function parseRecord(bytes: Buffer): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return { kind: 'damaged', reason: bytes.length === 0 ? 'empty file' : 'not JSON' };
  }
  if (!isObject(value)) return { kind: 'damaged', reason: 'not a JSON object' };
  // Just checked to have a record's bookkeeping; its own fields are read leniently by design.
  return isStored(value) ? { kind: 'record', record: value as unknown as StoredRecord } : { kind: 'foreign', value };
}
