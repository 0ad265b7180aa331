import { AppError } from '../../../shared/errors.ts';
import { isoNow } from '../../lib/clock.ts';
import type { Contested } from '../contested.ts';
import { encodeDocument } from '../encode.ts';
import { parseRecord } from '../parse-record.ts';
import { stampUpdate } from '../../records/stamp.ts';
import { type RecordBody, type StoredRecord, bodyOf } from '../../records/stored-record.ts';
import { keepCopy } from './kept-copy.ts';
import { mergeFields } from './merge-fields.ts';
import { takenKey } from './taken-key.ts';
import type { TakePort } from './take-port.ts';
import type { DataFile, Notice } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Another program saved a record's file in the moment in which Almanac changed that record. Almanac's version stands in
 * the file by now, the other's in the quarantine under `kept`. Where it is known what both were made from, both changes
 * become one version; where they touch the same field the file's wins, and Almanac's version goes to the trash.
 *
 * @returns what the person is to be told; null where the file said nothing that the record does not say
 */
export async function takeContested(port: TakePort, contested: Contested, kept: string): Promise<Notice | null> {
  const { table, id, path, bytes, former } = contested;
  const { parts, lastGood, settle, reader, commit } = port;
  const file: DataFile = { collection: table.name, path };
  const aside = (reason: string): Notice => ({ kind: 'set-aside', file, reason, isRestorable: true });
  const base = former && (await lastGood.read(file, former));
  await settle();
  const row = table.rows.get(id);
  const ours = row && reader.read(table, row);
  if (ours === undefined) return aside('the record was deleted meanwhile');
  const merged = merge(base, ours, bytes);
  if (typeof merged === 'string') return aside(merged);
  try {
    const body = stampUpdate(table.definition, bodyOf(ours), merged.fields, {}, isoNow(parts.clock));
    if (body === null) return done(port, contested, kept, null);
    const taken = takenKey(table, body);
    if (taken !== undefined) return aside(taken);
    if (merged.contested.length > 0) keepCopy(parts, table, path, encodeDocument(ours));
    const record = parts.stamper.stamp(table.definition, body, ours._meta, { external: true });
    commit([{ kind: 'put', table, record, before: row }], { source: 'external' });
    await settle();
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('BAD_')) return aside(error.message);
    throw error;
  }
  return done(port, contested, kept, { kind: 'merged', file, reason: told(merged.contested), isRestorable: true });
}

/** Why not, where they cannot be put together. */
function merge(base: Buffer | undefined, ours: StoredRecord, bytes: Buffer): ReturnType<typeof mergeFields> | string {
  const theirs = fieldsIn(bytes);
  if (typeof theirs === 'string') return theirs;
  const before = base && fieldsIn(base);
  if (before === undefined || typeof before === 'string') return 'it is not known what both versions were made from';
  // A file may leave out what never changes; the date follows the merge.
  const fixed: Pick<RecordBody, 'id' | 'created_at' | 'updated_at'> = ours;
  const { id, created_at, updated_at } = fixed;
  return mergeFields(before, bodyOf(ours), { id, created_at, ...theirs, updated_at });
}

function fieldsIn(bytes: Buffer): Fields | string {
  const parsed = parseRecord(bytes);
  if (parsed.kind === 'damaged') return parsed.reason;
  const { _meta, _id, ...fields } = parsed.kind === 'record' ? { ...parsed.record } : parsed.value;
  return fields;
}

function told(contested: readonly string[]): string {
  if (contested.length === 0) return 'changed here and in its file at once; both changes are in the record';
  return `changed here and in its file at once; the file’s ${contested.join(', ')} was taken, Almanac’s version is in the trash`;
}

/** What was set aside has become part of the record. */
function done({ parts }: TakePort, { table, path, bytes }: Contested, kept: string, notice: Notice | null) {
  keepCopy(parts, table, path, bytes);
  parts.quarantine.drop(kept);
  return notice;
}
