import { expect, test } from 'vitest';
import { openVault } from '../../../main/store/vault.ts';
import { commitContract } from '../../contracts/commit-contract.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

commitContract('a vault on disk', (clock) => openTestVault(tempFolder(), { clock }));

test('a commit is there whole after a reopening, one line of a log included', async () => {
  const root = tempFolder();
  const vault = await openVault({ root, mode: 'owner', create: true });
  await vault.collection('memories').insertOne({ id: 'a', type: 'USER_FACT', text: 'Likes trains', confidence: 0.9 });
  const done = await vault.commit([
    { op: 'delete', collection: 'memories', id: 'a' },
    { op: 'insert', collection: 'messages', draft: { id: 'm', conversation_id: 'c', role: 'user', content: 'Hello' } },
  ]);
  await vault.close();
  const again = await openTestVault(root);
  expect(await again.collection('memories').find()).toEqual([]);
  expect(await again.collection('messages').find()).toEqual([done[1]]);
});
