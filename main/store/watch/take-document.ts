import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../../shared/errors.ts';
import type { Meta } from '../../../shared/store/store.ts';
import { isoNow } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { Operation } from '../batch.ts';
import { documentPath } from '../layout.ts';
import { parseRecord } from '../parse-record.ts';
import type { Row } from '../row.ts';
import { stampInsert, stampUpdate } from '../../records/stamp.ts';
import { type RecordBody, type StoredRecord, bodyOf } from '../../records/stored-record.ts';
import { absolutePath } from './known-files.ts';
import { keepCopy, putFile } from './kept-copy.ts';
import { takenKey } from './taken-key.ts';
import type { Found, TakePort } from './take-port.ts';
import type { Outcome } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What is meant by a document's file: nothing but its own looks, a version of a record, or nothing that can be one. */
type Meaning =
  | { readonly kind: 'same' }
  | { readonly kind: 'version'; readonly body: RecordBody; readonly base: Meta | undefined }
  | { readonly kind: 'faulty'; readonly reason: string };

/** A document that another program wrote: becomes a new version of its record, or a new record. */
export async function takeDocument(port: TakePort, found: Found, row: Row | undefined): Promise<Outcome> {
  const { table, path, bytes, good } = found;
  const value = objectIn(bytes);
  if (typeof value === 'string') return { kind: 'faulty', reason: value };
  const meaning = row ? editOf(port, found, row, value) : newcomerOf(port, found, value);
  if (meaning.kind === 'faulty') return meaning;
  if (meaning.kind === 'same') {
    // Only its looks or its bookkeeping were changed: it looks as we write it again.
    if (good) putFile(port.parts, table, path, good);
    return { kind: 'same' };
  }
  const taken = takenKey(table, meaning.body);
  if (taken !== undefined) return { kind: 'faulty', reason: taken };
  await commitVersion(port, found, meaning, row);
  return { kind: 'taken' };
}

function objectIn(bytes: Buffer): Fields | string {
  const parsed = parseRecord(bytes);
  if (parsed.kind === 'damaged') return parsed.reason;
  return parsed.kind === 'record' ? { ...parsed.record } : parsed.value;
}

/** Of the file's `_meta` nothing is believed: the record's history is what it was before. */
function editOf({ parts }: TakePort, { table, path, good, bytes }: Found, row: Row, value: Fields): Meaning {
  const { view } = row;
  const { _meta, _id, ...fields } = value;
  const id = fields['id'] ?? _id ?? view.id;
  if (id !== view.id) return { kind: 'faulty', reason: 'the id in it is not that of its file' };
  const createdAt = fields['created_at'] ?? view.created_at;
  if (!isOfDay(view.id, createdAt, path)) return { kind: 'faulty', reason: 'its date is not that of its folder' };
  const before = good && recordIn(good);
  const updatedAt = fields['updated_at'] ?? view.updated_at;
  const after = { ...fields, id, created_at: createdAt, updated_at: updatedAt };
  // A date that the person changed (or an older version has) is meant; one that stayed follows the edit.
  const update = updatedAt === view.updated_at ? {} : { $set: { updated_at: updatedAt } };
  const base: RecordBody = before ? bodyOf(before) : { id: view.id, created_at: view.created_at, updated_at: '' };
  return checked(() => {
    const body = stampUpdate(table.definition, base, after, update, isoNow(parts.clock));
    const history = before?._meta ?? recordIn(bytes)?._meta;
    return body === null ? { kind: 'same' } : { kind: 'version', body, base: history };
  });
}

/** A new file: its id and its day are its name's and its folder's where it says nothing else. */
function newcomerOf({ parts }: TakePort, { table, path, bytes }: Found, value: Fields): Meaning {
  const name = basename(path, '.json');
  const draft = { created_at: `${path.slice(0, 'YYYY/MM/DD'.length).replaceAll('/', '-')}T00:00:00.000Z`, ...value };
  return checked(() => {
    const body = stampInsert(table.definition, draft, {
      id: () => name || newId(parts.clock),
      now: isoNow(parts.clock),
    });
    const known = table.rows.get(body.id);
    // One that was moved has left its place; the missing file there is the same record.
    const isMoved = known && parts.fs.stat(absolutePath(parts.root, table.name, table.pathOf(known))) === undefined;
    if (known && !isMoved) return { kind: 'faulty', reason: 'a second file for the same id' };
    // A record that comes back (a backup, the trash) goes on where it was.
    return { kind: 'version', body, base: recordIn(bytes)?._meta };
  });
}

function isOfDay(id: string, createdAt: unknown, path: string): boolean {
  if (typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) return false;
  return documentPath(id, createdAt) === path;
}

function recordIn(bytes: Buffer): StoredRecord | undefined {
  const parsed = parseRecord(bytes);
  return parsed.kind === 'record' ? parsed.record : undefined;
}

function checked(work: () => Meaning): Meaning {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) return { kind: 'faulty', reason: error.message };
    throw error;
  }
}

async function commitVersion(
  { parts, commit, settle }: TakePort,
  { table, path, bytes, good }: Found,
  { body, base }: Extract<Meaning, { kind: 'version' }>,
  row: Row | undefined,
): Promise<void> {
  const record = parts.stamper.stamp(table.definition, body, base, { external: true });
  const before = row ?? table.rows.get(body.id);
  const isElsewhere = documentPath(record.id, record.created_at) !== path;
  const replaces = isElsewhere ? undefined : { bytes: bytes.length, crc: crc32(bytes) };
  const former = good && recordIn(good);
  const operation: Operation = { kind: 'put', table, record, before, former, ...(replaces && { replaces }) };
  if (isElsewhere) keepCopy(parts, table, path, bytes);
  commit([operation], { source: 'external' });
  await settle();
  // Only once its record stands in its own place.
  if (isElsewhere && isAsExpected(parts.fs.stat(absolutePath(parts.root, table.name, path)), bytes)) {
    parts.fs.unlink(absolutePath(parts.root, table.name, path));
  }
}

function isAsExpected(stat: { readonly size: number } | undefined, bytes: Buffer): boolean {
  return stat?.size === bytes.length;
}
