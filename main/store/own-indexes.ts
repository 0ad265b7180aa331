import { join } from 'node:path';
import { z } from 'zod';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { IndexSpec } from '../../shared/store/store.ts';
import type { CollectionTable } from './collection-table.ts';
import { durableWrite } from './durable-write.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import { layout } from './layout.ts';
import type { Quarantine } from './quarantine.ts';
import type { RecordReader } from './record-reader.ts';
import { rowOf } from './row.ts';
import type { VaultParts } from './vault-parts.ts';

/** Indexes made with `createIndex`, beside the registry's: kept in `_indexes.json`, since `_index.json` may be lost. */
export type OwnIndexes = Readonly<Partial<Record<CollectionName, readonly IndexSpec[]>>>;

const Saved = z.record(
  z.string(),
  z.array(
    z.object({
      fields: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])),
      unique: z.boolean().exactOptional(),
      partial: z.record(z.string(), z.unknown()).exactOptional(),
      name: z.string().exactOptional(),
    }),
  ),
);

/** A damaged file is set aside, where there is a quarantine: the vault opens without these indexes. */
export function readOwnIndexes(fs: FsPort, root: string, quarantine?: Quarantine): OwnIndexes {
  const path = join(root, layout.indexes);
  if (fs.stat(path) === undefined) return {};
  try {
    return Saved.parse(JSON.parse(fs.readFile(path).toString('utf8')));
  } catch (error) {
    if (fsErrorCode(error) !== '') throw error;
    quarantine?.takeFile(path, layout.indexes, 'not a list of indexes');
    return {};
  }
}

/** Adds an index, for good. DUPLICATE_KEY where records there are break it. */
export function addOwnIndex(
  { fs, root, quarantine }: Pick<VaultParts, 'fs' | 'root' | 'quarantine'>,
  reader: RecordReader,
  table: CollectionTable,
  spec: IndexSpec,
): string {
  const name = table.addIndex(spec, (row, shape) => {
    const record = reader.read(table, row);
    return record ? rowOf(shape, record, row.place) : row;
  });
  const own = { ...readOwnIndexes(fs, root, quarantine), [table.name]: table.ownSpecs };
  durableWrite(fs, root, join(root, layout.indexes), Buffer.from(`${JSON.stringify(own, null, 2)}\n`));
  return name;
}
