import { join } from 'node:path';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { StoredRecord } from '../../records/stored-record.ts';
import { durableWrite } from '../durable-write.ts';
import type { FsPort } from '../fs-port.ts';
import { layout } from '../layout.ts';
import { logLines } from '../log-lines.ts';
import { parseRecord } from '../parse-record.ts';
import type { TimeSlices } from '../time-slices.ts';
import { encodeDocument, encodeLine } from '../encode.ts';
import type { Words } from '../../lib/forgotten-words.ts';

/** What the files that are kept aside are searched for. */
export interface Sought {
  readonly words: Words;
  readonly isRecord: (collection: string, id: string) => boolean;
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly slices: TimeSlices;
}

/** What was said stays with whoever said it: nobody forgets a message by forgetting what was concluded from it. */
const NOT_SEARCHED: ReadonlySet<string> = new Set<CollectionName>(['messages', 'conversations', 'imports']);

/** Takes it out of the trash: whole files, lines, or texts in records that stay. Returns in how many files. */
export async function purgeTrash({ fs, root, slices }: Port, sought: Sought): Promise<number> {
  const trash = join(root, layout.trash);
  let count = 0;
  for (const batch of foldersIn(fs, trash)) {
    for (const collection of foldersIn(fs, join(trash, batch))) {
      if (NOT_SEARCHED.has(collection)) continue;
      for (const path of filesBelow(fs, join(trash, batch, collection))) {
        if (cleanTrashed({ fs, root }, path, collection, sought)) count += 1;
        await slices.pause();
      }
      removeEmpty(fs, join(trash, batch, collection));
    }
    removeEmpty(fs, join(trash, batch));
  }
  return count;
}

/** Takes it out of what was set aside. Returns of how many entries. */
export async function purgeQuarantine({ fs, root, slices }: Port, sought: Sought): Promise<number> {
  const folder = join(root, layout.quarantine);
  let count = 0;
  for (const path of filesBelow(fs, folder)) {
    if (path.endsWith('.bin') && cleanSetAside({ fs, root }, path, sought)) count += 1;
    await slices.pause();
  }
  return count;
}

type Disk = Pick<Port, 'fs' | 'root'>;

function cleanTrashed(disk: Disk, path: string, collection: string, sought: Sought): boolean {
  // What a person discarded from the quarantine lies in the trash as it lay there.
  if (path.endsWith('.bin')) return cleanSetAside(disk, path, sought);
  const bytes = disk.fs.readFile(path);
  const left = path.endsWith('.ndjson')
    ? linesLeft(bytes, collection, sought)
    : documentLeft(bytes, collection, sought);
  return replaced(disk, path, bytes, left);
}

/** Null where nothing of a file is left. */
function replaced({ fs, root }: Disk, path: string, bytes: Buffer, left: Buffer | null): boolean {
  if (left !== null && left.equals(bytes)) return false;
  if (left !== null) durableWrite(fs, root, path, left);
  else remove(fs, path);
  return true;
}

function remove(fs: FsPort, path: string): void {
  fs.unlink(path);
  fs.syncFolder(join(path, '..'));
}

function documentLeft(bytes: Buffer, collection: string, sought: Sought): Buffer | null {
  const parsed = parseRecord(bytes);
  if (parsed.kind === 'record' && sought.isRecord(collection, parsed.record.id)) return null;
  if (parsed.kind === 'record') return cleanRecord(bytes, parsed.record, sought.words, encodeDocument);
  return blanked(bytes, sought.words);
}

function linesLeft(bytes: Buffer, collection: string, sought: Sought): Buffer | null {
  const parts: Buffer[] = [];
  for (const { offset, length, parsed } of logLines(bytes)) {
    const line = bytes.subarray(offset, offset + length);
    if (parsed.kind !== 'record') parts.push(blanked(line, sought.words));
    else if (!sought.isRecord(collection, parsed.record.id))
      parts.push(cleanRecord(line, parsed.record, sought.words, encodeLine));
  }
  return parts.length === 0 && bytes.length > 0 ? null : Buffer.concat(parts);
}

function cleanRecord(
  bytes: Buffer,
  record: StoredRecord,
  words: Words,
  encode: (record: StoredRecord) => Buffer,
): Buffer {
  const cleaned = words.takenFrom(record);
  return cleaned === record ? bytes : encode(cleaned);
}

function blanked(bytes: Buffer, words: Words): Buffer {
  const copy = Buffer.from(bytes);
  return words.blank(copy) === 0 ? bytes : copy;
}

/** Bytes with their story beside them. A record that is concerned goes with its story; elsewhere the words alone. */
function cleanSetAside({ fs, root }: Disk, path: string, sought: Sought): boolean {
  const story = path.replace(/bin$/, 'json');
  const collection = collectionOf(fs, story);
  if (collection !== null && NOT_SEARCHED.has(collection)) return false;
  const bytes = fs.readFile(path);
  const parsed = parseRecord(bytes);
  if (parsed.kind === 'record' && sought.isRecord(collection ?? '', parsed.record.id)) {
    remove(fs, path);
    if (fs.stat(story)) remove(fs, story);
    return true;
  }
  return replaced({ fs, root }, path, bytes, blanked(bytes, sought.words));
}

/** Null where the story does not tell, or tells of the vault's log, which holds records of all. */
function collectionOf(fs: FsPort, story: string): string | null {
  try {
    const { origin } = JSON.parse(fs.readFile(story).toString('utf8')) as { origin?: unknown };
    const [data, collection] = typeof origin === 'string' ? origin.split('/') : [];
    return data === layout.data ? (collection ?? null) : null;
  } catch {
    return null;
  }
}

function foldersIn(fs: FsPort, folder: string): string[] {
  if (fs.stat(folder)?.kind !== 'folder') return [];
  return fs.readFolder(folder).flatMap(({ name, kind }) => (kind === 'folder' ? [name] : []));
}

function* filesBelow(fs: FsPort, folder: string): Generator<string> {
  if (fs.stat(folder)?.kind !== 'folder') return;
  for (const { name, kind } of fs.readFolder(folder)) {
    if (kind === 'folder') yield* filesBelow(fs, join(folder, name));
    else if (kind === 'file') yield join(folder, name);
  }
}

/** Folders that nothing is left in, innermost first. */
function removeEmpty(fs: FsPort, folder: string): void {
  if (fs.stat(folder)?.kind !== 'folder') return;
  for (const name of foldersIn(fs, folder)) removeEmpty(fs, join(folder, name));
  if (fs.readFolder(folder).length === 0) fs.removeFolder(folder);
}
