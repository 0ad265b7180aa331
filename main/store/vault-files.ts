import type { CollectionTable } from './collection-table.ts';
import { layout } from './layout.ts';
import type { VaultFile } from './types.ts';

/** The data files of these tables, from memory. Size and CRC-32 make the signature. */
export function* vaultFiles(tables: readonly CollectionTable[]): Generator<VaultFile> {
  for (const table of tables) {
    const folder = `${layout.data}/${table.name}`;
    const signature = (bytes: number, crc: number): string => `${bytes.toString(36)}-${crc.toString(36)}`;
    for (const { path, size, crc, live } of table.logFiles.values()) {
      yield {
        collection: table.name,
        path: `${folder}/${path}`,
        bytes: size,
        signature: signature(size, crc),
        records: live,
      };
    }
    for (const row of table.rows.values()) {
      const { place } = row;
      if (place.file !== null || place.length === 0) continue;
      const path = `${folder}/${table.pathOf(row)}`;
      yield {
        collection: table.name,
        path,
        bytes: place.length,
        signature: signature(place.length, place.crc),
        records: 1,
      };
    }
  }
}
