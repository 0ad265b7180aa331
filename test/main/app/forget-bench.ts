import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One ASCII word that stands in every text of the test, whichever way a file writes the rest. */
export const CANARY = 'qzxcanary7f3a';

/** Files below a folder whose bytes hold the canary: as text of any case, as UTF-16, inside of gzip. */
export function filesWithCanary(root: string): string[] {
  const names = readdirSync(root, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => hasCanary(path, readFileSync(path)))
    .map((path) => relative(root, path))
    .sort();
}

export function hasCanary(path: string, bytes: Buffer): boolean {
  if (path.endsWith('.gz') && bytes[0] === 0x1f) return hasCanary('', gunzipSync(bytes));
  const lower = Buffer.from(bytes.toString('latin1').toLowerCase(), 'latin1');
  const wide = Buffer.from(CANARY, 'utf16le');
  return [Buffer.from(CANARY), wide, Buffer.from(wide).swap16()].some((form) => lower.includes(form));
}
