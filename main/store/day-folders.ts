import { join } from 'node:path';
import type { FsPort } from './fs-port.ts';

export interface DayFolder {
  /** `YYYY/MM/DD` */
  readonly day: string;
  readonly path: string;
  readonly modifiedMs: number;
}

/** The day folders of a collection. Anything else that stands there is not ours and is left alone. */
export function* dayFolders(fs: FsPort, collectionFolder: string): Generator<DayFolder> {
  if (fs.stat(collectionFolder)?.kind !== 'folder') return;
  for (const year of folders(fs, collectionFolder, /^\d{4}$/)) {
    for (const month of folders(fs, join(collectionFolder, year), /^\d\d$/)) {
      for (const date of folders(fs, join(collectionFolder, year, month), /^\d\d$/)) {
        const path = join(collectionFolder, year, month, date);
        const stat = fs.stat(path);
        if (stat) yield { day: `${year}/${month}/${date}`, path, modifiedMs: stat.modifiedMs };
      }
    }
  }
}

function folders(fs: FsPort, path: string, name: RegExp): string[] {
  return fs
    .readFolder(path)
    .filter((entry) => entry.kind === 'folder' && name.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}
