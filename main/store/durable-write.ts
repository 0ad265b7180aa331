import { dirname, isAbsolute, relative, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import { AppError } from '../../shared/errors.ts';
import { onDisk, translated } from './disk-errors.ts';
import type { FsPort } from './fs-port.ts';
import { readBuffer } from './read-buffer.ts';

/**
 * Writes under one root so that what it reports as written survives a power cut. Folders are made on the way and
 * synced by `syncFolders`: call it before acknowledging, once for however many files.
 */
export interface DurableWriter {
  /** The whole file, atomically, read back and compared. DISK_FULL, DISK_ERROR, PATH_REFUSED. */
  write(path: string, bytes: Uint8Array): void;
  /** Appends to a file whose present size is `size`; on failure the file has that size again. */
  append(path: string, bytes: Uint8Array, size: number): void;
  /** Moves a file within the root, making the target's folders. */
  move(from: string, to: string): void;
  makeFolders(folder: string): void;
  syncFolders(): void;
}

/** What has been written and not been synced. Its owner syncs it before the bytes' other copy may go. */
export interface Unsynced {
  readonly files: Set<string>;
  readonly folders: Set<string>;
  /** Files that a flush has failed on; see `syncFiles`. */
  readonly doubtful: Set<string>;
  /** Where the files went that stood under these paths. */
  readonly moved: Map<string, string>;
}

export function nothingUnsynced(): Unsynced {
  return { files: new Set(), folders: new Set(), doubtful: new Set(), moved: new Map() };
}

function refuse(path: string, why: string): AppError {
  return new AppError('PATH_REFUSED', `Almanac does not write to ${path}: ${why}.`, {
    remedy: 'Remove what stands there, or move the vault to an ordinary folder.',
    details: { path },
  });
}

/** The folders between root and `folder`, outermost first, `folder` included. */
function chain(root: string, folder: string): string[] {
  const inside = relative(root, folder);
  if (inside === '') return [];
  if (isAbsolute(inside) || inside.split(sep).includes('..')) throw refuse(folder, 'it is outside the vault');
  const folders: string[] = [];
  let current = root;
  for (const name of inside.split(sep)) folders.push((current = current + sep + name));
  return folders;
}

/**
 * write-file-atomic ignores short writes: on a full disk it puts half a file in place of a good one and reports success.
 * So it writes beside the target, under a name that is swept when a crash leaves it (sweep.ts), and only what reads back
 * as it was given takes the target's place. Bytes that have a durable copy elsewhere, as thousands of records do at a
 * checkpoint, are written there directly: that library takes four times as long.
 */
function replaceChecked(fs: FsPort, path: string, bytes: Uint8Array, syncLater: boolean): void {
  const beside = `${path}.0`;
  try {
    if (syncLater) fs.createUnsynced(beside, bytes);
    else fs.replaceFile(beside, bytes);
    if (!fs.readFile(beside).equals(bytes)) {
      throw Object.assign(new Error(`short write of ${path}`), { code: 'ENOSPC' });
    }
    fs.rename(beside, path);
  } catch (error) {
    removeIfThere(fs, beside);
    throw error;
  }
}

function removeIfThere(fs: FsPort, path: string): void {
  try {
    if (fs.stat(path) !== undefined) fs.unlink(path);
  } catch {
    // The disk refuses this too; the sweep comes later.
  }
}

/**
 * PATH_REFUSED where a file could not be written at this path, so that a record is refused before it is acknowledged
 * rather than when its file is due. `known`: folders that were found good before; `missing`: those that were not there
 * a moment ago.
 */
export function assertReachable(
  fs: FsPort,
  root: string,
  path: string,
  known: Set<string>,
  missing: Set<string> = new Set(),
): void {
  const folder = dirname(path);
  if (missing.has(folder)) return;
  if (!known.has(folder)) {
    for (const current of chain(root, folder)) {
      const stat = fs.stat(current);
      if (stat === undefined) return void missing.add(folder);
      if (stat.kind !== 'folder') throw refuse(current, 'it is a link or a file, not a folder');
    }
    known.add(folder);
  }
  const stat = fs.stat(path);
  if (stat !== undefined && stat.kind !== 'file') throw refuse(path, 'it is a link or a folder, not a file');
}

/** @param later takes what is to be synced; for bytes that have a durable copy elsewhere until then */
export function createDurableWriter(fs: FsPort, root: string, later?: Unsynced): DurableWriter {
  const { folders: unsynced, moved } = later ?? nothingUnsynced();
  const syncLater = later !== undefined;
  /** Folders found good since the last `syncFolders`: writes that follow each other without a pause look once. */
  const known = new Set<string>();

  /** Walks down from the root, so that no link on the way can lead a write elsewhere. */
  function makeFolders(folder: string): void {
    if (known.has(folder)) return;
    for (const current of chain(root, folder)) {
      if (known.has(current)) continue;
      const stat = fs.stat(current);
      if (stat === undefined) {
        fs.makeFolder(current);
        unsynced.add(dirname(current));
      } else if (stat.kind !== 'folder') throw refuse(current, 'it is a link or a file, not a folder');
      known.add(current);
    }
  }

  function prepare(path: string): void {
    makeFolders(dirname(path));
    const stat = fs.stat(path);
    if (stat !== undefined && stat.kind !== 'file') throw refuse(path, 'it is a link or a folder, not a file');
    if (stat === undefined) unsynced.add(dirname(path));
  }

  /**
   * A file takes the place of one that was moved away: first that one has to be safe where it is now. A power cut may keep
   * the second change of a name and lose the first, and then nothing would be left of it.
   */
  function vacate(path: string): void {
    const former = moved.get(path);
    if (former === undefined) return;
    fs.syncFolder(dirname(former));
    fs.syncFolder(dirname(path));
    moved.delete(path);
  }

  return {
    makeFolders: (folder) => onDisk(`making ${folder}`, () => makeFolders(folder)),
    write: (path, bytes) =>
      onDisk(`writing ${path}`, () => {
        prepare(path);
        vacate(path);
        unsynced.add(dirname(path));
        replaceChecked(fs, path, bytes, syncLater);
        later?.files.add(path);
      }),
    append: (path, bytes, size) =>
      onDisk(`appending to ${path}`, () => {
        prepare(path);
        try {
          fs.append(path, bytes, syncLater);
          later?.files.add(path);
        } catch (error) {
          if (fs.stat(path) !== undefined) fs.truncate(path, size);
          throw error;
        }
      }),
    move: (from, to) =>
      onDisk(`moving ${from}`, () => {
        prepare(to);
        const isBack = moved.get(to) === from;
        if (!isBack) vacate(to);
        fs.rename(from, to);
        if (isBack) moved.delete(to);
        else moved.set(from, to);
        unsynced.add(dirname(from)).add(dirname(to));
      }),
    syncFolders: () =>
      onDisk('syncing folders', () => {
        known.clear();
        if (syncLater) return;
        for (const folder of unsynced) if (fs.stat(folder) !== undefined) fs.syncFolder(folder);
        unsynced.clear();
        moved.clear();
      }),
  };
}

/**
 * Syncs the files, then the folders, of what was written, and forgets them. After a flush that failed a kernel may take the
 * pages that it could not write for written, and say so of the next one; what they hold is still to be read until memory runs
 * short. So such a file is written anew first, for the next flush to mean something.
 */
export async function syncAll(fs: FsPort, unsynced: Unsynced): Promise<void> {
  await syncFiles(fs, unsynced);
  await fs.syncAll(unsynced.folders);
  unsynced.folders.clear();
  unsynced.moved.clear();
}

/** The first half of `syncAll`, for when many have gathered. */
export async function syncFiles(fs: FsPort, unsynced: Unsynced): Promise<void> {
  const { files, doubtful, folders } = unsynced;
  for (const path of doubtful) {
    writeAnew(fs, path);
    folders.add(dirname(path));
    doubtful.delete(path);
  }
  try {
    await fs.syncAll(files);
  } catch (error) {
    for (const path of files) doubtful.add(path);
    throw error;
  }
  files.clear();
}

/** The same bytes in a file of its own under the same name; nothing where it has been moved or deleted since. */
function writeAnew(fs: FsPort, path: string): void {
  if (fs.stat(path)?.kind === 'file') replaceChecked(fs, path, fs.readFile(path), true);
}

/** One whole file, durable when this returns. */
export function durableWrite(fs: FsPort, root: string, path: string, bytes: Uint8Array): void {
  const writer = createDurableWriter(fs, root);
  writer.write(path, bytes);
  writer.syncFolders();
}

const PART_CHARACTERS = 64 * 1024;
/** Of UTF-16 to UTF-8, per unit. */
const MOST_BYTES = 3;
const READ_BYTES = 256 * 1024;

/**
 * One file of any size, written in parts and durable when this resolves. Under a name of its own first, which is swept
 * when a crash leaves it (sweep.ts); put in place once it has been read back as it was written.
 *
 * @param pause called between the parts, so that the event loop is given back
 */
export async function durableWriteParts(
  fs: FsPort,
  root: string,
  path: string,
  parts: Iterable<string | Uint8Array>,
  pause: () => Promise<void>,
): Promise<void> {
  const temporary = `${path}.0`;
  try {
    createDurableWriter(fs, root).makeFolders(dirname(path));
    if (fs.stat(temporary) !== undefined) fs.unlink(temporary);
    const written = await appendParts(fs, temporary, parts, pause);
    await fs.syncAll([temporary]);
    if ((await crcOf(fs, temporary, pause)) !== written) {
      throw Object.assign(new Error(`short write of ${path}`), { code: 'ENOSPC' });
    }
    fs.rename(temporary, path);
    await fs.syncAll([dirname(path)]);
  } catch (error) {
    if (fs.stat(temporary) !== undefined) fs.unlink(temporary);
    throw translated(error, `writing ${path}`);
  }
}

/** The CRC-32 of all that was appended. */
async function appendParts(
  fs: FsPort,
  path: string,
  parts: Iterable<string | Uint8Array>,
  pause: () => Promise<void>,
): Promise<number> {
  const file = fs.openAppend(path);
  try {
    let [crc, gathered] = [0, ''];
    // One buffer for all parts: a new one for each would wait for the garbage collector, outside of the heap it watches.
    let buffer = Buffer.allocUnsafe(0);
    const flush = (): void => {
      if (gathered.length * MOST_BYTES > buffer.length) buffer = Buffer.allocUnsafe(gathered.length * MOST_BYTES);
      const bytes = buffer.subarray(0, buffer.write(gathered));
      gathered = '';
      file.append(bytes);
      crc = crc32(bytes, crc);
    };
    for (const part of parts) {
      if (typeof part !== 'string') {
        if (gathered !== '') flush();
        file.append(part);
        crc = crc32(part, crc);
        await pause();
        continue;
      }
      gathered += part;
      if (gathered.length < PART_CHARACTERS) continue;
      flush();
      await pause();
    }
    flush();
    return crc;
  } finally {
    file.close();
  }
}

async function crcOf(fs: FsPort, path: string, pause: () => Promise<void>): Promise<number> {
  let crc = 0;
  const buffer = readBuffer(fs, path, READ_BYTES);
  for (let offset = 0; ;) {
    const bytes = fs.readRange(path, offset, buffer.length, buffer);
    if (bytes.length === 0) return crc;
    crc = crc32(bytes, crc);
    offset += bytes.length;
    await pause();
  }
}
