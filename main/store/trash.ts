import { join } from 'node:path';
import { collectionNames } from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import { dayFolders } from './day-folders.ts';
import type { FsPort } from './fs-port.ts';
import { fileNameOf, layout } from './layout.ts';
import { logLines } from './log-lines.ts';
import { parseRecord } from './parse-record.ts';
import type { StagedOperation } from './types.ts';
import type { StoredRecord } from '../records/stored-record.ts';

/** A name that was read from the disk may be a hash already: it is then the folder's own. */
const HASHED = /^_[a-z2-7]{26}$/;

function trashFolder(root: string, trashBatch: string): string {
  return join(root, layout.trash, HASHED.test(trashBatch) ? trashBatch : fileNameOf(trashBatch));
}

/** The records kept under a trash batch, as operations that bring them back. NOT_FOUND where nothing is kept. */
export function* trashedRecords(
  fs: FsPort,
  root: string,
  trashBatch: string,
): Generator<Extract<StagedOperation, { op: 'put' }>> {
  const folder = trashFolder(root, trashBatch);
  if (fs.stat(folder)?.kind !== 'folder') {
    throw new AppError('NOT_FOUND', `The trash holds nothing under "${trashBatch}".`, {
      remedy: 'It may have been restored already.',
      details: { trashBatch },
    });
  }
  for (const collection of collectionNames) {
    for (const day of dayFolders(fs, join(folder, collection))) {
      for (const name of oldestFirst(fs, day.path)) {
        for (const record of recordsIn(fs.readFile(join(day.path, name)), name)) {
          yield { op: 'put', collection, record, restored: true };
        }
      }
    }
  }
}

/** `a.json` before `a~2.json` before `a~10.json`: what was deleted last is restored last, and stands. */
function oldestFirst(fs: FsPort, folder: string): string[] {
  const files = fs.readFolder(folder).filter(({ kind }) => kind === 'file');
  return files.map(({ name }) => name).sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

function recordsIn(bytes: Buffer, name: string): Iterable<StoredRecord> {
  if (!name.endsWith('.ndjson')) {
    const parsed = parseRecord(bytes);
    return parsed.kind === 'record' ? [parsed.record] : [];
  }
  const alive = new Map<string, StoredRecord>();
  for (const { parsed } of logLines(bytes)) {
    if (parsed.kind !== 'record') continue;
    if (parsed.record._meta.del) alive.delete(parsed.record.id);
    else alive.set(parsed.record.id, parsed.record);
  }
  return alive.values();
}

/**
 * Empties a trash batch whose records are back. A file that was not restored in full stays: one that could not be read
 * in full, and one with a record that was passed over.
 *
 * @param passed `collection/id` of those records
 */
export function removeTrash(fs: FsPort, root: string, trashBatch: string, passed: ReadonlySet<string>): void {
  const folder = trashFolder(root, trashBatch);
  for (const { name, kind } of fs.readFolder(folder)) {
    const isRestored = ({ id }: StoredRecord): boolean => !passed.has(`${name}/${id}`);
    if (kind === 'folder') removeRestored(fs, join(folder, name), isRestored);
  }
  if (fs.readFolder(folder).length === 0) fs.removeFolder(folder);
}

function removeRestored(fs: FsPort, folder: string, isRestored: (record: StoredRecord) => boolean): void {
  for (const { name, kind } of fs.readFolder(folder)) {
    const path = join(folder, name);
    if (kind === 'folder') removeRestored(fs, path, isRestored);
    else if (kind === 'file' && isRestoredInFull(fs.readFile(path), name, isRestored)) fs.unlink(path);
  }
  if (fs.readFolder(folder).length === 0) fs.removeFolder(folder);
}

function isRestoredInFull(bytes: Buffer, name: string, isRestored: (record: StoredRecord) => boolean): boolean {
  const parsed = name.endsWith('.ndjson') ? [...logLines(bytes)].map((line) => line.parsed) : [parseRecord(bytes)];
  return parsed.every((one) => one.kind === 'record' && isRestored(one.record));
}

export function removeTree(fs: FsPort, folder: string): void {
  for (const { name, kind } of fs.readFolder(folder)) {
    if (kind === 'folder') removeTree(fs, join(folder, name));
    else fs.unlink(join(folder, name));
  }
  fs.removeFolder(folder);
}
