import { expect, test } from 'vitest';
import { commitContract } from '../../contracts/commit-contract.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestStore } from './open-test-store.ts';

const replicaSet = await sharedMongod('replica-set');
const standalone = await sharedMongod('standalone');

commitContract('a team database on a replica set', async (clock) => (await openTestStore(replicaSet, { clock })).store);
commitContract('a team database on a standalone', async (clock) => (await openTestStore(standalone, { clock })).store);

test('a store says whether its commits are transactions', async () => {
  expect((await openTestStore(replicaSet)).store.hasTransactions).toBe(true);
  expect((await openTestStore(standalone)).store.hasTransactions).toBe(false);
});
