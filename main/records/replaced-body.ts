import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { AppError } from '../../shared/errors.ts';
import { stampUpdate } from './stamp.ts';
import { type RecordBody, type StoredRecord, bodyOf } from './stored-record.ts';

/**
 * What a `replace` of a commit makes of a record; null where nothing differs. BAD_RECORD, BAD_UPDATE.
 *
 * @param record all its fields; the time of making and a log's stream may be left out
 */
export function replacedBody(
  definition: CollectionDefinition,
  before: StoredRecord,
  record: Readonly<Record<string, unknown>>,
  now: string,
): RecordBody | null {
  const { _meta, _id, ...fields } = record;
  const body = bodyOf(before);
  const isDated = fields['updated_at'] !== undefined && fields['updated_at'] !== body.updated_at;
  const { streamField } = definition;
  const kept = { created_at: body.created_at, ...(streamField !== undefined && { [streamField]: body[streamField] }) };
  const wanted = { ...kept, ...fields, id: body.id, updated_at: isDated ? fields['updated_at'] : body.updated_at };
  return stampUpdate(definition, body, wanted, isDated ? { $set: { updated_at: true } } : {}, now);
}

/** The record that a commit means: NOT_FOUND, and CHANGED_MEANWHILE where it is another version than was asked for. */
export function meantRecord(
  collection: string,
  { id, ifRev }: { readonly id: string; readonly ifRev?: string },
  record: StoredRecord | undefined,
): StoredRecord {
  if (!record) {
    throw new AppError('NOT_FOUND', `There is no record ${id} in ${collection}.`, {
      remedy: 'Nothing was changed. Look again at what there is.',
      details: { collection, id },
    });
  }
  if (ifRev !== undefined && record._meta.rev !== ifRev) {
    throw new AppError('CHANGED_MEANWHILE', `The record ${id} in ${collection} was changed in between.`, {
      remedy: 'Nothing was changed. Look at it as it is now, and try again.',
      details: { collection, id, expected: ifRev, found: record._meta.rev },
    });
  }
  return record;
}

/** BAD_INPUT: a commit changes a record once. */
export function namedTwice(key: string): AppError {
  return new AppError('BAD_INPUT', `The commit names ${key} twice.`, { remedy: 'Put both changes into one write.' });
}
