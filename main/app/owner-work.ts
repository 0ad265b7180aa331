import type { OwnerWork } from '../handover/requests.ts';
import type { Search } from '../search/types.ts';
import type { Vault } from '../store/types.ts';
import type { Transfer } from '../transfer/types.ts';
import type { Team } from '../team/types.ts';
import { memoryHandlers } from './memory-handlers.ts';
import type { MemoryPart } from './open-memory.ts';
import type { Upkeep } from './upkeep.ts';

interface WorkParts {
  readonly vault: Vault;
  readonly transfer: () => Promise<Transfer>;
  readonly search: () => Promise<Search>;
  readonly upkeep: () => Promise<Upkeep>;
  readonly memory: () => Promise<MemoryPart>;
  readonly team: () => Promise<Team>;
}

/** What commands ask of the process that has the vault open, be that the app or the command itself. */
export function createOwnerWork({ vault, transfer, search, upkeep, memory, team }: WorkParts): OwnerWork {
  return {
    'records.insert': async ({ collection, draft }) => {
      const records = vault.collection(collection);
      return Array.isArray(draft) ? records.insertMany(draft) : records.insertOne(draft);
    },
    'records.update': async ({ collection, filter, update, upsert, many }) => {
      const records = vault.collection(collection);
      return many ? records.updateMany(filter, update, { upsert }) : records.updateOne(filter, update, { upsert });
    },
    'records.delete': async ({ collection, filter, many }) => {
      const records = vault.collection(collection);
      return many ? records.deleteMany(filter) : records.deleteOne(filter);
    },
    'import.run': async ({ archive }, options) => (await transfer()).run(archive, options),
    'import.undo': async ({ id }, options) => (await transfer()).undo(id, options),
    'vault.rebuild': async () => {
      const rebuilt = await vault.rebuild();
      await vault.compact();
      const index = await search();
      await index.rebuild();
      const { indexed, total } = index.coverage();
      return { ...rebuilt, records: { ...rebuilt.records }, search: { indexed, total } };
    },
    ...memoryHandlers({ memory, store: vault, source: 'cli' }),
    'doctor.run': async ({ repair }, options) => (await upkeep()).doctor({ repair, ...options }),
    'trash.restore': async ({ id }) => ({ restored: await (await upkeep()).restoreTrash(id) }),
    'quarantine.restore': async ({ id }) => ({ restored: await (await upkeep()).quarantine.restore(id) }),
    'quarantine.discard': async ({ id }) => {
      (await upkeep()).quarantine.discard(id);
      return null;
    },
    'team.status': async () => (await team()).status(),
    'team.test': async ({ url, database }) => (await team()).test(url === undefined ? undefined : { url, database }),
    'team.connect': async ({ url, database, mode }) => (await team()).connect({ url, database }, mode),
    'team.prepare': async ({ url, database }) => {
      await (await team()).prepare(url === undefined ? undefined : { url, database });
      return null;
    },
    'team.disconnect': async () => (await team()).disconnect(),
    'team.set_mode': async ({ mode }) => (await team()).setMode(mode),
    'team.set_scope': async ({ scope }) => (await team()).setScope(scope),
    'team.decide': async ({ take }) => (await team()).decide(take),
    'team.sync': async (_input, options) => (await team()).sync(options),
    'team.backfill': async (_input, options) => (await team()).backfill(options),
    'team.pull': async (_input, options) => (await team()).pull(options),
    'team.verify': async ({ full }, options) => (await team()).verify({ ...options, full }),
    'conflicts.list': async (query) => {
      const { total, rows } = await (await team()).conflicts.list(query);
      return { total, rows: [...rows] };
    },
    'conflicts.get': async ({ id }) => (await team()).conflicts.get(id),
    'conflicts.resolve': async ({ id, take }) => (await team()).conflicts.resolve(id, take),
  };
}
