import { dirname, join, resolve } from 'node:path';
import { collectionNames, registry } from '../../shared/collections/registry.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createHybridClock } from '../lib/hlc.ts';
import { type Log, silentLog } from '../lib/log.ts';
import { CollectionTable } from './collection-table.ts';
import { onDisk, translated } from './disk-errors.ts';
import { type Durability, usualDurability } from './durability.ts';
import { createDurableWriter } from './durable-write.ts';
import { FileStore } from './file-store.ts';
import type { EngineTuning } from './engine.ts';
import { type FsPort, fsErrorCode } from './fs-port.ts';
import type { Repeat } from './health.ts';
import { createIndexKeeper } from './index-keeper.ts';
import { layout } from './layout.ts';
import { type Marker, createMarker, isEmpty, readMarker } from './marker.ts';
import { createStamper } from '../records/meta.ts';
import { nodeFs } from './node-fs.ts';
import { type OwnerLock, acquireOwnerLock } from './owner-lock.ts';
import { readOwnIndexes } from './own-indexes.ts';
import { createQuarantine, createQuarantineView } from './quarantine.ts';
import { createTableScanner } from './table-scanner.ts';
import { setAsideTorn } from './torn-files.ts';
import type { Vault } from './types.ts';
import type { VaultParts } from './vault-parts.ts';

export interface OpenVaultOptions {
  /** The vault's folder. */
  readonly root: string;
  /** owner: the one that may write. reader: any number, beside an owner too; touches nothing. */
  readonly mode: 'owner' | 'reader';
  /** Owners only: make a vault of an absent or empty folder. */
  readonly create?: boolean;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Owners only: open a vault whose log is damaged, with what is certain; the log is kept in the quarantine. */
  readonly salvage?: boolean;
  /** When an acknowledged write survives what; `normal` unless said otherwise. */
  readonly durability?: Durability;
  /** For tests: another disk, another lock, small sizes. */
  readonly fs?: FsPort;
  readonly acquireLock?: typeof acquireOwnerLock;
  readonly tuning?: Partial<EngineTuning>;
  readonly repeat?: Repeat;
}

/**
 * Opens a vault. VAULT_MISSING, VAULT_NOT_EMPTY (a folder of something else), VAULT_FORMAT (a newer Almanac's),
 * VAULT_LOCKED (naming the owner), VAULT_DAMAGED (the log has a gap; see `salvage`), DISK_FULL, DISK_ERROR.
 */
export async function openVault(options: OpenVaultOptions): Promise<Vault> {
  const { mode, create = false, clock = systemClock, log = silentLog, fs = nodeFs } = options;
  const { durability = usualDurability, tuning } = options;
  const given = resolve(options.root);
  const isNew = create && mode === 'owner' && isEmpty(fs, given);
  if (isNew) onDisk(`making ${given}`, () => makeRoot(fs, given));
  else readMarker(fs, given);
  const root = fs.realPath(given);
  const { repeat, salvage } = options;
  const basics = { fs, root, clock, log, tuning, durability, repeat, salvage };
  if (mode === 'reader') return onDisk(`opening ${root}`, () => openAsReader(basics));
  const lock = await (options.acquireLock ?? acquireOwnerLock)(basics);
  try {
    return await openAsOwner(basics, lock);
  } catch (error) {
    await lock.release();
    throw translated(error, `opening ${root}`);
  }
}

/** The owner may checkpoint while we look: if the log's segments changed meanwhile, look again. */
function openAsReader(basics: Basics): Vault {
  const { fs, root } = basics;
  const segments = (): string => {
    const folder = join(root, layout.log);
    return fs.stat(folder)?.kind === 'folder'
      ? fs
          .readFolder(folder)
          .map(({ name }) => name)
          .sort()
          .join()
      : '';
  };
  for (let attempt = 1; ; attempt += 1) {
    const before = segments();
    const store = new FileStore(assemble(basics, readMarker(fs, root), true), null);
    store.overlay();
    if (segments() === before || attempt === MAX_LOOKS) return store;
  }
}

const MAX_LOOKS = 5;

type Basics = Pick<VaultParts, 'fs' | 'root' | 'clock' | 'log' | 'tuning' | 'durability' | 'repeat' | 'salvage'>;

async function openAsOwner(basics: Basics, lock: OwnerLock): Promise<Vault> {
  const { fs, root, clock } = basics;
  // Looked at again under the lock: another process may have made it a vault meanwhile.
  const marker = isEmpty(fs, root) ? createMarker(fs, root, clock) : readMarker(fs, root);
  const writer = createDurableWriter(fs, root);
  writer.makeFolders(join(root, layout.data));
  writer.makeFolders(join(root, layout.staging));
  writer.syncFolders();
  // Before anything reads them.
  setAsideTorn({ fs, root, storeId: marker.store_id, quarantine: createQuarantine(basics) });
  const store = new FileStore(assemble(basics, marker, false), lock);
  await store.recover();
  return store;
}

function assemble(basics: Basics, marker: Marker, readOnly: boolean): VaultParts {
  const { fs, root, clock } = basics;
  const hlc = createHybridClock(clock, marker.replica);
  const stamper = createStamper(hlc, marker.replica);
  const quarantine = readOnly ? createQuarantineView(basics) : createQuarantine(basics);
  const scanPort = { fs, root, clock, hlc, stamper };
  const scanner = createTableScanner({ ...scanPort, quarantine, readOnly });
  const observer = createTableScanner({ ...scanPort, quarantine: createQuarantineView(basics), readOnly: true });
  const keeper = createIndexKeeper({ ...basics, hlc, scanner });
  const own = readOwnIndexes(fs, root, quarantine);
  const tables = new Map(collectionNames.map((name) => [name, new CollectionTable(registry[name], own[name] ?? [])]));
  onDisk(`reading ${root}`, () => keeper.load(tables.values()));
  return { ...basics, storeId: marker.store_id, hlc, stamper, scanner, observer, keeper, quarantine, tables };
}

/** The folder and those above it that are missing, outermost first. Others may make them at the same time. */
function makeRoot(fs: FsPort, root: string): void {
  if (fs.stat(root) !== undefined) return;
  makeRoot(fs, dirname(root));
  try {
    fs.makeFolder(root);
  } catch (error) {
    if (fsErrorCode(error) !== 'EEXIST' || fs.stat(root)?.kind !== 'folder') throw error;
  }
  fs.syncFolder(dirname(root));
}
