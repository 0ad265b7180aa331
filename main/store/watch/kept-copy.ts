import { join } from 'node:path';
import { createDurableWriter } from '../durable-write.ts';
import { collectionFolder, layout } from '../layout.ts';
import type { VaultParts } from '../vault-parts.ts';
import type { CollectionTable } from '../collection-table.ts';

/** A copy of another program's bytes in the trash (`_trash/adopted/…`), durable, before anything is written over them. */
export function keepCopy(
  { fs, root }: Pick<VaultParts, 'fs' | 'root'>,
  table: CollectionTable,
  path: string,
  bytes: Buffer,
): void {
  const writer = createDurableWriter(fs, root);
  const base = join(root, layout.trash, 'adopted', table.name, path);
  const dot = base.lastIndexOf('.');
  let target = base;
  for (let copy = 2; fs.stat(target) !== undefined; copy += 1)
    target = `${base.slice(0, dot)}~${copy}${base.slice(dot)}`;
  writer.write(target, bytes);
  writer.syncFolders();
}

/** Puts these bytes under a record's file, durable. */
export function putFile(
  { fs, root }: Pick<VaultParts, 'fs' | 'root'>,
  table: CollectionTable,
  path: string,
  bytes: Buffer,
): void {
  const writer = createDurableWriter(fs, root);
  writer.write(join(collectionFolder(root, table.name), path), bytes);
  writer.syncFolders();
}
