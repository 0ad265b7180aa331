import { constants, type Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { refused, unreadable } from './errors.ts';
import { inNaturalOrder, mayHoldJson } from './names.ts';
import type { ArchiveFile, ArchiveLimits, OpenArchive } from './types.ts';

const READ_BYTES = 256 * 1024;
/** Exports are one or two folders deep; more is somebody's home. */
const MAX_FOLDERS_DEEP = 8;

/** An unpacked export. Symbolic links and special files in it are not followed. */
export async function openFolder(path: string, name: string, limits: ArchiveLimits): Promise<OpenArchive> {
  const files: ArchiveFile[] = [];
  const others: string[] = [];
  let entries = 0;
  const walk = async (folder: string, prefix: string, depth: number): Promise<void> => {
    for (const entry of await listFolder(folder, name)) {
      entries += 1;
      if (entries > limits.maxEntries) throw refused(name, `it holds more than ${limits.maxEntries} files`);
      const inside = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        if (depth < MAX_FOLDERS_DEEP) await walk(join(folder, entry.name), `${inside}/`, depth + 1);
      } else if (!entry.isFile()) {
        others.push(inside);
      } else if (mayHoldJson(inside)) {
        files.push(await plainFile(join(folder, entry.name), inside, name));
      } else {
        others.push(inside);
      }
    }
  };
  await walk(path, '', 0);
  files.sort((a, b) => inNaturalOrder(a.name, b.name));
  return { name, files, others, close: async () => undefined };
}

async function listFolder(folder: string, archive: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(archive, 'one of its folders cannot be listed', error);
  }
}

/** One file on disk. It is opened without following a link, should it have become one since it was listed. */
export async function plainFile(path: string, name: string, archive: string): Promise<ArchiveFile> {
  const { size } = await stat(path);
  return { name, bytes: size, read: () => readPlain(path, name, archive) };
}

async function* readPlain(path: string, name: string, archive: string): AsyncGenerator<Buffer> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    // The stream closes the handle, also when the loop is left early.
    for await (const chunk of handle.createReadStream({ highWaterMark: READ_BYTES })) yield chunk as Buffer;
  } catch (error) {
    throw unreadable(archive, name === archive ? 'it cannot be opened' : `its file “${name}” cannot be opened`, error);
  }
}
