import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { CollectionTable } from './collection-table.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { collectionFolder, layout } from './layout.ts';
import { isSamePlace } from './row.ts';
import type { TimeSlices } from './time-slices.ts';
import type { VerifiedFiles } from './types.ts';
import { permanentRefusal } from './unreadable.ts';

/**
 * Reads some of the files that nobody may have read for years, and compares them with what memory knows: size and
 * CRC-32. A disk that loses bits tells nobody.
 */
interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly slices: TimeSlices;
  readonly tables: Iterable<CollectionTable>;
  /** The file is not as memory has it: damage, or an edit that nobody has noticed yet. */
  readonly lookAt: (table: CollectionTable, path: string) => void;
}

/** What memory knows of a file at a moment. */
interface Known {
  readonly length: number;
  readonly crc: number;
  /** Whether it is still so. */
  readonly holds: () => boolean;
}

type Found = Omit<VerifiedFiles, 'part'>;
type Verdict = 'sound' | 'differing' | 'unreadable' | 'passed over';

const PIECE_BYTES = 1024 * 1024;
/** A disk that refuses once may only have been busy. */
const TRIES = 3;

/** @param isMine which files, by their path inside the collection's folder */
export async function verifyFiles(port: Port, isMine: (path: string) => boolean, signal?: AbortSignal): Promise<Found> {
  const found: Record<Verdict, string[]> = { sound: [], differing: [], unreadable: [], 'passed over': [] };
  for (const table of port.tables) {
    for (const [path, id] of pathsOf(table, isMine)) {
      if (signal?.aborted) return summaryOf(found);
      await port.slices.pause();
      found[await verdictOn(port, table, path, id)].push(`${layout.data}/${table.name}/${path}`);
    }
  }
  return summaryOf(found);
}

function summaryOf({ sound, differing, unreadable }: Record<Verdict, string[]>): Found {
  return { checked: sound.length + differing.length + unreadable.length, differing, unreadable };
}

/** Of documents with the id of the record, by which it is found again. */
function* pathsOf(
  table: CollectionTable,
  isMine: (path: string) => boolean,
): Generator<readonly [path: string, id: string | undefined], void> {
  // Gathered first, since writes go on between two files.
  const logs = [...table.logFiles.keys()].filter(isMine);
  const documents = [...(table.documentRows?.places() ?? [])].filter(({ path }) => isMine(path));
  for (const path of logs) yield [path, undefined];
  for (const { path, id } of documents) yield [path, id];
}

async function verdictOn(port: Port, table: CollectionTable, path: string, id: string | undefined): Promise<Verdict> {
  for (let tries = 1; ; tries += 1) {
    const known = id === undefined ? knownLog(table, path) : knownDocument(table, path, id);
    if (known === undefined) return 'passed over';
    try {
      const isSame = await isAsKnown(port, join(collectionFolder(port.root, table.name), path), known);
      // Gone: the watcher's to notice.
      if (isSame === undefined || !known.holds()) return 'passed over';
      table.unreadable.delete(path);
      if (!isSame) port.lookAt(table, path);
      return isSame ? 'sound' : 'differing';
    } catch (error) {
      // Refused for a moment: another time.
      const code = permanentRefusal(error);
      if (code === undefined) return fsErrorCode(error) === '' ? rethrown(error) : 'passed over';
      if (tries < TRIES) continue;
      // Said among what was set aside, and nothing is written to it until it can be read again.
      table.unreadable.set(path, code);
      return 'unreadable';
    }
  }
}

function rethrown(error: unknown): never {
  throw error;
}

function knownLog(table: CollectionTable, path: string): Known | undefined {
  const file = table.logFiles.get(path);
  if (file === undefined || file.size === 0) return undefined;
  const { size: length, crc } = file;
  return { length, crc, holds: () => table.logFiles.get(path) === file && file.size === length };
}

function knownDocument(table: CollectionTable, path: string, id: string): Known | undefined {
  const row = table.rows.get(id);
  // What the log holds is about to be written here.
  if (row?.place.file !== null || row.place.pending !== undefined || row.place.length === 0) return undefined;
  if (table.pathOf(row) !== path) return undefined;
  const { place } = row;
  const holds = (): boolean => isSamePlace(table.rows.get(id)?.place ?? { ...place, length: -1 }, place);
  return { length: place.length, crc: place.crc, holds };
}

/** Piece by piece, so that a long log does not hold up the event loop. */
async function isAsKnown({ fs, slices }: Port, path: string, { length, crc }: Known): Promise<boolean | undefined> {
  const stat = fs.stat(path);
  if (stat?.size !== length) return stat && false;
  let sum = 0;
  for (let offset = 0; offset < length; offset += PIECE_BYTES) {
    const piece = fs.readRange(path, offset, Math.min(PIECE_BYTES, length - offset));
    sum = crc32(piece, sum);
    await slices.pause();
  }
  return sum === crc;
}
