import type { CollectionName } from '../../../../shared/collections/registry.ts';
import type { StoredRecord } from '../../../../main/records/stored-record.ts';
import type { Vault } from '../../../../main/store/types.ts';
import type { Collection } from '../../../../shared/store/store.ts';
import { type LocalSubject, localPortContract } from '../../../contracts/local-port-contract.ts';
import { tempFolder } from '../../../helpers/temp-folder.ts';
import { openTestVault } from '../open-test-vault.ts';

async function subjectIn(root: string): Promise<LocalSubject> {
  const vault: Vault = await openTestVault(root);
  const of = (name: CollectionName): Collection<unknown> => vault.collection(name);
  return {
    port: vault.ledger(),
    insert: async (name, draft) => void (await of(name).insertOne(draft)),
    update: async (name, id, fields) => void (await of(name).updateOne({ id }, { $set: fields })),
    remove: async (name, id) => void (await of(name).deleteOne({ id })),
    find: async (name, id) => (await of(name).findOne({ id })) as unknown as StoredRecord | null,
    async reopen() {
      await vault.close();
      return subjectIn(root);
    },
    close: () => vault.close(),
  };
}

localPortContract('a vault on disk', () => subjectIn(tempFolder()));
