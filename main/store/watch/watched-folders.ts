import { dirname, join } from 'node:path';
import type { CollectionName } from '../../../shared/collections/registry.ts';
import { newestDays } from '../day-folders.ts';
import type { FsPort } from '../fs-port.ts';
import { collectionFolder, layout } from '../layout.ts';

/** Day folders of a collection that are watched; older ones are looked at by the clock. */
const RECENT_DAYS = 35;

export interface RecentDay {
  readonly collection: CollectionName;
  /** `YYYY/MM/DD` */
  readonly day: string;
  readonly path: string;
}

/** The newest day folders of each collection. */
export function recentDays(fs: FsPort, root: string, collections: Iterable<CollectionName>): RecentDay[] {
  return [...collections].flatMap((collection) =>
    newestDays(fs, collectionFolder(root, collection), RECENT_DAYS).map(({ day, path }) => ({ collection, day, path })),
  );
}

/**
 * What is watched: the vault itself (it may vanish), each collection's folder, the recent days, and the months and years
 * they are in, where new days appear. About 45 folders a collection, however many records there are.
 */
export function watchedFolders(
  fs: FsPort,
  root: string,
  collections: Iterable<CollectionName>,
  days: readonly RecentDay[],
): string[] {
  const folders = new Set([root, join(root, layout.data)]);
  for (const collection of collections) folders.add(collectionFolder(root, collection));
  for (const { path } of days)
    folders
      .add(path)
      .add(dirname(path))
      .add(dirname(dirname(path)));
  return [...folders].filter((folder) => fs.stat(folder)?.kind === 'folder');
}
