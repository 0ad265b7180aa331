import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RawRecord } from './searchable.ts';

/** A record's bytes in a data file: a whole document, or one line of a log. */
export interface Place {
  /** Relative to the vault, with `/`. */
  readonly path: string;
  readonly start: number;
  readonly length: number;
}

export interface ReadRecord {
  readonly start: number;
  readonly length: number;
  readonly record: RawRecord;
  /** A log line that says that the record was deleted. */
  readonly isTombstone: boolean;
}

const lineBreak = 10;

/** The file's bytes; null when it is gone or cannot be read (the store says why, search only leaves it out). */
export function readDataFile(root: string, path: string): Buffer | null {
  try {
    return readFileSync(join(root, path));
  } catch {
    return null;
  }
}

/** Most files are smaller. */
const scratch = Buffer.allocUnsafeSlow(256 * 1024);

/** As `readDataFile`, for those who read thousands: the bytes are good until the next file is read. */
export function readDataFileBriefly(root: string, path: string): Buffer | null {
  let file: number | undefined;
  try {
    file = openSync(join(root, path), 'r');
    for (let length = 0; length < scratch.length;) {
      const read = readSync(file, scratch, length, scratch.length - length, length);
      if (read === 0) return scratch.subarray(0, length);
      length += read;
    }
    // From where the descriptor stands: the beginning still, since the reads above named their places.
    return readFileSync(file);
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Where the last complete line ends; a line without its break is still being written. */
export function endOfLines(bytes: Buffer): number {
  return bytes.lastIndexOf(lineBreak) + 1;
}

/** The records of a file in its order. What cannot be parsed is left out: damage is the store's to report. */
export function* recordsIn(path: string, bytes: Buffer, from: number): Generator<ReadRecord> {
  if (!path.endsWith('.ndjson')) {
    const whole = parseRecord(bytes, 0, bytes.length);
    if (whole) yield whole;
    return;
  }
  for (let start = from; ;) {
    const end = bytes.indexOf(lineBreak, start);
    if (end < 0) return;
    const line = parseRecord(bytes, start, end);
    if (line) yield line;
    start = end + 1;
  }
}

function parseRecord(bytes: Buffer, start: number, end: number): ReadRecord | null {
  try {
    const record: unknown = JSON.parse(bytes.toString('utf8', start, end));
    return isRecord(record) ? { start, length: end - start, record, isTombstone: isDeleted(record) } : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is RawRecord {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}

function isDeleted(record: RawRecord): boolean {
  const meta = record['_meta'];
  return typeof meta === 'object' && meta !== null && 'del' in meta && meta.del === true;
}

/** Reads one record back; null when the bytes there are not that record any more. */
export function readRecordAt(root: string, place: Place, id: string): RawRecord | null {
  let file: number | undefined;
  try {
    file = openSync(join(root, place.path), 'r');
    const bytes = Buffer.allocUnsafe(place.length);
    const got = readSync(file, bytes, 0, place.length, place.start);
    const found = parseRecord(bytes, 0, got);
    return found && !found.isTombstone && found.record.id === id ? found.record : null;
  } catch {
    return null;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
