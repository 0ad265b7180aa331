import { join } from 'node:path';
import type { ChangeBatch, DeleteOptions } from '../../../shared/store/store.ts';
import type { Operation } from '../batch.ts';
import { collectionFolder, layout } from '../layout.ts';
import type { RecordReader } from '../record-reader.ts';
import { createTimeSlices } from '../time-slices.ts';
import type { VaultParts } from '../vault-parts.ts';
import type { ExternalEditsPort } from './external-edits.ts';
import type { LastGood } from './last-good.ts';
import { type After, type WatchDelays, afterUnref, usualDelays } from './types.ts';

export interface WatchOptions {
  /** For tests: other waits, another timer. */
  readonly delays?: Partial<WatchDelays>;
  readonly after?: After;
  readonly random?: () => number;
  /** The vault is on a network disk, which sends no events. */
  readonly isPolling?: boolean;
}

/** What a FileStore gives to the watcher of its own files. */
interface Store {
  readonly parts: VaultParts;
  readonly reader: RecordReader;
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
  readonly commit: (operations: readonly Operation[], options: DeleteOptions) => void;
  readonly settle: () => Promise<void>;
  readonly watch: (listener: (batch: ChangeBatch) => void) => () => void;
  readonly onContested: ExternalEditsPort['onContested'];
  readonly lastGood: LastGood;
}

export function fileStorePort(store: Store, options: WatchOptions = {}): ExternalEditsPort {
  const { parts } = store;
  const slices = createTimeSlices();
  const { after = afterUnref, random = Math.random, delays, isPolling } = options;
  return {
    ...store,
    isThere: () => isThere(parts),
    slices,
    after,
    random,
    delays: { ...usualDelays, ...delays },
    trustedBeforeMs: indexedBefore(parts),
    ...(isPolling !== undefined && { isPolling }),
  };
}

/** The same vault, not just any folder: another disk may be mounted in its place. */
function isThere({ fs, root, storeId }: VaultParts): boolean {
  try {
    const marker = JSON.parse(fs.readFile(join(root, layout.marker)).toString('utf8')) as { store_id?: unknown };
    return marker.store_id === storeId;
  } catch {
    return false;
  }
}

/** A collection without a saved index was read in full when the vault was opened, a moment ago. */
function indexedBefore({ fs, root, clock, tables }: VaultParts): number {
  const saved = [...tables.keys()].map((name) => fs.stat(join(collectionFolder(root, name), layout.index))?.modifiedMs);
  return Math.min(clock.now(), ...saved.flatMap((ms) => ms ?? []));
}
