import { crc32 } from 'node:zlib';
import { AppError } from '../../../shared/errors.ts';
import { isoNow } from '../../lib/clock.ts';
import { newId } from '../../lib/ids.ts';
import type { Operation } from '../batch.ts';
import type { CollectionTable } from '../collection-table.ts';
import { deletion } from '../deletion.ts';
import { layout, logPath } from '../layout.ts';
import { logLines } from '../log-lines.ts';
import { scanFile } from '../rebuild.ts';
import { streamOf } from '../row.ts';
import { isIntact } from '../../records/meta.ts';
import { stampInsert, stampUpdate } from '../../records/stamp.ts';
import { type StoredRecord, bodyOf } from '../../records/stored-record.ts';
import { keepCopy, putFile } from './kept-copy.ts';
import type { Found, TakePort } from './take-port.ts';
import type { Expected, Outcome } from './types.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Faulty {
  readonly bytes: Buffer;
  readonly reason: string;
}

/** What a person made of a log's file, compared with what it was. */
interface Edits {
  readonly operations: readonly Operation[];
  readonly faulty: readonly Faulty[];
}

/**
 * A log's file that another program wrote to. What it was before is put back, and what was changed in it is committed
 * like any other edit: new lines, new versions of lines, deletions of lines that are missing. So the file keeps its
 * history, and the index its offsets. Lines that are no records are set aside, once the program had time to finish.
 */
export async function takeLog(
  port: TakePort,
  found: Found,
  expected: Expected | undefined,
  isFinal: boolean,
): Promise<Outcome> {
  const { parts, commit, settle } = port;
  const { table, path, bytes } = found;
  const former = formerOf(found, expected);
  if (former === undefined) return takeAsItIs(port, found, isFinal);
  const edits = editsOf(port, found, former);
  const [first] = edits.faulty;
  if (first && !isFinal) return { kind: 'faulty', reason: first.reason };
  for (const { bytes: line, reason } of edits.faulty) {
    parts.quarantine.takeBytes(line, `${layout.data}/${table.name}/${path}`, reason);
  }
  if (!bytes.subarray(0, former.length).equals(former) || first) keepCopy(parts, table, path, bytes);
  restore(port, found, former);
  if (edits.operations.length > 0) {
    commit(edits.operations, { source: 'external' });
    await settle();
    const size = table.logFiles.get(path)?.size ?? 0;
    // The log refused: the person's file must not be what pays for it.
    if (size === former.length && isInFile(edits.operations, path)) putFile(parts, table, path, bytes);
  }
  return { kind: edits.operations.length > 0 ? 'taken' : 'same' };
}

/** What the file was: its own beginning where lines were only added, else what was kept of it; empty for a new file. */
function formerOf({ bytes, good }: Found, expected: Expected | undefined): Buffer | undefined {
  if (expected === undefined) return Buffer.alloc(0);
  const beginning = bytes.subarray(0, expected.bytes);
  return beginning.length === expected.bytes && crc32(beginning) === expected.crc ? beginning : good;
}

function restore({ parts }: TakePort, { table, path }: Found, former: Buffer): void {
  const { fs, scanner } = parts;
  const absolute = scanner.absolute(table, path);
  if (former.length > 0) putFile(parts, table, path, former);
  else if (fs.stat(absolute)) fs.unlink(absolute);
}

function isInFile(operations: readonly Operation[], path: string): boolean {
  return operations.some(({ table, ...operation }) => {
    const record = operation.kind === 'put' ? operation.record : operation.tombstone;
    return logPath(streamOf(table.definition, record), record.created_at) === path;
  });
}

/** The last word of a file on each of its records. */
function foldOf(bytes: Buffer): Map<string, StoredRecord> {
  const records = new Map<string, StoredRecord>();
  for (const { parsed } of logLines(bytes)) {
    if (parsed.kind !== 'record') continue;
    if (parsed.record._meta.del) records.delete(parsed.record.id);
    else records.set(parsed.record.id, parsed.record);
  }
  return records;
}

function editsOf(port: TakePort, { table, path, bytes }: Found, former: Buffer): Edits {
  const { clock, stamper } = port.parts;
  const before = foldOf(former);
  const missing = new Set(before.keys());
  const operations = new Map<string, Operation>();
  const faulty: Faulty[] = [];
  const isAppended = former.length > 0 && bytes.subarray(0, former.length).equals(former);
  if (isAppended) missing.clear();
  const tail = isAppended ? bytes.subarray(former.length) : bytes;
  for (const { offset, length, parsed } of logLines(tail)) {
    const text = tail.subarray(offset, offset + length);
    if (parsed.kind === 'damaged') {
      faulty.push({ bytes: text, reason: `a line of a log: ${parsed.reason}` });
      continue;
    }
    const value: Fields = parsed.kind === 'record' ? { ...parsed.record } : parsed.value;
    const id = typeof value['id'] === 'string' ? value['id'] : undefined;
    if (id !== undefined && parsed.kind === 'record' && parsed.record._meta.del) {
      if (before.has(id)) missing.add(id);
      operations.delete(id);
      continue;
    }
    if (id !== undefined) missing.delete(id);
    const outcome = lineOf(port, table, path, value, id === undefined ? undefined : before.get(id));
    if (outcome === null) operations.delete(id ?? '');
    else if ('reason' in outcome) faulty.push({ bytes: text, reason: outcome.reason });
    else operations.set(outcome.record.id, outcome);
  }
  // A line that cannot be read may be the very one that is missing: nothing is deleted then.
  const gone = faulty.length > 0 ? [] : [...missing];
  const deletions = gone.flatMap((id) => {
    const record = before.get(id);
    return record ? deletion(table, stamper, record, isoNow(clock)) : [];
  });
  return { operations: [...deletions, ...operations.values()], faulty };
}

/** A line as a new version or a new record; null where it says nothing new. */
function lineOf(
  { parts }: TakePort,
  table: CollectionTable,
  path: string,
  value: Fields,
  before: StoredRecord | undefined,
): Extract<Operation, { kind: 'put' }> | { readonly reason: string } | null {
  const { definition } = table;
  const { clock, stamper } = parts;
  const now = isoNow(clock);
  const { _meta, _id, ...fields } = value;
  try {
    if (before) {
      const { created_at: createdAt, updated_at: was } = before;
      const updatedAt = fields['updated_at'] ?? was;
      const update = updatedAt === was ? {} : { $set: { updated_at: updatedAt } };
      const stream = definition.streamField === undefined ? {} : { [definition.streamField]: before[definition.streamField] }; // prettier-ignore
      const after = { created_at: createdAt, ...stream, ...fields, id: before.id, updated_at: updatedAt };
      const body = stampUpdate(definition, bodyOf(before), after, update, now);
      if (body === null) return null;
      const record = stamper.stamp(definition, body, before._meta, { external: true });
      return { kind: 'put', table, record, before: table.rows.get(before.id) };
    }
    const day = path.slice(0, 'YYYY/MM/DD'.length).replaceAll('/', '-');
    const draft = { created_at: `${day}T00:00:00.000Z`, ...value };
    const body = stampInsert(definition, draft, { id: () => newId(clock), now });
    if (table.rows.has(body.id)) return { reason: 'a second line for the same id, in another file' };
    const history = value['_meta'] === undefined ? undefined : (value as unknown as StoredRecord)._meta; // a line that was parsed as a record
    return {
      kind: 'put',
      table,
      record: stamper.stamp(definition, body, isMeta(history) ? history : undefined, { external: true }),
      before: undefined,
    };
  } catch (error) {
    if (error instanceof AppError) return { reason: `a line of a log: ${error.message}` };
    throw error;
  }
}

function isMeta(meta: StoredRecord['_meta'] | undefined): boolean {
  return typeof meta?.rev === 'string' && typeof meta.gen === 'number' && Array.isArray(meta.anc);
}

/**
 * Nothing is known of what the file was: it is read as at an open, lines that are no records set aside, and what does
 * not have its checksum gets a new version, so that those who watch hear of it.
 */
async function takeAsItIs(
  { parts, reader, commit, settle }: TakePort,
  found: Found,
  isFinal: boolean,
): Promise<Outcome> {
  const { table, path, bytes } = found;
  const damaged = [...logLines(bytes)].find(({ parsed }) => parsed.kind === 'damaged');
  if (damaged && !isFinal) return { kind: 'faulty', reason: 'a line of a log: not JSON' };
  const known = new Set(
    [...table.rows.values()].filter((row) => table.pathOf(row) === path).map(({ view }) => view.id),
  );
  keepCopy(parts, table, path, bytes);
  parts.keeper.markDirty();
  table.forgetPath(path);
  scanFile(parts.scanner, table, path, bytes);
  const rows = [...table.rows.values()].filter((row) => table.pathOf(row) === path);
  const changed = reader.readMany(table, rows).filter((record) => !known.has(record.id) || !isIntact(record));
  commit(
    changed.map((record) => ({
      kind: 'put' as const,
      table,
      record: parts.stamper.stamp(table.definition, bodyOf(record), record._meta, { external: true }),
      before: table.rows.get(record.id),
    })),
    { source: 'external' },
  );
  await settle();
  return { kind: 'taken' };
}
