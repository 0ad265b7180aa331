import { expect, test } from 'vitest';
import { createUnlogged, keyOf } from '../../../../main/memory/log/unlogged.ts';
import { memoryVault, person } from '../memory-vault.ts';

test('after the first look only what the store told of is compared, and what is not noted is told again', async () => {
  const { vault, memory } = await memoryVault();
  const { memory: oslo } = await memory.add({ type: 'USER_FACT', text: 'Lives in Oslo' }, person);
  const unlogged = createUnlogged(vault);
  const check = async (): Promise<string[]> => (await unlogged.check()).map(keyOf).sort();
  expect(await check()).toEqual([]);
  await memory.confirm(oslo.id, person);
  expect(await check()).toEqual([]);
  await vault.collection('memories').insertOne({ id: 'x', type: 'USER_FACT', text: 'Rows', confidence: 0.8 });
  await vault.collection('memories').updateOne({ id: oslo.id }, { $set: { domain: 'homes' } });
  expect(await check()).toEqual([`memories/${oslo.id}`, 'memories/x'].sort());
  expect(await check()).toEqual([`memories/${oslo.id}`, 'memories/x'].sort());
  await vault.collection('memories').deleteOne({ id: 'x' });
  expect(await check()).toEqual([`memories/${oslo.id}`]);
  await memory.applyDecay({ who: 'JOB:decay' });
  expect(await check()).toEqual([]);
  unlogged.close();
});

test('an event that another copy of the vault sent makes its record looked at', async () => {
  const { vault, memory } = await memoryVault();
  const { memory: oslo } = await memory.add({ type: 'USER_FACT', text: 'Lives in Oslo' }, person);
  const unlogged = createUnlogged(vault);
  expect(await unlogged.check()).toEqual([]);
  const [event] = await vault.collection('memory_events').find();
  const { _meta, id: _id, ...fields } = event ?? {};
  await vault.commit([
    {
      op: 'insert',
      collection: 'memory_events',
      draft: {
        ...fields,
        replica: 'r-other',
        created_at: '2026-03-09T10:00:00.000Z',
        after: { text: 'Lives in Graz' },
      },
    },
  ]);
  expect((await unlogged.check()).map(keyOf)).toEqual([`memories/${oslo.id}`]);
  unlogged.close();
});
