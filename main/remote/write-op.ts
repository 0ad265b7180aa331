import type { Document, UpdateOneModel } from 'mongodb';
import { isSameJson } from '../lib/canonical-json.ts';
import type { StoredRecord } from '../records/stored-record.ts';
import { wireMetaOf } from './wire.ts';

/** One compare-and-set on one document: it matches once, or somebody else was quicker. */
export type WriteOp = Pick<UpdateOneModel, 'filter' | 'update' | 'upsert'>;

/**
 * User data is a value in these pipelines, never an operator or a path: `$literal` keeps it from being read (D17).
 * A pipeline, since only that replaces a whole document and takes the server's clock in one step.
 */
function metaStage(record: StoredRecord): Document {
  return { _meta: { $mergeObjects: [{ $literal: wireMetaOf(record) }, { at: '$$NOW' }] } };
}

function ownFields(record: StoredRecord): Record<string, unknown> {
  const { id: _, _meta, ...fields } = record;
  return fields;
}

function wholeDocument(record: StoredRecord, _id: unknown): Document[] {
  return [{ $replaceWith: { $mergeObjects: [{ $literal: { _id, ...ownFields(record) } }, metaStage(record)] } }];
}

/** A new record as the server keeps it; written at `at`, by the server's clock. */
export function newDocument(record: StoredRecord, at: Date): Document {
  return { _id: record.id, ...ownFields(record), _meta: { ...wireMetaOf(record), at } };
}

/** No record has a negative `gen`: this matches nothing, so a document with this `_id` makes it fail with E11000. */
export function insertOp(record: StoredRecord): WriteOp {
  return {
    filter: { _id: record.id as never, '_meta.gen': -1 }, // our ids are text; the driver's types want ObjectIds
    update: wholeDocument(record, record.id),
    upsert: true,
  };
}

/** Puts a record in the place of the version that has this rev (null: of a document without `_meta`). */
export function replaceOp(record: StoredRecord, _id: unknown, rev: string | null): WriteOp {
  return { filter: versionFilter(_id, rev), update: wholeDocument(record, _id) };
}

/** As `replaceOp`, where the document must still be what was read. */
export function replaceSeenOp(record: StoredRecord, seen: SeenDocument): WriteOp {
  return { filter: seenFilter(seen), update: wholeDocument(record, seen.document['_id']) };
}

/** Writes `_meta` beside what stands there, which must still be what was read. */
export function metaOp(record: StoredRecord, seen: SeenDocument): WriteOp {
  return { filter: seenFilter(seen), update: [{ $set: metaStage(record) }] };
}

function versionFilter(_id: unknown, rev: string | null): Document {
  return { _id, '_meta.rev': rev === null ? { $exists: false } : rev };
}

/** A document as it was read, in types that go back to the server as they came. */
export interface SeenDocument {
  readonly document: Document;
  readonly size: number;
  /** False where some type cannot be sent back: BSON's old `undefined`, DBPointer, two fields of one name. */
  readonly isExact: boolean;
}

/** A larger document and its replacement do not fit into one command together; then its rev and its size have to do. */
const MAX_COMPARED_BYTES = 6 * 1024 * 1024;

function seenFilter({ document, size, isExact }: SeenDocument): Document {
  const { _id, _meta } = document;
  if (isExact && size <= MAX_COMPARED_BYTES) return { _id, $expr: { $eq: ['$$ROOT', { $literal: document }] } };
  const rev: unknown = (_meta as Document | undefined)?.['rev'];
  return {
    ...versionFilter(_id, typeof rev === 'string' ? rev : null),
    $expr: { $eq: [{ $bsonSize: '$$ROOT' }, size] },
  };
}

/** What an update read. */
export interface ReadVersion {
  readonly record: StoredRecord;
  readonly _id: unknown;
  /** Decoded, as it stands there. */
  readonly document: Document;
  /** Its own fields, exactly those that stand there. */
  readonly plain: Readonly<Record<string, unknown>>;
  readonly isForeign: boolean;
}

/**
 * Writes the fields that an update changed, and leaves the others to whoever changes them meanwhile: another program,
 * which does not know `_meta.rev`, loses nothing. Those to be changed must still have the value that was read.
 */
export function changeOp(next: StoredRecord, before: ReadVersion): WriteOp {
  const [now, then] = [ownFields(next), before.plain];
  const changed = Object.keys(now).filter((name) => !Object.hasOwn(then, name) || !isSameJson(now[name], then[name]));
  const removed = Object.keys(then).filter((name) => !Object.hasOwn(now, name));
  const filter = versionFilter(before._id, before.isForeign ? null : before.record._meta.rev);
  if (![...changed, ...removed].every(isPath)) return { filter, update: wholeDocument(next, before._id) };
  const literal = Object.fromEntries(changed.map((name) => [name, now[name]]));
  const write = { $replaceWith: { $mergeObjects: ['$$ROOT', { $literal: literal }, metaStage(next)] } };
  return {
    filter: { ...filter, ...guardsOf([...changed, ...removed], before.document) },
    update: removed.length === 0 ? [write] : [write, { $unset: removed }],
  };
}

/** Puts a tombstone in the place of what was read, unless another program has changed, added or removed a field of it since. */
export function deleteOp(tombstone: StoredRecord, { _id, record, document, isForeign }: ReadVersion): WriteOp {
  const names = Object.keys(document);
  const own = names.filter((name) => name !== '_id' && name !== '_meta' && isPath(name));
  const isAsRead = { $expr: { $eq: [{ $size: { $objectToArray: '$$ROOT' } }, names.length] } };
  const filter = {
    ...versionFilter(_id, isForeign ? null : record._meta.rev),
    ...guardsOf(own, document),
    ...isAsRead,
  };
  return { filter, update: wholeDocument(tombstone, _id) };
}

/** A name that a filter can ask for. */
function isPath(name: string): boolean {
  return name !== '' && !name.startsWith('$') && !name.includes('.') && !name.startsWith('%');
}

/** A value of the old BSON type `undefined` cannot be asked for; its field goes without a guard. */
function guardsOf(names: readonly string[], document: Document): Document {
  const guarded = names.filter((name) => !Object.hasOwn(document, name) || document[name] !== undefined);
  return Object.fromEntries(
    guarded.map((name) => [
      name,
      Object.hasOwn(document, name) ? { $eq: document[name] as unknown } : { $exists: false },
    ]),
  );
}
