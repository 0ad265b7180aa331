import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { AppError } from '../../../shared/errors.ts';
import { refused, unreadable } from './errors.ts';
import { inNaturalOrder, mayHoldJson } from './names.ts';
import type { ArchiveFile, ArchiveLimits, OpenArchive } from './types.ts';
import { checkEntries, checkEntry, type NamedEntry } from './zip-rules.ts';

const STORED = 0;
const DEFLATED = 8;

/** Opens a ZIP and judges its directory as a whole; nothing is unpacked yet. */
export async function openZip(path: string, name: string, limits: ArchiveLimits): Promise<OpenArchive> {
  const zip = await openDirectory(path, name);
  try {
    const entries = await readDirectory(zip, name, limits);
    checkEntries(name, entries, zip.fileSize, limits);
    const files = entries.filter((entry) => !entry.name.endsWith('/'));
    return {
      name,
      files: files
        .filter((entry) => mayHoldJson(entry.name))
        .map((entry) => zipFile(zip, name, entry))
        .sort((a, b) => inNaturalOrder(a.name, b.name)),
      others: files.filter((entry) => !mayHoldJson(entry.name)).map((entry) => entry.name),
      close: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function openDirectory(path: string, name: string): Promise<ZipFile> {
  try {
    // Names are decoded here, not by yauzl: it would turn backslashes into slashes before anyone could object.
    return await yauzl.openPromise(path, { autoClose: false, decodeStrings: false, validateEntrySizes: true });
  } catch (error) {
    throw unreadable(name, 'its directory of entries is missing or damaged, so it is probably not complete', error);
  }
}

async function readDirectory(zip: ZipFile, archive: string, limits: ArchiveLimits): Promise<NamedEntry[]> {
  if (zip.entryCount > limits.maxEntries) throw refused(archive, `it has ${zip.entryCount} entries`);
  const entries: NamedEntry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
      checkEntry(archive, { name, entry }, limits);
      entries.push({ name, entry });
      if (entries.length > limits.maxEntries) throw refused(archive, `it has more than ${limits.maxEntries} entries`);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable(archive, 'its directory of entries is damaged', error);
  }
  return entries;
}

function zipFile(zip: ZipFile, archive: string, { name, entry }: NamedEntry): ArchiveFile {
  return { name, bytes: entry.uncompressedSize, read: () => readEntry(zip, archive, name, entry) };
}

async function* readEntry(zip: ZipFile, archive: string, name: string, entry: Entry): AsyncGenerator<Buffer> {
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw unreadable(archive, `its entry “${name}” uses a compression that is not supported`);
  }
  let checksum = 0;
  try {
    // yauzl ends the stream with an error as soon as it is longer or shorter than declared.
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    throw unreadable(archive, `its entry “${name}” is damaged`, error);
  }
  if (checksum >>> 0 !== entry.crc32) throw unreadable(archive, `the checksum of its entry “${name}” is wrong`);
}
