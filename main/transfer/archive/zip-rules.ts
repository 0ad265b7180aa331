import type { Entry } from 'yauzl';
import { refused } from './errors.ts';
import { mayHoldJson } from './names.ts';
import type { ArchiveLimits } from './types.ts';

/** An entry whose name has been decoded, but not believed. */
export interface NamedEntry {
  readonly name: string;
  readonly entry: Entry;
}

const FILE_KIND = 0o170000;
const REGULAR = 0o100000;
const DIRECTORY = 0o040000;
const LOCAL_HEADER_BYTES = 30;

/** Refuses one entry as it is read from the directory: name, kind, encryption, size against its compressed size. */
export function checkEntry(archive: string, { name, entry }: NamedEntry, limits: ArchiveLimits): void {
  const complaint = nameComplaint(name, limits) ?? kindComplaint(entry) ?? ratioComplaint(entry, limits);
  if (complaint) throw refused(archive, `its entry ${JSON.stringify(name.slice(0, 120))} ${complaint}`);
}

function nameComplaint(name: string, limits: ArchiveLimits): string | undefined {
  if (name === '') return 'has no name';
  if (name.length > limits.maxNameLength) return `has a name of ${name.length} characters`;
  if (/[\p{Cc}]/u.test(name)) return 'has control characters in its name';
  if (name.includes('\\')) return 'has a backslash in its name';
  if (name.startsWith('/')) return 'has an absolute path';
  if (/^[a-z]:/i.test(name)) return 'names a drive';
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.includes('..')) return 'leads out of the archive';
  if (parts.length > limits.maxPathDepth) return `lies ${parts.length} folders deep`;
  return undefined;
}

function kindComplaint(entry: Entry): string | undefined {
  if (entry.isEncrypted()) return 'is encrypted';
  // Unix permissions are in the upper half, 0 where the ZIP was made elsewhere.
  const kind = (entry.externalFileAttributes >>> 16) & FILE_KIND;
  if (kind === 0o120000) return 'is a symbolic link';
  return kind === 0 || kind === REGULAR || kind === DIRECTORY ? undefined : 'is neither a file nor a folder';
}

function ratioComplaint(entry: Entry, limits: ArchiveLimits): string | undefined {
  if (entry.uncompressedSize <= limits.ratioFromBytes) return undefined;
  const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
  return ratio > limits.maxEntryRatio ? `is compressed ${Math.round(ratio)}:1, as only a zip bomb is` : undefined;
}

/** Refuses what can only be seen in all entries together: bombs, overlaps, two entries of one name. */
export function checkEntries(
  archive: string,
  entries: readonly NamedEntry[],
  zipBytes: number,
  limits: ArchiveLimits,
): void {
  let declared = 0;
  let json = 0;
  for (const { name, entry } of entries) {
    declared += entry.uncompressedSize;
    if (mayHoldJson(name)) json += entry.uncompressedSize;
  }
  if (declared > limits.ratioFromBytes * 4 && declared / zipBytes > limits.maxTotalRatio) {
    throw refused(
      archive,
      `its entries unpack to ${Math.round(declared / zipBytes)} times its size, as only a zip bomb does`,
    );
  }
  if (json > limits.maxJsonBytes) {
    throw refused(archive, `its JSON unpacks to ${Math.round(json / 1024 ** 3)} GB, more than can be imported at once`);
  }
  checkOverlaps(archive, entries, zipBytes);
  checkTwins(archive, entries);
}

/** Two entries that share bytes are how a small file unpacks to petabytes. */
function checkOverlaps(archive: string, entries: readonly NamedEntry[], zipBytes: number): void {
  const places = entries
    .map(({ name, entry }) => {
      const start = entry.relativeOffsetOfLocalHeader;
      return { name, start, end: start + LOCAL_HEADER_BYTES + entry.fileNameLength + entry.compressedSize };
    })
    .sort((a, b) => a.start - b.start);
  for (const [index, place] of places.entries()) {
    const next = places[index + 1]?.start ?? zipBytes;
    if (place.end > next) throw refused(archive, `its entry ${JSON.stringify(place.name)} overlaps what follows it`);
  }
}

function checkTwins(archive: string, entries: readonly NamedEntry[]): void {
  const seen = new Map<string, string>();
  for (const { name } of entries) {
    if (!mayHoldJson(name)) continue;
    const folded = name.normalize('NFC').toLowerCase();
    const twin = seen.get(folded);
    if (twin !== undefined) {
      throw refused(
        archive,
        `it holds both ${JSON.stringify(twin)} and ${JSON.stringify(name)}, which are the same name`,
      );
    }
    seen.set(folded, name);
  }
}
