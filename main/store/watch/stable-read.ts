import { crc32 } from 'node:zlib';
import type { FileStat, FsPort } from '../fs-port.ts';
import type { TimeSlices } from '../time-slices.ts';
import type { Expected } from './types.ts';

export type Reading =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly stat: FileStat }
  | { readonly kind: 'gone' }
  /** A link, a folder, a device: never followed, never opened. */
  | { readonly kind: 'other' }
  /** Written to while it was read; to be looked at again. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'large'; readonly stat: FileStat };

export function isSameFile(before: FileStat | undefined, after: FileStat | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return before.size === after.size && before.modifiedMs === after.modifiedMs && before.inode === after.inode;
}

/**
 * The file as it stood at one moment: looked at before and after it is read. (Hard links are taken as they are: a
 * backup made of links must not put a whole vault into quarantine.)
 */
export function readStable(fs: FsPort, path: string, maxBytes: number): Reading {
  const stat = fs.stat(path);
  if (stat === undefined) return { kind: 'gone' };
  if (stat.kind !== 'file') return { kind: 'other' };
  if (stat.size > maxBytes) return { kind: 'large', stat };
  const bytes = fs.readFile(path);
  return bytes.length === stat.size && isSameFile(stat, fs.stat(path))
    ? { kind: 'bytes', bytes, stat }
    : { kind: 'busy' };
}

const CHUNK = 1024 * 1024;

/** Whether the file holds what is expected, compared by content, a chunk at a time: a long log is not read into memory. */
export async function holds(fs: FsPort, path: string, expected: Expected, slices: TimeSlices): Promise<boolean> {
  const before = fs.stat(path);
  if (before?.kind !== 'file' || before.size !== expected.bytes) return false;
  let crc = 0;
  for (let offset = 0; offset < expected.bytes; offset += CHUNK) {
    crc = crc32(fs.readRange(path, offset, Math.min(CHUNK, expected.bytes - offset)), crc);
    await slices.pause();
  }
  return crc === expected.crc && isSameFile(before, fs.stat(path));
}
