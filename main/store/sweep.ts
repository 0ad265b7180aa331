import { join } from 'node:path';
import type { FsPort } from './fs-port.ts';
import { layout } from './layout.ts';
import type { VaultParts } from './vault-parts.ts';

/** What a write leaves behind that the process died in: `x.json.0` (durable-write.ts), write-file-atomic's `x.json.0.123`. Bytes nobody was promised. */
export function isLeftover(name: string): boolean {
  return /\.(?:nd)?json(?:\.\d{1,10}){1,2}$/.test(name);
}

/** Removes leftovers beside our own files. Those in day folders go when their folder is read. */
export function sweepLeftovers({ fs, root, tables }: VaultParts): void {
  sweepFolder(fs, root);
  sweepFolder(fs, join(root, layout.log));
  for (const name of tables.keys()) sweepFolder(fs, join(root, layout.data, name));
}

function sweepFolder(fs: FsPort, folder: string): void {
  if (fs.stat(folder)?.kind !== 'folder') return;
  for (const { name, kind } of fs.readFolder(folder)) {
    if (kind === 'file' && name.startsWith('_') && isLeftover(name)) fs.unlink(join(folder, name));
  }
}
