import type { Collection, Document } from 'mongodb';
import { AppError } from '../../shared/errors.ts';
import { plainValueAt } from '../query/compare-by.ts';
import { splitPath } from '../query/path.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/** MongoDB's duplicate-key error, as every Store throws it. */
export function duplicateKey(
  collection: string,
  index: string,
  keyPattern: Readonly<Record<string, unknown>>,
  keyValue: Readonly<Record<string, unknown>>,
): AppError {
  const value = Object.entries(keyValue).map(([field, held]) => `${field}: ${JSON.stringify(held)}`);
  return new AppError('DUPLICATE_KEY', `There is already a record in ${collection} with ${value.join(', ')}.`, {
    remedy: 'Update that record, or choose another value.',
    details: { code: 11000, collection, index, keyPattern, keyValue },
  });
}

export function duplicateId(collection: string, id: string): AppError {
  return duplicateKey(collection, '_id_', { _id: 1 }, { _id: id });
}

/** The index that a write would have broken; null where the error is another one. */
export function brokenIndex(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code !== 11000 || typeof message !== 'string') return null;
  return / index: (\S+) dup key/.exec(message)?.[1] ?? '';
}

/** The error for this record; the server tells the index by name only where several writes were sent at once. */
export async function duplicateOf(
  collection: Collection<Document>,
  name: string,
  index: string,
  record: Pick<StoredRecord, 'id'> & Readonly<Record<string, unknown>>,
): Promise<AppError> {
  const all = await collection.indexes();
  const keyPattern = all.find((each) => each.name === index)?.key ?? {};
  const keyValue = Object.keys(keyPattern).map((field) => [
    field,
    field === '_id' ? record.id : valueAt(record, field),
  ]);
  return duplicateKey(name, index, keyPattern, Object.fromEntries(keyValue) as Record<string, unknown>);
}

function valueAt(record: Readonly<Record<string, unknown>>, field: string): unknown {
  const value = plainValueAt(record, splitPath(field));
  return typeof value === 'symbol' ? null : value;
}
