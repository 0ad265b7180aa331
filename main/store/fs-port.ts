/**
 * Everything the store asks of a disk. Calls are synchronous: inside the process that owns the vault they are the
 * fastest, and no other write can come between a commit's steps. Only `syncAll` is not, since it may take seconds. Paths are absolute. Errors are Node's (`code`),
 * translated by disk-errors.ts at the store's edge. The crash tests put a simulated disk behind this.
 */
export interface FsPort {
  /** Whole file. Throws ENOENT. */
  readFile(path: string): Buffer;
  /**
   * Up to `length` bytes from `offset`; fewer at the end of the file. They may be put `into` a buffer of that length, for
   * those who read a large file piece by piece: new buffers wait long for the garbage collector.
   */
  readRange(path: string, offset: number, length: number, into?: Buffer): Buffer;
  /**
   * Puts the bytes under this name atomically: after a crash the old or the new content is there. Contents are fsynced
   * unless `syncLater`, when a power cut may also leave a torn file until `syncAll`. The folder is never synced here.
   */
  replaceFile(path: string, bytes: Uint8Array, syncLater?: boolean): void;
  /**
   * A new file of these bytes, neither synced nor put in place atomically: for a name that nobody reads yet. What stands
   * under it goes first. Writes all bytes or throws.
   */
  createUnsynced(path: string, bytes: Uint8Array): void;
  /** Appends (creating the file) and fsyncs the contents, unless `syncLater`. Writes all bytes or throws. */
  append(path: string, bytes: Uint8Array, syncLater?: boolean): void;
  /** Opens a file for many appends; nothing is durable before `sync`. */
  openAppend(path: string): AppendHandle;
  /** A new file (EEXIST otherwise) of this many zero bytes, fsynced: writing into it changes no size and flushes fast. */
  createFilled(path: string, size: number): FilledFile;
  truncate(path: string, size: number): void;
  /** Fails with EEXIST or ENOTEMPTY rather than merging folders; replaces an existing file. */
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** One level, mode 0700. Throws EEXIST. */
  makeFolder(path: string): void;
  /** An empty folder only. */
  removeFolder(path: string): void;
  readFolder(path: string): FolderEntry[];
  /** The path without links, as the file system spells it. Throws ENOENT. */
  realPath(path: string): string;
  /** Never follows a link; undefined when there is nothing. */
  stat(path: string): FileStat | undefined;
  /** Makes names created, renamed or removed in this folder survive a power cut. */
  syncFolder(path: string): void;
  /** Makes many files or folders survive a power cut, several at a time, without holding the event loop. Those that are gone are passed over. */
  syncAll(paths: Iterable<string>): Promise<void>;
}

export interface AppendHandle {
  append(bytes: Uint8Array): void;
  sync(): void;
  close(): void;
}

export interface FilledFile {
  /** All bytes, at this offset, or throws. */
  write(offset: number, bytes: Uint8Array): void;
  /** fdatasync: the bytes survive a power cut. */
  sync(): void;
  close(): void;
}

export type EntryKind = 'file' | 'folder' | 'other';

export interface FolderEntry {
  readonly name: string;
  /** Links, sockets and devices are `other`: the store never follows or opens them. */
  readonly kind: EntryKind;
}

export interface FileStat {
  readonly kind: EntryKind;
  readonly size: number;
  /** Milliseconds with a fraction, as exact as the file system is. */
  readonly modifiedMs: number;
  readonly inode: number;
}

/** The `code` of a Node file-system error, '' for anything else. */
export function fsErrorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
