import { join } from 'node:path';
import type { FsPort } from '../fs-port.ts';
import { FrameBuffer, encodeFrame } from './frame.ts';

/** What a record of the log says; `o` is opaque to the log itself. */
export interface LogEntry {
  /** Number of this commit, contiguous over the life of the vault, from 1. */
  readonly s: number;
  /** Fencing epoch of the owner who wrote it; never falls. */
  readonly e: number;
  readonly o: readonly unknown[];
}

/** The first frame of each segment. */
export interface SegmentHeader {
  /** Format of the log. */
  readonly h: 1;
  readonly store: string;
  readonly segment: number;
  /** Sequence number of the first entry that can stand here. */
  readonly first: number;
  readonly epoch: number;
  /** Absent: safe. Under `relaxed` entries were not flushed one by one, so a power cut may leave holes among them. */
  readonly policy?: 'relaxed';
}

export interface WriteAheadLog {
  /**
   * Makes one entry durable: when this returns it survives a power cut (policy `relaxed`: a crash of the process).
   * On an error nothing of it counts, and the segment is never written again. Returns its sequence number.
   *
   * @param operations JSON text of an array, so that what is serialised already is not serialised again
   */
  append(operations: string): number;
  /** Makes what `append` wrote under `relaxed` survive a power cut. On an error nothing more is written to that segment. */
  sync(): void;
  /** Sequence number of the newest entry. */
  readonly last: number;
  /** Whether segments stand beside the current one. */
  readonly hasOlder: boolean;
  /** Bytes of entries since the last `startSegment`. */
  readonly bytes: number;
  /** Starts a new segment; entries appended from now on are not in those before. */
  startSegment(): void;
  /** Makes sure that the next entry has a segment to go to. Throws what the disk says. */
  prepare(): void;
  /** Lets go of the current segment untouched: the file under its name may be another by now. */
  abandonSegment(): void;
  /**
   * Removes the segments that hold nothing newer than this entry.
   *
   * @param last the files hold all entries up to this one, and the checkpoint's mark says so for good
   */
  dropUpTo(last: number): void;
  close(): void;
}

export interface LogPlace {
  readonly fs: FsPort;
  /** The log's folder; exists. */
  readonly folder: string;
  readonly store: string;
  readonly epoch: number;
  /** Entries up to this one are on disk already (recovery knows). */
  readonly last: number;
  /** The highest segment number there is. */
  readonly lastSegment: number;
  /** Segments that recovery found; their entries end with `last`. */
  readonly found: readonly string[];
  /** `safe`: each append is fsynced before it returns. */
  readonly policy: 'safe' | 'relaxed';
  /** Room that a segment takes at first, so that appends change no file size and cost one small flush. */
  readonly segmentBytes: number;
  /** The first one of an opening is smaller: a single write from the command line should not fill megabytes. */
  readonly firstSegmentBytes: number;
}

export const segmentName = (number: number): string => `${String(number).padStart(10, '0')}.log`;

export function createWriteAheadLog(place: LogPlace): WriteAheadLog {
  return new SegmentedLog(place);
}

/** One that is not written any more. */
interface EndedSegment {
  readonly path: string;
  /** Number of its newest entry. */
  readonly last: number;
}

interface Segment {
  readonly path: string;
  readonly handle: ReturnType<FsPort['createFilled']>;
  end: number;
  readonly size: number;
}

class SegmentedLog implements WriteAheadLog {
  readonly #place: LogPlace;
  #last: number;
  #number: number;
  /** Oldest first. */
  #older: readonly EndedSegment[];
  #current: Segment | null = null;
  #bytes = 0;
  #room: number;
  readonly #frames = new FrameBuffer();
  /** Whether entries have been written since the last flush. */
  #isBehind = false;

  constructor(place: LogPlace) {
    this.#place = place;
    this.#last = place.last;
    this.#number = place.lastSegment;
    this.#older = place.found.map((path) => ({ path, last: place.last }));
    this.#room = place.firstSegmentBytes;
  }

  get last(): number {
    return this.#last;
  }
  get hasOlder(): boolean {
    return this.#older.length > 0;
  }
  get bytes(): number {
    return this.#bytes;
  }

  append(operations: string): number {
    const number = this.#last + 1;
    const frame = this.#frames.encode(`{"s":${number},"e":${this.#place.epoch},"o":${operations}}`);
    if (this.#current !== null && this.#current.end + frame.length > this.#current.size) this.#endSegment();
    this.#write(this.#current ?? this.#open(frame.length), frame);
    this.#last = number;
    this.#bytes += frame.length;
    return number;
  }

  /** A segment that failed once is done with: what its tail holds is not known. */
  #write(segment: Segment, frame: Buffer): void {
    try {
      segment.handle.write(segment.end, frame);
      if (this.#place.policy === 'safe') segment.handle.sync();
      else this.#isBehind = true;
      segment.end += frame.length;
    } catch (error) {
      this.#disown(segment);
      throw error;
    }
  }

  /** What was refused must not come back, should the process end before the next entry takes its number. */
  #disown(segment: Segment): void {
    this.#retire();
    try {
      this.#place.fs.truncate(segment.path, segment.end);
    } catch {
      // A disk that refuses this as well; the next segment says where this one ends.
    }
  }

  #open(needed: number): Segment {
    const { fs, folder, store, epoch, policy } = this.#place;
    const path = join(folder, segmentName(this.#number + 1));
    const header: SegmentHeader = {
      h: 1,
      store,
      segment: this.#number + 1,
      first: this.#last + 1,
      epoch,
      ...(policy === 'relaxed' && { policy }),
    };
    const frame = encodeFrame(JSON.stringify(header));
    const size = Math.max(this.#room, frame.length + needed);
    const handle = this.#create(path, size);
    this.#number += 1;
    this.#current = { path, handle, end: 0, size };
    this.#room = this.#place.segmentBytes;
    this.#write(this.#current, frame);
    // What comes may be lost; that it may is written for good, so that recovery does not take it for damage.
    if (policy === 'relaxed') this.#flush(this.#current);
    try {
      fs.syncFolder(folder);
    } catch (error) {
      // Its name may not survive a power cut, so no entry may rely on it.
      this.#retire();
      throw error;
    }
    return this.#current;
  }

  /** A disk that refuses it may refuse to take it away again: then that name is taken, and the next try takes another. */
  #create(path: string, size: number): ReturnType<FsPort['createFilled']> {
    try {
      return this.#place.fs.createFilled(path, size);
    } catch (error) {
      if (this.#stands(path)) {
        this.#ended(path);
        this.#number += 1;
      }
      throw error;
    }
  }

  #ended(path: string): void {
    this.#older = [...this.#older, { path, last: this.#last }];
  }

  #stands(path: string): boolean {
    try {
      return this.#place.fs.stat(path) !== undefined;
    } catch {
      return false;
    }
  }

  #retire(): void {
    if (this.#current === null) return;
    const { path, handle } = this.#current;
    this.#ended(path);
    this.#current = null;
    try {
      handle.close();
    } catch {
      // A disk that is gone refuses this too; each entry was flushed by itself.
    }
  }

  prepare(): void {
    if (this.#current === null) this.#open(0);
  }

  abandonSegment(): void {
    this.#retire();
  }

  sync(): void {
    if (this.#current !== null && this.#isBehind) this.#flush(this.#current);
  }

  #flush(segment: Segment): void {
    try {
      segment.handle.sync();
      this.#isBehind = false;
    } catch (error) {
      this.#retire();
      throw error;
    }
  }

  startSegment(): void {
    this.#endSegment();
    this.#bytes = 0;
  }

  #endSegment(): void {
    this.sync();
    this.#retire();
  }

  dropUpTo(last: number): void {
    const droppable = this.#older.filter((segment) => segment.last <= last);
    if (droppable.length === 0) return;
    const { fs, folder } = this.#place;
    // Oldest first: what a crash in between leaves is still contiguous.
    for (const { path } of droppable) if (fs.stat(path) !== undefined) fs.unlink(path);
    fs.syncFolder(folder);
    this.#older = this.#older.filter((segment) => !droppable.includes(segment));
  }

  close(): void {
    this.sync();
    this.#retire();
  }
}
