import { crc32 } from 'node:zlib';
import { type Operation, recordId } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { documentPath } from './layout.ts';

/** What a file is expected to hold. */
interface Content {
  readonly bytes: number;
  readonly crc: number;
}

/** A document's file that another program wrote to a moment before our own version of the record was due there. */
export interface Contested {
  readonly table: CollectionTable;
  readonly id: string;
  /** Inside the collection's folder. */
  readonly path: string;
  /** The other program's. */
  readonly bytes: Buffer;
  /** What the file held before either of them; undefined: it was not there, as far as memory knows. */
  readonly former: Content | undefined;
}

/** Told before such a file is written over. Keeps the bytes, durable; where it throws, nothing is written. */
export type OnContested = (contested: Contested) => void;

type Put = Extract<Operation, { kind: 'put' }>;

/** Looks, before a document's file is written over, whether it holds what it should. */
export class ContestGuard {
  readonly #fs: FsPort;
  readonly #onContested: OnContested;
  /** Written by a run that then failed: memory did not follow. Absolute path to CRC-32. */
  readonly #own = new Map<string, number>();
  /** Kept before a write that then failed: they are not kept again at each try. */
  readonly #kept = new Map<string, number>();

  constructor(fs: FsPort, onContested: OnContested) {
    this.#fs = fs;
    this.#onContested = onContested;
  }

  beforeWrite(path: string, operation: Put, ours: Buffer): void {
    const bytes = bytesAt(this.#fs, path);
    if (bytes === undefined) return;
    const former = formerOf(operation);
    if (isAs(bytes, former) || isAs(bytes, operation.replaces) || bytes.equals(ours)) return;
    const crc = crc32(bytes);
    if (this.#own.get(path) === crc || this.#kept.get(path) === crc) return;
    const { table, record } = operation;
    this.#onContested({ table, id: record.id, path: documentPath(record.id, record.created_at), bytes, former });
    this.#kept.set(path, crc);
  }

  wrote(path: string, crc: number): void {
    this.#own.set(path, crc);
  }

  /** The run has ended well: memory knows what it wrote. */
  settled(paths: readonly string[]): void {
    for (const path of paths) {
      this.#own.delete(path);
      this.#kept.delete(path);
    }
  }
}

/** Bytes that nobody can read cannot be kept either: such a file is written anew, and whole again then. */
const UNREADABLE = new Set(['EIO', 'EACCES', 'EPERM']);

function bytesAt(fs: FsPort, path: string): Buffer | undefined {
  if (fs.stat(path)?.kind !== 'file') return undefined;
  try {
    return fs.readFile(path);
  } catch (error) {
    if (UNREADABLE.has(fsErrorCode(error))) return undefined;
    throw error;
  }
}

/** What memory says of the file now: at a checkpoint it may be newer than what the operation was made from. */
function formerOf(operation: Put): Content | undefined {
  const place = (operation.table.rows.get(recordId(operation)) ?? operation.before)?.place;
  if (!place || place.file !== null || place.length === 0) return undefined;
  const { id, created_at: createdAt } = operation.record;
  if (place.path !== undefined && place.path !== documentPath(id, createdAt)) return undefined;
  return { bytes: place.length, crc: place.crc };
}

function isAs(bytes: Buffer, expected: Content | undefined): boolean {
  return expected !== undefined && bytes.length === expected.bytes && crc32(bytes) === expected.crc;
}
