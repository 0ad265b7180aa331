import type { CollectionName } from '../../../shared/collections/registry.ts';
import type { CollectionTable } from '../collection-table.ts';
import { type CompactionPort, compactFile } from './compact-file.ts';
import { SMALL_FILE_BYTES, wastefulFiles } from './waste.ts';

export interface CompactOptions {
  /** Bytes; smaller files are left as they are. 64 KB unless said otherwise. */
  readonly largerThan?: number;
  /** Ends it between two files. */
  readonly signal?: AbortSignal | undefined;
}

export interface Compacted {
  readonly collection: CollectionName;
  readonly files: number;
  /** That the disk has back. */
  readonly bytes: number;
}

interface Port extends CompactionPort {
  readonly tables: Iterable<CollectionTable>;
  /** Does this while no other write is under way. One file at a time, so that others have their turn. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Writes log files anew of which more than half is superseded, in collections that let history go. */
export async function compactLogs(port: Port, options: CompactOptions = {}): Promise<Compacted[]> {
  const { largerThan = SMALL_FILE_BYTES, signal } = options;
  const done: Compacted[] = [];
  for (const table of port.tables) {
    let [files, bytes] = [0, 0];
    for (const file of wastefulFiles(table, largerThan)) {
      if (signal?.aborted) break;
      const saved = (await port.alone(() => compactFile(port, table, file))) ?? 0;
      if (saved > 0) files += 1;
      bytes += saved;
    }
    if (files > 0) done.push({ collection: table.name, files, bytes });
  }
  return done;
}
