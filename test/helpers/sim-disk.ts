import { crc32 } from 'node:zlib';
import type { AppendHandle, FileStat, FilledFile, FolderEntry, FsPort } from '../../main/store/fs-port.ts';

/**
 * A disk in memory that knows what a power cut would leave. Every file has bytes as programs see them (`seen`) and as
 * the platter holds them (`safe`); every folder keeps the list of name changes that no `syncFolder` has made safe yet.
 * After a crash, `afterPowerCut` builds one of the many disks that may be found: any subset, in order, of the unsafe
 * name changes; unsafe bytes old, new, cut short, zero-filled or with a flipped bit. Adversarial on purpose: harsher
 * than ext4, in the manner of reliability.md §4.7.
 */
export interface SimFile {
  readonly kind: 'file';
  readonly inode: number;
  seen: Buffer;
  safe: Buffer;
  changedMs: number;
  /**
   * From where to where a flush failed on it, and nothing was written since. A kernel takes such pages for clean: no later
   * flush makes them safe, and each says that it did.
   */
  lost?: { readonly from: number; readonly to: number } | undefined;
}
export interface SimFolder {
  readonly kind: 'folder';
  readonly inode: number;
  readonly seen: Map<string, SimNode>;
  readonly safe: Map<string, SimNode>;
  /** When a name in it last changed. It goes with the change: a change that is lost takes its time with it. */
  seenMs: number;
  safeMs: number;
}
export type SimNode = SimFile | SimFolder;

interface Edit {
  readonly folder: SimFolder;
  readonly name: string;
  /** Undefined: the name goes. */
  readonly node: SimNode | undefined;
  /** Only remove what this change meant to remove. */
  readonly former: SimNode | undefined;
}
/** One atomic change of names: a rename is two edits. */
interface NameChange {
  readonly edits: readonly Edit[];
  readonly atMs: number;
}

/** The machine's clock: a millisecond for each look at it, and jumps when a test says so. */
export class SimClock {
  #ms: number;
  constructor(startMs: number) {
    this.#ms = startMs;
  }
  now(): number {
    return (this.#ms += 1);
  }
  jump(ms: number): void {
    this.#ms += ms;
  }
  /** To any time, earlier ones too. */
  set(ms: number): void {
    this.#ms = ms;
  }
  /** Without moving it. */
  get ms(): number {
    return this.#ms;
  }
}
const START_MS = Date.UTC(2026, 0, 1);

/** One primitive act on the disk: a place to crash at, or to fail at. */
export interface Step {
  readonly act:
    'write' | 'sync' | 'rename' | 'unlink' | 'create' | 'mkdir' | 'rmdir' | 'truncate' | 'syncFolder' | 'read';
  readonly path: string;
}
/** Called before each step. Throws to crash or to fail; returns a fraction to write only that part of the bytes. */
export type Interference = (step: Step) => number | void;

export class SimCrash extends Error {
  override readonly name = 'SimCrash';
}

const EMPTY = Buffer.alloc(0);

/** The changes of a disk in their order, and how each node was before them. */
class Tape {
  readonly changes: (() => void)[] = [];
  readonly #resets: (() => void)[] = [];

  constructor(root: SimFolder) {
    const walk = (folder: SimFolder): void => {
      this.remember(folder);
      for (const node of folder.seen.values()) {
        if (node.kind === 'file') this.remember(node);
        else walk(node);
      }
    };
    walk(root);
  }

  remember(node: SimNode): void {
    if (node.kind === 'file') {
      const { seen, safe, changedMs } = node;
      this.#resets.push(() => Object.assign(node, { seen, safe, changedMs }));
      return;
    }
    const [seen, safe] = [new Map(node.seen), new Map(node.safe)];
    const { seenMs, safeMs } = node;
    this.#resets.push(() => {
      node.seen.clear();
      node.safe.clear();
      for (const [name, child] of seen) node.seen.set(name, child);
      for (const [name, child] of safe) node.safe.set(name, child);
      Object.assign(node, { seenMs, safeMs });
    });
  }

  rewind(): void {
    for (const reset of this.#resets) reset();
  }
}

export function diskError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

export class SimDisk {
  #root: SimFolder;
  #unsafe: NameChange[] = [];
  /** Whose bytes are not safe. */
  readonly #dirty = new Set<SimFile>();
  #inodes = 1;
  #fingerprint = 0;
  #tape: Tape | undefined;
  interfere: Interference = () => undefined;
  readonly clock: SimClock;

  constructor(nowMs: number = START_MS) {
    this.clock = new SimClock(nowMs);
    this.#root = this.#newFolder();
  }

  #newFolder(): SimFolder {
    const { ms } = this.clock;
    return { kind: 'folder', inode: this.#inodes++, seen: new Map(), safe: new Map(), seenMs: ms, safeMs: ms };
  }

  #find(path: string): SimNode | undefined {
    let node: SimNode | undefined = this.#root;
    for (let start = 1, end; start < path.length; start = end + 1) {
      if (node?.kind !== 'folder') return undefined;
      end = path.indexOf('/', start);
      if (end === -1) end = path.length;
      node = node.seen.get(path.slice(start, end));
    }
    return node;
  }

  #folder(path: string): SimFolder {
    const node = this.#find(path);
    if (!node) throw diskError('ENOENT', path);
    if (node.kind !== 'folder') throw diskError('ENOTDIR', path);
    return node;
  }

  #file(path: string): SimFile {
    const node = this.#find(path);
    if (!node) throw diskError('ENOENT', path);
    if (node.kind !== 'file') throw diskError('EISDIR', path);
    return node;
  }

  #parent(path: string): { folder: SimFolder; name: string } {
    const cut = path.lastIndexOf('/');
    return { folder: this.#folder(path.slice(0, cut) || '/'), name: path.slice(cut + 1) };
  }

  /** Every change goes through here, so that it can be done once more. */
  #do(change: () => void): void {
    change();
    this.#tape?.changes.push(change);
  }

  #change(edits: readonly Edit[]): void {
    const atMs = this.clock.ms;
    this.#do(() => {
      for (const { folder, name, node } of edits) {
        if (node) folder.seen.set(name, node);
        else folder.seen.delete(name);
        folder.seenMs = atMs;
      }
      this.#unsafe.push({ edits, atMs });
    });
  }

  #create(path: string): SimFile {
    const { folder, name } = this.#parent(path);
    this.interfere({ act: 'create', path });
    const file: SimFile = {
      kind: 'file',
      inode: this.#inodes++,
      seen: EMPTY,
      safe: EMPTY,
      changedMs: this.clock.ms,
    };
    this.#tape?.remember(file);
    this.#change([{ folder, name, node: file, former: undefined }]);
    return file;
  }

  #write(file: SimFile, path: string, bytes: Uint8Array, isSilent = false): void {
    const part = this.interfere({ act: 'write', path });
    const written = part === undefined ? bytes : bytes.subarray(0, Math.floor(bytes.length * Number(part)));
    this.#put(file, Buffer.concat([file.seen, written]));
    if (written.length < bytes.length && !isSilent) throw diskError('ENOSPC', path);
  }

  #put(file: SimFile, bytes: Buffer): void {
    const { ms } = this.clock;
    if (file.lost) {
      const to = Math.min(file.lost.to, firstDifference(file.seen, bytes));
      file.lost = to > file.lost.from ? { ...file.lost, to } : undefined;
    }
    this.#do(() => {
      file.seen = bytes;
      file.changedMs = ms;
      this.#dirty.add(file);
    });
  }

  #sync(file: SimFile, path: string): void {
    try {
      this.interfere({ act: 'sync', path });
    } catch (error) {
      const from = firstDifference(file.safe, file.seen);
      if (!(error instanceof SimCrash) && from < file.seen.length) file.lost = { from, to: file.seen.length };
      throw error;
    }
    const { lost } = file;
    this.#do(() => {
      file.safe = lost ? Buffer.from(file.seen).fill(0, lost.from, lost.to) : file.seen;
      if (!lost) this.#dirty.delete(file);
    });
  }

  /** As write-file-atomic does it: create, write, fsync, rename; a short write goes unnoticed and replaces the target. */
  #replace(path: string, bytes: Uint8Array, syncLater: boolean): void {
    const temporary = `${path.slice(0, path.lastIndexOf('/'))}/.sim-${this.#inodes}`;
    try {
      const file = this.#create(temporary);
      this.#write(file, temporary, bytes, true);
      if (!syncLater) this.#sync(file, temporary);
      this.#rename(temporary, path);
    } catch (error) {
      if (!(error instanceof SimCrash) && this.#find(temporary)) this.#unlink(temporary);
      throw error;
    }
  }

  /** Harsher than ours, which notices a short write. */
  #createUnsynced(path: string, bytes: Uint8Array): void {
    if (this.#find(path)) this.#unlink(path);
    this.#write(this.#create(path), path, bytes, true);
  }

  #rename(from: string, to: string): void {
    const node = this.#find(from);
    if (!node) throw diskError('ENOENT', from);
    const [old, target] = [this.#parent(from), this.#parent(to)];
    const there = target.folder.seen.get(target.name);
    if (there?.kind === 'folder' && (node.kind === 'file' || there.seen.size > 0)) throw diskError('ENOTEMPTY', to);
    this.interfere({ act: 'rename', path: from });
    this.#change([
      { folder: old.folder, name: old.name, node: undefined, former: node },
      { folder: target.folder, name: target.name, node, former: there },
    ]);
  }

  #unlink(path: string): void {
    const node = this.#file(path);
    const { folder, name } = this.#parent(path);
    this.interfere({ act: 'unlink', path });
    this.#change([{ folder, name, node: undefined, former: node }]);
  }

  #makeFolder(path: string): void {
    const { folder, name } = this.#parent(path);
    if (folder.seen.has(name)) throw diskError('EEXIST', path);
    this.interfere({ act: 'mkdir', path });
    const made = this.#newFolder();
    this.#tape?.remember(made);
    this.#change([{ folder, name, node: made, former: undefined }]);
  }

  #removeFolder(path: string): void {
    const node = this.#folder(path);
    if (node.seen.size > 0) throw diskError('ENOTEMPTY', path);
    const { folder, name } = this.#parent(path);
    this.interfere({ act: 'rmdir', path });
    this.#change([{ folder, name, node: undefined, former: node }]);
  }

  #truncate(path: string, size: number): void {
    const file = this.#file(path);
    this.interfere({ act: 'truncate', path });
    const { seen } = file;
    this.#put(file, Buffer.concat([seen.subarray(0, size), Buffer.alloc(Math.max(0, size - seen.length))]));
    this.#sync(file, path);
  }

  #syncFolder(path: string): void {
    const folder = this.#folder(path);
    this.interfere({ act: 'syncFolder', path });
    this.#do(() => {
      const touches = ({ edits }: NameChange) => edits.some((edit) => edit.folder === folder);
      for (const change of this.#unsafe.filter(touches)) {
        applyChange(change, (each) => each.safe);
        for (const edit of change.edits) edit.folder.safeMs = change.atMs;
      }
      this.#unsafe = this.#unsafe.filter((change) => !touches(change));
    });
  }

  #openAppend(path: string): AppendHandle {
    const found = this.#find(path);
    const file = found?.kind === 'file' ? found : this.#create(path);
    return {
      append: (bytes) => this.#write(file, path, bytes),
      sync: () => this.#sync(file, path),
      close: () => undefined,
    };
  }

  #createFilled(path: string, size: number): FilledFile {
    if (this.#find(path)) throw diskError('EEXIST', path);
    const file = this.#create(path);
    try {
      this.#write(file, path, Buffer.alloc(size));
      this.#sync(file, path);
    } catch (error) {
      if (!(error instanceof SimCrash)) this.#unlink(path);
      throw error;
    }
    return {
      write: (offset, bytes) => {
        const part = this.interfere({ act: 'write', path });
        const written = part === undefined ? bytes : bytes.subarray(0, Math.floor(bytes.length * Number(part)));
        const grown = Buffer.alloc(Math.max(file.seen.length, offset + written.length));
        file.seen.copy(grown);
        grown.set(written, offset);
        this.#put(file, grown);
        if (written.length < bytes.length) throw diskError('ENOSPC', path);
      },
      sync: () => this.#sync(file, path),
      close: () => undefined,
    };
  }

  #stat(path: string): FileStat | undefined {
    const node = this.#find(path);
    if (node?.kind === 'file') {
      return { kind: 'file', size: node.seen.length, modifiedMs: node.changedMs, inode: node.inode };
    }
    return node && { kind: 'folder', size: 0, modifiedMs: node.seenMs, inode: node.inode };
  }

  /** What the store is given. Most images that are built are never opened. */
  get port(): FsPort {
    return (this.#port ??= this.#newPort());
  }
  #port: FsPort | undefined;

  #newPort(): FsPort {
    return {
      readFile: (path) => {
        const file = this.#file(path);
        this.interfere({ act: 'read', path });
        return Buffer.from(file.seen);
      },
      readRange: (path, offset, length) => {
        const file = this.#file(path);
        this.interfere({ act: 'read', path });
        return Buffer.from(file.seen.subarray(offset, offset + length));
      },
      replaceFile: (path, bytes, syncLater = false) => this.#replace(path, bytes, syncLater),
      createUnsynced: (path, bytes) => this.#createUnsynced(path, bytes),
      append: (path, bytes, syncLater = false) => {
        const handle = this.#openAppend(path);
        handle.append(bytes);
        if (!syncLater) handle.sync();
      },
      openAppend: (path) => this.#openAppend(path),
      createFilled: (path, size) => this.#createFilled(path, size),
      truncate: (path, size) => this.#truncate(path, size),
      rename: (from, to) => this.#rename(from, to),
      unlink: (path) => this.#unlink(path),
      makeFolder: (path) => this.#makeFolder(path),
      removeFolder: (path) => this.#removeFolder(path),
      readFolder: (path): FolderEntry[] => [...this.#folder(path).seen].map(([name, { kind }]) => ({ name, kind })),
      realPath: (path) => path,
      stat: (path) => this.#stat(path),
      syncFolder: (path) => this.#syncFolder(path),
      syncAll: async (paths) => {
        // As on a real disk, commits go on meanwhile.
        await new Promise((resolve) => setImmediate(resolve));
        for (const path of paths) {
          const node = this.#find(path);
          if (node?.kind === 'file') this.#sync(node, path);
          else if (node) this.#syncFolder(path);
        }
      },
    };
  }

  /** From now on `rewind` leads back to here. Nothing may be unsafe. */
  startTape(): void {
    this.#tape = new Tape(this.#root);
  }

  /** Where the tape is: changes made since it was started. */
  get position(): number {
    return this.#tape?.changes.length ?? 0;
  }

  /** Back to where the tape was started; then `forward` goes through it once more. The disk is not to be used otherwise. */
  rewind(): void {
    this.#unsafe = [];
    this.#dirty.clear();
    this.#tape?.rewind();
  }

  /** Makes the changes from one position of the tape to another again. */
  forward(from: number, to: number): void {
    for (const change of this.#tape?.changes.slice(from, to) ?? []) change();
  }

  /** The disk after the process died and the machine lived on: everything as programs saw it. */
  afterKill(): SimDisk {
    return this.#copy(
      (folder) => folder.seen,
      (folder) => folder.seenMs,
      (file) => file.seen,
    );
  }

  /** Whether a power cut would take nothing: all that programs see is safe. */
  get isSafe(): boolean {
    return this.#unsafe.length === 0 && this.#dirty.size === 0;
  }

  /** One of the disks that a power cut may leave. `random` gives [0, 1). */
  afterPowerCut(random: () => number): SimDisk {
    const names = new Map<SimFolder, Map<string, SimNode>>();
    const entries = (folder: SimFolder) => {
      const known = names.get(folder) ?? new Map(folder.safe);
      names.set(folder, known);
      return known;
    };
    const times = new Map<SimFolder, number>();
    const eagerness = random();
    for (const change of this.#unsafe) {
      if (random() >= eagerness) continue;
      applyChange(change, entries);
      for (const { folder } of change.edits) times.set(folder, change.atMs);
    }
    return this.#copy(
      entries,
      (folder) => times.get(folder) ?? folder.safeMs,
      (file) => survivingBytes(file, random),
    );
  }

  #copy(
    entries: (folder: SimFolder) => ReadonlyMap<string, SimNode>,
    changedMs: (folder: SimFolder) => number,
    bytes: (file: SimFile) => Buffer,
  ): SimDisk {
    const disk = new SimDisk(this.clock.ms);
    const copies = new Map<SimNode, SimNode>();
    let sum = 0;
    const copyFile = (file: SimFile): SimFile => {
      const content = bytes(file);
      return { kind: 'file', inode: disk.#inodes++, seen: content, safe: content, changedMs: file.changedMs };
    };
    const copy = (node: SimNode, path: number): SimNode => {
      const known = copies.get(node);
      const twin = known ?? (node.kind === 'file' ? copyFile(node) : disk.#newFolder());
      if (twin.kind === 'file') sum += mixed(mixed(path, twin.seen.length), checksumOf(twin.seen));
      if (known) return known;
      copies.set(node, twin);
      if (node.kind === 'file' || twin.kind === 'file') return twin;
      twin.seenMs = twin.safeMs = changedMs(node);
      sum += mixed(mixed(path, twin.seenMs >>> 0), twin.seenMs / 2 ** 32);
      for (const [name, child] of entries(node)) {
        const below = copy(child, mixed(path, hashOf(name)));
        twin.seen.set(name, below);
        twin.safe.set(name, below);
      }
      return twin;
    };
    const root = copy(this.#root, 1);
    if (root.kind === 'folder') disk.#root = root;
    disk.#fingerprint = sum;
    return disk;
  }

  /**
   * Tells images apart as they were built: every path, every byte (by CRC-32), and when folders changed. A sum of 32-bit
   * hashes: two images that are alike always have the same one; two that differ have, once in billions.
   */
  get fingerprint(): number {
    return this.#fingerprint;
  }

  /** Path and content of every file, for comparisons. */
  files(): Map<string, Buffer> {
    const found = new Map<string, Buffer>();
    const walk = (folder: SimFolder, path: string): void => {
      for (const [name, node] of folder.seen) {
        if (node.kind === 'file') found.set(`${path}/${name}`, node.seen);
        else walk(node, `${path}/${name}`);
      }
    };
    walk(this.#root, '');
    return found;
  }
}

/** FNV-1a over the UTF-16 units. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash;
}

/** 32 bits of two numbers. */
function mixed(a: number, b: number): number {
  let hash = Math.imul(a ^ (b + 0x9e3779b9), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const checksums = new WeakMap<Buffer, number>();

/** Buffers here are never changed, only replaced, and images share them. */
function checksumOf(bytes: Buffer): number {
  const known = checksums.get(bytes) ?? crc32(bytes);
  checksums.set(bytes, known);
  return known;
}

function applyChange({ edits }: NameChange, entries: (folder: SimFolder) => Map<string, SimNode>): void {
  for (const { folder, name, node, former } of edits) {
    const names = entries(folder);
    if (node) names.set(name, node);
    else if (names.get(name) === former) names.delete(name);
  }
}

/** What is left of bytes that no fsync covered. Bytes that were safe and not rewritten stay. */
function survivingBytes(file: SimFile, random: () => number): Buffer {
  const { seen, safe } = file;
  if (seen === safe || seen.equals(safe)) return safe;
  const choice = random();
  if (choice < 0.2) return safe;
  if (choice < 0.4) return seen;
  const from = firstDifference(safe, seen);
  const cut = from + Math.floor(random() * (seen.length - from + 1));
  if (choice < 0.6) return seen.subarray(0, cut);
  const filled = Buffer.concat([seen.subarray(0, cut), Buffer.alloc(seen.length - cut)]);
  if (choice < 0.8 || seen.length === from) return filled;
  const flipped = Buffer.from(seen);
  const at = from + Math.floor(random() * (seen.length - from));
  flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return flipped;
}

function firstDifference(a: Buffer, b: Buffer): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at += 1) if (a[at] !== b[at]) return at;
  return shorter;
}

/** A small seeded generator (mulberry32), so that a failing seed is the whole bug report. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
