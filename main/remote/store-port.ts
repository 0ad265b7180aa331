import type { ChangeBatch } from '../../shared/store/store.ts';
import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Clock } from '../lib/clock.ts';
import type { Stamper } from '../records/meta.ts';
import type { RemoteConnection } from './connect.ts';

/** A document that is left out of every answer, and why. It stays as it is. */
export interface UnreadableDocument {
  readonly collection: CollectionName;
  /** '' where even that cannot be read. */
  readonly id: string;
  readonly reason: string;
}

/** What a collection needs of its store. */
export interface StorePort {
  readonly connection: RemoteConnection;
  readonly clock: Clock;
  readonly stamper: Stamper;
  /** Runs work that `close` waits for; VAULT_CLOSED. What the driver throws comes out as an AppError. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** VAULT_CLOSED. */
  assertOpen(): void;
  /** Notes a rev that is about to be written here, so that its echo is known. */
  expectEcho(rev: string): void;
  announce(batch: ChangeBatch): void;
  unreadable(document: UnreadableDocument): void;
}
