import { assembleApp, type App, type AppContext } from '../../main/app/assemble-app.ts';
import type { AppParts } from '../../main/app/parts.ts';
import type { MemoryPart } from '../../main/app/open-memory.ts';
import type { Upkeep } from '../../main/app/upkeep.ts';
import type { Conversations } from '../../main/conversations/types.ts';
import type { Search } from '../../main/search/types.ts';
import type { Team } from '../../main/team/types.ts';
import type { Vault } from '../../main/store/types.ts';
import type { Transfer } from '../../main/transfer/types.ts';
import { collectionNames, type CollectionName } from '../../shared/collections/registry.ts';
import type { ChangeBatch } from '../../shared/store/store.ts';

/** Parts of an app without a disk: what a test does not name fails loudly when it is called. */
export interface FakeParts {
  readonly root?: string;
  readonly stagingRoot?: string;
  readonly readOnly?: boolean;
  readonly conversations?: Partial<Conversations>;
  readonly search?: Partial<Search>;
  readonly transfer?: Partial<Transfer>;
  readonly upkeep?: Partial<Upkeep>;
  readonly team?: Partial<Team>;
}

export interface FakeApp {
  readonly app: App;
  /** As if the vault had committed this. */
  readonly change: (batch: ChangeBatch) => void;
  readonly appFiles: Map<string, unknown>;
  readonly closed: string[];
}

export function fakeApp(fakes: FakeParts = {}, context: AppContext = {}): FakeApp {
  const watchers = new Set<(batch: ChangeBatch) => void>();
  const appFiles = new Map<string, unknown>();
  const closed: string[] = [];
  const vault = unnamed<Vault>('vault', {
    root: fakes.root ?? '/home/somebody/vault',
    stagingRoot: fakes.stagingRoot ?? '/nowhere',
    readOnly: fakes.readOnly ?? false,
    format: 1,
    owner: () => null,
    // One entry for each name there is.
    counts: async () => Object.fromEntries(collectionNames.map((name) => [name, 0])) as Record<CollectionName, number>,
    quarantine: () => [],
    health: () => ({ state: 'ok' }),
    onHealth: () => () => undefined,
    watchFiles: async () => null,
    readAppFile: (name) => appFiles.get(name) ?? null,
    writeAppFile: (name, value) => void appFiles.set(name, value),
    watch: (listener) => {
      watchers.add(listener);
      return () => void watchers.delete(listener);
    },
  });
  const search = unnamed<Search>('search', {
    coverage: () => ({ indexed: 0, total: 0, state: 'ready', engine: 'fts5' }),
    onCoverage: () => () => undefined,
    ...fakes.search,
  });
  const parts: AppParts = {
    vault,
    search,
    transfer: unnamed<Transfer>('transfer', { receipts: async () => [], ...fakes.transfer }),
    conversations: unnamed<Conversations>('conversations', {
      days: async () => [],
      list: async () => ({ total: 0, rows: [] }),
      tags: async () => [],
      ...fakes.conversations,
    }),
    memory: unnamed<MemoryPart>('memory', {}),
    upkeep: unnamed<Upkeep>('upkeep', { ...fakes.upkeep }),
    team: unnamed<Team>('team', { mode: () => 'local', onStatus: () => () => undefined, ...fakes.team }),
    close: async () => void closed.push('parts'),
  };
  const change = (batch: ChangeBatch): void => {
    for (const watcher of watchers) watcher(batch);
  };
  return { app: assembleApp(parts, context), change, appFiles, closed };
}

/** An object whose other members throw when they are used. */
function unnamed<T extends object>(what: string, members: Partial<T>): T {
  const target: object = members;
  return new Proxy(target, {
    get(object, name, receiver) {
      if (Reflect.has(object, name) || typeof name === 'symbol') return Reflect.get(object, name, receiver) as unknown;
      return () => {
        throw new Error(`The test's ${what} has no ${name}.`);
      };
    },
  }) as T;
}
