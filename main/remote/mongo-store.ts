import {
  type CollectionName,
  type RecordOf,
  collectionNames,
  isCollectionName,
  registry,
} from '../../shared/collections/registry.ts';
import { AppError } from '../../shared/errors.ts';
import type { Committing } from '../../shared/store/commit.ts';
import type { ChangeBatch, Collection, Store } from '../../shared/store/store.ts';
import { type Clock, systemClock } from '../lib/clock.ts';
import { createHybridClock } from '../lib/hlc.ts';
import { type Log, silentLog } from '../lib/log.ts';
import { type Stamper, createStamper } from '../records/meta.ts';
import { commitRemotely } from './commit.ts';
import type { RemoteConnection } from './connect.ts';
import { MongoCollection } from './mongo-collection.ts';
import { type RemoteWatch, watchRemote } from './remote-watch.ts';
import type { StorePort, UnreadableDocument } from './store-port.ts';

export interface MongoStoreOptions {
  /** Who writes: the vault's replica id. */
  readonly replica: string;
  readonly clock?: Clock;
  /** The vault's own, where there is one, so that stamps of both go on from each other. */
  readonly stamper?: Stamper;
  readonly log?: Log;
  /** Told of documents that are left out of answers, each time they are met. */
  readonly onUnreadable?: (document: UnreadableDocument) => void;
  /** Whether `close` closes the connection, too. */
  readonly ownsConnection?: boolean;
  /** How often to look for changes where there are no change streams. */
  readonly pollMs?: number;
}

/** Revs of our own writes that are remembered until their echo comes back through the change stream. */
const MAX_ECHOES = 10_000;

export interface MongoStore extends Store, Committing {
  /** Whether a commit of several records is one transaction. Otherwise it is put back when it fails, see commit.ts. */
  readonly hasTransactions: boolean;
}

/**
 * The team database as a Store: the same filters, updates, answers and errors as a vault. It can be used by a user who may
 * find, insert and update; where there are no transactions (a standalone), putting back a write of several records
 * that failed half-way needs `remove`.
 */
export function createMongoStore(connection: RemoteConnection, options: MongoStoreOptions): MongoStore {
  const { clock = systemClock, log = silentLog } = options;
  const stamper = options.stamper ?? createStamper(createHybridClock(clock, options.replica), options.replica);
  const listeners = new Set<(batch: ChangeBatch) => void>();
  const working = new Set<Promise<unknown>>();
  const echoes = new Set<string>();
  let isClosed = false;
  let closing: Promise<void> | undefined;
  let watching: RemoteWatch | undefined;

  const port: StorePort = {
    connection,
    clock,
    stamper,
    assertOpen() {
      if (isClosed) throw new AppError('VAULT_CLOSED', 'The team database is closed.', { remedy: 'Open it again.' });
    },
    async run(work) {
      port.assertOpen();
      const running = connection.run(work);
      working.add(running);
      return running.finally(() => working.delete(running));
    },
    expectEcho(rev) {
      echoes.add(rev);
      if (echoes.size > MAX_ECHOES) for (const oldest of echoes) if (echoes.delete(oldest)) break;
    },
    announce(batch) {
      for (const listener of listeners) {
        try {
          listener(batch);
        } catch (error) {
          log.warn('a change listener failed', { error: String(error) });
        }
      }
    },
    unreadable(document) {
      log.warn('a document of the team database was left out', { ...document });
      options.onUnreadable?.(document);
    },
  };
  const collections = new Map<CollectionName, MongoCollection<unknown>>(
    collectionNames.map((name) => [name, new MongoCollection(name, registry[name], port)]),
  );

  return {
    collection<N extends CollectionName>(name: N): Collection<RecordOf<N>> {
      const collection = isCollectionName(name) ? collections.get(name) : undefined;
      if (collection) return collection as unknown as Collection<RecordOf<N>>; // each is of its own definition's type
      throw new AppError('UNKNOWN_COLLECTION', `There is no collection "${String(name)}".`, {
        remedy: 'See `almanac status` for the collections there are.',
        details: { collection: name },
      });
    },
    hasTransactions: connection.facts.streams,
    commit: async (writes, commitOptions) => commitRemotely(port, writes, commitOptions),
    watch(listener) {
      port.assertOpen();
      listeners.add(listener);
      watching ??= watchRemote({
        connection,
        log,
        pollMs: options.pollMs,
        isEcho: (rev) => echoes.has(rev),
        announce: (changes) => port.announce({ source: 'remote', changes }),
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        void watching?.stop();
        watching = undefined;
      };
    },
    close() {
      isClosed = true;
      return (closing ??= (async () => {
        listeners.clear();
        await watching?.stop();
        while (working.size > 0) await Promise.allSettled(working);
        if (options.ownsConnection) await connection.close();
      })());
    },
  };
}
