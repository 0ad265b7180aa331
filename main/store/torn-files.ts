import { basename, join } from 'node:path';
import { type CollectionName, isCollectionName, registry } from '../../shared/collections/registry.ts';
import { createDurableWriter } from './durable-write.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { Mark } from './ingest.ts';
import { collectionFolder, documentPath, layout, logPath } from './layout.ts';
import { type LogLine, logLines } from './log-lines.ts';
import { readCheckpointMark } from './log/checkpoint-mark.ts';
import { decodeBatches } from './log/log-codec.ts';
import { recoverLog } from './log/recover-log.ts';
import { isIntact } from '../records/meta.ts';
import { type Parsed, parseRecord } from './parse-record.ts';
import type { Quarantine } from './quarantine.ts';
import { streamOf } from './row.ts';
import { stagedOperations } from './staged-reader.ts';
import { COMMIT_MARK, stagedPath } from './staging.ts';
import { permanentRefusal } from './unreadable.ts';

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly storeId: string;
  readonly quarantine: Quarantine;
}

/** A file that was being written when the last owner ended, and the ids of the records that were. */
interface TouchedFile {
  readonly collection: CollectionName;
  /** Inside the collection's folder. */
  readonly path: string;
  readonly ids: Set<string>;
}

/**
 * A power cut may leave the files of unsynced writes with bytes that read well and were never written: a record under
 * another id, at another day, in another's place. What was being written is known (the log, marked batches), and its
 * right content too. So before anything believes those files, what fails its checksum in them is set aside. The replay
 * then writes the records anew.
 */
export function setAsideTorn(port: Port): void {
  for (const touched of touchedFiles(port)) {
    const file = join(collectionFolder(port.root, touched.collection), touched.path);
    if (port.fs.stat(file)?.kind !== 'file') continue;
    const bytes = readable(port.fs, file);
    if (bytes === undefined) continue;
    if (registry[touched.collection].kind === 'document') checkDocument(port, touched, file, bytes);
    else checkLines(port, touched, file, bytes);
  }
}

/** undefined where the disk will not give it: then nobody can believe it, either. */
function readable(fs: FsPort, file: string): Buffer | undefined {
  try {
    return fs.readFile(file);
  } catch (error) {
    if (permanentRefusal(error) === undefined) throw error;
    return undefined;
  }
}

const REASON = 'a write that was cut short';

function reasonFor(line: LogLine | undefined): string {
  return line?.torn ? `torn last line: ${REASON}` : REASON;
}

function originOf({ collection, path }: TouchedFile): string {
  return `${layout.data}/${collection}/${path}`;
}

function checkDocument({ quarantine }: Port, touched: TouchedFile, file: string, bytes: Buffer): void {
  if (isGood(parseRecord(bytes), bytes)) return;
  quarantine.takeFile(file, originOf(touched), REASON);
}

/** What the last owner appended stands at the end: back to the first good line of a record that it did not write. */
function checkLines({ fs, root, quarantine }: Port, touched: TouchedFile, file: string, bytes: Buffer): void {
  const lines = [...logLines(bytes)];
  const textOf = ({ offset, length }: LogLine): Buffer => bytes.subarray(offset, offset + length);
  const isWhole = (line: LogLine): boolean => !line.torn && isGood(line.parsed, textOf(line));
  const last = lines.findLastIndex((line) => isWhole(line) && !touched.ids.has(idOf(line)));
  const torn = new Set(lines.slice(last + 1).filter((line) => !isWhole(line)));
  if (torn.size === 0) return;
  const kept = lines.filter((line) => !torn.has(line)).map(textOf);
  if (kept.length === 0) return quarantine.takeFile(file, originOf(touched), reasonFor(lines.at(-1)));
  for (const line of torn) {
    quarantine.takeBytes(textOf(line), originOf(touched), reasonFor(line));
  }
  const writer = createDurableWriter(fs, root);
  writer.write(file, Buffer.concat(kept));
  writer.syncFolders();
}

/** What another program wrote has no checksum to fail; what has lost its own beside our other marks is ours, damaged. */
function isGood(parsed: Parsed, bytes: Buffer): boolean {
  if (parsed.kind === 'record') return isIntact(parsed.record);
  return parsed.kind === 'foreign' && !/"(?:rev|sum)":/.test(bytes.toString('utf8'));
}

function idOf({ parsed }: LogLine): string {
  return parsed.kind === 'record' ? parsed.record.id : '';
}

function touchedFiles(port: Port): Iterable<TouchedFile> {
  const touched = new Map<string, TouchedFile>();
  for (const { collection, record } of [...loggedRecords(port), ...stagedRecords(port)]) {
    const { id, created_at: createdAt } = record;
    if (typeof id !== 'string' || typeof createdAt !== 'string' || Number.isNaN(Date.parse(createdAt))) continue;
    const definition = registry[collection];
    const isLog = definition.kind === 'log';
    const path = isLog ? logPath(streamOf(definition, record), createdAt) : documentPath(id, createdAt);
    const key = `${collection}/${path}`;
    const file = touched.get(key) ?? { collection, path, ids: new Set<string>() };
    touched.set(key, file);
    file.ids.add(id);
  }
  return [...touched.values(), ...touchedBases(port)];
}

/**
 * A staged batch also changes what is known of its records at a team's database: lines that stand in files of other days,
 * perhaps. All of those collections are looked at; that a crash meets an import is rare.
 */
function touchedBases(port: Port): TouchedFile[] {
  const ids = new Map<CollectionName, Set<string>>();
  for (const { collection, record } of stagedRecords(port)) {
    ids.set(
      collection,
      (ids.get(collection) ?? new Set()).add(`${collection}/${String(record['id'] ?? record['_id'])}`),
    );
  }
  if (ids.size === 0) return [];
  const files = filesBelow(port.fs, collectionFolder(port.root, 'sync_bases'), '');
  return files.flatMap((path) => {
    const collection = basename(path, '.ndjson');
    const own = isCollectionName(collection) ? ids.get(collection) : undefined;
    return own ? [{ collection: 'sync_bases' as const, path, ids: own }] : [];
  });
}

function filesBelow(fs: FsPort, folder: string, prefix: string): string[] {
  if (fs.stat(folder)?.kind !== 'folder') return [];
  return fs.readFolder(folder).flatMap(({ name, kind }) => {
    if (kind === 'folder') return filesBelow(fs, join(folder, name), `${prefix}${name}/`);
    return kind === 'file' && name.endsWith('.ndjson') ? [`${prefix}${name}`] : [];
  });
}

interface Written {
  readonly collection: CollectionName;
  readonly record: Readonly<Record<string, unknown>>;
}

function loggedRecords({ fs, root, storeId }: Port): readonly Written[] {
  const folder = join(root, layout.log);
  if (fs.stat(folder)?.kind !== 'folder') return [];
  const { entries } = recoverLog(fs, folder, storeId, readCheckpointMark(fs, root).last);
  return entries.flatMap((entry) => decodeBatches(entry.o));
}

function* stagedRecords({ fs, root }: Port): Generator<Written> {
  const folder = join(root, layout.staging);
  for (const { name, kind } of fs.readFolder(folder)) {
    if (kind !== 'file' || !name.endsWith(COMMIT_MARK)) continue;
    try {
      const mark = Mark.parse(JSON.parse(fs.readFile(join(folder, name)).toString('utf8')));
      for (const { operation: staged } of stagedOperations(fs, stagedPath(folder, mark.id), mark)) {
        // Of a deletion only the id is known, which is enough for what is known of it elsewhere.
        yield { collection: staged.collection, record: staged.op === 'put' ? staged.record : { id: staged.id } };
      }
    } catch (error) {
      // Damaged marks and batches are set aside by those who finish them.
      if (fsErrorCode(error).startsWith('E')) throw error;
    }
  }
}
