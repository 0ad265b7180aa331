import type { CollectionName } from '../../shared/collections/registry.ts';
import type { DigestLevel, Lanes, LocalPort } from '../sync/ports.ts';
import type { ScopeWish } from '../sync/scope.ts';
import type { EngineStatus } from './engine.ts';

/** A vault whose records are looked through in the thread, where there is time for it, and not in the app. */
export interface ThreadVault extends LocalPort {
  /** As `read`; what comes may have been changed by another program, and has to be read once more then. */
  readUnchecked(...args: Parameters<LocalPort['read']>): ReturnType<LocalPort['read']>;
}

/** What the thread is started with. */
export interface ThreadTask {
  readonly url: string;
  readonly database: string;
  readonly scope: ScopeWish | null;
  readonly replica: string;
  readonly collections: readonly CollectionName[];
}

/** `sync` and `pull` give a SyncReport, `backfill` a BackfillReport, `verify` a certificate with its text. */
export type FarJob = 'sync' | 'backfill' | 'pull' | 'verify';

/** What the app may ask of the thread. */
export interface FarEngine {
  start(): Promise<void>;
  wake(): Promise<void>;
  /** @param full of `verify` alone */
  run(job: FarJob, id: string, full: boolean): Promise<unknown>;
  cancel(id: string): Promise<void>;
  decide(take: 'mine' | 'server'): Promise<void>;
  look(): Promise<EngineStatus>;
  digest(collection: CollectionName, level: DigestLevel): Promise<ReadonlyMap<string, Lanes>>;
  /** The vault has changed. */
  changed(): Promise<void>;
  stop(): Promise<void>;
}
