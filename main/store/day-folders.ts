import { join, sep } from 'node:path';
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
      const folder = join(collectionFolder, year, month);
      for (const date of folders(fs, folder, /^\d\d$/)) {
        // `join` takes longer than all the rest, and there are hundreds of days.
        const path = `${folder}${sep}${date}`;
        const stat = fs.stat(path);
        if (stat) yield { day: `${year}/${month}/${date}`, path, modifiedMs: stat.modifiedMs };
      }
    }
  }
}

/** The newest day folders, oldest first. Looks into no more months than it has to: there may be hundreds. */
export function newestDays(fs: FsPort, collectionFolder: string, most: number): Pick<DayFolder, 'day' | 'path'>[] {
  const found: Pick<DayFolder, 'day' | 'path'>[] = [];
  if (fs.stat(collectionFolder)?.kind !== 'folder') return found;
  for (const year of folders(fs, collectionFolder, /^\d{4}$/).reverse()) {
    for (const month of folders(fs, join(collectionFolder, year), /^\d\d$/).reverse()) {
      for (const date of folders(fs, join(collectionFolder, year, month), /^\d\d$/).reverse()) {
        if (found.length === most) return found.reverse();
        found.push({ day: `${year}/${month}/${date}`, path: join(collectionFolder, year, month, date) });
      }
    }
  }
  return found.reverse();
}

function folders(fs: FsPort, path: string, name: RegExp): string[] {
  return fs
    .readFolder(path)
    .filter((entry) => entry.kind === 'folder' && name.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}
