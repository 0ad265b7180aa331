import { join } from 'node:path';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { hash128 } from '../lib/hash.ts';

/** Names in a vault. Everything that is ours and no collection starts with `_`. */
export const layout = {
  marker: '_store.json',
  owner: '_owner.json',
  lock: '_lock',
  clean: '_clean.json',
  indexes: '_indexes.json',
  quarantine: '_quarantine',
  trash: '_trash',
  staging: '_staging',
  log: '_wal',
  checkpoint: '_checkpoint.json',
  data: 'data',
  index: '_index.json',
  rows: '_rows.bin',
} as const;

const PLAIN_NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** Names that Windows keeps for devices, whatever follows the dot. */
const DEVICE_NAME = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])$/;

/**
 * The file name (without its ending) for an id: the id itself where every file system takes it as it stands, else
 * `_` and 26 characters of its hash. Ids that differ get names that differ, on case-folding disks too, and no name
 * holds a separator, a dot or a character that any system treats as special.
 */
export function fileNameOf(id: string): string {
  return PLAIN_NAME.test(id) && !DEVICE_NAME.test(id) ? id : `_${hash128(id)}`;
}

/** `YYYY/MM/DD`: the UTC day of an ISO time. */
export function dayOf(createdAt: string): string {
  // Our own stamps are UTC already; only foreign offsets need the calendar.
  const utc = createdAt.endsWith('Z') ? createdAt : new Date(createdAt).toISOString();
  return `${utc.slice(0, 4)}/${utc.slice(5, 7)}/${utc.slice(8, 10)}`;
}

/** Path of a document record inside its collection's folder. */
export function documentPath(id: string, createdAt: string): string {
  return `${dayOf(createdAt)}/${fileNameOf(id)}.json`;
}

/** Path inside its collection's folder of the file that holds a stream's records of one day. */
export function logPath(stream: string, createdAt: string): string {
  return `${dayOf(createdAt)}/${fileNameOf(stream)}.ndjson`;
}

export function collectionFolder(root: string, collection: CollectionName): string {
  return join(root, layout.data, collection);
}
