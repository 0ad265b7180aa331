import { join } from 'node:path';
import { collectionNames } from '../../shared/collections/registry.ts';
import { type Batch, type Operation, recordId } from './batch.ts';
import { CollectionTable } from './collection-table.ts';
import { dayFolders } from './day-folders.ts';
import { collectionFolder, documentPath, layout, logPath } from './layout.ts';
import { assertVaultThere } from './marker.ts';
import { streamOf } from './row.ts';
import type { TableScanner } from './table-scanner.ts';
import type { TimeSlices } from './time-slices.ts';
import type { RebuildReport } from './types.ts';
import { assertFew, keepRows } from './unreadable.ts';
import type { VaultParts } from './vault-parts.ts';

/** Reads one file into its table; from these bytes, where they are at hand. */
export function scanFile(scanner: TableScanner, table: CollectionTable, path: string, bytes?: Buffer): void {
  const scan = scanner.begin(table);
  scan.file(path, bytes);
  scan.finish();
}

/**
 * Makes memory follow the files of a batch that failed and could not be put back in full. Only looks: the disk may
 * still refuse everything. A log file that needs repair is left with a size that the next append will not believe.
 */
export function rereadFiles(parts: VaultParts, batch: Batch): void {
  const { fs, root, observer } = parts;
  // Files that are missing with the whole vault say nothing about records.
  if (fs.stat(join(root, layout.marker)) === undefined) return;
  for (const operation of batch.operations) {
    const { table } = operation;
    const path = pathOf(operation);
    const stat = fs.stat(observer.absolute(table, path));
    const bytes = stat?.kind === 'file' ? bytesNow(parts, observer.absolute(table, path)) : undefined;
    if (bytes === 'unreadable') continue;
    if (table.definition.kind === 'document') table.remove(recordId(operation));
    else if ((stat?.size ?? 0) === (table.logFiles.get(path)?.size ?? 0)) continue;
    else table.forgetPath(path);
    if (bytes) scanFile(observer, table, path, bytes);
  }
}

function bytesNow({ fs, log }: VaultParts, path: string): Buffer | 'unreadable' {
  try {
    return fs.readFile(path);
  } catch (error) {
    log.warn('a file cannot be read just now', { error: String(error) });
    return 'unreadable';
  }
}

function pathOf(operation: Operation): string {
  const { table } = operation;
  if (operation.kind === 'delete') return table.pathOf(operation.before);
  const { record, before } = operation;
  if (before) return table.pathOf(before);
  if (table.definition.kind === 'document') return documentPath(record.id, record.created_at);
  return logPath(streamOf(table.definition, record), record.created_at);
}

/** Reads every file anew into tables aside, then swaps; readers go on with the old rows meanwhile. */
export async function rebuildTables(parts: VaultParts, slices: TimeSlices): Promise<RebuildReport> {
  const { fs, root, clock, scanner, keeper, quarantine, tables } = parts;
  const startedMs = clock.now();
  const quarantinedBefore = quarantine.list().length;
  for (const table of tables.values()) {
    const fresh = new CollectionTable(table.definition, table.ownSpecs);
    const scan = scanner.begin(fresh);
    for (const folder of dayFolders(fs, collectionFolder(root, table.name))) {
      scan.folder(folder);
      await slices.pause();
    }
    scan.finish();
    assertFew(fresh);
    if (fresh.unreadable.size > 0) keepRows(fresh, table);
    // A folder that vanished meanwhile looks empty, and must not empty the vault.
    assertVaultThere(fs, root);
    table.replaceWith(fresh);
  }
  await keeper.save(tables.values());
  return {
    records: Object.fromEntries(collectionNames.map((name) => [name, tables.get(name)?.rows.size ?? 0])),
    quarantined: quarantine.list().length - quarantinedBefore,
    duration_ms: clock.now() - startedMs,
  };
}
