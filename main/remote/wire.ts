import type { Document } from 'mongodb';
import type { CollectionDefinition } from '../../shared/collections/define.ts';
import { AppError } from '../../shared/errors.ts';
import type { Meta } from '../../shared/store/store.ts';
import { isIntact } from '../records/meta.ts';
import { checkId, stampInsert } from '../records/stamp.ts';
import type { RecordBody, StoredRecord } from '../records/stored-record.ts';
import { dayOf } from '../sync/base.ts';
import { OTHER_PROGRAM, foreignVersion } from '../sync/foreign.ts';
import { lanesOf } from '../sync/lanes.ts';
import type { Driver } from './driver.ts';
import { Unreadable, toPlainObject } from './plain-value.ts';
import { idOf } from './record-id.ts';

/**
 * The form of a record in the team database: its own fields at the top level, `_id` for `id`, and in `_meta`, beside
 * what every record has there, what the server needs for digests and polling:
 *
 *     _meta: { …, day: '2026-11-21', h0: int, …, h4: int, at: ISODate }
 *
 * `day` is the UTC day of created_at, `h0`-`h4` are the digest lanes of (id, rev), `at` is the server's clock at the write.
 */
export type WireMeta = Meta & { readonly day: string } & Readonly<Record<'h0' | 'h1' | 'h2' | 'h3' | 'h4', number>>;

export function wireMetaOf(record: Pick<StoredRecord, 'id' | 'created_at' | '_meta'>): WireMeta {
  const [h0, h1, h2, h3, h4] = lanesOf(record.id, record._meta.rev);
  return { ...record._meta, day: dayOf(record), h0, h1, h2, h3, h4 };
}

/** A document as it was read. */
export type Reading =
  | {
      readonly kind: 'record';
      readonly record: StoredRecord;
      /** The `_id` as it stands there. */
      readonly _id: unknown;
      /** The document, decoded; numbers and dates as JavaScript has them. */
      readonly document: Document;
      /** Its own fields as plain JSON, exactly those that stand there. */
      readonly plain: Readonly<Record<string, unknown>>;
      /** Another program wrote it: it has no `_meta` of ours, and the record's is derived from the content. */
      readonly isForeign: boolean;
    }
  | { readonly kind: 'unreadable'; readonly id: string; readonly reason: string };

const decoding = { bsonRegExp: true, promoteValues: true } as const;

/** Reads one document by itself, so that a bad one is nobody else's trouble. Never throws. */
export function readDocument(definition: CollectionDefinition, raw: Uint8Array, driver: Driver): Reading {
  try {
    return recordIn(definition, driver.BSON.deserialize(raw, decoding), driver);
  } catch (error) {
    return { kind: 'unreadable', id: idInBytes(raw, driver), reason: reasonOf(error) };
  }
}

function recordIn(definition: CollectionDefinition, document: Document, driver: Driver): Reading {
  const { _id, _meta, ...fields } = document;
  const text = idOf(_id, driver);
  if (text === null) throw new Unreadable('its _id is of a type that has no text');
  const id = checkId(text);
  const meta = metaIn(_meta);
  const { id: _, ...plain } = toPlainObject(fields, driver);
  const whole = (): RecordBody => wholeBody(definition, { id, ...plain }, datesOf(document, driver));
  const record =
    meta === null
      ? foreignVersion(definition, whole(), null)
      : // Adopting adds `_meta` alone, so that dates and defaults that a record has may be wanting there.
        ({
          ...(isAdopted(meta) ? whole() : { id, ...plain }),
          _meta: meta,
        } as StoredRecord);
  return { kind: 'record', record, _id, document, plain, isForeign: meta === null };
}

function isAdopted({ by, del }: Meta): boolean {
  return by.replica === OTHER_PROGRAM && !del;
}

/** `_meta` without what only the server needs; null where it is not one of ours. */
export function metaIn(value: unknown): Meta | null {
  if (typeof value !== 'object' || value === null) return null;
  const { rev, gen, anc, hlc, sv, del, by, sum } = value as Record<string, unknown>;
  const isOurs =
    typeof rev === 'string' &&
    typeof gen === 'number' &&
    Array.isArray(anc) &&
    typeof hlc === 'string' &&
    typeof sv === 'number' &&
    typeof by === 'object' &&
    by !== null &&
    typeof sum === 'string';
  if (!isOurs) return null;
  const meta = { rev, gen, anc: anc as string[], hlc, sv, ...(del === true && { del: true as const }) };
  return { ...meta, by: by as Meta['by'], sum };
}

interface Dates {
  readonly created_at: string;
  readonly updated_at: string;
}

/** When another program's document was made: by its own words, else by its ObjectId. */
function datesOf(document: Document, driver: Driver): Dates {
  const { _id, created_at, timestamp, updated_at } = document;
  const minted = _id instanceof driver.ObjectId ? _id.getTimestamp() : new Date(0);
  const createdAt = timeIn(created_at) ?? timeIn(timestamp) ?? minted.toISOString();
  return { created_at: createdAt, updated_at: timeIn(updated_at) ?? createdAt };
}

function timeIn(value: unknown): string | undefined {
  const isTime = value instanceof Date || (typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]/.test(value));
  const time = isTime ? new Date(value) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) return undefined;
  return typeof value === 'string' && /(?:Z|[+-]\d\d:\d\d)$/.test(value) ? value : time.toISOString();
}

/** What another program wrote as a record of the collection: dates and defaults filled in. BAD_RECORD where it is none. */
function wholeBody(
  definition: CollectionDefinition,
  fields: Readonly<Record<string, unknown>>,
  dates: Dates,
): RecordBody {
  const { _meta, ...own } = fields;
  return stampInsert(definition, { ...own, ...dates }, { id: () => '', now: dates.created_at });
}

/** The record with a `_meta` that is true of its content; where another program changed that, of a version of its own. */
export function withTrueMeta(
  definition: CollectionDefinition,
  { record, document, isForeign }: Extract<Reading, { kind: 'record' }>,
  driver: Driver,
): { readonly record: StoredRecord; readonly former: Meta | null; readonly isForeign: boolean } {
  if (isForeign || isIntact(record)) return { record, former: null, isForeign };
  const { created_at } = record;
  const own = datesOf(document, driver);
  const dates = {
    created_at: typeof created_at === 'string' ? created_at : own.created_at,
    updated_at: own.updated_at,
  };
  const body = wholeBody(definition, record, dates);
  return { record: foreignVersion(definition, body, record._meta), former: record._meta, isForeign: true };
}

function idInBytes(raw: Uint8Array, driver: Driver): string {
  try {
    const { _id } = driver.BSON.deserialize(raw, { ...decoding, validation: { utf8: false } });
    return idOf(_id, driver) ?? String(_id);
  } catch {
    return '';
  }
}

/** Never the content: a reason is logged and shown. */
export function reasonOf(error: unknown): string {
  if (error instanceof Unreadable || error instanceof AppError) return error.message;
  return error instanceof Error && error.name.startsWith('BSON') ? 'its bytes cannot be decoded' : 'it cannot be read';
}

/** Some fields of a document, as a find with a projection asks for them; the collection's rules are not looked at. */
export function readPart(
  raw: Uint8Array,
  driver: Driver,
):
  | { readonly kind: 'part'; readonly fields: Record<string, unknown> }
  | { readonly kind: 'unreadable'; readonly id: string; readonly reason: string } {
  try {
    const document = driver.BSON.deserialize(raw, decoding);
    const { _id, _meta, ...fields } = document;
    const id = idOf(_id, driver);
    if (id === null) throw new Unreadable('its _id is of a type that has no text');
    const { id: _, ...plain } = toPlainObject(fields, driver);
    const meta = metaIn(_meta);
    if (meta) return { kind: 'part', fields: { id, ...plain, _meta: meta } };
    return { kind: 'part', fields: { id, ...plain, ...datesOf(document, driver) } };
  } catch (error) {
    return { kind: 'unreadable', id: idInBytes(raw, driver), reason: reasonOf(error) };
  }
}
