import { join } from 'node:path';
import type { FsPort } from '../fs-port.ts';
import { hasFrameAfter, scanFrame } from './frame.ts';
import { type LogEntry, type SegmentHeader, segmentName } from './write-ahead-log.ts';

/** Bytes at the end of a segment that are no whole entry: a write that never was acknowledged. */
export interface TornTail {
  readonly path: string;
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Acknowledged entries that are not there. Nothing after them may be believed; a person has to decide. */
export interface LogGap {
  readonly path: string;
  readonly expected: number;
  readonly reason: string;
}

export interface RecoveredLog {
  /** Contiguous, oldest first, all with `s` greater than `after`. */
  readonly entries: readonly LogEntry[];
  /** Sequence number of the newest entry there is, or `after`. */
  readonly last: number;
  readonly lastSegment: number;
  /** Highest epoch seen, 0 when there is none. */
  readonly epoch: number;
  readonly segments: readonly string[];
  readonly tails: readonly TornTail[];
  readonly gap: LogGap | null;
}

interface Segment {
  readonly path: string;
  readonly number: number;
  readonly bytes: Buffer;
  readonly header: SegmentHeader | null;
  /** Where entries start. */
  readonly start: number;
}

/**
 * Reads the log and never guesses: entries are returned as far as they are contiguous. `after`: entries up to this
 * number are in the files already. Changes nothing on disk, so that running it twice is running it once.
 */
export function recoverLog(fs: FsPort, folder: string, store: string, after: number): RecoveredLog {
  const segments = readSegments(fs, folder, store);
  const reading = new Reading(after);
  for (const [at, segment] of segments.entries()) {
    const next = segments.slice(at + 1).find((later) => later.header !== null);
    reading.read(segment, next?.header?.first ?? Infinity);
    if (reading.gap) break;
  }
  return {
    entries: reading.entries,
    // Old segments may be left whose end is gone; what the files hold is no number for anything new.
    last: Math.max(after, reading.expected - 1),
    lastSegment: segments.at(-1)?.number ?? 0,
    epoch: reading.epoch,
    segments: segments.map((segment) => segment.path),
    tails: reading.tails,
    gap: reading.gap,
  };
}

function readSegments(fs: FsPort, folder: string, store: string): Segment[] {
  const numbers = fs
    .readFolder(folder)
    .filter((entry) => entry.kind === 'file' && /^\d{10}\.log$/.test(entry.name))
    .map((entry) => Number.parseInt(entry.name, 10));
  return numbers
    .sort((a, b) => a - b)
    .map((number) => {
      const path = join(folder, segmentName(number));
      const bytes = fs.readFile(path);
      const first = scanFrame(bytes, 0);
      const header = first.kind === 'frame' ? (JSON.parse(first.json) as SegmentHeader) : null; // checksum held: it is ours
      const ours = header !== null && header.store === store && header.segment === number;
      return {
        path,
        number,
        bytes,
        header: ours ? header : null,
        start: first.kind === 'frame' && ours ? first.end : 0,
      };
    });
}

class Reading {
  readonly entries: LogEntry[] = [];
  readonly tails: TornTail[] = [];
  readonly #after: number;
  /** The next sequence number; unknown before the first segment's header. */
  expected: number;
  epoch = 0;
  gap: LogGap | null = null;
  #started = false;
  /** Whether the segment before may end early without anything promised being lost. */
  #isLossy = false;

  constructor(after: number) {
    this.#after = after;
    this.expected = after + 1;
  }

  /** Entries from `until` on were refused when they were written (their flush failed) and written again later. */
  read(segment: Segment, until: number): void {
    if (segment.header === null) return this.#torn(segment, 0, until);
    if (!this.#begin(segment, segment.header)) return;
    let offset = segment.start;
    for (;;) {
      const frame = scanFrame(segment.bytes, offset);
      if (frame.kind === 'end') return this.#check(segment, until);
      if (frame.kind === 'bad') return this.#torn(segment, offset, until);
      const entry = JSON.parse(frame.json) as LogEntry; // checksum held: it is what we wrote
      if (entry.s >= until) return;
      if (entry.s !== this.expected)
        return this.#lost(segment, `entry ${entry.s} stands where ${this.expected} belongs`);
      this.#take(entry);
      offset = frame.end;
    }
  }

  #begin(segment: Segment, header: SegmentHeader): boolean {
    if (header.epoch < this.epoch) this.#lost(segment, `it was written by an owner that had been replaced`);
    // Removed segments may come back in any selection after a power cut; a hole in what the files hold is none.
    else if (header.first <= this.#after + 1 && (!this.#started || header.first > this.expected))
      this.expected = header.first;
    // Its predecessor's end was lost before it was promised, so what came after it does not count either.
    else if (this.#isLossy && header.first > this.expected) return false;
    else if (header.first !== this.expected) this.#lost(segment, `it starts at entry ${header.first}`);
    this.#started = true;
    this.#isLossy = header.policy === 'relaxed';
    this.epoch = Math.max(this.epoch, header.epoch);
    return this.gap === null;
  }

  #take(entry: LogEntry): void {
    if (entry.s > this.#after) this.entries.push(entry);
    this.expected = entry.s + 1;
    this.epoch = Math.max(this.epoch, entry.e);
  }

  #torn(segment: Segment, offset: number, until: number): void {
    // Under `relaxed` what follows may have reached the disk before what is torn; only the prefix was promised.
    if (segment.header?.policy !== 'relaxed' && hasFrameAfter(segment.bytes, offset))
      return this.#lost(segment, `bytes at ${offset} are damaged and whole entries follow`);
    if (segment.bytes.length > 0)
      this.tails.push({ path: segment.path, offset, bytes: trimZeros(segment.bytes.subarray(offset)) });
    return this.#check(segment, until);
  }

  /** Where another segment follows, it must go on exactly here. */
  #check(segment: Segment, until: number): void {
    if (this.#isLossy) return;
    if (until !== Infinity && until > this.expected && until > this.#after + 1) {
      this.#lost(segment, `entries ${this.expected} to ${until - 1} are missing at its end`);
    }
  }

  #lost(segment: Segment, reason: string): void {
    this.gap ??= { path: segment.path, expected: this.expected, reason };
  }
}

function trimZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}
