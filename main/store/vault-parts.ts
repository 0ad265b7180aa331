import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Clock } from '../lib/clock.ts';
import type { HybridClock } from '../lib/hlc.ts';
import type { Log } from '../lib/log.ts';
import type { CollectionTable } from './collection-table.ts';
import type { Durability } from './durability.ts';
import type { EngineTuning } from './engine.ts';
import type { FsPort } from './fs-port.ts';
import type { Repeat } from './health.ts';
import type { IndexKeeper } from './index-keeper.ts';
import type { Stamper } from '../records/meta.ts';
import type { Quarantine } from './quarantine.ts';
import type { TableScanner } from './table-scanner.ts';

/** What an open vault is made of. */
export interface VaultParts {
  readonly fs: FsPort;
  /** Real and absolute. */
  readonly root: string;
  readonly tuning?: Partial<EngineTuning> | undefined;
  /** How trouble is looked at again; tests drive it by hand. */
  readonly repeat?: Repeat | undefined;
  readonly durability: Durability;
  /** Names the vault in its log. */
  readonly storeId: string;
  /** Open a vault whose log is damaged, with what is certain. */
  readonly salvage?: boolean | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly hlc: HybridClock;
  readonly stamper: Stamper;
  readonly scanner: TableScanner;
  /** As the scanner, but only reads. */
  readonly observer: TableScanner;
  readonly keeper: IndexKeeper;
  readonly quarantine: Quarantine;
  readonly tables: ReadonlyMap<CollectionName, CollectionTable>;
}
