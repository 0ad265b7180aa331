import { join, sep } from 'node:path';
import type { CollectionName } from '../../shared/collections/registry.ts';
import { type Operation, recordPath } from './batch.ts';
import { assertReachable } from './durable-write.ts';
import type { FsPort } from './fs-port.ts';
import { collectionFolder } from './layout.ts';
import { assertFileReadable } from './unreadable.ts';

/** Looks at every record before it is acknowledged: PATH_REFUSED where its file could not be written later. */
export function createReachability(fs: FsPort, root: string): (operations: readonly Operation[]) => void {
  /** Found to be folders, not links. */
  const known = new Set<string>();
  const folders = new Map<CollectionName, string>();

  function fileOf(operation: Operation): string {
    const { name } = operation.table;
    const folder = folders.get(name) ?? collectionFolder(root, name);
    folders.set(name, folder);
    const path = recordPath(operation);
    return sep === '/' ? `${folder}/${path}` : join(folder, path);
  }

  return (operations) => {
    const missing = new Set<string>();
    const [first] = operations;
    if (operations.length === 1 && first) assertReachable(fs, root, fileOf(first), known, missing);
    else {
      // Records of one log's day share a file.
      for (const path of new Set(operations.map(fileOf))) assertReachable(fs, root, path, known, missing);
    }
    operations.forEach(assertFileReadable);
  };
}
