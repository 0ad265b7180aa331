import type { OwnerWork } from '../handover/requests.ts';
import type { Search } from '../search/types.ts';
import type { Vault } from '../store/types.ts';
import type { Transfer } from '../transfer/types.ts';
import type { Upkeep } from './upkeep.ts';

interface WorkParts {
  readonly vault: Vault;
  readonly transfer: () => Promise<Transfer>;
  readonly search: () => Promise<Search>;
  readonly upkeep: () => Promise<Upkeep>;
}

/** What commands ask of the process that has the vault open, be that the app or the command itself. */
export function createOwnerWork({ vault, transfer, search, upkeep }: WorkParts): OwnerWork {
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
      const index = await search();
      await index.rebuild();
      const { indexed, total } = index.coverage();
      return { ...rebuilt, records: { ...rebuilt.records }, search: { indexed, total } };
    },
    'doctor.run': async ({ repair }, options) => (await upkeep()).doctor({ repair, ...options }),
    'trash.restore': async ({ id }) => ({ restored: await (await upkeep()).restoreTrash(id) }),
    'quarantine.restore': async ({ id }) => ({ restored: await (await upkeep()).quarantine.restore(id) }),
    'quarantine.discard': async ({ id }) => {
      (await upkeep()).quarantine.discard(id);
      return null;
    },
  };
}
