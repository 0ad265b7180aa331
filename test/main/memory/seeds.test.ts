import { expect, test } from 'vitest';
import { memoryContract } from '../../contracts/memory-contract.ts';
import { seedsContract } from '../../contracts/seeds-contract.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from '../store/open-test-vault.ts';

seedsContract('a vault on disk', (clock) => openTestVault(tempFolder(), { clock }));
memoryContract('a vault on disk', (clock) => openTestVault(tempFolder(), { clock }));

test('004’s queries use an index', async () => {
  const vault = await openTestVault(tempFolder());
  const numbers = Array.from({ length: 300 }, (_, number) => String(number));
  const { profiles, memories, hubs, episodes } = {
    profiles: vault.collection('profiles'),
    memories: vault.collection('memories'),
    hubs: vault.collection('memory_hubs'),
    episodes: vault.collection('episodic_memory'),
  };
  await profiles.insertMany(numbers.map((user_id) => ({ user_id, guild_id: '2', version: '1.1' as const })));
  await memories.insertMany(
    numbers.map((n) => ({
      type: 'USER_FACT' as const,
      text: n,
      confidence: 0.9,
      subject: `USER:${n}`,
      tenant: 'TENANT:1',
    })),
  );
  await hubs.insertMany(numbers.map((item_key) => ({ hub_type: 'soft_identity', item_key, payload: {} })));
  await episodes.insertMany(numbers.map((run_id) => ({ run_id, query: 'Why?', status: 'done' })));
  const plans = [
    await profiles.explain({ user_id: '1', guild_id: '2' }),
    await memories.explain({ subject: 'USER:1', tenant: 'TENANT:1' }),
    await hubs.explain({ hub_type: 'soft_identity', item_key: '7' }),
    await episodes.explain({ run_id: '7' }),
  ];
  expect(plans).toMatchObject(plans.map(() => ({ plan: 'index', candidates: 1 })));
});
