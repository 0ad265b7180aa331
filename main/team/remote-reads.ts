import type { CollectionName } from '../../shared/collections/registry.ts';
import type { Store } from '../../shared/store/store.ts';
import type { Log } from '../lib/log.ts';
import type { LocalPort } from '../sync/ports.ts';
import type { ReadSource } from './modal-store.ts';
import type { TeamConfig } from './team-config.ts';

interface Port {
  readonly local: LocalPort;
  readonly config: () => TeamConfig;
  /** Whether both sides were equal a moment ago: else the vault knows more, or the server is away. */
  readonly isSynced: () => boolean;
  readonly onAway: (error: unknown) => void;
  readonly log: Log;
}

export interface RemoteReads {
  readonly source: ReadSource;
  /** Lets go of the connection; the next read makes another. */
  readonly close: () => Promise<void>;
}

/** After a failed read the vault answers for so long, so that a server that is away costs one wait and not one for each. */
const PAUSE_MS = 5_000;

/** In mode `remote`: reads by the team's database, over a connection of their own that is made at the first of them. */
export function createRemoteReads({ local, config, isSynced, onAway, log }: Port): RemoteReads {
  let opening: Promise<Store> | undefined;
  let pausedUntilMs = 0;

  async function open(): Promise<Store> {
    const { url, database } = config();
    const { connect } = await import('../remote/connect.ts');
    const { createMongoStore } = await import('../remote/mongo-store.ts');
    const connection = await connect(url ?? '', { db: database });
    return createMongoStore(connection, { replica: local.replica, log, ownsConnection: true });
  }

  async function isServed(collection: CollectionName): Promise<boolean> {
    if (performance.now() < pausedUntilMs || !isSynced() || config().mode !== 'remote') return false;
    return ((await local.countDirty())[collection] ?? 0) === 0;
  }

  return {
    source: {
      async remote(collection) {
        if (!(await isServed(collection))) return null;
        opening ??= open();
        try {
          return await opening;
        } catch (error) {
          opening = undefined;
          this.onAway(error);
          return null;
        }
      },
      onAway(error) {
        pausedUntilMs = performance.now() + PAUSE_MS;
        onAway(error);
      },
    },
    close: async () => {
      const store = opening;
      opening = undefined;
      await (await store?.catch(() => undefined))?.close();
    },
  };
}
