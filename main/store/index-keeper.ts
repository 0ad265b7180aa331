import { join } from 'node:path';
import { type Clock, isoNow } from '../lib/clock.ts';
import type { HybridClock } from '../lib/hlc.ts';
import type { Log } from '../lib/log.ts';
import { CollectionTable } from './collection-table.ts';
import { dayFolders } from './day-folders.ts';
import { durableWrite } from './durable-write.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { type SavedIndex, readIndexFile, writeIndexFile } from './index-file.ts';
import { takeItem } from './index-items.ts';
import { collectionFolder, layout } from './layout.ts';
import type { TableScanner } from './table-scanner.ts';
import { createTimeSlices } from './time-slices.ts';
import { assertFew, keepRows } from './unreadable.ts';

/**
 * Keeps the saved indexes and memory together. A saved index is believed folder by folder: one whose day folder has not
 * changed since is right, others are read again. After a clean end that is all; after a crash, log files' sizes are
 * compared too, since an append leaves its folder as it was, and folders that changed in the save's own instant are read.
 */
export interface IndexKeeper {
  /** Fills the tables. */
  load(tables: Iterable<CollectionTable>): void;
  /** Saves the indexes that are behind, by so many changes at least. Nothing may be written meanwhile. */
  save(tables: Iterable<CollectionTable>, changes?: number): Promise<void>;
  /** After this the saved indexes are known to be complete, until `markDirty`. */
  markClean(): void;
  markDirty(): void;
}

/** What has to be read, since a saved index does not have it as it is. */
interface Stale {
  readonly folders: ReadonlySet<string>;
  readonly files: Set<string>;
}

interface Port {
  readonly fs: FsPort;
  readonly root: string;
  readonly clock: Clock;
  readonly hlc: HybridClock;
  readonly scanner: TableScanner;
  readonly log: Log;
}

/** Two changes of a folder may carry the same time when they are this close (FAT counts in 2 s, ext4 in 4 ms). */
const INDISTINCT_MS = 2_000;

export function createIndexKeeper(port: Port): IndexKeeper {
  const { fs, root, clock, hlc, scanner, log } = port;
  const cleanMark = join(root, layout.clean);
  const savedVersions = new Map<CollectionTable, number>();
  const slices = createTimeSlices();
  let isClean = fs.stat(cleanMark) !== undefined;

  function scanAll(table: CollectionTable): void {
    table.clear();
    const scan = scanner.begin(table);
    for (const folder of dayFolders(fs, collectionFolder(root, table.name))) scan.folder(folder);
    scan.finish();
  }

  function loadTable(table: CollectionTable): void {
    readTable(table);
    assertFew(table);
    for (const [path, code] of table.unreadable)
      log.warn('a file cannot be read', { collection: table.name, path, code });
  }

  function readTable(table: CollectionTable): void {
    const saved = readIndexFile(fs, root, table);
    const stale = saved && takeSaved(table, saved);
    if (stale === undefined) {
      scanAll(table);
      // An empty collection needs no saved index.
      if (table.rows.size === 0 && table.logFiles.size === 0) savedVersions.set(table, table.version);
      return;
    }
    const { version } = table;
    const scan = scanner.begin(table);
    for (const folder of stale.folders.size > 0 ? dayFolders(fs, collectionFolder(root, table.name)) : []) {
      if (stale.folders.has(folder.day)) scan.folder(folder);
    }
    for (const path of stale.files) scan.file(path);
    scan.finish();
    if (table.unreadable.size > 0) keepSavedRows(table);
    if (table.version === version) savedVersions.set(table, version);
    else
      log.info('the index was behind', {
        collection: table.name,
        folders: stale.folders.size,
        files: stale.files.size,
      });
  }

  /** What the saved index knows of files that cannot be read is all there is to know of them. */
  function keepSavedRows(table: CollectionTable): void {
    const former = new CollectionTable(table.definition, table.ownSpecs);
    const saved = readIndexFile(fs, root, former);
    if (saved === undefined) return;
    if (typeof saved.items === 'function') saved.items(former);
    else for (const items of saved.items) for (const item of items) takeItem(former, item, () => true);
    keepRows(table, former);
  }

  /** Takes the saved rows that can be believed, and says what is to be read; undefined where the index is damaged. */
  function takeSaved(table: CollectionTable, saved: SavedIndex): Stale | undefined {
    const folder = collectionFolder(root, table.name);
    const stale: Stale = { folders: changedFolders(table, saved), files: new Set() };
    const isGood = (path: string, size: number | undefined): boolean => {
      if (stale.folders.size > 0 && stale.folders.has(dayIn(path))) return false;
      if (isClean || size === undefined || fs.stat(join(folder, path))?.size === size) return true;
      stale.files.add(path);
      return false;
    };
    table.clear();
    table.logRows?.reserve(saved.count);
    try {
      if (typeof saved.items === 'function') {
        saved.items(table);
        if (stale.folders.size > 0) table.documentRows?.dropDays(stale.folders);
      } else for (const items of saved.items) for (const item of items) takeItem(table, item, isGood);
    } catch (error) {
      if (fsErrorCode(error) !== '') throw error;
      return undefined;
    }
    hlc.resume(saved.hlc);
    return stale;
  }

  /** Days whose folder is new, gone, or has changed since the index was saved. */
  function changedFolders(table: CollectionTable, saved: SavedIndex): Set<string> {
    const savedAtMs = Date.parse(saved.updatedAt);
    const changed = new Set(saved.folders.keys());
    for (const { day, modifiedMs } of dayFolders(fs, collectionFolder(root, table.name))) {
      const isSame = saved.folders.get(day) === modifiedMs;
      const isCertain = isClean || modifiedMs < savedAtMs - INDISTINCT_MS;
      if (isSame && isCertain) changed.delete(day);
      else changed.add(day);
    }
    return changed;
  }

  return {
    load(tables) {
      for (const table of tables) loadTable(table);
    },
    async save(tables, changes = 1) {
      for (const table of tables) {
        if (table.version - (savedVersions.get(table) ?? Number.NEGATIVE_INFINITY) < changes) continue;
        const { version } = table;
        await writeIndexFile({ fs, root, slices }, table, { updatedAt: isoNow(clock), hlc: hlc.next() });
        savedVersions.set(table, version);
      }
    },
    markClean() {
      durableWrite(fs, root, cleanMark, Buffer.from(`${JSON.stringify({ closed_at: isoNow(clock) })}\n`));
      isClean = true;
    },
    markDirty() {
      if (!isClean) return;
      if (fs.stat(cleanMark) !== undefined) fs.unlink(cleanMark); // it may be gone: the last try may have failed at the sync
      fs.syncFolder(root);
      isClean = false;
    },
  };
}

function dayIn(path: string): string {
  return path.slice(0, 'YYYY/MM/DD'.length);
}
