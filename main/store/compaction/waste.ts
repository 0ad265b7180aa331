import type { CollectionTable } from '../collection-table.ts';
import type { LogFile } from '../row.ts';

/** Smaller files are left as they are: writing them anew saves nothing worth a write. */
export const SMALL_FILE_BYTES = 64 * 1024;

/**
 * The files that are worth a look, by what memory knows: no file is read. (Rows that columns cannot hold are not
 * counted; the plan, which is made from the file itself, judges again.)
 */
export function wastefulFiles(table: CollectionTable, largerThan: number): LogFile[] {
  const { logRows, definition } = table;
  if (logRows === undefined || definition.history !== 'drop') return [];
  return [...table.logFiles.values()].filter(
    (file) =>
      file.size > largerThan && !table.unreadable.has(file.path) && isMostlyWaste(file.size, logRows.bytesIn(file)),
  );
}

/** @param needed bytes of the lines that have to stay */
export function isMostlyWaste(size: number, needed: number): boolean {
  return needed * 2 < size;
}
