import { expect, test } from 'vitest';
import { type CollectionName, registry } from '../../../shared/collections/registry.ts';
import { initRemote } from '../../../main/remote/init-remote.ts';
import { memoryContract } from '../../contracts/memory-contract.ts';
import { seedsContract } from '../../contracts/seeds-contract.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestDatabase, openTestStore } from './open-test-store.ts';

const replicaSet = await sharedMongod('replica-set');
const standalone = await sharedMongod('standalone');

seedsContract('a team database on a replica set', async (clock) => (await openTestStore(replicaSet, { clock })).store);
seedsContract('a team database on a standalone', async (clock) => (await openTestStore(standalone, { clock })).store);
memoryContract('a team database on a replica set', async (clock) => (await openTestStore(replicaSet, { clock })).store);
memoryContract('a team database on a standalone', async (clock) => (await openTestStore(standalone, { clock })).store);

/** What 000 and 004 plan; `timestamp` is our `created_at`, a guild our tenant. */
const planned: readonly (readonly [CollectionName, Readonly<Record<string, number>>, boolean])[] = [
  ['memory_hubs', { hub_type: 1, item_key: 1 }, true],
  ['memory_hubs', { learner_id: 1 }, false],
  ['runtime_snapshots', { created_at: -1 }, false],
  ['runtime_snapshots', { snapshot_id: 1 }, true],
  ['episodic_memory', { run_id: 1 }, true],
  ['episodic_memory', { updated_at: -1 }, false],
  ['memory_events', { entity_key: 1, created_at: -1 }, false],
  ['memory_events', { created_at: -1 }, false],
  ['memory_events', { subject_id: 1, tenant_id: 1, created_at: -1 }, false],
  ['memory_events', { event_type: 1, created_at: -1 }, false],
  ['profiles', { user_id: 1, guild_id: 1 }, true],
  ['profiles', { tenant: 1, last_active: -1 }, false],
  ['profiles', { tenant: 1, last_decay_at: 1 }, false],
  ['profiles', { 'domains.domain': 1 }, false],
];

test('the indexes that 000 and 004 plan are on the server, and making them again changes nothing', async () => {
  const connection = await openTestDatabase(replicaSet);
  await initRemote(connection);
  const indexesOf = (name: CollectionName) => connection.db.collection(registry[name].mongo.collection).indexes();
  for (const [name, key, unique] of planned) {
    const found = (await indexesOf(name)).find((index) => JSON.stringify(index.key) === JSON.stringify(key));
    expect([name, key, found?.unique ?? false]).toEqual([name, key, unique]);
  }
  const before = await Promise.all(planned.map(([name]) => indexesOf(name)));
  expect((await initRemote(connection)).created).toEqual([]);
  expect(await Promise.all(planned.map(([name]) => indexesOf(name)))).toEqual(before);
  // A document that the server lets go by itself leaves no tombstone: other vaults would bring it back. And an event that
  // goes without a seal breaks the chain. So both times to live are kept by the daily job.
  expect(before.flat().filter((index) => index.expireAfterSeconds !== undefined)).toEqual([]);
});

test('004’s queries use an index of the server', async () => {
  const { store } = await openTestStore(replicaSet);
  const plans = [
    await store.collection('profiles').explain({ user_id: '1', guild_id: '2' }),
    await store.collection('profiles').explain({ tenant: 'TENANT:1', last_decay_at: { $lt: '2026-01-01' } }),
    await store
      .collection('memory_events')
      .explain({ subject_id: 'USER:1', tenant_id: 'TENANT:1' }, { sort: { created_at: -1 }, limit: 50 }),
    await store.collection('memory_hubs').explain({ hub_type: 'soft_identity', item_key: '7' }),
    await store.collection('episodic_memory').explain({ run_id: '7' }),
  ];
  expect(plans).toMatchObject(plans.map(() => ({ plan: 'index' })));
});
