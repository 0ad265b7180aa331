import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Vault, VaultFile } from '../store/types.ts';
import type { FileListPart } from './engine.ts';

const filesPerPart = 1000;
/** The caller's thread is given back after so long; it is the one that draws and answers. */
const sliceMs = 8;

/** Sends the list of the vault's files in parts, without holding up the thread. */
export async function listFiles(
  vault: Pick<Vault, 'files'>,
  collections: readonly CollectionName[],
  generation: number,
  send: (part: FileListPart) => void,
): Promise<void> {
  let files: VaultFile[] = [];
  let since = performance.now();
  for (const file of vault.files(collections)) {
    files.push(file);
    if (files.length < filesPerPart && performance.now() - since < sliceMs) continue;
    send({ generation, collections, files, isLast: false });
    files = [];
    if (performance.now() - since < sliceMs) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
  send({ generation, collections, files, isLast: true });
}
