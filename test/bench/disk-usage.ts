import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes that a folder takes on the disk, whole blocks; the lengths themselves where the system does not tell. */
export function bytesOnDisk(folder: string, wanted: (path: string) => boolean = () => true): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!wanted(path)) continue;
    const { blocks, size } = lstatSync(path);
    bytes += process.platform === 'win32' ? size : blocks * 512;
  }
  return bytes;
}
