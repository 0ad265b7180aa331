import { join } from 'node:path';
import { type CollectionName, isCollectionName, registry } from '../../../shared/collections/registry.ts';
import type { EntryKind, FsPort } from '../fs-port.ts';
import { layout } from '../layout.ts';
import { isLeftover } from '../sweep.ts';

/** Everything in a vault's data, by what it is. Paths are relative to the vault, with `/`. */
export type Walked =
  | { readonly kind: 'data'; readonly path: string; readonly collection: CollectionName; readonly inside: string }
  | { readonly kind: 'folder' | 'bookkeeping' | 'leftover'; readonly path: string }
  /** Of someone else: a file, a folder with all that is in it, or a link. Never opened. */
  | { readonly kind: 'foreign'; readonly path: string; readonly what: EntryKind };

/** What systems put into any folder: not worth a word. */
const JUNK = new Set(['.DS_Store', 'desktop.ini', 'Thumbs.db']);

/** Folders of ours beside the data: their contents are looked at elsewhere, or are derived. */
const OWN_FOLDERS = new Set<string>([
  layout.lock,
  layout.quarantine,
  layout.trash,
  layout.staging,
  layout.log,
  '_search',
  '_good',
  'archive',
]);
const OWN_FILE = /^_[a-z][a-z0-9-]*\.json$/;

/** The levels of dated folders inside a collection's: year, month, day. */
const DATED = [/^\d{4}$/, /^\d\d$/, /^\d\d$/] as const;

export function* walkVault(fs: FsPort, root: string): Generator<Walked> {
  for (const { name, kind } of entries(fs, root)) {
    if (kind === 'folder' && name === layout.data) yield* walkData(fs, root);
    else if (kind === 'folder' && OWN_FOLDERS.has(name)) yield { kind: 'folder', path: name };
    else if (kind === 'file' && OWN_FILE.test(name)) yield { kind: 'bookkeeping', path: name };
    else if (kind === 'file' && name.startsWith('_') && isLeftover(name)) yield { kind: 'leftover', path: name };
    else yield { kind: 'foreign', path: name, what: kind };
  }
}

function* walkData(fs: FsPort, root: string): Generator<Walked> {
  yield { kind: 'folder', path: layout.data };
  for (const { name, kind } of entries(fs, join(root, layout.data))) {
    const path = `${layout.data}/${name}`;
    if (kind === 'folder' && isCollectionName(name)) yield* walkDated(fs, root, path, name, 0);
    else yield { kind: 'foreign', path, what: kind };
  }
}

function* walkDated(
  fs: FsPort,
  root: string,
  path: string,
  collection: CollectionName,
  level: number,
): Generator<Walked> {
  yield { kind: 'folder', path };
  const pattern = DATED[level];
  for (const { name, kind } of entries(fs, join(root, path))) {
    const inside = `${path}/${name}`;
    if (kind === 'folder' && pattern?.test(name)) yield* walkDated(fs, root, inside, collection, level + 1);
    else yield walkedFile(inside, name, kind, collection, level);
  }
}

function walkedFile(path: string, name: string, kind: EntryKind, collection: CollectionName, level: number): Walked {
  const isDay = level === DATED.length;
  const extension = registry[collection].kind === 'log' ? '.ndjson' : '.json';
  if (kind === 'file' && isLeftover(name)) return { kind: 'leftover', path };
  if (kind === 'file' && level === 0 && OWN_FILE.test(name)) return { kind: 'bookkeeping', path };
  if (kind === 'file' && isDay && name.endsWith(extension))
    return { kind: 'data', path, collection, inside: path.split('/').slice(2).join('/') };
  return { kind: 'foreign', path, what: kind };
}

function entries(fs: FsPort, folder: string) {
  return fs
    .readFolder(folder)
    .filter(({ name }) => !JUNK.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
