import * as fs from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import {
  type AppendHandle,
  type EntryKind,
  type FileStat,
  type FilledFile,
  type FolderEntry,
  type FsPort,
  fsErrorCode,
} from './fs-port.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

function kindOf(entry: fs.Dirent | fs.Stats): EntryKind {
  if (entry.isFile()) return 'file';
  return entry.isDirectory() ? 'folder' : 'other';
}

/** `fs.writeSync` may write less than asked (a full disk, a limit); only the loop notices. */
function writeAll(descriptor: number, bytes: Uint8Array, offset: number | null = null): void {
  let done = 0;
  while (done < bytes.length) {
    const position = offset === null ? null : offset + done;
    done += fs.writeSync(descriptor, bytes, done, bytes.length - done, position);
  }
}

const HELD = new Set(['EPERM', 'EACCES', 'EBUSY']);
const LONGEST_WAIT_MS = 640;

/** On Windows a virus scanner, indexer or editor that holds a file for a moment makes a rename over it fail: try for about a second. */
function whileHeld(replace: () => void): void {
  for (let waitMs = 20; ; waitMs *= 2) {
    try {
      return replace();
    } catch (error) {
      if (process.platform !== 'win32' || !HELD.has(fsErrorCode(error)) || waitMs > LONGEST_WAIT_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, waitMs);
    }
  }
}

function withDescriptor<T>(path: string, flags: number | string, use: (descriptor: number) => T): T {
  const descriptor = fs.openSync(path, flags, FILE_MODE);
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A link planted under a file's name must not lead a write out of the vault. Windows has no such flag. */
const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;
const APPEND = fs.constants.O_WRONLY | fs.constants.O_APPEND | fs.constants.O_CREAT | NO_FOLLOW;
const CREATE = fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL | NO_FOLLOW;
const READ = fs.constants.O_RDONLY | NO_FOLLOW;

function readRange(path: string, offset: number, length: number, into?: Buffer): Buffer {
  return withDescriptor(path, READ, (descriptor) => {
    const bytes = into ?? Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const read = fs.readSync(descriptor, bytes, done, length - done, offset + done);
      if (read === 0) break;
      done += read;
    }
    return bytes.subarray(0, done);
  });
}

/** Most files are smaller. */
const SCRATCH = Buffer.allocUnsafeSlow(32 * 1024);

/** Without the size being asked for: a scan reads every file, and each call counts. */
function readFile(path: string): Buffer {
  return withDescriptor(path, READ, (descriptor) => {
    for (let length = 0; length < SCRATCH.length;) {
      const read = fs.readSync(descriptor, SCRATCH, length, SCRATCH.length - length, length);
      if (read === 0) return Buffer.from(SCRATCH.subarray(0, length));
      length += read;
    }
    // Where the descriptor stands: at the beginning still, since the reads above named their places.
    return fs.readFileSync(descriptor);
  });
}

function openAppend(path: string): AppendHandle {
  const descriptor = fs.openSync(path, APPEND, FILE_MODE);
  return {
    append: (bytes) => writeAll(descriptor, bytes),
    sync: () => fs.fsyncSync(descriptor),
    close: () => fs.closeSync(descriptor),
  };
}

/** Fills with zeros rather than leaving a hole, whose first write would have to allocate. */
function createFilled(path: string, size: number): FilledFile {
  const descriptor = fs.openSync(path, CREATE, FILE_MODE);
  const file: FilledFile = {
    write: (offset, bytes) => writeAll(descriptor, bytes, offset),
    sync: () => fs.fdatasyncSync(descriptor),
    close: () => fs.closeSync(descriptor),
  };
  try {
    file.write(0, Buffer.alloc(size));
    fs.fsyncSync(descriptor);
    return file;
  } catch (error) {
    file.close();
    fs.unlinkSync(path);
    throw error;
  }
}

function stat(path: string): FileStat | undefined {
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  return found && { kind: kindOf(found), size: found.size, modifiedMs: found.mtimeMs, inode: found.ino };
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  try {
    withDescriptor(path, fs.constants.O_RDONLY, (descriptor) => fs.fsyncSync(descriptor));
  } catch (error) {
    if (!CANNOT_SYNC_FOLDERS.has(fsErrorCode(error))) throw error;
  }
}

/** Some file systems cannot sync a folder; there is nothing better to do on them. */
const CANNOT_SYNC_FOLDERS = new Set(['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP']);

/** More than the thread pool has threads, so that each always has one waiting. */
const SYNCS_IN_FLIGHT = 8;

/** Windows flushes only what is open for writing. */
const SYNC = (process.platform === 'win32' ? fs.constants.O_RDWR : fs.constants.O_RDONLY) | NO_FOLLOW;

async function syncAll(paths: Iterable<string>): Promise<void> {
  const waiting = paths[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await syncOne(next.value);
  };
  await Promise.all(Array.from({ length: SYNCS_IN_FLIGHT }, worker));
}

/** With callbacks: promises and a handle for each of thousands of files take twice the time in our own thread. */
function syncOne(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error: Error | null): void => {
      const code = fsErrorCode(error);
      if (error === null || code === 'ENOENT' || CANNOT_SYNC_FOLDERS.has(code)) resolve();
      else reject(error);
    };
    fs.open(path, SYNC, (refused, descriptor) => {
      if (refused) return end(refused);
      fs.fsync(descriptor, (failed) => fs.close(descriptor, (unclosed) => end(failed ?? unclosed ?? null)));
    });
  });
}

function replaceFile(path: string, bytes: Uint8Array, syncLater = false): void {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Fresh options each time: the library writes into the object it is given.
  whileHeld(() => writeFileAtomic.sync(path, data, { mode: FILE_MODE, fsync: !syncLater }));
}

function createUnsynced(path: string, bytes: Uint8Array): void {
  const descriptor = openNew(path);
  try {
    writeAll(descriptor, bytes);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Never into a file that stands there: another name may lead to it. */
function openNew(path: string): number {
  try {
    return fs.openSync(path, CREATE, FILE_MODE);
  } catch (error) {
    if (fsErrorCode(error) !== 'EEXIST') throw error;
    fs.unlinkSync(path);
    return fs.openSync(path, CREATE, FILE_MODE);
  }
}

/** The real disk. The only file of the store that calls `node:fs` for its data. */
export const nodeFs: FsPort = {
  readFile,
  readRange,
  replaceFile,
  createUnsynced,
  append: (path, bytes, syncLater = false) =>
    withDescriptor(path, APPEND, (descriptor) => {
      writeAll(descriptor, bytes);
      if (!syncLater) fs.fsyncSync(descriptor);
    }),
  openAppend,
  createFilled,
  truncate: (path, size) =>
    withDescriptor(path, fs.constants.O_WRONLY | NO_FOLLOW, (descriptor) => {
      fs.ftruncateSync(descriptor, size);
      fs.fsyncSync(descriptor);
    }),
  rename: (from, to) => whileHeld(() => fs.renameSync(from, to)),
  unlink: (path) => fs.unlinkSync(path),
  makeFolder: (path) => fs.mkdirSync(path, { mode: FOLDER_MODE }),
  removeFolder: (path) => fs.rmdirSync(path),
  readFolder: (path): FolderEntry[] =>
    fs.readdirSync(path, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) })),
  realPath: (path) => fs.realpathSync.native(path),
  stat,
  syncFolder,
  syncAll,
};
