import { storeContract } from '../../contracts/store-contract.ts';
import { sharedMongod } from '../../helpers/mongod-shared.ts';
import { openTestStore } from './open-test-store.ts';

const replicaSet = await sharedMongod('replica-set');
const standalone = await sharedMongod('standalone');

storeContract('a team database on a replica set', async (clock) => (await openTestStore(replicaSet, { clock })).store);
storeContract('a team database on a standalone', async (clock) => (await openTestStore(standalone, { clock })).store);
