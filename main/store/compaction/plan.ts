import { crc32 } from 'node:zlib';
import { type LogLine, logLines } from '../log-lines.ts';

/** What becomes of a log's file: the lines that stay, in their order. */
export interface Plan {
  /** The new file, in parts of some hundred kilobytes. */
  readonly parts: readonly Buffer[];
  readonly size: number;
  readonly crc: number;
  /** Of each line that stays: where it stood, and where it stands now. */
  readonly offsets: ReadonlyMap<number, number>;
}

export interface Line {
  readonly id: string;
  readonly offset: number;
  readonly length: number;
  readonly isDeletion: boolean;
  readonly hlc: string;
}

const PART_BYTES = 256 * 1024;
/** Lines looked at before the event loop may have its turn; after a long one it may at once. */
const LINES_IN_SLICE = 64;
const LONG_LINE_BYTES = 16 * 1024;

/**
 * Without the lines that a later one of the same file supersedes, and without tombstones, which then hide nothing: a
 * tombstone is about lines of its own file only. The newest stamp stays whatever it is on, so that the clock goes on
 * after it even where the machine's has gone back.
 *
 * @returns null where a line is torn or is no record of ours: that is the scanner's business
 */
export async function planOf(
  bytes: Buffer,
  pause: () => Promise<void>,
  keeps: KeepsLine = isNeeded,
): Promise<Plan | null> {
  const found = await linesOf(bytes, pause);
  return found && joined(bytes, found, pause, keeps);
}

/** Which lines stay. @param line its bytes in the file are `[offset, offset + length)` */
export type KeepsLine = (line: Line, found: Found, bytes: Buffer) => boolean;

export interface Found {
  readonly lines: readonly Line[];
  /** The last line of each id. */
  readonly last: ReadonlyMap<string, Line>;
  /** The line with the newest stamp. */
  readonly newest: Line | undefined;
}

async function linesOf(bytes: Buffer, pause: () => Promise<void>): Promise<Found | null> {
  const lines: Line[] = [];
  const last = new Map<string, Line>();
  let newest: Line | undefined;
  for (const line of logLines(bytes)) {
    const own = ownLine(line);
    if (own === null) return null;
    lines.push(own);
    last.set(own.id, own);
    if (newest === undefined || own.hlc > newest.hlc) newest = own;
    if (lines.length % LINES_IN_SLICE === 0 || own.length > LONG_LINE_BYTES) await pause();
  }
  return { lines, last, newest };
}

function isNeeded(line: Line, { last, newest }: Found): boolean {
  if (line === newest) return true;
  return last.get(line.id) === line && (!line.isDeletion || line.id === newest?.id);
}

function ownLine({ offset, length, torn, parsed }: LogLine): Line | null {
  if (torn || parsed.kind !== 'record') return null;
  const { id, _meta: meta } = parsed.record;
  return { id, offset, length, isDeletion: meta.del === true, hlc: meta.hlc };
}

async function joined(bytes: Buffer, found: Found, pause: () => Promise<void>, keeps: KeepsLine): Promise<Plan> {
  const parts: Buffer[] = [];
  const offsets = new Map<number, number>();
  let [gathered, gatheredBytes, size, crc]: [Buffer[], number, number, number] = [[], 0, 0, 0];
  const flush = (): void => {
    const part = Buffer.concat(gathered);
    parts.push(part);
    crc = crc32(part, crc);
    [gathered, gatheredBytes] = [[], 0];
  };
  for (const [at, line] of found.lines.entries()) {
    if (at % LINES_IN_SLICE === 0) await pause();
    if (!keeps(line, found, bytes)) continue;
    const { offset, length } = line;
    offsets.set(offset, size);
    gathered.push(bytes.subarray(offset, offset + length));
    gatheredBytes += length;
    size += length;
    if (gatheredBytes >= PART_BYTES) flush();
  }
  if (gatheredBytes > 0) flush();
  return { parts, size, crc, offsets };
}
