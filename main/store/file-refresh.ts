import type { CollectionTable } from './collection-table.ts';
import { onDisk } from './disk-errors.ts';
import type { Engine } from './engine.ts';
import { scanFile } from './rebuild.ts';
import { changesSince, formerRows } from './reread.ts';
import { type Row, isSamePlace } from './row.ts';
import type { VaultParts } from './vault-parts.ts';

interface Port {
  readonly parts: Pick<VaultParts, 'fs' | 'scanner' | 'keeper' | 'log'>;
  readonly engine: Pick<Engine, 'flush' | 'reapply' | 'announceFound'>;
  readonly isReadOnly: boolean;
  /** Leaves the file to who watches other programs' edits; false: nobody does. */
  readonly hint: (table: CollectionTable, path: string) => boolean;
  /** Does it between writes, as the owner; not at all where the vault is closed by then. */
  readonly between: (work: () => void) => Promise<void>;
}

/** Reading files anew whose bytes are not what memory says of them. */
export interface FileRefresh {
  /** Memory follows the file as it is now; on top of it comes what the log holds. Throws what the disk says. */
  refresh(table: CollectionTable, path: string): void;
  /** The same, after whatever is being done now, and where it is still needed then. */
  refreshLater(table: CollectionTable, path: string, isNeeded?: () => boolean): void;
  /** A record's bytes are not what this row says; the row that there is by now, where it is another. */
  rowNow(table: CollectionTable, row: Row): Row | undefined;
}

export function createFileRefresh({ parts, engine, isReadOnly, hint, between }: Port): FileRefresh {
  function refresh(table: CollectionTable, path: string): void {
    const { fs, scanner, keeper } = parts;
    // What is put back on top of the file's rows is what the log holds.
    engine.flush();
    if (!isReadOnly) keeper.markDirty();
    const absolute = scanner.absolute(table, path);
    // Read before anything is forgotten: a file that cannot be read just now keeps its rows.
    const bytes = fs.stat(absolute)?.kind === 'file' ? onDisk(`reading ${path}`, () => fs.readFile(absolute)) : null;
    const former = formerRows(table, path, bytes);
    table.forgetPath(path);
    if (bytes) scanFile(scanner, table, path, bytes);
    engine.reapply(table, path);
    engine.announceFound(table, changesSince(table, path, former));
  }

  function refreshLater(table: CollectionTable, path: string, isNeeded = (): boolean => true): void {
    // Somebody may be saving it just now: it gets its time.
    if (hint(table, path)) return;
    void between(() => {
      if (isNeeded()) refresh(table, path);
    }).catch((error: unknown) => parts.log.warn('a damaged file could not be looked at', { error: String(error) }));
  }

  function rowNow(table: CollectionTable, row: Row): Row | undefined {
    if (table.holds(row)) {
      // The owner of a vault that is only read may write a log's file anew at any time.
      const isMovable = isReadOnly && table.definition.kind === 'log';
      if (isMovable) refresh(table, table.pathOf(row));
      else refreshLater(table, table.pathOf(row), () => table.holds(row));
    }
    const now = table.rows.get(row.view.id);
    return now && isSamePlace(now.place, row.place) ? undefined : now;
  }

  return { refresh, refreshLater, rowNow };
}
