import { open, realpath, stat } from 'node:fs/promises';
import type { Archive } from '../types.ts';
import { unknown, unreadable } from './errors.ts';
import { openFolder, plainFile } from './folder-archive.ts';
import { archiveLimits, type ArchiveLimits, type OpenArchive } from './types.ts';
import { openZip } from './zip-archive.ts';

/**
 * Opens what the person chose: a ZIP (by its first bytes, not its name), a folder, or one JSON file.
 * Throws ARCHIVE_UNREADABLE, ARCHIVE_REFUSED or ARCHIVE_UNKNOWN.
 */
export async function openArchive(archive: Archive, limits: ArchiveLimits = archiveLimits): Promise<OpenArchive> {
  const { name } = archive;
  // The person may have chosen a link; inside the archive none is followed.
  const path = await realpath(archive.path).catch((error: unknown) => {
    throw unreadable(name, 'there is no such file or folder', error);
  });
  const facts = await stat(path);
  if (facts.isDirectory()) return openFolder(path, name, limits);
  if (!facts.isFile()) throw unknown(name, 'it is neither a file nor a folder');
  const head = await firstBytes(path, name);
  if (head.length === 0) throw unreadable(name, 'it is empty');
  if (head[0] === 0x50 && head[1] === 0x4b) return openZip(path, name, limits);
  const text = head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  if (/^(\u00ff\u00fe|\u00fe\u00ff)/.test(text)) {
    throw unknown(
      name,
      'it is encoded as UTF-16',
      'Nothing was imported. Save the file as UTF-8, or use the one you downloaded.',
    );
  }
  if (!/^\s*[[{]/.test(text)) throw unknown(name, 'it is neither a ZIP nor JSON');
  return { name, files: [await plainFile(path, name, name)], others: [], close: async () => undefined };
}

async function firstBytes(path: string, name: string): Promise<Buffer> {
  try {
    const handle = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(name, 'it cannot be opened', error);
  }
}
