import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, crc32, gunzip, gzip } from 'node:zlib';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { createDurableWriter } from '../durable-write.ts';
import type { FsPort } from '../fs-port.ts';
import { collectionFolder } from '../layout.ts';
import { createSerialQueue } from '../serial-queue.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { DataFile, Expected } from './types.ts';

/**
 * The last good version of every file, kept compressed beside the data, so that an edit that went wrong can be undone
 * and a file that was removed has a copy for the trash. Derived: it may be deleted, and is made again from the files.
 *
 * For each day of a collection, in `_good/<collection>/YYYY-MM-DD`:
 *
 *     .gz    gzip members, each a piece: a line of JSON `{path, from, bytes}`, then that many bytes of that file
 *     .json  what the pieces make up: `{"<name>": [bytes, crc32]}`
 *
 * What is read back is believed only if it has the size and checksum that the index expects, so nothing here has to be
 * synced. A log that grew adds a piece of what is new; a file that was deleted has its day packed anew without it.
 */
export interface LastGood {
  /** Brings a day up to date with these files. Those that hold something else than expected are passed over. */
  keep(collection: CollectionName, day: string, files: ReadonlyMap<string, Expected>): Promise<void>;
  /** Days of which something is kept. */
  days(collection: CollectionName): string[];
  read(file: DataFile, expected: Expected): Promise<Buffer | undefined>;
  /** Lets go of the packs of which this is so; they are made anew from the files. `text`: all that is in them. Returns how many. */
  drop(collection: CollectionName, isConcerned: (text: Buffer) => boolean): Promise<number>;
}

export const lastGoodFolder = '_good';

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly slices: TimeSlices;
}

interface Piece {
  readonly path: string;
  /** 0: the file anew; else it goes on there. */
  readonly from: number;
  readonly bytes: number;
}

type Catalogue = Record<string, readonly [bytes: number, crc: number]>;

const zip = promisify(gzip);
const unzip = promisify(gunzip);
const PIECE = 512 * 1024;
const NEWLINE = 0x0a;

export function createLastGood(port: Port): LastGood {
  const { fs, root } = port;
  /** A pack that is made anew must not look empty to who reads it meanwhile. */
  const queue = createSerialQueue();
  const folderOf = (collection: CollectionName): string => join(root, lastGoodFolder, collection);
  const days = (collection: CollectionName): string[] => {
    const folder = folderOf(collection);
    if (fs.stat(folder)?.kind !== 'folder') return [];
    const packs = fs.readFolder(folder).filter(({ name }) => name.endsWith('.gz'));
    return packs.map(({ name }) => name.slice(0, -'.gz'.length).replaceAll('-', '/'));
  };
  return {
    keep: (collection, day, files) => queue.run(() => new DayPack(port, collection, day).keep(files)),
    days,
    read: (file, expected) =>
      queue.run(async () => {
        const path = packPath(root, file.collection, dayIn(file.path));
        if (fs.stat(path) === undefined) return undefined;
        return assemble(await unpacked(fs.readFile(path)), file.path, expected);
      }),
    drop: (collection, isConcerned) =>
      queue.run(async () => {
        let dropped = 0;
        for (const day of days(collection)) {
          const path = packPath(root, collection, day);
          if (!isConcerned(await unpacked(fs.readFile(path)))) continue;
          for (const name of [path, path.replace(/gz$/, 'json')]) if (fs.stat(name)) fs.unlink(name);
          dropped += 1;
        }
        return dropped + dropUnfinished(fs, folderOf(collection), dropped);
      }),
  };
}

/** What a crash left of packs that were to be made anew: nobody makes one while this runs. */
function dropUnfinished(fs: FsPort, folder: string, alreadyDropped: number): number {
  if (fs.stat(folder)?.kind !== 'folder') return 0;
  const unfinished = fs.readFolder(folder).filter(({ name }) => name.endsWith('.gz.new'));
  for (const { name } of unfinished) fs.unlink(join(folder, name));
  if (unfinished.length + alreadyDropped > 0) fs.syncFolder(folder);
  return unfinished.length;
}

function dayIn(path: string): string {
  return path.slice(0, 'YYYY/MM/DD'.length);
}

function packPath(root: string, collection: CollectionName, day: string): string {
  return join(root, lastGoodFolder, collection, `${day.replaceAll('/', '-')}.gz`);
}

/** What can be unpacked: a pack whose end was lost still has its beginning. */
async function unpacked(pack: Buffer): Promise<Buffer> {
  return unzip(pack, { finishFlush: constants.Z_SYNC_FLUSH }).catch(() => Buffer.alloc(0));
}

class DayPack {
  readonly #port: Port;
  readonly #collection: CollectionName;
  readonly #pack: string;
  readonly #list: string;
  /** Where pieces are added: the pack, or the one that will replace it. */
  #target: string;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** What the pack held before it was begun anew; for files that are not as they should be just now. */
  #former: Buffer | undefined;

  constructor(port: Port, collection: CollectionName, day: string) {
    this.#port = port;
    this.#collection = collection;
    this.#pack = packPath(port.root, collection, day);
    this.#target = this.#pack;
    this.#list = this.#pack.replace(/gz$/, 'json');
  }

  async keep(files: ReadonlyMap<string, Expected>): Promise<void> {
    const { fs, root, slices } = this.#port;
    let known = this.#catalogue();
    // Superseded versions pile up; and what was deleted must not stay.
    const isStale = files.size === 0 || Object.keys(known).some((path) => !files.has(path)) || this.#isBloated(known);
    if (isStale) {
      await this.#beginAnew();
      known = {};
    }
    const next: Record<string, readonly [number, number]> = { ...known };
    let isChanged = isStale;
    for (const [path, expected] of files) {
      if (isListed(known[path], expected)) continue;
      if (!isChanged) createDurableWriter(fs, root).makeFolders(dirname(this.#pack));
      isChanged = true;
      if (await this.#add(path, expected, known[path])) next[path] = [expected.bytes, expected.crc];
      await slices.pause();
    }
    if (isChanged) await this.#finish(next);
  }

  /** The former pack stays until the new one is whole. */
  async #beginAnew(): Promise<void> {
    const { fs } = this.#port;
    this.#target = `${this.#pack}.new`;
    if (fs.stat(this.#target)) fs.unlink(this.#target);
    if (fs.stat(this.#pack)) this.#former = await unpacked(fs.readFile(this.#pack));
    if (fs.stat(this.#list)) fs.unlink(this.#list);
  }

  async #finish(catalogue: Catalogue): Promise<void> {
    const { fs } = this.#port;
    await this.#flush();
    const isEmpty = fs.stat(this.#target) === undefined;
    if (isEmpty && fs.stat(this.#pack)) fs.unlink(this.#pack);
    else if (!isEmpty && this.#target !== this.#pack) fs.rename(this.#target, this.#pack);
    if (!isEmpty) fs.replaceFile(this.#list, Buffer.from(JSON.stringify(catalogue)), true);
  }

  #catalogue(): Catalogue {
    try {
      if (this.#port.fs.stat(this.#pack) === undefined) return {};
      return JSON.parse(this.#port.fs.readFile(this.#list).toString('utf8')) as Catalogue;
    } catch {
      return {}; // what it listed is kept again
    }
  }

  /** JSON packs to a fifth or so: a pack as large as its files has mostly old versions in it. */
  #isBloated(known: Catalogue): boolean {
    const size = this.#port.fs.stat(this.#pack)?.size ?? 0;
    const live = Object.values(known).reduce((sum, [bytes]) => sum + bytes + 200, 0);
    return live > 0 && size > Math.max(64 * 1024, live);
  }

  async #add(path: string, expected: Expected, held: Catalogue[string] | undefined): Promise<boolean> {
    if (held && held[0] < expected.bytes && (await this.#addFrom(path, expected, ...held))) return true;
    if (await this.#addFrom(path, expected, 0, 0)) return true;
    const former = this.#former && assemble(this.#former, path, expected);
    if (former === undefined) return false;
    await this.#put({ path, from: 0, bytes: former.length }, former);
    return true;
  }

  /** The rest of a file, where what comes before it has this checksum; false when it is not as expected. */
  async #addFrom(path: string, expected: Expected, offset: number, before: number): Promise<boolean> {
    const { fs, root } = this.#port;
    const absolute = join(collectionFolder(root, this.#collection), path);
    if (fs.stat(absolute)?.size !== expected.bytes) return false;
    let crc = before;
    for (let from = offset; from < expected.bytes; from += PIECE) {
      const bytes = fs.readRange(absolute, from, Math.min(PIECE, expected.bytes - from));
      crc = crc32(bytes, crc);
      if (from === offset && from + bytes.length === expected.bytes && crc !== expected.crc) return false;
      await this.#put({ path, from, bytes: bytes.length }, bytes);
    }
    return crc === expected.crc;
  }

  async #put(piece: Piece, bytes: Buffer): Promise<void> {
    this.#pending.push(Buffer.from(`${JSON.stringify(piece)}\n`), bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= PIECE) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const member = await zip(Buffer.concat(this.#pending), { level: 1 });
    [this.#pending, this.#pendingBytes] = [[], 0];
    this.#port.fs.append(this.#target, member, true);
  }
}

function isListed(held: Catalogue[string] | undefined, expected: Expected): boolean {
  return held !== undefined && held[0] === expected.bytes && held[1] === expected.crc;
}

/** The version of the file that is what the index expects. */
function assemble(text: Buffer, path: string, expected: Expected): Buffer | undefined {
  let parts: Buffer[] = [];
  let length = 0;
  for (let at = 0; at < text.length;) {
    const newline = text.indexOf(NEWLINE, at);
    if (newline === -1) return undefined;
    const piece = JSON.parse(text.subarray(at, newline).toString('utf8')) as Piece;
    at = newline + 1 + piece.bytes;
    if (piece.path !== path) continue;
    if (piece.from === 0) [parts, length] = [[], 0];
    // A piece that follows none of what is here went on from a version that was given up.
    if (piece.from !== length) continue;
    parts.push(text.subarray(newline + 1, at));
    length += piece.bytes;
    if (length !== expected.bytes) continue;
    const whole = Buffer.concat(parts);
    if (crc32(whole) === expected.crc) return whole;
  }
  return undefined;
}
