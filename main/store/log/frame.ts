import { crc32 } from 'node:zlib';

/**
 * One frame of the write-ahead log: `<8 hex length> <8 hex crc32> <json>\n`. The length counts the JSON's bytes; the
 * checksum covers them. Text throughout, so that a person can read a log with `less`.
 */
const HEAD = 18;
const NEWLINE = 0x0a;
const SPACE = 0x20;

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

export function encodeFrame(json: string): Buffer {
  const length = Buffer.byteLength(json);
  return fill(Buffer.allocUnsafe(HEAD + length + 1), json, length);
}

/** Larger frames are rare, and each gets memory of its own. */
const KEPT_BYTES = 64 * 1024;

/** Encodes frame after frame into the same memory: each is to be written before the next is encoded. */
export class FrameBuffer {
  readonly #memory = Buffer.allocUnsafeSlow(KEPT_BYTES);

  encode(json: string): Buffer {
    const length = Buffer.byteLength(json);
    const size = HEAD + length + 1;
    return size > KEPT_BYTES ? encodeFrame(json) : fill(this.#memory.subarray(0, size), json, length);
  }
}

function fill(frame: Buffer, json: string, length: number): Buffer {
  frame.write(json, HEAD, 'utf8');
  frame.write(`${hex8(length)} ${hex8(crc32(frame.subarray(HEAD, HEAD + length)))} `, 0, 'latin1');
  frame[HEAD + length] = NEWLINE;
  return frame;
}

export type ScannedFrame =
  | { readonly kind: 'frame'; readonly offset: number; readonly end: number; readonly json: string }
  /** Nothing was written from here on: the file ends, or only its preallocated zeros follow. */
  | { readonly kind: 'end'; readonly offset: number }
  /** Bytes that are no whole frame. */
  | { readonly kind: 'bad'; readonly offset: number };

export function scanFrame(bytes: Buffer, offset: number): ScannedFrame {
  if (isUnwritten(bytes, offset)) return { kind: 'end', offset };
  const head = bytes.toString('latin1', offset, offset + HEAD);
  const match = /^([0-9a-f]{8}) ([0-9a-f]{8}) $/.exec(head);
  if (!match) return { kind: 'bad', offset };
  const start = offset + HEAD;
  const stop = start + Number.parseInt(match[1] ?? '', 16);
  if (stop >= bytes.length || bytes[stop] !== NEWLINE) return { kind: 'bad', offset };
  const body = bytes.subarray(start, stop);
  if (crc32(body) !== Number.parseInt(match[2] ?? '', 16)) return { kind: 'bad', offset };
  return { kind: 'frame', offset, end: stop + 1, json: body.toString('utf8') };
}

/** Frames start with a hex digit, never with a zero byte; zeros up to the end are room that was never used. */
function isUnwritten(bytes: Buffer, offset: number): boolean {
  if (offset < bytes.length && bytes[offset] !== 0) return false;
  for (let at = offset; at < bytes.length; at += ZEROS.length) {
    const end = Math.min(at + ZEROS.length, bytes.length);
    if (bytes.compare(ZEROS, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}
/** Megabytes of them are compared while a vault opens after a crash, before anything is compiled. */
const ZEROS = Buffer.alloc(64 * 1024);

/**
 * Whether a whole frame stands anywhere after a bad one. A frame is only written once the one before it is safe, so
 * that means damage to what was acknowledged, not a write that a crash cut short.
 */
export function hasFrameAfter(bytes: Buffer, offset: number): boolean {
  for (let at = bytes.indexOf(SPACE, offset); at !== -1; at = bytes.indexOf(SPACE, at + 1)) {
    // The head's two spaces: looking at them alone finds a frame whose neighbours are damaged too.
    if (bytes[at + 9] === SPACE && at - 8 > offset && scanFrame(bytes, at - 8).kind === 'frame') return true;
  }
  return false;
}
