import { type Operation, recordId, recordPath } from './batch.ts';
import type { CollectionTable } from './collection-table.ts';
import { layout } from './layout.ts';
import type { Row } from './row.ts';
import type { VaultFile, VaultFileChange } from './types.ts';

/** The data files of these tables, from memory. Size and CRC-32 make the signature. */
export function* vaultFiles(tables: readonly CollectionTable[]): Generator<VaultFile> {
  for (const table of tables) {
    for (const path of table.logFiles.keys()) yield* logFile(table, path);
    // A log's records stand in its files.
    if (table.logRows) continue;
    for (const place of table.documentRows?.places() ?? []) {
      if (place.length > 0) yield documentFile(table, place.path, place.length, place.crc);
    }
  }
}

/** More are found as quickly by looking through all files. */
const MOST_CHANGES = 500;

/** What these operations, which have just reached the files, did to them; undefined where that is much. */
export function changedFiles(operations: readonly Operation[]): readonly VaultFileChange[] | undefined {
  if (operations.length > MOST_CHANGES) return undefined;
  const changes = new Map<string, VaultFileChange>();
  for (const operation of operations) {
    const { table, before } = operation;
    for (const path of new Set([recordPath(operation), ...(before ? [table.pathOf(before)] : [])])) {
      const [file = null] = table.logRows
        ? logFile(table, path)
        : fileOfRow(table, path, table.rows.get(recordId(operation)));
      changes.set(`${table.name}/${path}`, { collection: table.name, path: originOf(table, path), file });
    }
  }
  return [...changes.values()];
}

function originOf(table: CollectionTable, path: string): string {
  return `${layout.data}/${table.name}/${path}`;
}

function logFile(table: CollectionTable, path: string): VaultFile[] {
  const file = table.logFiles.get(path);
  if (file === undefined) return [];
  const { size, crc, live } = file;
  return [
    {
      collection: table.name,
      path: originOf(table, path),
      bytes: size,
      signature: signature(size, crc),
      records: live,
    },
  ];
}

function fileOfRow(table: CollectionTable, path: string, row: Row | undefined): VaultFile[] {
  if (row === undefined || row.place.file !== null || row.place.length === 0 || table.pathOf(row) !== path) return [];
  return [documentFile(table, path, row.place.length, row.place.crc)];
}

function documentFile(table: CollectionTable, path: string, bytes: number, crc: number): VaultFile {
  return { collection: table.name, path: originOf(table, path), bytes, signature: signature(bytes, crc), records: 1 };
}

function signature(bytes: number, crc: number): string {
  return `${bytes.toString(36)}-${crc.toString(36)}`;
}
