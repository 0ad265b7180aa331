import { basename, join } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { FsPort } from '../fs-port.ts';

/** Watches folders, never single files, and says which names in them something happened to. A hint, not a fact. */
export interface FolderWatch {
  /** Makes these the watched folders; gives those that are new or were replaced by another folder of the name. */
  set(folders: readonly string[]): readonly string[];
  readonly size: number;
  /** Resolves once the first folders are watched. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

interface Port {
  readonly fs: FsPort;
  /** `name` is null when the folder itself was touched. */
  readonly onHint: (folder: string, name: string | null) => void;
  readonly onError: (error: unknown) => void;
  /** Folders on network disks send no events: look at them again and again instead. */
  readonly isPolling?: boolean;
}

/**
 * chokidar as reliability.md §2.3 wants it: one native watch a folder, nothing below it, no links followed. Its own
 * `change` events come late or not at all, so the raw ones are used, which say every write (C1); whatever they say is
 * verified. Files are ignored by path alone: they are never remembered, and cost no memory (C2).
 */
export function createFolderWatch({ fs, onHint, onError, isPolling = false }: Port): FolderWatch {
  /** Folder to its inode: a folder that was removed and made anew needs a new watch. */
  const watched = new Map<string, number>();
  const watcher: FSWatcher = watch([], {
    ignored: (path) => !watched.has(path),
    depth: 0,
    ignoreInitial: true,
    followSymlinks: false,
    atomic: false,
    awaitWriteFinish: false,
    persistent: false,
    backend: isPolling ? 'polling' : 'native',
  });
  watcher.on('raw', (_event, name, details) => {
    const folder = folderIn(details);
    if (folder === undefined) return;
    // A folder that was removed says its own name, as if something of that name were in it.
    const isItself = name === basename(folder) && fs.stat(join(folder, name)) === undefined;
    onHint(folder, isItself ? null : name);
  });
  watcher.on('unlinkDir', (folder) => onHint(folder, null));
  // Without a listener these would end the process (C5).
  watcher.on('error', onError);
  const ready = new Promise<void>((resolve) => watcher.once('ready', resolve));

  return {
    set(folders) {
      const wanted = new Map(folders.map((folder) => [folder, fs.stat(folder)?.inode ?? 0]));
      const gone = [...watched.keys()].filter((folder) => watched.get(folder) !== wanted.get(folder));
      if (gone.length > 0) watcher.unwatch(gone);
      for (const folder of gone) watched.delete(folder);
      const fresh = [...wanted.keys()].filter((folder) => !watched.has(folder) && wanted.get(folder) !== 0);
      for (const folder of fresh) watched.set(folder, wanted.get(folder) ?? 0);
      if (fresh.length > 0) watcher.add(fresh);
      return fresh;
    },
    get size() {
      return watched.size;
    },
    ready: () => ready,
    close: () => watcher.close(),
  };
}

function folderIn(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details)) return undefined;
  return typeof details.watchedPath === 'string' ? details.watchedPath : undefined;
}
